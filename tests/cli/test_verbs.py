"""The small verbs, from outside."""

import json
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
    assert ran.returncode == 2
    line, fix = ran.stdout.splitlines()[1:3]
    assert line.startswith("red    PostgreSQL's programs  ")
    assert fix.strip().endswith("or set DOORSTEP_PG_BIN.")


def test_doctor_is_content_before_the_first_start(tmp_path: Path) -> None:
    ran = doorstep("doctor", "--json", folder=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")
    told = json.loads(ran.stdout)
    assert told["worst"] == "green"
    assert [one["code"] for one in told["checks"]] == [
        *("python", "postgres", "pages", "settings", "disk"),
    ]
    assert told["checks"][3]["words"] == (
        "Nothing has run on this folder yet: doorstep up starts it."
    )


def test_doctor_names_a_setting_that_cannot_work(tmp_path: Path) -> None:
    ran = doorstep(
        *("doctor", "--json"),
        folder=tmp_path,
        DOORSTEP_DATABASE_URL="postgresql://nobody:hunter2@127.0.0.1:9/x",
        DOORSTEP_SECRET_KEY="a secret key of the tests, long enough",
        DOORSTEP_BASE_URL="ftp://x",
    )
    assert ran.returncode == 2
    told = {one["code"]: one for one in json.loads(ran.stdout)["checks"]}
    assert told["settings"]["words"].startswith("DOORSTEP_BASE_URL must be a URL")
    assert "hunter2" not in ran.stdout


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
