"""F10 to F17: what arrives is readable, and too often, too clever or at the wrong moment."""

import asyncio
import json
import uuid
from datetime import timedelta

import httpx
import pytest

from doorstep.kit.db import PooledDatabase, Role
from doorstep.leads.export import csv_text
from tests.cast import Cast
from tests.faults.posting import R2, accepted, encoded, lead, rows, send, values
from tests.pinned import PinnedDatabase
from tests.serving import Served


async def send_all(served: Served, bodies: list[bytes]) -> list[httpx.Response]:
    limits = httpx.Limits(max_connections=64)
    async with httpx.AsyncClient(limits=limits, timeout=30) as client:
        return await asyncio.gather(*(client.post(served.url, content=body) for body in bodies))


async def test_f10_r02_64_identical_posts_at_once_are_one_lead(served: Served) -> None:
    body = encoded(served.cast.alice, Last="Sixty-four", ID="f10")

    answers = await send_all(served, [body] * 64)

    assert {answer.status_code for answer in answers} == {200}
    (lead_id,) = {answer.json()["IntakeID"] for answer in answers}
    (counts,) = await served.fetch(
        "SELECT (SELECT count(*) FROM leads WHERE last_name = 'Sixty-four') AS leads, "
        "(SELECT count(*) FROM events WHERE lead_id = $1) AS events, "
        "(SELECT count(*) FROM lead_posts WHERE lead_id = $1) AS posts",
        uuid.UUID(lead_id),
    )
    assert dict(counts) == {"leads": 1, "events": 1, "posts": 64}


async def test_f10_in_another_order_it_is_the_same_and_after_a_day_it_is_new(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    post = values(cast.alice)
    first = await accepted(client, json.dumps(post).encode())
    again = await accepted(client, json.dumps(dict(reversed(post.items())), indent=2).encode())
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        (until,) = await tx.fetch("SELECT expires_at - now() AS left FROM lead_keys")
        await tx.execute("UPDATE lead_keys SET expires_at = now() - interval '1 second'")
    later = await accepted(client, json.dumps(post).encode())

    assert again == first
    assert later != first
    assert until["left"] == timedelta(hours=24)


async def test_f11_one_constant_id_for_everybody_is_a_lead_for_each(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    made = {
        await accepted(client, encoded(cast.alice, ID="12345678", First=name))
        for name in ("Ann", "Bea", "Cid")
    }

    assert len(made) == 3
    found = await rows(db, cast.alice, "SELECT count(*) AS leads FROM leads")
    assert found == [{"leads": 3}]


async def test_f12_a_write_gives_up_before_the_vendor_does(pooled: PooledDatabase) -> None:
    async with pooled.batch(Role.INGEST) as connection:
        assert await connection.fetchval("SHOW statement_timeout") == "4s"
        assert await connection.fetchval("SHOW synchronous_commit") in ("on", "off")
        assert await connection.fetchval("SELECT current_user") == "doorstep_ingest"


@pytest.mark.parametrize("text", ['=HYPERLINK("x")', "+1", "-1", "@sum", "\tx", "\r=1", " =1"])
async def test_f14_formulas_are_stored_as_they_came_and_harmless_as_csv(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, text: str
) -> None:
    lead_id = await accepted(client, encoded(cast.alice, Details=text))

    found = await lead(db, cast.alice, lead_id)
    assert found["details"] == text
    made = csv_text(["details", "count"], [[found["details"], -1], [None, "plain"]])
    assert made.splitlines()[0] == "details,count"
    assert made.split("\n", 1)[1].lstrip('"').startswith("'")
    assert made.endswith(",plain\r\n")


async def test_f15_hostile_text_is_shown_as_text(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    details = "<script>alert(1)</script>\u202ecod\u200b" + "🏠" * 3900

    lead_id = await accepted(client, encoded(cast.alice, Details=details))

    found = await lead(db, cast.alice, lead_id)
    assert (found["details"], found["warnings"]) == (details, [])
    page = await client.get(f"/leads/{lead_id}", headers=cast.alice.cookie("alice"))
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text


@pytest.mark.parametrize(
    "label",
    ["application/x-www-form-urlencoded", "text/plain", "text/xml", "multipart/form-data", ""],
)
async def test_f16_json_is_read_whatever_its_label(
    client: httpx.AsyncClient, cast: Cast, label: str
) -> None:
    await accepted(client, encoded(cast.alice), content_type=label)


async def test_f16_a_form_is_no_json(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    form = f"CaptorraId={cast.alice.captorra_id}&Referrer={cast.alice.referrer}&First=a"

    answer = await send(client, form.encode(), content_type="application/x-www-form-urlencoded")

    assert answer.text == R2
    (post,) = await rows(db, cast.alice, "SELECT body, source_id FROM lead_posts")
    assert post["body"] == form.encode()
    assert post["source_id"] is not None


@pytest.mark.slow
async def test_f17_one_flood_is_turned_away_and_others_are_not(served: Served) -> None:
    alice, charlie = served.cast.alice, served.cast.charlie
    await asyncio.sleep(1.1)  # the second of the other tests is over
    (flooded,) = await served.fetch(
        "UPDATE sources SET posts_per_second_max = 20 WHERE referrer = $1 RETURNING id",
        charlie.referrer,
    )
    flood = [encoded(charlie, Last=f"Flood {number}") for number in range(300)]

    answers, others = await asyncio.gather(
        send_all(served, flood),
        send_all(served, [encoded(alice, Last=f"Calm {number}") for number in range(5)]),
    )

    turned_away = [answer for answer in answers if answer.status_code == 429]
    assert {answer.status_code for answer in answers} == {200, 429}
    assert turned_away[0].headers["retry-after"] == "1"
    assert turned_away[0].json() == {"success": False, "error": "Please try again"}
    assert {answer.status_code for answer in others} == {200}
    stored = await served.fetch("SELECT count(*) AS n FROM leads WHERE last_name LIKE 'Flood%'")
    assert stored[0]["n"] == 300 - len(turned_away)
    await asyncio.sleep(1.5)
    told = await served.fetch(
        "SELECT error FROM lead_posts WHERE source_id = $1 AND outcome = 'throttled'",
        flooded["id"],
    )
    assert sum(int(row["error"].split()[0]) for row in told) == len(turned_away)
    assert told[0]["error"].endswith(" posts of one second were turned away")
