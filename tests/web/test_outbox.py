"""Messages as their readers see them."""

import re
import uuid

import httpx
import pytest

from doorstep.captures.model import CaptureRequest
from doorstep.kit.db import Tx
from doorstep.web.services import Services
from tests.captures.test_link import in_org
from tests.capturing import path_of
from tests.cast import Cast
from tests.web.conftest import Desk

OVER = {
    "complete": "UPDATE capture_requests SET state = 'complete', completed_at = now() WHERE id = $1",
    "deleted": "UPDATE capture_requests SET state = 'deleted', deleted_at = now() WHERE id = $1",
}
NO_ID = "01890000-0000-7000-8000-000000000000"


async def newest(desk: Desk) -> uuid.UUID:
    found = re.search(r'id="message-([0-9a-f-]{36})"', (await desk.get("/outbox")).text)
    assert found
    return uuid.UUID(found[1])


async def test_shows_the_invitation_with_its_link(alice: Desk, asked: CaptureRequest) -> None:
    message_id = await newest(alice)
    text = (await alice.get(f"/outbox/{message_id}")).text
    assert "<h1>Invitation to Gob</h1>" in text
    assert re.search(rf"http://127\.0\.0\.1:8000/c/{asked.identifier}[\w-]{{22}}", text)
    assert "{link}" not in text

    qr = await alice.get(f"/outbox/{message_id}/qr.svg")
    assert qr.headers["content-type"] == "image/svg+xml"
    assert qr.headers["cache-control"] == "no-store"
    assert qr.text.startswith("<svg")


async def test_the_letter_can_do_nothing(alice: Desk, asked: CaptureRequest) -> None:
    letter = await alice.get(f"/outbox/{await newest(alice)}/letter")
    policy = letter.headers["content-security-policy"]
    assert policy.startswith("default-src 'none';")
    assert "sandbox allow-popups;" in policy
    assert "script-src" not in policy
    assert letter.headers["x-frame-options"] == "SAMEORIGIN"
    assert f"/c/{asked.identifier}" in letter.text


async def test_an_approver_reads_it_without_the_link(amy: Desk, asked: CaptureRequest) -> None:
    message_id = await newest(amy)
    for path in (f"/outbox/{message_id}", f"/outbox/{message_id}/letter"):
        text = (await amy.get(path)).text
        assert f"/c/{asked.identifier}" not in text
    assert (await amy.get(f"/outbox/{message_id}/qr.svg")).status_code == 403
    assert (await amy.post(f"/outbox/{message_id}/copies")).status_code == 403
    assert (await amy.post(f"/outbox/{message_id}/sent")).status_code == 403


async def test_what_is_on_its_way_is_not_sent_again(alice: Desk, asked: CaptureRequest) -> None:
    assert asked.id
    message_id = await newest(alice)
    answer = await alice.post(f"/outbox/{message_id}/copies")
    assert answer.status_code == 409
    assert "The message is queued; it cannot be sent again." in answer.text


async def test_another_organizations_message_is_exactly_not_there(
    alice: Desk, charlie: Desk, asked: CaptureRequest
) -> None:
    assert asked.id
    message_id = await newest(alice)
    assert "Nothing has left yet" in (await charlie.get("/outbox")).text
    for path in ("/outbox/{}", "/outbox/{}/letter", "/outbox/{}/qr.svg"):
        theirs = await charlie.get(path.format(message_id))
        nothing = await charlie.get(path.format(NO_ID))
        assert theirs.status_code == nothing.status_code == 404
        assert theirs.text == nothing.text
    for verb in ("copies", "sent"):
        assert (await charlie.post(f"/outbox/{message_id}/{verb}")).status_code == 404


async def test_what_needs_a_hand_is_shown_by_itself(
    alice: Desk, asked: CaptureRequest, pinned: Tx, cast: Cast
) -> None:
    assert asked.id
    message_id = await newest(alice)
    assert "Nothing needs a hand" in (await alice.get("/outbox?show=hand")).text
    async with in_org(pinned, cast.alice.org_id):
        await pinned.execute("UPDATE messages SET state = 'unknown'")
    text = (await alice.get("/outbox?show=hand")).text
    assert f'id="message-{message_id}"' in text
    assert "&amp;show=hand" in text


async def test_again_renews_a_link_that_has_ended(
    alice: Desk, asked: CaptureRequest, client: httpx.AsyncClient, services: Services, pinned: Tx
) -> None:
    link = path_of(services, asked)
    async with in_org(pinned, asked.org_id):
        await pinned.execute("UPDATE messages SET state = 'sent'")
        await pinned.execute("UPDATE capture_requests SET expires_at = now() - interval '1 day'")
    assert (await client.get(link)).status_code == 410

    again = await alice.post(f"/outbox/{await newest(alice)}/copies")

    assert again.status_code == 303
    assert (await client.get(link)).status_code == 200
    async with in_org(pinned, asked.org_id):
        days = await pinned.fetchval(
            "SELECT round(extract(epoch FROM expires_at - now()) / 86400)::int "
            "FROM capture_requests WHERE id = $1",
            asked.id,
        )
        assert await pinned.fetchval("SELECT count(*) FROM messages") == 2
    assert days == 14


@pytest.mark.parametrize("state", ["complete", "deleted"])
async def test_nobody_is_asked_again_for_what_is_over(
    alice: Desk, asked: CaptureRequest, pinned: Tx, state: str
) -> None:
    async with in_org(pinned, asked.org_id):
        await pinned.execute("UPDATE messages SET state = 'sent'")
        await pinned.execute(OVER[state], asked.id)

    answer = await alice.post(f"/outbox/{await newest(alice)}/copies")

    assert answer.status_code == 409
    assert f"The capture request is {state}; nobody is waiting for a message." in answer.text
    async with in_org(pinned, asked.org_id):
        assert await pinned.fetchval("SELECT count(*) FROM messages") == 1
