"""A job that waits for approval, and who lets it go on."""

from typing import Any

import httpx
import pytest

from doorstep.auth.scopes import open_scope
from doorstep.builds.actions import TASK as BUILD
from doorstep.events import actions as events
from doorstep.events.actions import record
from doorstep.jobs import actions as jobs
from doorstep.jobs.model import JobState
from doorstep.kit.db import Role
from doorstep.worker.main import fan_out
from tests.background import take
from tests.cast import STAGE, Cast
from tests.pinned import PinnedDatabase
from tests.wire.hover.asks import ask

AMY = {"current_user_email": "amy@123456.example"}


async def tell(db: PinnedDatabase) -> None:
    """The worker's part."""
    for task in await take(db, events.FAN_OUT):
        await fan_out(db, task.payload)


async def photographed(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, **job: Any
) -> int:
    """A job whose photos are in, with its readers told."""
    made = await ask(client, cast.alice, **job)
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await jobs.move(scope, job_id=made["pending_job_id"], to=JobState.PROCESSING_UPLOAD)
        await record(
            scope,
            "capture_request.completed",
            job_id=made["pending_job_id"],
            capture_request_id=made["id"],
        )
    await tell(db)
    job_id: int = made["pending_job_id"]
    return job_id


async def prefer(client: httpx.AsyncClient, cast: Cast) -> None:
    body = {"org": {"preferences_attributes": {"require_job_approval": True}}}
    path = f"/api/v1/orgs/{cast.alice.org_id}"
    answer = await client.patch(path, json=body, headers=cast.alice.bearer)
    assert answer.status_code == 204


async def decide(
    client: httpx.AsyncClient, cast: Cast, job_id: int, verb: str = "approve", **who: Any
) -> httpx.Response:
    return await client.patch(
        f"/api/v2/jobs/{job_id}/{verb}", json=who or AMY, headers=cast.alice.bearer
    )


async def test_it_waits_and_goes_on_when_approved(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    await prefer(client, cast)
    job_id = await photographed(client, cast, db)
    assert await take(db, BUILD) == []
    v2 = (await client.get(f"/api/v2/jobs/{job_id}", headers=cast.alice.bearer)).json()
    v3 = (await client.get(f"/api/v3/jobs/{job_id}", headers=cast.alice.bearer)).json()
    listed = await client.get("/api/v2/jobs?states[]=needs_approval", headers=cast.alice.bearer)
    assert (v2["state"], v2["approved"], v2["approved_at"]) == ("waiting_approval", False, None)
    assert v3["reconstruction_state"] == "waiting_approval"
    assert [one["id"] for one in listed.json()["results"]] == [job_id]
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        letters = await tx.fetch(
            "SELECT to_address, subject FROM messages WHERE kind = 'approval_needed'"
        )
    assert [tuple(row) for row in letters] == [
        ("amy@123456.example", "Model Home waits for your approval")
    ]

    answer = await decide(client, cast, job_id)
    assert answer.status_code == 200
    job = answer.json()["job"]
    assert (job["id"], job["state"], job["approved"]) == (job_id, "processing_upload", True)
    await tell(db)
    assert len(await take(db, BUILD)) == 1
    v2 = (await client.get(f"/api/v2/jobs/{job_id}", headers=cast.alice.bearer)).json()
    assert v2["approved_at"] is not None
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        amy = await tx.fetchval("SELECT id FROM users WHERE name = 'Amy'")
    assert v2["approving_user_id"] == amy
    assert (await decide(client, cast, job_id)).status_code == 409


async def test_declined_it_is_cancelled(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    await prefer(client, cast)
    job_id = await photographed(client, cast, db)
    answer = await decide(client, cast, job_id, "deny")
    assert (answer.status_code, answer.json()["job"]["state"]) == (200, "cancelled")
    await tell(db)
    assert await take(db, BUILD) == []
    assert (await decide(client, cast, job_id)).status_code == 409


async def test_one_members_jobs_wait(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    path = f"/api/v1/orgs/{cast.alice.org_id}/users/{cast.alice.admin_id}"
    body = {"user": {"require_job_approval": True}}
    answer = await client.patch(path, json=body, headers=cast.alice.bearer)
    assert answer.json()["user"]["require_job_approval"] is True
    job_id = await photographed(client, cast, db)
    shown = await client.get(f"/api/v2/jobs/{job_id}", headers=cast.alice.bearer)
    assert shown.json()["state"] == "waiting_approval"


async def test_an_order_of_an_admin_is_an_approval(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    await prefer(client, cast)
    job_id = await photographed(client, cast, db, deliverable_id=7)
    body = {
        "current_user_id": cast.alice.admin_id,
        "deliverable_change_request": {"job_id": job_id, "new_deliverable_id": 3},
    }
    path = "/api/v2/deliverable_change_requests"
    assert (await client.post(path, json=body, headers=cast.alice.bearer)).status_code == 201
    await tell(db)
    assert len(await take(db, BUILD)) == 1


@pytest.mark.parametrize("verb", ["approve", "deny"])
async def test_who_may_not(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, verb: str
) -> None:
    await prefer(client, cast)
    job_id = await photographed(client, cast, db)
    bob = await decide(client, cast, job_id, verb, current_user_email="bob@123456.example")
    nobody = await decide(client, cast, job_id, verb, x=1)
    foreign = await client.patch(
        f"/api/v2/jobs/{job_id}/{verb}",
        json={"current_user_id": cast.charlie.admin_id},
        headers=cast.charlie.bearer,
    )
    missing = await client.patch(
        f"/api/v2/jobs/999999999/{verb}",
        json={"current_user_id": cast.charlie.admin_id},
        headers=cast.charlie.bearer,
    )
    assert [one.status_code for one in (bob, nobody, foreign, missing)] == [403, 422, 404, 404]
    assert foreign.text == missing.text


async def test_a_job_that_does_not_wait(client: httpx.AsyncClient, cast: Cast) -> None:
    job_id = (await ask(client, cast.alice))["pending_job_id"]
    answer = await decide(client, cast, job_id)
    assert answer.json() == {
        "error": "The job is photos needed; it does not wait for approval.",
        "code": "wrong_state",
    }


async def test_archive_by_access(client: httpx.AsyncClient, cast: Cast) -> None:
    job_id = (await ask(client, cast.alice))["pending_job_id"]
    shown = (await client.get(f"/api/v2/jobs/{job_id}", headers=cast.alice.bearer)).json()
    access = shown["org_job_accesses"][0]
    assert access == {
        "id": job_id,
        "org_id": cast.alice.org_id,
        "lead_state": "assigned",
        "ordering_state": "lead",
        "kind": "creator",
        "job_id": job_id,
        "archived": False,
        "via_job_share": None,
        "archived_at": None,
        "created_at": access["created_at"],
        "org": {
            "id": cast.alice.org_id,
            "name": "Bluth Company",
            "customer_display_name": "Bluth Company",
        },
        "owner": None,
    }
    path = f"/api/v1/org_job_accesses/{access['id']}"
    answer = await client.put(path, headers=cast.alice.bearer)
    assert answer.json()["org_job_access"]["archived"] is True
    gone = await client.get("/api/v2/jobs", headers=cast.alice.bearer)
    there = await client.get("/api/v2/jobs?archived=true", headers=cast.alice.bearer)
    assert (len(gone.json()["results"]), len(there.json()["results"])) == (0, 1)
    back = {"org_job_access": {"archived": "false"}}
    answer = await client.put(path, json=back, headers=cast.alice.bearer)
    assert answer.json()["org_job_access"]["archived"] is False
    foreign = await client.put(path, headers=cast.charlie.bearer)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "not_found")
