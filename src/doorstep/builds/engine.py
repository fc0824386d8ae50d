"""The engine as a child process: it may take all its memory, crash or hang, and only it dies.

The child is bound to the life of its builder, is niced, and gets none of our
environment's secrets.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doorstep.kit.postgres import launch

LINE_BYTES_MAX = 1 << 16
STOP_SECONDS_MAX = 10
KEPT_VARIABLES = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV")


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What the engine says while it works; `done` goes from 0 to 1."""

    stage: str
    done: float
    text: str


OnProgress = Callable[[Progress], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one run may use."""

    threads: int
    memory_mb: int
    seconds: int
    preset: str = "normal"


class EngineDied(Exception):
    """The child ended without a result and without saying why."""


async def run(
    workspace: Path,
    limits: Limits,
    *,
    known_lengths: Sequence[Mapping[str, Any]],
    on_progress: OnProgress,
) -> dict[str, str] | None:
    """Reconstruct `workspace/images`; None when a model is there, else the typed failure.

    Raises EngineDied when the child vanished. Cancelling the call stops the child.
    """
    # Empty: the sheet that we print. Its markers are numbered like nobody else's, so that looking
    # for it finds no metres where none hangs.
    scale: dict[str, object] = {"marker": {}, "known_lengths": list(known_lengths)}
    options = {"preset": limits.preset, "threads": limits.threads, "scale": scale}
    asked = workspace / "options.json"
    await asyncio.to_thread(asked.write_text, json.dumps(options), "utf-8")
    child = await asyncio.create_subprocess_exec(
        *launch("--parent", str(os.getpid()), "--signal", str(int(signal.SIGKILL))),
        *(sys.executable, "-m", "doorstep.reconstruction", str(workspace)),
        *("--options", str(asked)),
        *("--memory-gib", str(limits.memory_mb / 1024), "--seconds", str(limits.seconds)),
        stdout=asyncio.subprocess.PIPE,
        stderr=sys.stderr,
        env={name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ},
        limit=LINE_BYTES_MAX,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(limits.seconds + STOP_SECONDS_MAX):
            await _follow(child, on_progress)
            await child.wait()
    except TimeoutError as error:
        raise EngineDied("it ran past its time limit") from error
    finally:
        await _stop(child)
    return _result(workspace, child.returncode)


async def _follow(child: asyncio.subprocess.Process, on_progress: OnProgress) -> None:
    assert child.stdout is not None
    async for line in child.stdout:
        try:
            said = json.loads(line)
            progress = Progress(
                stage=str(said["stage"]), done=float(said["done"]), text=str(said["text"])
            )
        except (ValueError, KeyError, TypeError):
            continue
        await on_progress(progress)


async def _stop(child: asyncio.subprocess.Process) -> None:
    if child.returncode is not None:
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, number)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(child.wait(), STOP_SECONDS_MAX)
            return


def _result(workspace: Path, code: int | None) -> dict[str, str] | None:
    failure = workspace / "failure.json"
    if failure.exists():
        found: dict[str, str] = json.loads(failure.read_text("utf-8"))
        if found["code"] == "cancelled":
            raise EngineDied("somebody stopped it")
        return found
    if code != 0 or not (workspace / "report.json").exists():
        raise EngineDied(f"it ended with {code}")
    return None
