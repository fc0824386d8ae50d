"""Deliverable change requests: what may follow on what, and the build that is ordered with it."""

from typing import Any

import httpx
import pytest

from doorstep.builds.actions import TASK as BUILD
from doorstep.events import actions as events
from doorstep.kit.db import Role
from doorstep.worker.main import fan_out
from tests.background import take
from tests.cast import Cast, Troupe
from tests.pinned import PinnedDatabase
from tests.wire.hover.asks import ask

OLD = "/api/v2/deliverable_change_requests"


async def photographed(
    client: httpx.AsyncClient, db: PinnedDatabase, troupe: Troupe, deliverable_id: int
) -> tuple[int, int]:
    """(job, model) whose photos are in."""
    asked = await ask(client, troupe, deliverable_id=deliverable_id)
    job_id: int = asked["pending_job_id"]
    async with db.transaction(Role.APP, org_id=troupe.org_id) as tx:
        await tx.execute("UPDATE jobs SET state = 'processing_upload' WHERE id = $1", job_id)
        model_id = await tx.fetchval("SELECT id FROM models WHERE job_id = $1", job_id)
    await take(db, events.FAN_OUT)
    return job_id, model_id


async def order(
    client: httpx.AsyncClient, troupe: Troupe, model_id: int, **params: Any
) -> httpx.Response:
    return await client.post(
        f"/api/v3/models/{model_id}/deliverable_change_requests",
        params={"current_user_id": troupe.admin_id} | params,
        headers=troupe.bearer,
    )


async def test_capture_only_becomes_complete_and_is_built(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    job_id, model_id = await photographed(client, db, cast.alice, 7)

    answer = await order(client, cast.alice, model_id, new_deliverable_id=3)

    change = answer.json()
    assert answer.status_code == 201
    assert change == {
        "id": change["id"],
        "job_id": job_id,
        "user_id": cast.alice.admin_id,
        "new_deliverable_id": 3,
        "old_deliverable_id": 7,
        "changed_at": change["changed_at"],
        "created_at": change["created_at"],
        "updated_at": change["updated_at"],
        "state": "complete",
    }
    for task in await take(db, events.FAN_OUT):
        await fan_out(db, task.payload)
    (build,) = await take(db, BUILD)
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        rows = await tx.fetch("SELECT id, job_id FROM builds")
    assert [(str(row["id"]), row["job_id"]) for row in rows] == [
        (build.payload["build_id"], job_id)
    ]
    listed = await client.get(
        f"/api/v3/models/{model_id}/deliverable_change_requests", headers=cast.alice.bearer
    )
    older = await client.get(OLD, params={"job_id": job_id}, headers=cast.alice.bearer)
    assert listed.json() == older.json()
    assert listed.json() == {
        "pagination": {"current_page": 1, "total_pages": 1, "total": 1},
        "results": [change],
    }


async def test_the_older_call(client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase) -> None:
    job_id, _ = await photographed(client, db, cast.alice, 7)
    answer = await client.post(
        OLD,
        data={
            "deliverable_change_request[job_id]": str(job_id),
            "deliverable_change_request[new_deliverable_id]": "2",
            "current_user_email": "alice@123456.example",
        },
        headers=cast.alice.bearer,
    )
    assert (answer.status_code, answer.json()["new_deliverable_id"]) == (201, 2)
    job = await client.get(f"/api/v2/jobs/{job_id}", headers=cast.alice.bearer)
    assert job.json()["deliverable_id"] == 2


async def test_before_the_photos_nothing_is_built(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    asked = await ask(client, cast.alice, deliverable_id=7)
    body = {"deliverable_change_request": {"job_id": asked["pending_job_id"],
                                           "new_deliverable_id": 3}}  # fmt: skip
    answer = await client.post(
        OLD, params={"current_user_id": cast.alice.admin_id}, json=body, headers=cast.alice.bearer
    )
    assert answer.status_code == 201
    for task in await take(db, events.FAN_OUT):
        await fan_out(db, task.payload)
    assert await take(db, BUILD) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (3, 2, "can become nothing else from 3"),
        (8, 3, "can become nothing else from 8"),
        (7, 7, "can become 2 or 3 from 7"),
        (7, 5, "can become 2 or 3 from 7"),
        (2, 2, "can become 3 from 2"),
    ],
)
async def test_what_does_not_follow(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, old: int, new: int, words: str
) -> None:
    _, model_id = await photographed(client, db, cast.alice, old)
    answer = await order(client, cast.alice, model_id, new_deliverable_id=new)
    assert answer.status_code == 422
    assert answer.json()["errors"] == {"new_deliverable_id": [words]}


async def test_bad_input_and_missing_right(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    job_id, model_id = await photographed(client, db, cast.alice, 7)
    blank = await order(client, cast.alice, model_id)
    nobody = await order(client, cast.alice, model_id, new_deliverable_id=3, current_user_id="")
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        bob = await tx.fetchval("SELECT id FROM users WHERE name = 'Bob'")
        await tx.execute("UPDATE jobs SET state = 'working' WHERE id = $1", job_id)
    member = await order(client, cast.alice, model_id, new_deliverable_id=3, current_user_id=bob)
    working = await order(client, cast.alice, model_id, new_deliverable_id=3)

    assert (blank.status_code, list(blank.json()["errors"])) == (422, ["new_deliverable_id"])
    assert (nobody.status_code, list(nobody.json()["errors"])) == (422, ["current_user_email"])
    assert (member.status_code, member.json()["code"]) == (403, "forbidden")
    assert (working.status_code, working.json()["code"]) == (409, "wrong_state")


async def test_another_organizations_model_is_not_there(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    job_id, model_id = await photographed(client, db, cast.charlie, 7)
    acting = {"current_user_id": cast.alice.admin_id}
    answers = []
    for model, job in ((model_id, job_id), (999_999_999, 999_999_999)):
        answers += [
            await order(client, cast.alice, model, new_deliverable_id=3),
            await client.get(
                f"/api/v3/models/{model}/deliverable_change_requests", headers=cast.alice.bearer
            ),
            await client.get(OLD, params={"job_id": job}, headers=cast.alice.bearer),
            await client.post(
                OLD,
                params=acting,
                json={"deliverable_change_request": {"job_id": job, "new_deliverable_id": 3}},
                headers=cast.alice.bearer,
            ),
        ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
