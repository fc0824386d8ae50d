"""Leads newest first, and one click to ask for photos."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from doorstep.web.desk.inbox_queries import LeadRow
from doorstep.web.desk.words import age_text, age_tone
from tests.cast import Cast
from tests.web.conftest import Desk, post_lead

NO_ID = "01890000-0000-7000-8000-000000000000"


async def test_shows_a_lead_with_age_source_and_case_type(alice: Desk, lead_id: uuid.UUID) -> None:
    text = (await alice.get("/inbox")).text
    assert f'href="/leads/{lead_id}">Lucille Bluth</a>' in text
    assert "1 Balboa Towers, Newport Beach, CA" in text
    assert "Roof" in text
    assert "Bright Leads" in text
    assert "just now" in text
    assert f'hx-post="/leads/{lead_id}/capture-request"' in text


@pytest.mark.parametrize(
    ("minutes", "text", "tone"),
    [
        (0, "just now", "good"),
        (4, "4 min", "good"),
        (5, "5 min", "warn"),
        (14, "14 min", "warn"),
        (15, "15 min", "bad"),
        (60, "1 h", "bad"),
        (2879, "47 h", "bad"),
        (2880, "2 days", "bad"),
    ],
)
def test_an_age_turns_amber_at_5_and_red_at_15(minutes: int, text: str, tone: str) -> None:
    assert (age_text(minutes), age_tone(minutes)) == (text, tone)


def test_a_clock_that_went_back_makes_no_negative_age() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    empty = dict.fromkeys(LeadRow.__dataclass_fields__)
    row = LeadRow(**empty | {"received_at": now + timedelta(seconds=90), "now": now})  # type: ignore[arg-type]
    assert row.minutes == 0


async def test_one_click_asks_and_shows_the_changed_row(alice: Desk, lead_id: uuid.UUID) -> None:
    answer = await alice.click(f"/leads/{lead_id}/capture-request")
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith(f'<li id="lead-{lead_id}" ')
    assert "Asked" in answer.text
    assert "Ask for photos" not in answer.text
    told = json.loads(answer.headers["hx-trigger"])
    assert told == {"say": "The invitation to Lucille Bluth is on its way."}

    outbox = (await alice.get("/outbox")).text
    assert "lucille@example.com" in outbox


async def test_without_a_script_it_leads_to_the_new_job(bob: Desk, lead_id: uuid.UUID) -> None:
    answer = await bob.post(f"/leads/{lead_id}/capture-request")
    assert answer.status_code == 303
    job = await bob.get(answer.headers["location"])
    assert "<h1>1 Balboa Towers</h1>" in job.text
    assert "The invitation is on its way." in job.text
    assert "Waiting for Lucille Bluth" in job.text


async def test_asking_twice_is_refused_in_words(alice: Desk, lead_id: uuid.UUID) -> None:
    await alice.post(f"/leads/{lead_id}/capture-request")
    answer = await alice.click(f"/leads/{lead_id}/capture-request")
    assert answer.status_code == 409
    assert answer.headers["doorstep-says"] == "The homeowner was asked for photos already."


async def test_a_lead_without_an_email_says_why_it_cannot_be_asked(
    client: httpx.AsyncClient, cast: Cast, alice: Desk
) -> None:
    await post_lead(client, cast.alice, Email="", Primary="")
    text = (await alice.get("/inbox")).text
    assert "No contact" in text
    assert "hx-post=" not in text
    assert '<button class="button" disabled aria-describedby="lead-obstacle-' in text


async def test_an_approver_sees_no_button_and_may_not_ask(amy: Desk, lead_id: uuid.UUID) -> None:
    assert "Ask for photos" not in (await amy.get("/inbox")).text
    answer = await amy.post(f"/leads/{lead_id}/capture-request")
    assert answer.status_code == 403
    assert "Your role does not allow this." in answer.text


async def test_another_organizations_lead_is_not_there(charlie: Desk, lead_id: uuid.UUID) -> None:
    assert "Lucille" not in (await charlie.get("/inbox")).text
    assert "No leads yet" in (await charlie.get("/inbox")).text
    for path in ("/leads/{}", "/leads/{}?view=raw"):
        theirs = await charlie.get(path.format(lead_id))
        nothing = await charlie.get(path.format(NO_ID))
        assert theirs.status_code == 404
        assert theirs.text == nothing.text
    answer = await charlie.post(f"/leads/{lead_id}/capture-request")
    assert answer.status_code == 404


async def test_the_poll_is_empty_until_something_happens(
    client: httpx.AsyncClient, cast: Cast, alice: Desk, lead_id: uuid.UUID
) -> None:
    seen = (await alice.get("/inbox")).text.split("seen=")[1].split('"')[0]
    assert (await alice.get(f"/inbox/rows?seen={seen}")).status_code == 204
    await post_lead(client, cast.alice, First="Buster", ID="BL-8")
    rows = await alice.get(f"/inbox/rows?seen={seen}")
    assert rows.status_code == 200
    assert rows.text.index("Buster Bluth") < rows.text.index("Lucille Bluth")
    assert "<html" not in rows.text


async def test_who_was_asked_is_left_out_on_demand(alice: Desk, lead_id: uuid.UUID) -> None:
    assert "Lucille" in (await alice.get("/inbox?show=waiting")).text
    await alice.post(f"/leads/{lead_id}/capture-request")
    text = (await alice.get("/inbox?show=waiting")).text
    assert "Lucille" not in text
    assert "Nobody waits" in text


async def test_older_leads_are_a_page_away(
    client: httpx.AsyncClient, cast: Cast, alice: Desk
) -> None:
    for number in range(52):
        await post_lead(client, cast.alice, First=f"Lead{number:02}", ID=f"BL-{number}")
    first = (await alice.get("/inbox")).text
    assert first.count("<li id=") == 50
    older = first.split('href="/inbox?show=&amp;before=')[1].split('"')[0]
    second = (await alice.get(f"/inbox?before={older}")).text
    assert second.count("<li id=") == 2
    assert "Lead00" in second
    assert "Lead01" in second
    assert "hx-trigger" not in second


@pytest.mark.parametrize("before", ["x", "12.zz", "99999999999999999999.0", "1.", "-1." + "0" * 32])
async def test_an_anchor_that_is_none_is_not_found(alice: Desk, before: str) -> None:
    answer = await alice.get(f"/inbox?before={before}")
    assert answer.status_code in (200, 404)
    assert (await alice.get("/inbox?show=everything")).status_code == 404
