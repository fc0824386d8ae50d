"""GET /c/{token}: the door page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from doorstep.captures.model import CaptureRequest
from doorstep.kit.db import Tx
from doorstep.web.services import Services
from tests.capturing import ask, path_of
from tests.cast import Cast
from tests.pinned import PinnedDatabase

HTML = {"Accept": "text/html"}
DOOR_BYTES_MAX = 40_000


async def test_it_says_who_asks_and_what_it_takes(client: httpx.AsyncClient, link: str) -> None:
    answer = await client.get(link, headers=HTML)
    assert answer.status_code == 200
    assert "Bluth Company" in answer.text
    assert "1 Balboa Ave, Newport Beach" in answer.text
    assert "8 minutes" in answer.text
    assert f'action="{link}"' in answer.text
    assert len(answer.content) < DOOR_BYTES_MAX
    assert "<script" not in answer.text


async def test_it_speaks_spanish_to_a_spanish_phone(client: httpx.AsyncClient, link: str) -> None:
    answer = await client.get(link, headers={**HTML, "Accept-Language": "fr, es-MX;q=0.8"})
    assert '<html lang="es">' in answer.text
    assert "Empezar" in answer.text


async def test_s07_its_headers_keep_the_secret(client: httpx.AsyncClient, link: str) -> None:
    headers = (await client.get(link, headers=HTML)).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-robots-tag"] == "noindex, nofollow"
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert "set-cookie" not in headers


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
async def test_f32_s06_scanners_change_nothing(
    client: httpx.AsyncClient, link: str, pinned: Tx, cast: Cast, method: str
) -> None:
    before = await everything(pinned, cast)
    for _ in range(3):
        await client.request(method, link, headers={**HTML, "Sec-Purpose": "prefetch"})
    assert await everything(pinned, cast) == before


@pytest.mark.parametrize("mark", [".", ")", ","])
async def test_f34_one_trailing_mark_is_forgiven(
    client: httpx.AsyncClient, link: str, mark: str
) -> None:
    assert (await client.get(link + mark, headers=HTML)).status_code == 200
    assert (await client.get(link + mark * 2, headers=HTML)).status_code == 404


@pytest.mark.parametrize(
    "change", ["shorter", "other letter", "name only", "nothing of ours", "nul"]
)
async def test_a_wrong_link_is_not_found(client: httpx.AsyncClient, link: str, change: str) -> None:
    other = "A" if link[-2] != "A" else "B"
    path = {
        "shorter": link[:-1],
        "other letter": link[:-2] + other + link[-1],
        "name only": link[:9],
        "nothing of ours": "/c/" + "x" * 28,
        "nul": "/c/" + "%00" * 28,
    }[change]
    for method in ("GET", "POST"):
        answer = await client.request(method, path, headers=HTML)
        assert answer.status_code == 404
        assert "Bluth" not in answer.text
        assert "Balboa" not in answer.text


async def test_the_code_of_another_request_does_not_open_this_one(
    client: httpx.AsyncClient, link: str, services: Services, db: PinnedDatabase, cast: Cast
) -> None:
    other = path_of(services, await ask(db, cast.charlie, email="x@example.com"))
    assert (await client.get(link[:9] + other[9:], headers=HTML)).status_code == 404


async def test_f35_an_expired_link_is_gone_in_plain_words(
    client: httpx.AsyncClient, link: str, pinned: Tx, request_of_alice: CaptureRequest, cast: Cast
) -> None:
    await as_alice(
        pinned,
        cast,
        f"UPDATE capture_requests SET expires_at = now() WHERE id = {request_of_alice.id}",
    )
    for method in ("GET", "POST"):
        answer = await client.request(method, link, headers=HTML)
        assert answer.status_code == 410
        assert "14 days" in answer.text
        assert "Balboa" not in answer.text


async def test_f35_a_withdrawn_link_is_gone(
    client: httpx.AsyncClient, link: str, pinned: Tx, request_of_alice: CaptureRequest, cast: Cast
) -> None:
    await as_alice(
        pinned,
        cast,
        "UPDATE capture_requests SET state = 'deleted', link_version = link_version + 1 "
        f"WHERE id = {request_of_alice.id}",
    )
    for method in ("GET", "POST"):
        assert (await client.request(method, link, headers=HTML)).status_code == 410


async def everything(pinned: Tx, cast: Cast) -> list[str]:
    """The rows that opening a link could change."""
    async with in_org(pinned, cast.alice.org_id):
        rows = await pinned.fetch(
            "SELECT to_jsonb(r) AS row FROM capture_requests r "
            "UNION ALL SELECT to_jsonb(s) FROM capture_sessions s "
            "UNION ALL SELECT to_jsonb(u) FROM capturing_users u "
            "UNION ALL SELECT to_jsonb(e) FROM events e"
        )
    assert rows
    return sorted(str(row["row"]) for row in rows)


async def as_alice(pinned: Tx, cast: Cast, sql: str) -> None:
    """Run SQL in Alice's organization, as the app's role."""
    async with in_org(pinned, cast.alice.org_id):
        await pinned.execute(sql)


@asynccontextmanager
async def in_org(pinned: Tx, org_id: int) -> AsyncIterator[None]:
    """The app's role in one organization."""
    await pinned.execute(f"SET LOCAL ROLE doorstep_app; SET LOCAL app.org = '{org_id}'")
    yield
    await pinned.execute("RESET ROLE; SET LOCAL app.org = ''")
