"""`doorstep sheet` from outside."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import environment


@pytest.mark.parametrize(
    ("options", "width"),
    [((), "612.000"), (("--paper", "letter"), "612.000"), (("--paper", "a4"), "595.276")],
)
def test_the_sheet_is_written(tmp_path: Path, options: tuple[str, ...], width: str) -> None:
    ran = sheet("--out", str(tmp_path / "sheet.pdf"), *options)
    assert ran.returncode == 0
    assert (
        ran.stdout
        == f"{tmp_path}/sheet.pdf: print page 1 at 100 % and check its bar with a ruler.\n"
    )
    assert f"/MediaBox [0 0 {width} ".encode() in (tmp_path / "sheet.pdf").read_bytes()


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    ran = sheet("--out", str(tmp_path / "nowhere" / "sheet.pdf"))
    assert ran.returncode == 1
    assert ran.stderr == (
        f"doorstep: {tmp_path}/nowhere/sheet.pdf cannot be written: No such file or directory.\n"
    )


def sheet(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "doorstep", "sheet", *options],
        check=False,
        capture_output=True,
        text=True,
        env=environment(),
    )
