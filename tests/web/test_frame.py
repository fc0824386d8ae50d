"""What holds for every page: who gets in, what a browser may do with it, how failures look."""

import re

import httpx
import pytest

from tests.web.conftest import Desk

PAGES = (
    "/inbox",
    "/jobs",
    "/jobs/new",
    "/outbox",
    "/webhooks",
    "/sources",
    "/settings",
    "/welcome",
    "/inbox/rows",
    "/jobs/grid",
    "/outbox/rows",
)


@pytest.mark.parametrize("path", PAGES)
async def test_signed_out_leads_to_the_way_in(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path, headers={"accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/sign-in?next={path.replace('/', '%2F')}"


async def test_a_script_of_a_signed_out_page_goes_to_the_way_in(client: httpx.AsyncClient) -> None:
    headers = {"hx-request": "true", "hx-current-url": "http://127.0.0.1:8000/inbox?show=waiting"}
    answer = await client.get("/inbox/rows", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/sign-in?next=%2Finbox%3Fshow%3Dwaiting"


@pytest.mark.parametrize("path", [*PAGES[:7], "/nowhere", "/sign-in"])
async def test_every_page_allows_nothing_inline_and_nothing_from_elsewhere(
    alice: Desk, path: str
) -> None:
    answer = await alice.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe-inline" not in policy
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "no-store"
    assert not re.search(r"<style|\sstyle=|<script(?! type=\"module\" src=)|\son\w+=", answer.text)


async def test_nothing_here(alice: Desk) -> None:
    answer = await alice.get("/nowhere")
    assert answer.status_code == 404
    assert "<h1>Nothing here</h1>" in answer.text


async def test_the_first_page_is_the_inbox(alice: Desk) -> None:
    assert (await alice.get("/")).headers["location"] == "/inbox"


async def test_the_rail_shows_only_what_the_role_may_open(alice: Desk, amy: Desk) -> None:
    for desk, links in ((alice, 6), (amy, 4)):
        text = (await desk.get("/inbox")).text
        rail = text.split('aria-label="Places"')[1].split("</nav>")[0]
        assert rail.count("<a ") == links
        assert rail.count('aria-current="page"') == 1


async def test_a_form_from_another_site_is_refused(alice: Desk) -> None:
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
    ):
        answer = await alice.client.post("/sign-out", headers=alice.headers | headers)
        assert answer.status_code == 403
    assert (await alice.get("/inbox")).status_code == 200


@pytest.mark.parametrize(
    "body", [b"name=%ff", b"name=a%00b", b"name=" + b"x" * 20_001, b"&".join([b"a=1"] * 101)]
)
async def test_a_form_that_no_browser_sends_is_refused(alice: Desk, body: bytes) -> None:
    answer = await alice.client.post(
        "/members",
        content=body,
        headers=alice.headers | {"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 400
    assert "The form" in answer.text


async def test_scripts_and_styles_are_served(alice: Desk) -> None:
    text = (await alice.get("/inbox")).text
    for name in re.findall(r'(?:href|src)="(/static/[^"]+)"', text):
        answer = await alice.get(name)
        assert answer.status_code == 200, name
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_scripts_are_packed_and_kept(alice: Desk) -> None:
    text = (await alice.get("/inbox")).text
    script = re.findall(r'src="(/static/built/desk\.js\?v=[0-9a-f]{16})"', text)[0]
    answer = await alice.get(script)
    assert answer.headers["cache-control"] == "max-age=31536000, public, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in (await alice.get("/inbox")).headers
