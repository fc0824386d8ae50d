"""Calls on the desk: which lead each belongs to and why, and a person's word on it."""

import html
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.cast import Cast, Troupe
from tests.faults.posting import rows
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk, post_lead

PATH = "/api/captorracalltracking/create"
NOBODY = "01890000-0000-7000-8000-000000000000"
JOINS = "SELECT call_id, lead_id, actor FROM call_joins"
PARTINGS = "SELECT call_id, lead_id, actor FROM call_partings"


async def post_call(
    client: httpx.AsyncClient, troupe: Troupe, *, minutes_ago: float = 0, **other: str
) -> uuid.UUID:
    """A tracking vendor reports a call; its id."""
    called_at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    body = {
        "CaptorraId": troupe.captorra_id,
        "Name": "Billboard I-70",
        "ANI": "(217) 555-0143",
        "Date": called_at.isoformat(),
        **other,
    }
    answer = await client.post(PATH, json=body)
    assert answer.json()["success"] is True, answer.text
    return uuid.UUID(answer.json()["CallID"])


def bob_said(cast: Cast) -> str:
    """Bob as rows name him."""
    return f"user:{cast.alice.admin_id + 1}"


async def shown(desk: Desk, path: str) -> str:
    answer = await desk.get(path)
    assert answer.status_code == 200, answer.text
    return html.unescape(answer.text)


async def test_the_list_says_which_lead_and_why(
    client: httpx.AsyncClient, cast: Cast, alice: Desk, lead_id: uuid.UUID
) -> None:
    matched = await post_call(client, cast.alice, minutes_ago=3)
    alone = await post_call(client, cast.alice, ANI="3125550000", Name="<b>Radio</b>")

    text = await shown(alice, "/calls")

    assert text.index(str(alone)) < text.index(str(matched))
    assert f'<a href="/leads/{lead_id}">Lucille Bluth</a>' in text
    assert "Same number; the call came 3 minutes before the lead" in text
    assert "<b>Radio</b>" not in (await alice.get("/calls")).text
    without = await shown(alice, "/calls?show=unmatched")
    assert (str(alone) in without, str(matched) in without) == (True, False)
    with_lead = await shown(alice, "/calls?show=matched")
    assert (str(alone) in with_lead, str(matched) in with_lead) == (False, True)
    assert 'href="/calls">Calls</a>' in await shown(alice, "/inbox")


async def test_without_calls_the_list_says_so(alice: Desk) -> None:
    assert "No calls yet" in await shown(alice, "/calls")
    assert "Every call has its lead" in await shown(alice, "/calls?show=unmatched")
    assert "Nothing was refused" in await shown(alice, "/calls/refused")


async def test_older_calls_are_a_page_away(
    client: httpx.AsyncClient, cast: Cast, alice: Desk
) -> None:
    for number in range(53):
        await post_call(client, cast.alice, minutes_ago=number // 2, ID=str(number))

    for show in ("", "&show=unmatched"):
        first = await shown(alice, f"/calls?{show}")
        older = first.split('href="/calls?before=')[1].split('"')[0]
        second = await shown(alice, f"/calls?before={older}")
        assert (first.count('class="name"'), second.count('class="name"')) == (50, 3)
        assert "Older calls" not in second


@pytest.mark.parametrize(
    "query", ["before=x", "before=2026-01-01.1", "before=2026-01-01Z", "show=x"]
)
async def test_an_address_that_makes_no_sense_is_not_found(alice: Desk, query: str) -> None:
    assert (await alice.get(f"/calls?{query}")).status_code == 404


async def test_one_call_shows_its_lead_and_the_post(
    client: httpx.AsyncClient, cast: Cast, amy: Desk, lead_id: uuid.UUID
) -> None:
    call_id = await post_call(client, cast.alice, String01="answered", ID="T-1")

    text = await shown(amy, f"/calls/{call_id}")

    assert "<h1>Call from (217) 555-0143</h1>" in text
    assert "Same number; the call and the lead came at the same time" in text
    assert "<dt>String01</dt><dd>answered</dd>" in text
    assert '"Name": "Billboard I-70",\n' in text
    assert '"Name":"Billboard I-70"' in await shown(amy, f"/calls/{call_id}?view=raw")
    assert 'method="post" action="/calls' not in text
    on_lead = await shown(amy, f"/leads/{lead_id}")
    assert f'href="/calls/{call_id}"' in on_lead
    assert "Same number; the call and the lead came at the same time" in on_lead


async def test_a_wrong_match_is_undone_and_done_again(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, bob: Desk, lead_id: uuid.UUID
) -> None:
    call_id = await post_call(client, cast.alice)

    answer = await bob.post(f"/calls/{call_id}/partings", {"lead_id": str(lead_id)})

    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/calls/{call_id}?said=parted",
    )
    text = await shown(bob, answer.headers["location"])
    assert "does not belong to that lead any more" in text
    assert "None yet." in text
    assert "Said not to be its lead" in text
    assert f'action="/calls/{call_id}/partings/{lead_id}/undoing"' in text
    said = {"call_id": call_id, "lead_id": lead_id, "actor": bob_said(cast)}
    assert await rows(db, cast.alice, PARTINGS) == [said]
    assert str(call_id) not in await shown(bob, f"/leads/{lead_id}")

    undone = await bob.post(f"/calls/{call_id}/partings/{lead_id}/undoing")
    assert undone.headers["location"] == f"/calls/{call_id}?said=undone"
    assert await rows(db, cast.alice, PARTINGS) == []
    assert str(call_id) in await shown(bob, f"/leads/{lead_id}")
    again = await bob.post(f"/calls/{call_id}/partings/{lead_id}/undoing")
    assert again.status_code == 404


async def test_a_person_knows_better_than_the_number(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, bob: Desk, lead_id: uuid.UUID
) -> None:
    call_id = await post_call(client, cast.alice, ANI="3125550000")
    text = await shown(bob, f"/calls/{call_id}")
    assert "Another number; the call and the lead came at the same time" in text

    answer = await bob.post(f"/calls/{call_id}/lead", {"lead_id": str(lead_id)})

    joined = await shown(bob, answer.headers["location"])
    assert "A person said so: Bob" in joined
    said = {"call_id": call_id, "lead_id": lead_id, "actor": bob_said(cast)}
    assert await rows(db, cast.alice, JOINS) == [said]
    assert "A person said so" in await shown(bob, f"/leads/{lead_id}")
    assert str(call_id) in await shown(bob, "/calls?show=matched")
    await bob.post(f"/calls/{call_id}/partings", {"lead_id": str(lead_id)})
    assert await rows(db, cast.alice, JOINS) == []
    assert str(call_id) in await shown(bob, "/calls?show=unmatched")


async def test_any_lead_may_be_named_by_the_address_of_its_page(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, bob: Desk, lead_id: uuid.UUID
) -> None:
    other = await post_lead(client, cast.alice, First="Oscar", Primary="9725550100", ID="BL-8")
    call_id = await post_call(client, cast.alice)

    pasted = f"http://127.0.0.1:8000/leads/{other}/?view=raw"
    await bob.post(f"/calls/{call_id}/lead", {"lead_id": pasted})

    (said,) = await rows(db, cast.alice, JOINS)
    assert said["lead_id"] == other
    text = await shown(bob, f"/calls/{call_id}")
    assert "Oscar Bluth" in text
    assert f'name="lead_id" value="{lead_id}"' in text
    assert (await bob.post(f"/calls/{call_id}/lead", {"lead_id": "Oscar"})).status_code == 404


async def test_an_approver_looks_and_changes_nothing(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, amy: Desk, lead_id: uuid.UUID
) -> None:
    call_id = await post_call(client, cast.alice)
    form = {"lead_id": str(lead_id)}

    answers = [
        await amy.post(f"/calls/{call_id}/lead", form),
        await amy.post(f"/calls/{call_id}/partings", form),
        await amy.post(f"/calls/{call_id}/partings/{lead_id}/undoing"),
        await amy.post(f"/calls/refused/{NOBODY}/call", {"body": "{}"}),
    ]

    assert [one.status_code for one in answers] == [403] * 4
    assert await rows(db, cast.alice, JOINS) == await rows(db, cast.alice, PARTINGS) == []


async def test_another_organizations_call_is_not_there(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, charlie: Desk, lead_id: uuid.UUID
) -> None:
    call_id = await post_call(client, cast.alice)
    own = await post_call(client, cast.charlie)
    form: dict[str, Any] = {"lead_id": str(lead_id)}

    assert str(call_id) not in await shown(charlie, "/calls")
    for path in ("/calls/{}",):
        theirs, nothing = [await charlie.get(path.format(one)) for one in (call_id, NOBODY)]
        assert (theirs.status_code, theirs.text) == (404, nothing.text)
    for path in ("/calls/{}/lead", "/calls/{}/partings"):
        theirs, nothing = [await charlie.post(path.format(one), form) for one in (call_id, NOBODY)]
        assert (theirs.status_code, theirs.text) == (404, nothing.text)
        # Nor does a call of one's own go to a lead of theirs.
        assert (await charlie.post(path.format(own), form)).status_code == 404
    assert await rows(db, cast.charlie, JOINS) == await rows(db, cast.charlie, PARTINGS) == []
