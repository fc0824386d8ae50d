"""`set_test_state`: a draft goes through every state, completes its request, and tells of it."""

import uuid
from typing import Any

import httpx
import pytest

from doorstep.auth.scopes import task_scope
from doorstep.builds.actions import TASK as BUILD
from doorstep.captures import rehearsals
from doorstep.events import actions as events
from doorstep.kit.db import Role
from doorstep.kit.storage import Storage
from doorstep.web.services import Services
from doorstep.worker.main import fan_out, finish_rehearsal
from tests.background import take
from tests.cast import Cast
from tests.pinned import PinnedDatabase
from tests.wire.hover.asks import ask


async def finish_all(db: PinnedDatabase, org_id: int, storage: Storage) -> None:
    """The worker's part, twice over."""
    for task in await take(db, rehearsals.FINISH):
        assert task.payload["org_id"] == org_id
        for _ in range(2):
            await finish_rehearsal(db, task.payload, storage=storage)


async def states(db: PinnedDatabase, org_id: int) -> list[str]:
    """What happened to jobs and requests, in order."""
    async with db.transaction(Role.APP, org_id=org_id) as tx:
        rows = await tx.fetch(
            "SELECT name, payload ->> 'state' AS state FROM events "
            "WHERE job_id IS NOT NULL ORDER BY id"
        )
    return [row["state"] or row["name"] for row in rows]


@pytest.mark.parametrize("suffix", ["", ".json"])
@pytest.mark.parametrize("outcome", ["complete", "failed"])
async def test_the_whole_sequence(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, services: Services, outcome: str,
    suffix: str,
) -> None:  # fmt: skip
    asked = await ask(client, cast.alice)
    answer = await client.patch(
        f"/api/v2/jobs/{asked['pending_job_id']}/set_test_state{suffix}",
        params={"state": outcome, "current_user_email": "bob@123456.example"},
        headers=cast.alice.bearer,
    )
    assert (answer.status_code, answer.content) == (200, b"")
    for task in await take(db, events.FAN_OUT):
        await fan_out(db, task.payload)
    assert await take(db, BUILD) == []
    await finish_all(db, cast.alice.org_id, services.storage)

    assert await states(db, cast.alice.org_id) == [
        "job.created",
        "capture_request.created",
        "capture_request.connected",
        "capture_request.completed",
        "processing_upload",
        "working",
        *(("processing", "paying") if outcome == "complete" else ()),
        outcome,
        outcome,  # of the model
    ]
    details = await client.get(
        f"/api/v2/capture_requests/{asked['id']}/details", headers=cast.alice.bearer
    )
    job = await client.get(f"/api/v2/jobs/{asked['pending_job_id']}", headers=cast.alice.bearer)
    assert details.json()["state"] == "complete"
    assert (job.json()["state"], job.json()["test_state"]) == (outcome, outcome)
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        assert await tx.fetchval("SELECT count(*) FROM reminders WHERE state = 'scheduled'") == 0


async def test_a_job_without_a_request(client: httpx.AsyncClient, cast: Cast) -> None:
    body = {"current_user_id": cast.alice.admin_id, "job": {"name": "x", "test_state": "complete"}}
    answer = await client.post("/api/v1/jobs", json=body, headers=cast.alice.bearer)
    assert answer.json()["job"]["state"] == "working"


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"state": "complete"}, {"current_user_email": ["or current_user_id must be given"]}),
        ({"state": "working", "who": 1}, {"state": ["must be complete or failed"]}),
        ({"who": 1}, {"state": ["must be complete or failed"]}),
    ],
)
async def test_bad_input(
    client: httpx.AsyncClient, cast: Cast, body: dict[str, Any], errors: dict[str, Any]
) -> None:
    asked = await ask(client, cast.alice)
    if body.pop("who", None):
        body |= {"current_user_id": cast.alice.admin_id}
    answer = await client.patch(
        f"/api/v2/jobs/{asked['pending_job_id']}/set_test_state.json",
        json=body,
        headers=cast.alice.bearer,
    )
    assert (answer.status_code, answer.json()["errors"]) == (422, errors)


async def test_too_late(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, services: Services
) -> None:
    asked = await ask(client, cast.alice, test_state="complete")
    deleted = await ask(client, cast.alice)
    await client.delete(f"/api/v2/capture_requests/{deleted['id']}", headers=cast.alice.bearer)
    for one in (asked, deleted):
        answer = await client.patch(
            f"/api/v2/jobs/{one['pending_job_id']}/set_test_state",
            params={"state": "failed", "current_user_id": cast.alice.admin_id},
            headers=cast.alice.bearer,
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
    await finish_all(db, cast.alice.org_id, services.storage)


async def test_a_build_under_way_is_not_overtaken(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    asked = await ask(client, cast.alice)
    async with task_scope(db, org_id=cast.alice.org_id, task="test") as scope:
        await scope.tx.execute(
            "INSERT INTO builds (org_id, id, job_id) VALUES ($1, $2, $3)",
            cast.alice.org_id,
            uuid.uuid4(),
            asked["pending_job_id"],
        )
    answer = await client.patch(
        f"/api/v2/jobs/{asked['pending_job_id']}/set_test_state",
        params={"state": "failed", "current_user_id": cast.alice.admin_id},
        headers=cast.alice.bearer,
    )
    assert answer.status_code == 409
