"""What the code knows and the reference does not say is a defect of the reference."""

import re
from pathlib import Path

import pytest

from doorstep.cli.main import VERBS
from doorstep.events.model import EVENTS
from doorstep.kit import settings

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
SOURCES = ROOT / "src" / "doorstep"
CODE = re.compile(r'\bcode(?:: str)? ?= ?"([a-z_]+)"')


def text_of(name: str) -> str:
    return (REFERENCE / name).read_text("utf-8")


@pytest.mark.parametrize("name", settings.names())
def test_every_setting_is_documented(name: str) -> None:
    assert f"| `{name}`" in text_of("settings.md")


def test_no_setting_is_documented_that_does_not_exist() -> None:
    documented = re.findall(r"^\| `(DOORSTEP_[A-Z_]+)`", text_of("settings.md"), re.MULTILINE)

    assert sorted(set(documented) - set(settings.names())) == []


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_event_is_documented(name: str) -> None:
    assert f"| `{name}` | {EVENTS[name]} |" in text_of("events.md")


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_is_documented(verb: str) -> None:
    assert f"| `doorstep {verb}`" in text_of("command-line.md")


def test_every_error_code_is_documented() -> None:
    known = {
        code for path in SOURCES.rglob("*.py") for code in CODE.findall(path.read_text("utf-8"))
    }
    text = text_of("errors.md")
    known -= {"accepted"}  # what a try of a message came to, which is no error

    assert len(known) > 30
    assert sorted(code for code in known if f"`{code}`" not in text) == []
