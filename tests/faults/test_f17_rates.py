"""Over a rate: posts of strangers and calls are turned away, counted, and shown."""

import asyncio
import json
import uuid
from dataclasses import replace
from typing import Any

import httpx
import pytest

from doorstep.kit.settings import Settings
from doorstep.web.app import Dispatcher
from tests.cast import Cast
from tests.faults.posting import R4, accepted, encoded, rows, send
from tests.pinned import PinnedDatabase
from tests.web.conftest import desk_of

CALLS = "/api/captorracalltracking/create"
AGAIN = '{"success":false,"error":"Please try again"}'


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, stranger_posts_per_second=2, calls_per_second=2)


def of(app: Dispatcher, address: str) -> httpx.AsyncClient:
    """A sender at this address."""
    transport = httpx.ASGITransport(app=app, client=(address, 1))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")


def stranger(cast: Cast) -> bytes:
    """A post with a Referrer that nobody has."""
    return encoded(cast.alice, Referrer=str(uuid.uuid4()))


def call(cast: Cast, **changes: Any) -> bytes:
    body = {"CaptorraId": cast.alice.captorra_id, "Name": "Radio", "ANI": "1", **changes}
    return json.dumps(body).encode()


async def test_f17_what_is_too_much_is_turned_away_counted_and_shown(
    app: Dispatcher, client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    posts = [await send(client, stranger(cast)) for _ in range(5)]
    calls = [await client.post(CALLS, content=call(cast)) for _ in range(5)]

    assert [one.status_code for one in posts] == [200, 200, 429, 429, 429]
    assert [one.text for one in posts[:2]] == [R4, R4]
    assert [one.status_code for one in calls] == [200, 200, 429, 429, 429]
    for answer in (posts[4], calls[4]):
        assert (answer.text, answer.headers["retry-after"]) == (AGAIN, "1")
    # A source of ours posts on from the same address, and others from theirs.
    await accepted(client, encoded(cast.alice))
    async with of(app, "198.51.100.7") as other:
        assert (await send(other, stranger(cast))).text == R4
        assert (await other.post(CALLS, content=call(cast))).json()["success"] is True
    await asyncio.sleep(1.1)
    told = "SELECT error FROM {} WHERE outcome = 'throttled'"
    assert await rows(db, cast.alice, told.format("lead_posts")) == [
        {"error": "3 posts of one second were turned away"}
    ]
    assert await rows(db, cast.alice, told.format("refused_calls")) == [
        {"error": "3 calls of one second were turned away"}
    ]
    amy = desk_of(client, cast.alice, "amy")
    assert "3 posts of one second were turned away" in (await amy.get("/posts")).text
    listed = (await amy.get("/calls/refused")).text
    assert "3 calls of one second were turned away" in listed
    path = listed.split('href="/calls/refused/')[1].split('"')[0]
    shown = (await amy.get(f"/calls/refused/{path}")).text
    assert "More calls came in one second than are taken." in shown
    assert (await send(client, stranger(cast))).text == R4


async def test_f17_a_household_is_one_sender(app: Dispatcher, cast: Cast) -> None:
    answers = []
    for address in ("2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1"):
        async with of(app, address) as sender:
            answers.append((await sender.post(CALLS, content=call(cast))).status_code)

    assert answers == [200, 200, 429, 200]


@pytest.mark.parametrize("body", [b"", b"{", b'{"CaptorraId":"123456"}', b'{"CaptorraId":"9"}'])
@pytest.mark.parametrize("path", [CALLS, "/api/captorraapi/create"])
async def test_f17_refused_ones_count_as_well(
    client: httpx.AsyncClient, body: bytes, path: str
) -> None:
    answers = [await client.post(path, content=body) for _ in range(3)]

    assert [one.status_code for one in answers] == [200, 200, 429]


async def test_f17_who_is_fenced_out_does_not_use_up_the_vendors_posts(
    app: Dispatcher, client: httpx.AsyncClient, cast: Cast, pinned: Any
) -> None:
    await pinned.execute("RESET ROLE")
    await pinned.execute("SET LOCAL ROLE doorstep_app")
    await pinned.execute(f"SET LOCAL app.org = '{cast.alice.org_id}'")
    await pinned.execute(
        "UPDATE sources SET networks = '{198.51.100.0/24}', posts_per_second_max = 1"
    )
    await pinned.execute("RESET ROLE")

    outside = [await send(client, encoded(cast.alice)) for _ in range(3)]

    assert [one.status_code for one in outside] == [200, 200, 429]
    async with of(app, "198.51.100.7") as vendor:
        await accepted(vendor, encoded(cast.alice))
