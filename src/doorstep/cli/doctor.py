"""`doorstep doctor`: what would keep Doorstep from starting here, and what to do."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from doorstep.cli.data_folder import FREE_BYTES_MIN
from doorstep.kit import postgres
from doorstep.kit.errors import CannotStart

PYTHON_MIN = (3, 11)


def doctor(*, data: Path = Path("doorstep-data")) -> None:
    """Check this machine; exit status 1 when something is missing.

    Parameters
    ----------
    data
        The data folder that will be used.
    """
    failed = [check(data.absolute()) for check in CHECKS].count(False)
    sys.exit(1 if failed else 0)


def _check(name: str, find: Callable[[Path], str]) -> Callable[[Path], bool]:
    def run(data: Path) -> bool:
        try:
            text, good = find(data), True
        except CannotStart as error:
            text, good = str(error), False
        sys.stdout.write(f"{'ok  ' if good else 'FAIL'}  {name:<10} {text}\n")
        return good

    return run


def _python(_: Path) -> str:
    if sys.version_info < PYTHON_MIN:
        raise CannotStart("Python 3.11 or later is needed.")
    return sys.version.split()[0]


def _postgres(_: Path) -> str:
    import os

    binaries = postgres.find_binaries(os.environ.get("DOORSTEP_PG_BIN", ""))
    return f"{postgres.major(binaries)} in {binaries}"


def _user(_: Path) -> str:
    return {
        "--namespace": "root; PostgreSQL gets an ordinary user of its own",
        "--user": "root; PostgreSQL runs as another user",
    }.get((postgres.identity() or ("",))[0], "an ordinary user")


def _disk(data: Path) -> str:
    existing = next(folder for folder in (data, *data.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    if free < FREE_BYTES_MIN:
        raise CannotStart(f"only {free // 2**20} MB are free at {existing}: make room.")
    return f"{free / 2**30:.1f} GB free at {existing}"


def _assets(_: Path) -> str:
    manifest = Path(__file__).parent.parent / "web" / "static" / "built" / "manifest.json"
    if not manifest.exists():
        raise CannotStart("the pages' scripts are not built: run bin/up, or install a wheel.")
    return "built"


CHECKS = (
    _check("python", _python),
    _check("postgres", _postgres),
    _check("user", _user),
    _check("disk", _disk),
    _check("assets", _assets),
)
