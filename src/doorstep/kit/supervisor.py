"""Keeps programs running: starts them in order, restarts what dies, stops them in reverse.

Each child leads a session of its own, so that Ctrl-C in a terminal reaches the
supervisor only, which then stops them in the right order. Each is bound to the
supervisor's life by `launch.py`: when the supervisor is killed, the kernel tells them.
"""

import asyncio
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from doorstep.kit.errors import CannotStart
from doorstep.kit.logfile import LOUD, TAIL_LINES, LogFile

BACKOFF_SECONDS_MIN = 0.1
BACKOFF_SECONDS_MAX = 10.0
STEADY_SECONDS = 30
"""A child that lived this long is restarted at once, whatever it did before."""
QUICK_DEATHS_MAX = 3
POLL_SECONDS = 0.02
PIECE_BYTES_MAX = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Program:
    """A child to keep running."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    stage: int
    """Higher stages stop first; all of one stage stop together."""
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds_max: float = 15
    files: tuple[int, ...] = ()
    """Open file descriptors that the child inherits."""
    before_start: Callable[[], None] = lambda: None
    """Runs in a thread before every start; raises CannotStart."""
    loud: re.Pattern[bytes] = LOUD
    """What in a line of its output makes the line news."""
    is_ready: Callable[[int], bool] = lambda _: True
    """Whether the child with this process id does its work."""


@dataclass
class Child:
    """A program and the process that runs it now."""

    program: Program
    log: LogFile
    process: subprocess.Popen[bytes] | None = None
    keeper: asyncio.Task[None] | None = None
    quick_deaths: int = 0
    starts: int = 0
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class Supervisor:
    """Owns its children from `start` to `stop`."""

    def __init__(self, *, logs: Path, say: Callable[[str], None]) -> None:
        """Children's output goes to `logs`/NAME.log, and news through `say`."""
        self._logs = logs
        self._say = say
        self._stopping = False
        self.children: dict[str, Child] = {}

    async def start(self, program: Program) -> None:
        """Start this program and wait until it is ready; raises CannotStart when it will not."""
        log = LogFile(
            self._logs / f"{program.name}.log",
            on_loud=lambda line: self._say(f"{program.name}: {line}"),
            loud=program.loud,
        )
        child = self.children[program.name] = Child(program, log)
        await asyncio.to_thread(program.before_start)
        child.keeper = asyncio.create_task(self._keep(child))
        while not (child.process and program.is_ready(child.process.pid)):
            self.check(child)
            await asyncio.sleep(POLL_SECONDS)

    async def run_once(self, program: Program) -> str:
        """Run this program to its end; what it printed; raises CannotStart when it fails."""
        path = self._logs / f"{program.name}.log"
        with path.open("wb") as log:
            process = subprocess.Popen(  # noqa: ASYNC220  starting one takes a millisecond
                program.command,
                env=dict(program.environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
                pass_fds=program.files,
            )
        try:
            printed, _ = await asyncio.to_thread(process.communicate)
        except asyncio.CancelledError:
            process.kill()
            process.wait()
            raise
        if process.returncode:
            lines = path.read_text("utf-8", "replace").rstrip().splitlines()
            raise CannotStart(
                f"{program.name} failed ({ending(process.returncode)}); the end of {path}:\n"
                + "\n".join(lines[-TAIL_LINES:])
            )
        return printed.decode("utf-8")

    def check(self, child: Child) -> None:
        """Raise CannotStart when this child dies again and again."""
        if child.keeper is not None and child.keeper.done() and not self._stopping:
            child.keeper.result()
        if child.quick_deaths >= QUICK_DEATHS_MAX:
            raise CannotStart(
                f"{child.program.name} ends as soon as it starts; the end of {child.log.path}:\n"
                f"{child.log.tail()}"
            )

    async def stop(self) -> None:
        """Stop every child, the higher stages first; none is left when this returns."""
        self._stopping = True
        for stage in sorted({c.program.stage for c in self.children.values()}, reverse=True):
            same = [c for c in self.children.values() if c.program.stage == stage]
            await asyncio.gather(*(self._stop(child) for child in same))
        for child in self.children.values():
            child.log.close()

    def hurry(self) -> None:
        """Kill all children but those of the lowest stage, which hold state."""
        ground = min((c.program.stage for c in self.children.values()), default=0)
        for child in self.children.values():
            if child.process and child.program.stage > ground and not child.ended.is_set():
                child.process.kill()

    async def _keep(self, child: Child) -> None:
        backoff = BACKOFF_SECONDS_MIN
        while True:
            started = time.monotonic()
            process = self._spawn(child)
            with _logging(process, child.log):
                status = await _wait(process)
            child.ended.set()
            if self._stopping:
                return
            steady = time.monotonic() - started > STEADY_SECONDS
            backoff = BACKOFF_SECONDS_MIN if steady else min(backoff * 2, BACKOFF_SECONDS_MAX)
            child.quick_deaths = 0 if steady else child.quick_deaths + 1
            self._say(
                f"{child.program.name} ended ({ending(status)}); again in {backoff:.1f} s, "
                f"see {child.log.path}"
            )
            await asyncio.sleep(backoff)
            await self._prepare_again(child)

    async def _prepare_again(self, child: Child) -> None:
        while True:
            try:
                return await asyncio.to_thread(child.program.before_start)
            except CannotStart as error:
                self._say(str(error))
                await asyncio.sleep(BACKOFF_SECONDS_MAX)

    def _spawn(self, child: Child) -> subprocess.Popen[bytes]:
        # Forked by the main thread: the kernel's signal at a parent's death is a thread's.
        child.ended.clear()
        process = subprocess.Popen(
            child.program.command,
            env=dict(child.program.environment),
            bufsize=0,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=child.program.files,
        )
        child.process = process
        child.starts += 1
        return process

    async def _stop(self, child: Child) -> None:
        if child.process is None:
            return
        if not child.ended.is_set():
            child.process.send_signal(child.program.stop_signal)
            try:
                await asyncio.wait_for(child.ended.wait(), child.program.stop_seconds_max)
            except TimeoutError:
                self._say(f"{child.program.name} does not stop; killing it")
                child.process.kill()
                await child.ended.wait()
        if child.keeper is not None:
            child.keeper.cancel()
            with suppress(asyncio.CancelledError):
                await child.keeper


async def _wait(process: subprocess.Popen[bytes]) -> int:
    """The exit status of this child; kills what it leaves in its session's first group."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    descriptor = os.pidfd_open(process.pid)
    loop.add_reader(descriptor, ended.set)
    try:
        await ended.wait()
        # Before reaping, when its number can belong to nobody else.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        return process.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


@contextmanager
def _logging(process: subprocess.Popen[bytes], log: LogFile) -> Iterator[None]:
    """Move what the child writes into its log, to the last byte."""
    pipe = process.stdout
    assert pipe is not None
    loop = asyncio.get_running_loop()
    os.set_blocking(pipe.fileno(), False)

    def move() -> int:
        piece = pipe.read(PIECE_BYTES_MAX)
        if piece:
            log.write(piece)
        elif piece == b"":
            loop.remove_reader(pipe.fileno())
        return len(piece or b"")

    loop.add_reader(pipe.fileno(), move)
    try:
        yield
        while move():
            pass
    finally:
        loop.remove_reader(pipe.fileno())
        pipe.close()


def ending(status: int) -> str:
    """How a process ended, in words."""
    if status >= 0:
        return f"exit status {status}"
    return f"killed by {signal.Signals(-status).name}"
