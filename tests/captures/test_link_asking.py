"""F34: a link that does not work leads to where it is sent again, to the known address alone."""

import httpx
import pytest

from doorstep.captures.model import CaptureRequest
from doorstep.kit.db import Tx
from tests.captures.test_link import as_alice, in_org
from tests.cast import Cast

HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("wrong", ["cut short", "typed wrong"])
async def test_a_broken_link_leads_to_where_it_is_sent_again(
    client: httpx.AsyncClient, link: str, request_of_alice: CaptureRequest, wrong: str
) -> None:
    broken = link[:-5] if wrong == "cut short" else link[:-1] + ("A" if link[-1] != "A" else "B")
    page = await client.get(broken, headers=HTML)
    assert page.status_code == 404
    assert f'href="/again/{request_of_alice.identifier}"' in page.text
    assert "Bluth" not in page.text


async def test_after_its_end_the_member_who_asked_is_told(
    client: httpx.AsyncClient, link: str, pinned: Tx, cast: Cast, request_of_alice: CaptureRequest
) -> None:
    again = f"/again/{request_of_alice.identifier}"
    usual = (await client.post("/again/zzzzzz")).text
    await as_alice(pinned, cast, "UPDATE capture_requests SET expires_at = now()")
    assert again in (await client.get(link, headers=HTML)).text
    for _ in range(2):
        assert (await client.post(again)).text == usual
    async with in_org(pinned, cast.alice.org_id):
        letters = await pinned.fetch("SELECT * FROM messages ORDER BY id OFFSET 1")
        event = await pinned.fetchrow("SELECT * FROM events ORDER BY id DESC LIMIT 1")
    assert [(one["kind"], one["to_address"], one["subject"]) for one in letters] == [
        ("link_asked", "alice@123456.example", "Gob asks for a new link")
    ]
    assert event is not None
    assert event["name"] == "capture_request.link_asked"
    assert event["payload"] == {"expired": True}
    assert event["capture_request_id"] == request_of_alice.id


@pytest.mark.parametrize("state", ["complete", "deleted"])
async def test_a_request_that_is_over_leads_nowhere(
    client: httpx.AsyncClient, link: str, pinned: Tx, cast: Cast, state: str
) -> None:
    await as_alice(pinned, cast, f"UPDATE capture_requests SET state = '{state}'")
    page = await client.get(link, headers=HTML)
    assert (page.status_code, "/again/" in page.text) == (410, False)


@pytest.mark.parametrize("path", ["/c/x", "/c/%22%3E%3Cscript%3E", "/c/%00%00%00%00%00%00"])
async def test_what_can_be_no_link_leads_nowhere(client: httpx.AsyncClient, path: str) -> None:
    page = await client.get(path, headers=HTML)
    assert (page.status_code, "/again/" in page.text, "<script>" in page.text) == (
        404,
        False,
        False,
    )
