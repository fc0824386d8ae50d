"""The data folder of one installation: its lock, its secret key, room on its disk."""

import fcntl
import json
import os
import secrets
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from doorstep.kit.errors import CannotStart

DATA = Path(os.environ.get("DOORSTEP_DATA", "doorstep-data"))
"""Where every verb looks that is told no folder."""
ENVIRONMENT = "environment.json"
FREE_BYTES_MIN = 512 * 1024 * 1024
WAIT_SECONDS_MAX = 45
"""For what a killed supervisor left: its children stop by themselves."""


@dataclass(frozen=True)
class DataFolder:
    """A folder that this process alone runs on, until the last holder of `lock` has ended."""

    path: Path
    lock: int

    @property
    def cluster(self) -> Path:
        """Where PostgreSQL keeps the rows."""
        return self.path / "postgres"

    @property
    def logs(self) -> Path:
        """Where the children's output goes."""
        return self.path / "logs"

    @property
    def secret_key(self) -> Path:
        """The file of the key that signs links and cookies."""
        return self.path / "secret.key"

    def keep_environment(self, environment: Mapping[str, str]) -> None:
        """Write down how the running processes were set up, for verbs beside them."""
        kept = {name: text for name, text in environment.items() if name.startswith("DOORSTEP_")}
        making = self.path / (ENVIRONMENT + ".new")
        making.touch(mode=0o600)
        making.write_text(json.dumps(kept, indent=1), "utf-8")
        making.rename(self.path / ENVIRONMENT)


def environment_of(path: Path) -> dict[str, str]:
    """The settings of the Doorstep that runs, or last ran, on this folder, and our own over them."""
    try:
        kept: dict[str, str] = json.loads((path / ENVIRONMENT).read_text("utf-8"))
    except FileNotFoundError:
        kept = {}
    return {**kept, **os.environ}


def take(path: Path, *, say: Callable[[str], None]) -> DataFolder:
    """Make the folder if needed and lock it; raises CannotStart."""
    path = path.absolute()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        (path / "logs").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise CannotStart(
            f"{path} cannot be used ({reason.lower()}): choose another folder with --data."
        ) from error
    _lock(descriptor, path, say=say)
    _check_room(path)
    folder = DataFolder(path, descriptor)
    _make_secret_key(folder.secret_key)
    return folder


def _lock(descriptor: int, path: Path, *, say: Callable[[str], None]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    told = False
    while not _try_lock(descriptor):
        holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
        if _is_alive(holder) or time.monotonic() > deadline:
            raise CannotStart(
                f"{path} is in use by another Doorstep (process {holder}): "
                "stop that one, or choose another folder with --data."
            )
        if not told:
            say("waiting for what a killed Doorstep left to stop")
            told = True
        time.sleep(0.1)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is_alive(holder: str) -> bool:
    try:
        state = Path(f"/proc/{int(holder)}/stat").read_text("utf-8").rpartition(")")[2]
    except (OSError, ValueError):
        return False
    return state.split()[0] != "Z"


def _check_room(path: Path) -> None:
    free = shutil.disk_usage(path).free
    if free < FREE_BYTES_MIN:
        raise CannotStart(
            f"Only {free // 2**20} MB are free at {path}, and {FREE_BYTES_MIN // 2**20} are needed: "
            "make room, or choose another disk with --data."
        )


def _make_secret_key(path: Path) -> None:
    """Write the key once, whole or not at all: links signed with a lost one are dead."""
    if path.exists():
        return
    making = path.with_suffix(".new")
    descriptor = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
        file.flush()
        os.fsync(file.fileno())
    making.rename(path)
