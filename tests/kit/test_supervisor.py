"""The supervisor: starts in order, restarts what dies, stops all, leaves nothing behind."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from doorstep.kit import postgres
from doorstep.kit.errors import CannotStart
from doorstep.kit.logfile import LOG_BYTES_MAX, LogFile
from doorstep.kit.supervisor import Program, Supervisor
from tests.processes import environment, is_alive

Heard = list[str]


@pytest.fixture
def heard() -> Heard:
    """What the supervisor said."""
    return []


@pytest.fixture
async def supervisor(tmp_path: Path, heard: Heard) -> AsyncIterator[Supervisor]:
    """A supervisor whose children end with the test."""
    made = Supervisor(logs=tmp_path, say=heard.append)
    yield made
    await made.stop()


async def test_a_killed_child_comes_back(supervisor: Supervisor, heard: Heard) -> None:
    await supervisor.start(program("time.sleep(60)"))
    first = pid_of(supervisor)
    os.kill(first, signal.SIGKILL)
    await until(lambda: pid_of(supervisor) != first)
    assert is_alive(pid_of(supervisor))
    assert any("killed by SIGKILL" in line for line in heard)


async def test_a_child_that_cannot_live_is_reported_with_its_last_words(
    supervisor: Supervisor,
) -> None:
    await supervisor.start(program("sys.exit('no such table')"))
    child = supervisor.children["child"]
    await until(lambda: child.quick_deaths >= 3)
    with pytest.raises(CannotStart, match="no such table"):
        supervisor.check(child)


async def test_restarts_come_ever_later(supervisor: Supervisor, heard: Heard) -> None:
    await supervisor.start(program("sys.exit(1)"))
    await until(lambda: len(heard) >= 3)
    assert ["0.2 s" in heard[0], "0.4 s" in heard[1], "0.8 s" in heard[2]] == [True] * 3


async def test_stop_goes_from_the_last_stage_to_the_first(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    record = tmp_path / "record"
    for stage, name in enumerate(("ground", "top")):
        code = (
            f"signal.signal(signal.SIGTERM, lambda *_: "
            f"(open({str(record)!r}, 'a').write('{name} '), sys.exit())); "
            f"open({str(tmp_path / name)!r}, 'w'); time.sleep(60)"
        )
        await supervisor.start(program(code, name=name, stage=stage))
        await until((tmp_path / name).exists)
    await supervisor.stop()
    assert record.read_text() == "top ground "


async def test_a_child_that_will_not_stop_is_killed(supervisor: Supervisor, tmp_path: Path) -> None:
    deaf = tmp_path / "deaf"
    code = (
        f"signal.signal(signal.SIGTERM, signal.SIG_IGN); open({str(deaf)!r}, 'w'); time.sleep(60)"
    )
    await supervisor.start(program(code, stop_seconds_max=0.2))
    await until(deaf.exists)
    await supervisor.stop()
    assert not is_alive(pid_of(supervisor))


async def test_what_a_child_started_ends_with_it(supervisor: Supervisor, tmp_path: Path) -> None:
    note = tmp_path / "grandchild"
    code = (
        "import subprocess; p = subprocess.Popen(['sleep', '60']); "
        f"open({str(note)!r}, 'w').write(str(p.pid)); time.sleep(60)"
    )
    await supervisor.start(program(code))
    await until(lambda: note.exists() and bool(note.read_text()))
    await supervisor.stop()
    await until(lambda: not is_alive(int(note.read_text())))


async def test_children_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import asyncio, os, sys\n"
        "from pathlib import Path\n"
        "from tests.kit.test_supervisor import program\n"
        "from doorstep.kit.supervisor import Supervisor\n"
        "async def main():\n"
        "    made = Supervisor(logs=Path(sys.argv[1]), say=print)\n"
        "    await made.start(program('time.sleep(60)'))\n"
        "    print(made.children['child'].process.pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    parent = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)], stdout=subprocess.PIPE, env=environment()
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert is_alive(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    await until(lambda: not is_alive(child))


async def test_a_task_of_its_own_gives_what_it_prints(supervisor: Supervisor) -> None:
    assert await supervisor.run_once(program("print('done')")) == "done\n"
    with pytest.raises(CannotStart, match=r"exit status 4.*\n.*why not"):
        await supervisor.run_once(program("print('why not', file=sys.stderr); sys.exit(4)"))


async def test_loud_lines_are_passed_on_and_all_are_kept(
    supervisor: Supervisor, heard: Heard, tmp_path: Path
) -> None:
    await supervisor.start(
        program("print('quiet'); print('2026 WARNING too warm'); time.sleep(60)")
    )
    await until(lambda: bool(heard))
    assert heard == ["child: 2026 WARNING too warm"]
    assert "quiet" in (tmp_path / "child.log").read_text()


def test_a_log_never_outgrows_its_limit(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "a.log", on_loud=lambda _: None)
    line = b"x" * 1023 + b"\n"
    for _ in range(3 * LOG_BYTES_MAX // len(line)):
        log.write(line)
    log.close()
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == ["a.log", "a.log.1"]
    assert all(path.stat().st_size <= LOG_BYTES_MAX for path in tmp_path.iterdir())


def program(
    code: str, *, name: str = "child", stage: int = 1, stop_seconds_max: float = 5
) -> Program:
    """A Python child that runs this code, bound to this process."""
    bound = postgres.launch("--parent", str(os.getpid()), "--signal", str(int(signal.SIGKILL)))
    imports = "import signal, sys, time; "
    return Program(
        name=name,
        command=(*bound, sys.executable, "-u", "-c", imports + code),
        environment=dict(os.environ),
        stage=stage,
        stop_seconds_max=stop_seconds_max,
    )


def pid_of(supervisor: Supervisor) -> int:
    """The process id of the child now."""
    process = supervisor.children["child"].process
    assert process is not None
    return process.pid


async def until(condition: Callable[[], object], seconds: float = 10) -> None:
    """Wait until this holds; fail after so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)
