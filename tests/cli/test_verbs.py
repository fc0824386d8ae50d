"""The small verbs, from outside."""

import subprocess
import sys
from pathlib import Path

import pytest

from doorstep import __version__
from doorstep.cli import announcement
from doorstep.cli.main import VERBS
from doorstep.cli.verbs import listen
from doorstep.kit.errors import CannotStart
from tests.processes import environment


def test_every_verb_has_a_help(tmp_path: Path) -> None:
    said = doorstep("--help", folder=tmp_path).stdout
    assert [verb for verb in VERBS if f" {verb} " not in said] == []


def test_version(tmp_path: Path) -> None:
    assert doorstep("version", folder=tmp_path).stdout == f"doorstep {__version__}\n"


def test_doctor_says_what_is_missing(tmp_path: Path) -> None:
    ran = doorstep("doctor", folder=tmp_path, DOORSTEP_PG_BIN=str(tmp_path))
    assert ran.returncode == 1
    line = next(line for line in ran.stdout.splitlines() if "postgres" in line)
    assert line.startswith("FAIL")
    assert "DOORSTEP_PG_BIN" in line


def test_a_process_without_settings_says_which(tmp_path: Path) -> None:
    ran = doorstep("web", folder=tmp_path)
    assert ran.returncode == 1
    assert "DOORSTEP_SECRET_KEY" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_taken_port_is_named() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(CannotStart, match=rf"Port {port} .*address already in use.*--port"):
            listen("127.0.0.1", port)


def test_the_posted_line_survives_a_shell(tmp_path: Path) -> None:
    facts = {
        "base_url": "http://127.0.0.1:1",
        "organizations": [
            {"captorra_id": "it's", "referrer": "$(id)", "case_types": [{"guid": "g"}]}
        ],
    }
    line = announcement.lead_command(facts).replace("curl", "printf '%s\\n'", 1)
    words = subprocess.run(
        line, shell=True, cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert words[-1] == "http://127.0.0.1:1/api/captorraapi/create"
    assert '"it\'s"' in words[-2]
    assert '"$(id)"' in words[-2]


def doorstep(*arguments: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """The command line, run in this folder."""
    return subprocess.run(
        [sys.executable, "-m", "doorstep", *arguments],
        cwd=folder, env=environment(variables), capture_output=True, text=True, check=False,
    )  # fmt: skip
