"""What a killed supervisor or a killed postmaster leaves in a cluster's folder."""

import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

from doorstep.kit.errors import CannotStart

PATIENCE_SECONDS = 20
"""For a fast shutdown, which writes a checkpoint; then once more after SIGKILL."""


def clear(folder: Path, *, marks: Iterable[Path]) -> None:
    """Stop what a killed supervisor or a killed postmaster left, and remove its marks.

    The caller holds the lock of the data folder, so whatever still works in this cluster
    has lost its supervisor. PostgreSQL itself would take the number in its lock file for
    a living server even when that process is a zombie or a stranger.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    asked = signal.SIGINT
    while working := processes_in(folder):
        if time.monotonic() > deadline:
            if asked is signal.SIGKILL:
                raise CannotStart(f"Processes {working} keep {folder} in use; end them.")
            asked, deadline = signal.SIGKILL, time.monotonic() + PATIENCE_SECONDS
        for pid in working:
            if asked is signal.SIGKILL or pid == postmaster(folder):
                _signal(pid, asked)
        time.sleep(0.05)
    for mark in (folder / "postmaster.pid", *marks):
        mark.unlink(missing_ok=True)


def processes_in(folder: Path) -> list[int]:
    """Ids of the living processes whose working folder this is, as it is of every server's."""
    found = []
    target = str(folder.resolve())
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            if str((entry / "cwd").readlink()) == target:
                found.append(int(entry.name))
        except OSError:
            # Ended meanwhile, a zombie, or somebody else's.
            continue
    return found


def postmaster(folder: Path) -> int:
    """The process id in the cluster's lock file; 0 without one."""
    try:
        return int((folder / "postmaster.pid").read_text("utf-8").split("\n")[0])
    except (OSError, ValueError):
        return 0


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
