"""Run the engine in a process of its own and bring back what it said."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from doorstep.reconstruction.failures import Failure, engine_stopped
from doorstep.reconstruction.progress import Progress, Tell, silent
from doorstep.reconstruction.workspace import REPORT

STDERR_TAIL_BYTES = 4000


@dataclass(frozen=True)
class Limits:
    """What a run may cost. Address space is not memory: libraries reserve far more."""

    seconds: float = 3600.0
    memory_gib: float | None = 12.0


def command(workspace: Path, *, options: Path | None, limits: Limits) -> list[str]:
    """The command line of the child, for callers that start processes themselves."""
    line = [sys.executable, "-m", "doorstep.reconstruction", str(workspace)]
    line += ["--seconds", str(limits.seconds)]
    if options is not None:
        line += ["--options", str(options)]
    if limits.memory_gib is not None:
        line += ["--memory-gib", str(limits.memory_gib)]
    return line


def run_in_child(
    workspace: Path,
    *,
    tell: Tell = silent,
    options: Path | None = None,
    limits: Limits | None = None,
) -> Failure | None:
    """None when the model is there, else why not; also when the process died."""
    line = command(workspace, options=options, limits=limits or Limits())
    log = workspace / "engine.log"
    with (
        log.open("wb") as errors,
        subprocess.Popen(line, stdout=subprocess.PIPE, stderr=errors, env=_environment()) as child,
    ):
        assert child.stdout is not None
        for raw in child.stdout:
            _pass_on(raw, tell)
    return outcome(workspace, exit_code=child.returncode)


def outcome(workspace: Path, *, exit_code: int) -> Failure | None:
    """What a finished child left behind."""
    if exit_code == 0 and (workspace / REPORT).exists():
        return None
    failure = Failure.read(workspace)
    if failure is None:
        failure = engine_stopped(reason=_reason(workspace, exit_code))
        failure.write(workspace)
    return failure


def _environment() -> dict[str, str]:
    """One thread in every numeric library, for the engine has threads of its own; our modules."""
    single = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    ours = str(Path(__file__).parents[2])
    found = os.pathsep.join([ours, *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, **single, "PYTHONUNBUFFERED": "1", "PYTHONPATH": found}


def _pass_on(raw: bytes, tell: Tell) -> None:
    try:
        line = json.loads(raw)
    except ValueError:
        return
    if isinstance(line, dict) and "stage" in line:
        tell(Progress(str(line["stage"]), float(line["done"]), str(line["text"])))


def _reason(workspace: Path, exit_code: int) -> str:
    log = workspace / "engine.log"
    tail = log.read_bytes()[-STDERR_TAIL_BYTES:].decode(errors="replace") if log.exists() else ""
    last = next((line for line in reversed(tail.splitlines()) if line.strip()), "")
    if exit_code < 0:
        return f"signal {signal.Signals(-exit_code).name}. {last}".strip()
    return f"exit code {exit_code}. {last}".strip()
