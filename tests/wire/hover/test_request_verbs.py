"""Delete a capture request, and send its invitation again."""

import httpx
import pytest

from doorstep.kit.db import Role
from tests.cast import Cast
from tests.pinned import PinnedDatabase
from tests.wire.hover.requests import PATH, create


async def test_delete_ends_the_request_and_its_link(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    made = await create(client, cast.alice)

    gone = await client.delete(f"{PATH}/{made['id']}", headers=cast.alice.bearer)
    again = await client.delete(f"{PATH}/{made['id']}", headers=cast.alice.bearer)
    listed = await client.get(PATH, headers=cast.alice.bearer)

    assert (gone.status_code, gone.content) == (204, b"")
    assert again.status_code == 422
    assert again.json() == {
        "errors": {
            "state": ["is deleted; only one whose photos never came can be deleted"],
        },
        "code": "invalid",
    }
    assert listed.json()["requested_captures"]["results"] == []
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        assert await tx.fetchval("SELECT archived_at IS NOT NULL FROM jobs")
        states = await tx.fetch("SELECT DISTINCT state FROM reminders")
    assert [row["state"] for row in states] == ["cancelled"]


async def test_resend_queues_the_invitation_again(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    made = await create(client, cast.alice)

    answer = await client.post(f"{PATH}/{made['id']}/resend", headers=cast.alice.bearer)

    assert (answer.status_code, answer.json()) == (200, made)
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        assert await tx.fetchval("SELECT count(*) FROM messages WHERE channel = 'email'") == 2


async def test_resend_by_name(client: httpx.AsyncClient, cast: Cast) -> None:
    made = await create(client, cast.alice)
    answer = await client.post(
        f"{PATH}/{made['identifier']}/resend.json", headers=cast.alice.bearer
    )
    theirs = await client.post(f"{PATH}/{made['identifier']}/resend", headers=cast.charlie.bearer)
    assert (answer.status_code, theirs.status_code) == (200, 404)


NOBODY = {"current_user_email": ["is not an active user of this organization"]}


@pytest.mark.parametrize("verb", ["delete", "resend", "reassign"])
async def test_a_verb_in_the_name_of_a_stranger_does_nothing(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, verb: str
) -> None:
    made = await create(client, cast.alice)
    method, path = {
        "delete": ("DELETE", f"{PATH}/{made['id']}"),
        "resend": ("POST", f"{PATH}/{made['id']}/resend"),
        "reassign": ("POST", f"/api/v2/jobs/{made['pending_job_id']}/reassign"),
    }[verb]

    answer = await client.request(
        method,
        path,
        params={"current_user_email": "charlie@654321.example", "user_id": cast.alice.admin_id},
        headers=cast.alice.bearer,
    )

    assert (answer.status_code, answer.json()["errors"]) == (422, NOBODY)
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        rows = await tx.fetch("SELECT state, requesting_user_id FROM capture_requests")
        assert await tx.fetchval("SELECT count(*) FROM messages") == 2
    assert [tuple(row) for row in rows] == [("new", made["requesting_user_id"])]
