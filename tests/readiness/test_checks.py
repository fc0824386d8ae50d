"""What each check says of which facts: literal levels, and words that carry no secret."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from doorstep.readiness.checks import CHECKS, TITLES, Facts, judge
from doorstep.readiness.facts import Audit, Endpoints, Machine, Reach, Rows, Server, Workers
from doorstep.readiness.model import spell, worst
from tests.asked import FINE, GIB

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "readiness.md"
MACHINE = Machine(
    python=(3, 11),
    python_text="3.11.2",
    postgres="PostgreSQL 18 in /x.",
    postgres_problem=None,
    user="an ordinary user",
    pages_built=True,
    settings=None,
)
ROWS = Rows(
    server=Server(
        version=180_001,
        missing=(),
        connections=12,
        connections_max=100,
        idle_slots=0,
        kept_bytes=0,
        skew=timedelta(milliseconds=3),
    ),
    workers=Workers(workers=1, builders=1, due=0, oldest_due=timedelta(0), builds_due=0, parked=0),
    audit=Audit(behind=timedelta(seconds=40), whole=timedelta(days=3), broken=None),
    endpoints=Endpoints(registered=2, failing=0, switched_off=0),
    zones=("America/New_York",),
    urls=(),
)
DAY = timedelta(days=1)
PLACE = FINE.disk.places[0]


def found(*, part: str, of: Any, **change: Any) -> dict[str, tuple[str, str]]:
    """Level and words by code, where this part of the facts is changed."""
    changed = replace(of, **{part: replace(getattr(of, part), **change)})
    facts = Facts(machine=MACHINE, outside=FINE, rows=ROWS)
    facts = replace(facts, **{"rows" if of is ROWS else "outside": changed})
    return {one.code: (str(one.level), one.words) for one in judge(facts, before_start=True)}


def test_everything_fine_is_green_and_has_a_line_in_the_reference() -> None:
    findings = judge(Facts(machine=MACHINE, outside=FINE, rows=ROWS), before_start=True)
    assert {one.code: str(one.level) for one in findings} == dict.fromkeys(TITLES, "green")
    assert [one.code for one in findings] == list(CHECKS)
    assert [one.fix for one in findings] == [""] * len(CHECKS)
    assert worst(findings) == "green"
    documented = re.findall(r"^\| `([a-z_]+)` \|", REFERENCE.read_text("utf-8"), re.MULTILINE)
    assert documented == list(CHECKS)


def test_what_is_not_there_yet_is_unknown_and_not_the_worst() -> None:
    findings = judge(Facts(rows=ROWS), before_start=False)
    levels = {one.code: str(one.level) for one in findings}
    assert {code for code, level in levels.items() if level == "unknown"} == {
        *("https", "mail", "sms", "webhooks", "backups", "disk", "engine", "clock"),
    }
    assert worst(findings) == "green"


@pytest.mark.parametrize(
    ("part", "change", "code", "level", "words"),
    [
        ("https", {"scheme": "http"}, "https", "red", "People reach doorstep.example over plain"),
        ("https", {"scheme": "http", "loopback": True}, "https", "amber", "Plain http on this"),
        ("https", {"problem": "certificate"}, "https", "red", "is not one that browsers accept"),
        ("https", {"problem": "unreachable"}, "https", "amber", "cannot be asked from this"),
        ("https", {"days_left": 13}, "https", "amber", "ends in 13 days."),
        ("https", {"days_left": 1}, "https", "red", "ends in 1 day."),
        ("https", {"skew": timedelta(seconds=-90)}, "clock", "amber", "1 minute off what servers"),
        ("https", {"skew": timedelta(minutes=6)}, "clock", "red", "6 minutes off what servers"),
        ("mail", {"configured": False}, "mail", "amber", "No mail server is set up"),
        ("mail", {"problem": "smtp_535"}, "mail", "red", "refuses the name or the password."),
        ("mail", {"problem": "smtp_tls"}, "mail", "red", "offers no TLS that this machine"),
        ("mail", {"problem": "smtp_421"}, "mail", "red", "failed (smtp_421)."),
        ("mail", {"sender_domain": "localhost"}, "mail", "red", "nobody can answer"),
        ("mail", {"bounces": False}, "mail", "amber", "What bounces is not heard."),
        ("sms", {"kind": "none"}, "sms", "amber", "No provider is set up"),
        ("sms", {"problem": "credentials"}, "sms", "red", "refuses our account"),
        ("sms", {"problem": "unreachable"}, "sms", "red", "cannot be reached"),
        ("sms", {"secret": False, "kind": "generic"}, "sms", "red", "STOP neither"),
        ("sms", {"sender": False}, "sms", "amber", "have no sender"),
        ("reach", {"problems": (("a.example", "dns"),)}, "webhooks", "amber", "a.example has no"),
        ("backups", {"told": False}, "backups", "amber", "Nobody has told Doorstep"),
        ("backups", {"problem": "empty"}, "backups", "red", "There is no backup in"),
        ("backups", {"problem": "unreadable"}, "backups", "red", "cannot be read"),
        ("backups", {"size": 0}, "backups", "red", "The newest backup is empty."),
        ("backups", {"age": timedelta(hours=27)}, "backups", "amber", "is 1 day old (4.2 GB)."),
        ("backups", {"age": 4 * DAY}, "backups", "red", "is 4 days old (4.2 GB)."),
        ("backups", {"size": 2_000_000}, "backups", "amber", "(2.0 MB) is far smaller"),
        ("engine", {"problem": "failed"}, "engine", "red", "The engine does not run here"),
        ("engine", {"memory": 2 * GIB}, "engine", "amber", "with 2.0 GB of memory"),
        ("engine", {"threads": 8}, "engine", "amber", "with 8 threads on 4 cores."),
    ],
)  # fmt: skip
def test_outside(  # allow: sizes a row of the table
    part: str, change: dict[str, Any], code: str, level: str, words: str
) -> None:
    found_level, found_words = found(part=part, of=FINE, **change)[code]
    assert found_level == level
    assert words in found_words


@pytest.mark.parametrize(
    ("change", "level", "words"),
    [
        ({"writable": False}, "red", "The folder of the data cannot be written to."),
        ({"free": GIB // 4}, "red", "uploads are refused"),
        ({"free": 4 * GIB}, "amber", "Only 4.0 of 100.0 GB are free for the data."),
        ({"inodes_free": 40}, "amber", "names for few more files (4% left)"),
        ({"inodes_free": 9}, "red", "names for few more files (1% left)"),
    ],
)
def test_disk(change: dict[str, Any], level: str, words: str) -> None:
    places = (PLACE, replace(PLACE, **change))
    found_level, found_words = found(part="disk", of=FINE, places=places)["disk"]
    assert found_level == level
    assert words in found_words


@pytest.mark.parametrize(
    ("part", "change", "code", "level", "words"),
    [
        ("server", {"version": 140_005}, "database", "red", "PostgreSQL 14."),
        ("server", {"missing": ("0099_pre_x.sql",)}, "database", "red", "1, the first 0099_pre"),
        ("server", {"connections": 85}, "database", "amber", "85 of 100 connections are taken."),
        ("server", {"connections": 96}, "database", "red", "96 of 100 connections are taken."),
        ("server", {"idle_slots": 1}, "database", "amber", "nobody reads: 1."),
        ("server", {"kept_bytes": 3 * 10**9}, "database", "red", "holds back 3.0 GB"),
        ("server", {"skew": timedelta(seconds=-5)}, "clock", "amber", "5 seconds off the database"),
        ("server", {"skew": timedelta(hours=1)}, "clock", "red", "1 hour off the database's."),
        ("workers", {"workers": 0}, "workers", "red", "No worker runs"),
        ("workers", {"builders": 0, "builds_due": 3}, "workers", "red", "no model is built (3 wait"),
        ("workers", {"due": 9, "oldest_due": timedelta(minutes=6)}, "workers", "amber", "6 minutes"),
        ("workers", {"oldest_due": timedelta(minutes=31)}, "workers", "red", "for 31 minutes"),
        ("workers", {"parked": 2}, "workers", "amber", "put aside: 2."),
        ("audit", {"whole": None}, "audit", "amber", "Nobody has walked along"),
        ("audit", {"whole": 36 * DAY}, "audit", "amber", "last found whole 36 days ago."),
        ("audit", {"broken": DAY}, "audit", "red", "was found broken 1 day ago."),
        ("audit", {"broken": 4 * DAY}, "audit", "green", "found whole 3 days ago."),
        ("audit", {"behind": timedelta(minutes=11)}, "audit", "red", "no link for 11 minutes."),
        ("endpoints", {"switched_off": 1}, "webhooks", "red", "1 of 2 endpoints."),
        ("endpoints", {"failing": 1}, "webhooks", "amber", "Failing: 1 of 2 endpoints."),
        ("endpoints", {"registered": 0}, "webhooks", "green", "No endpoint is registered."),
    ],
)  # fmt: skip
def test_inside(  # allow: sizes a row of the table
    part: str, change: dict[str, Any], code: str, level: str, words: str
) -> None:
    found_level, found_words = found(part=part, of=ROWS, **change)[code]
    assert found_level == level
    assert words in found_words


def test_a_zone_that_the_machine_does_not_know() -> None:
    rows = replace(ROWS, zones=("America/New_York", "Mars/Olympus_Mons"))
    told = {one.code: one for one in judge(Facts(rows=rows), before_start=False)}
    assert str(told["time_zone"].level) == "red"
    assert told["time_zone"].words == "This machine knows no time zone Mars/Olympus_Mons."


def test_without_the_database() -> None:
    told = {one.code: str(one.level) for one in judge(Facts(outside=FINE), before_start=False)}
    assert told["database"] == "red"
    assert (told["clock"], told["workers"]) == ("green", "unknown")
    assert Reach(tried=0).problems == ()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (59.4, "59 seconds"),
        (61, "1 minute"),
        (7200, "2 hours"),
        (90_000, "1 day"),
    ],
)
def test_spans_are_spelled(seconds: float, words: str) -> None:
    assert spell(seconds) == words
