"""POST /c/{token} and the capture page behind the cookie."""

from dataclasses import replace

import httpx
import pytest

from doorstep.captures.model import CaptureRequest
from doorstep.kit.db import Tx
from doorstep.web.app import Dispatcher
from doorstep.web.services import Services
from tests.captures.test_link import in_org
from tests.capturing import Phone, ask, path_of
from tests.cast import Cast
from tests.pinned import PinnedDatabase

HTML = {"Accept": "text/html"}


async def test_start_opens_a_session_and_connects_the_request(
    client: httpx.AsyncClient, link: str, pinned: Tx, cast: Cast, request_of_alice: CaptureRequest
) -> None:
    answer = await Phone(client, link).start()
    assert answer.status_code == 303
    assert answer.headers["location"] == "/capture/"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/capture" in cookie
    async with in_org(pinned, cast.alice.org_id):
        row = await pinned.fetchrow("SELECT * FROM capture_requests")
        events = await pinned.fetch("SELECT name FROM events ORDER BY id")
        secrets = await pinned.fetch("SELECT secret_hash FROM capture_sessions")
    assert row is not None
    assert row["state"] == "connected"
    assert row["connected_at"] is not None
    assert row["capturing_user_id"] is not None
    assert events[-1]["name"] == "capture_request.connected"
    assert len(secrets[0]["secret_hash"]) == 32


@pytest.mark.parametrize(
    ("chosen", "spoken", "kept"),
    [
        (None, "es-MX,es;q=0.9,en;q=0.5", "es"),
        (None, "de,fr", "en"),
        ("en", "es-MX", "en"),
    ],
)
async def test_later_letters_go_in_the_language_of_the_phone_unless_one_was_chosen(
    client: httpx.AsyncClient,
    link: str,
    pinned: Tx,
    *,
    cast: Cast,
    chosen: str | None,
    spoken: str,
    kept: str,
) -> None:
    async with in_org(pinned, cast.alice.org_id):
        await pinned.execute("UPDATE capture_requests SET language = $1", chosen)
    await client.get(link, headers={"Accept-Language": spoken})
    async with in_org(pinned, cast.alice.org_id):
        assert await pinned.fetchval("SELECT language FROM capture_requests") == chosen
    await client.post(link, headers={"Accept-Language": spoken})
    async with in_org(pinned, cast.alice.org_id):
        assert await pinned.fetchval("SELECT language FROM capture_requests") == kept


async def test_behind_tls_the_cookie_is_secure(
    app: Dispatcher, client: httpx.AsyncClient, services: Services, link: str
) -> None:
    behind = replace(services.settings, base_url="https://doorstep.example")
    app.app.state.services = replace(services, settings=behind)
    assert "Secure" in (await client.post(link)).headers["set-cookie"]


async def test_f33_two_phones_have_two_sessions_and_one_connection(
    client: httpx.AsyncClient, link: str, pinned: Tx, cast: Cast
) -> None:
    first, second = Phone(client, link), Phone(client, link)
    await first.start()
    await second.start()
    assert first.cookie != second.cookie
    async with in_org(pinned, cast.alice.org_id):
        assert await pinned.fetchval("SELECT count(*) FROM capture_sessions") == 2
        connected = "SELECT count(*) FROM events WHERE name = 'capture_request.connected'"
        assert await pinned.fetchval(connected) == 1
        assert await pinned.fetchval("SELECT count(*) FROM capturing_users") == 1


async def test_the_capture_page_opens_with_the_cookie_only(
    client: httpx.AsyncClient, phone: Phone
) -> None:
    answer = await client.get("/capture/", headers={**HTML, **phone.cookie})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "Walk round the house" in answer.text
    answer = await client.get("/capture/", headers=HTML)
    assert answer.status_code == 401
    assert "message" in answer.text


@pytest.mark.parametrize("cookie", ["", "doorstep_capture=", "doorstep_capture=dst_ca_wrong"])
async def test_every_door_asks_for_the_cookie(client: httpx.AsyncClient, cookie: str) -> None:
    nobody = "00000000-0000-7000-8000-000000000000"
    for method, path in (
        ("GET", "/capture"),
        ("GET", "/capture/state"),
        ("POST", "/capture/finish"),
        ("GET", f"/capture/photos/{nobody}/thumb"),
        ("POST", "/capture/uploads"),
        ("HEAD", f"/capture/uploads/{nobody}"),
        ("PATCH", f"/capture/uploads/{nobody}"),
        ("DELETE", f"/capture/uploads/{nobody}"),
    ):
        answer = await client.request(method, path, headers={"Cookie": cookie})
        assert answer.status_code == 401, (method, path)


async def test_a_form_of_another_site_is_refused(client: httpx.AsyncClient, phone: Phone) -> None:
    headers = {**phone.cookie, "Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    answer = await client.post("/capture/finish", json={"photos": []}, headers=headers)
    assert answer.status_code == 403


async def test_the_state_holds_the_own_request_only(
    client: httpx.AsyncClient, phone: Phone, services: Services, db: PinnedDatabase, cast: Cast
) -> None:
    other = Phone(client, path_of(services, await ask(db, cast.charlie, email="x@example.com")))
    await other.start()
    await other.upload(b"\xff\xd8\xff" + b"x" * 500)
    found = await phone.state()
    assert found == {
        "state": "connected",
        "job_state": "uploading",
        "photos": [],
        "model": None,
        "wanted": [],
        "place": None,
        "note": None,
    }
