"""POST /c/{token}/answers: what somebody says instead of starting."""

from datetime import timedelta

import httpx
import pytest

from doorstep.captures.model import CaptureRequest
from doorstep.kit.db import Tx
from tests.background import take
from tests.captures.test_link import HTML, in_org
from tests.cast import Cast
from tests.pinned import PinnedDatabase


async def say(client: httpx.AsyncClient, link: str, answer: str) -> httpx.Response:
    return await client.post(f"{link}/answers", data={"answer": answer}, headers=HTML)


async def test_tomorrow_is_one_reminder_at_ten(
    client: httpx.AsyncClient, link: str, pinned: Tx, db: PinnedDatabase, cast: Cast
) -> None:
    await take(db, "captures.remind")
    for _ in range(2):
        answer = await say(client, link, "tomorrow")
        assert answer.status_code == 200
        assert "See you tomorrow" in answer.text

    async with in_org(pinned, cast.alice.org_id):
        local = await pinned.fetchval(
            "SELECT to_char(r.due_at AT TIME ZONE o.time_zone, 'HH24:MI') || ' ' || "
            "((r.due_at AT TIME ZONE o.time_zone)::date - (now() AT TIME ZONE o.time_zone)::date) "
            "FROM reminders r JOIN orgs o ON o.id = r.org_id WHERE r.kind = 'tomorrow'"
        )
        names = [row["name"] for row in await pinned.fetch("SELECT name FROM events ORDER BY id")]
    assert local == "10:00 1"
    assert names.count("capture_request.answered") == 1
    waiting = await take(db, "captures.remind")
    assert [one.payload["kind"] for one in waiting] == ["tomorrow"]
    assert timedelta(hours=9) < waiting[0].delay < timedelta(hours=35)


@pytest.mark.parametrize(
    ("answer", "said", "letter"),
    [
        ("call", "They will call you", "Gob cannot take the photos of 1 Balboa Ave"),
        ("not_mine", "Thank you", "Gob says that 1 Balboa Ave is not their house"),
    ],
)
async def test_the_member_who_asked_is_told_once(
    client: httpx.AsyncClient,
    link: str,
    pinned: Tx,
    *,
    cast: Cast,
    answer: str,
    said: str,
    letter: str,
) -> None:
    for _ in range(2):
        assert said in (await say(client, link, answer)).text

    async with in_org(pinned, cast.alice.org_id):
        rows = await pinned.fetch("SELECT * FROM messages WHERE kind LIKE 'homeowner_%'")
        states = {row["state"] for row in await pinned.fetch("SELECT state FROM reminders")}
        invited = await pinned.fetchval("SELECT state FROM messages WHERE kind = 'invitation'")
    assert [row["to_address"] for row in rows] == ["alice@123456.example"]
    assert rows[0]["text_body"].startswith(letter)
    assert states == ({"cancelled"} if answer == "not_mine" else {"scheduled"})
    assert invited == ("cancelled" if answer == "not_mine" else "queued")


@pytest.mark.parametrize(
    ("answer", "letter"),
    [
        ("call", "Gob no puede tomar las fotos de 1 Balboa Ave y pide que le llamen."),
        ("not_mine", "Gob dice que 1 Balboa Ave no es su casa, o que es otra persona."),
    ],
)
async def test_the_member_is_told_in_the_organizations_language(
    client: httpx.AsyncClient, link: str, pinned: Tx, *, cast: Cast, answer: str, letter: str
) -> None:
    async with in_org(pinned, cast.alice.org_id):
        await pinned.execute("UPDATE orgs SET languages = '{es,en}'")
    await say(client, link, answer)
    async with in_org(pinned, cast.alice.org_id):
        row = await pinned.fetchrow("SELECT * FROM messages WHERE kind LIKE 'homeowner_%'")
    assert row is not None
    assert row["subject"] == "Una respuesta de 1 Balboa Ave"
    assert row["text_body"].split("\n\n")[0] == letter
    assert row["text_body"].endswith("Abrir el trabajo:\n{link}\n")


async def test_anything_else_is_refused(client: httpx.AsyncClient, link: str) -> None:
    for answer in ("", "maybe", "\x00", "tomorrow" * 500):
        assert (await say(client, link, answer)).status_code == 422


async def test_an_ended_and_an_unknown_link_take_no_answer(
    client: httpx.AsyncClient, link: str, pinned: Tx, cast: Cast, request_of_alice: CaptureRequest
) -> None:
    assert (await say(client, link[:-1] + "x", "call")).status_code == 404
    async with in_org(pinned, cast.alice.org_id):
        await pinned.execute("UPDATE capture_requests SET state = 'complete'")
    assert (await say(client, link, "call")).status_code == 410


async def test_inside_another_app_the_page_says_how_to_leave(
    client: httpx.AsyncClient, link: str
) -> None:
    agent = "Mozilla/5.0 (iPhone) AppleWebKit/605 [FBAN/FBIOS;FBAV/400]"
    inside = await client.get(link, headers={**HTML, "User-Agent": agent})
    outside = await client.get(link, headers=HTML)

    assert "inside another app" in inside.text
    assert "inside another app" not in outside.text
