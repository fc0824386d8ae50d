"""The 26 vectors by number, over a real socket; and the verb that sends them to any server."""

import subprocess
import sys

import pytest

from doorstep.cli.conformance import post
from doorstep.wire.captorra.vectors import Answer, Ids, Try, all_vectors, judge, run
from tests.serving import Served

LEAD = "SELECT * FROM leads WHERE id = $1::text::uuid"


@pytest.mark.parametrize("number", range(1, 27))
def test_vector(served: Served, ids: Ids, number: int) -> None:
    vector = next(one for one in all_vectors(ids) if one.number == number)

    verdict = run(vector, lambda one: post(served.url, one))

    assert verdict.problems == ()


async def stored(served: Served, ids: Ids, number: int) -> dict[str, object]:
    vector = next(one for one in all_vectors(ids) if one.number == number)
    verdict = run(vector, lambda one: post(served.url, one))
    (lead,) = await served.fetch(LEAD, verdict.intake_ids[0])
    return dict(lead)


async def test_17_all_of_the_plugins_keys_are_stored(served: Served, ids: Ids) -> None:
    lead = await stored(served, ids, 17)

    assert lead["extra"] == {
        "Source": "Direct Access",
        "Branded": "Yes",
        "ReferrerURL": "https://example.com/",
    }
    assert lead["conversion"] == "https://example.com/thanks"
    assert lead["details"] == "It&#039;s the roof\r\nsecond line"
    assert (lead["primary_phone"], lead["case_type_id"], lead["vendor_lead_id"]) == (None,) * 3


async def test_20_country_fills_the_county(served: Served, ids: Ids) -> None:
    assert (await stored(served, ids, 20))["county"] == "Philadelphia"


async def test_21_what_is_too_long_is_cut_and_said(served: Served, ids: Ids) -> None:
    lead = await stored(served, ids, 21)

    assert lead["details"] == "x" * 4000
    assert lead["region"] == "PA"
    assert lead["warnings"] == [
        "State was written out, as Pennsylvania",
        "Details has 10000 characters; 4000 fit",
    ]
    (kept,) = await served.fetch("SELECT body FROM lead_posts WHERE id = $1", lead["post_id"])
    assert b"x" * 10_000 in kept["body"]


async def test_25_words_come_back_as_they_went(served: Served, ids: Ids) -> None:
    lead = await stored(served, ids, 25)

    assert (lead["first_name"], lead["last_name"]) == ("Zoë", "Núñez 🏠")
    assert lead["details"] == "one\r\ntwo \U0001f3e0"


async def test_26_a_number_is_its_digits(served: Served, ids: Ids) -> None:
    assert (await stored(served, ids, 26))["postal_code"] == "19146"


def conformance(*arguments: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "doorstep", "conformance", "captorra", *arguments]
    return subprocess.run(words, check=False, capture_output=True, text=True, timeout=120)


def test_the_verb_prints_a_table_and_is_content(served: Served, ids: Ids) -> None:
    done = conformance(
        *("--url", served.url, "--captorra-id", ids.captorra_id),
        *("--referrer", ids.referrer, "--type", ids.case_type),
    )

    lines = done.stdout.splitlines()
    assert lines[0] == "  1  the documented example                 R1        ok"
    assert lines[-1] == "25 of 25 vectors hold, 1 left out (no --other-referrer)"
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_the_verb_fails_where_the_contract_is_broken(served: Served, ids: Ids) -> None:
    done = conformance(
        *("--url", served.url, "--captorra-id", "000000"),
        *("--referrer", ids.referrer, "--type", ids.case_type),
    )

    wrong = 'no success: {"success":false,"error":"Referrer/Type GUID does not exist."}'
    assert f"the documented example                 R1        FAILED  {wrong}" in done.stdout
    assert done.returncode == 1


def test_the_verb_says_when_nobody_answers() -> None:
    done = conformance(
        *("--url", "http://127.0.0.1:9/create", "--captorra-id", "1"),
        *("--referrer", "x", "--type", "y"),
    )

    assert done.returncode == 1
    assert done.stderr.startswith("doorstep: http://127.0.0.1:9/create does not answer:")


@pytest.mark.parametrize(
    ("status", "headers", "text", "expect", "problem"),
    [
        (500, {"content-length": "2"}, "{}", "R1", "status 500"),
        (200, {}, "{}", "R2", "no Content-Length"),
        (200, {"content-length": "2"}, "{}", "R5", "not R5: {}"),
        (200, {"content-length": "2"}, '{"success": true}', "R1", 'no success: {"success": true}'),
    ],
)
def test_a_wrong_answer_is_seen(
    status: int, headers: dict[str, str], text: str, expect: str, problem: str
) -> None:
    assert judge(Answer(status=status, headers=headers, text=text), expect=expect) == problem


def test_a_vector_that_makes_too_few_intakes_fails(ids: Ids) -> None:
    same = '{"success":true,"IntakeID":"123e4567-e89b-12d3-a456-426655440000"}'

    def always_the_same(_: Try) -> Answer:
        return Answer(status=200, headers={"content-length": "66"}, text=same)

    vector = next(one for one in all_vectors(ids) if one.number == 22)

    assert run(vector, always_the_same).problems == ("1 intakes where 2 was due",)
