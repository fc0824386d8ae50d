"""Looks at folders: room, names for files, whether they can be written to, the newest backup."""

import os
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from doorstep.readiness.facts import Backups, Place

ENTRIES_MAX = 10_000
FILES_MAX = 100_000


def place(name: str, path: Path) -> Place:
    """The disk under this folder; raises OSError where there is none."""
    disk = os.statvfs(path)
    return Place(
        name=name,
        writable=_is_writable(path),
        free=disk.f_bavail * disk.f_frsize,
        total=disk.f_blocks * disk.f_frsize,
        inodes_free=disk.f_favail if disk.f_files else None,
        inodes_total=disk.f_files or None,
    )


def lost(name: str) -> Place:
    """A folder that is not there or does not answer."""
    return Place(name=name, writable=False, free=0, total=0, inodes_free=None, inodes_total=None)


def newest(folder: Path) -> Backups:
    """The newest entry of a folder of backups, by the time of its last change."""
    entries = []
    with os.scandir(folder) as found:
        for entry, _ in zip(found, range(ENTRIES_MAX), strict=False):
            if not entry.name.startswith("."):
                entries.append((entry.stat().st_mtime, Path(entry.path)))
    if not entries:
        return Backups(told=True, problem="empty")
    entries.sort(reverse=True)
    sizes = [_size(path) for _, path in entries[:2]]
    return Backups(
        told=True,
        age=timedelta(seconds=max(0.0, time.time() - entries[0][0])),
        size=sizes[0],
        size_before=sizes[1] if len(sizes) > 1 else None,
    )


def _is_writable(path: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=path) as file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        return False
    return True


def _size(path: Path) -> int:
    """Bytes of a file, or of what lies in a folder."""
    if not path.is_dir():
        return path.stat().st_size
    return sum(one.stat().st_size for one, _ in zip(_files(path), range(FILES_MAX), strict=False))


def _files(folder: Path) -> Iterator[Path]:
    for inside, _, names in os.walk(folder):
        yield from (Path(inside) / name for name in names)
