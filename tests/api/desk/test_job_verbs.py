"""What a member decides on a job's page, done by a program."""

from typing import Any

import httpx
import pytest

from doorstep.auth.scopes import open_scope
from doorstep.captures.model import CaptureRequest
from doorstep.jobs.model import JobState
from doorstep.orgs import wallets
from doorstep.orgs.money import Kind
from tests.api.desk.calls import NOT_FOUND, PATH, Integration
from tests.capturing import ask
from tests.cast import STAGE, Cast
from tests.pinned import PinnedDatabase
from tests.web.test_job import bring_to

DONE = [JobState.PROCESSING_UPLOAD, JobState.WORKING, JobState.COMPLETE]
WAITING = [JobState.PROCESSING_UPLOAD, JobState.WAITING_APPROVAL]


@pytest.fixture
async def asked(db: PinnedDatabase, cast: Cast) -> CaptureRequest:
    return await ask(db, cast.alice)


async def row(db: PinnedDatabase, cast: Cast, job_id: int) -> dict[str, Any]:
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        found = await scope.tx.fetchrow(
            "SELECT state, user_id, archived_at IS NOT NULL AS archived, deliverable_id, "
            "approving_user_id FROM jobs WHERE org_id = $1 AND id = $2",
            scope.org_id,
            job_id,
        )
    assert found is not None
    return dict(found)


async def test_a_job_is_given_away_archived_and_put_back(
    crm: Integration, db: PinnedDatabase, cast: Cast, asked: CaptureRequest
) -> None:
    path = f"/jobs/{asked.job_id}"
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        bob = await scope.tx.fetchval(
            "SELECT id FROM users WHERE org_id = $1 AND name = 'Bob'", scope.org_id
        )
    assert await crm.send("PUT", f"{path}/owner", {"user_id": bob}) == (204, None)
    assert await crm.send("PUT", f"{path}/archive") == (204, None)
    assert await crm.send("PUT", f"{path}/archive") == (204, None)
    after = await row(db, cast, asked.job_id)
    assert (after["user_id"], after["archived"]) == (bob, True)
    assert await crm.send("DELETE", f"{path}/archive") == (204, None)
    assert (await row(db, cast, asked.job_id))["archived"] is False
    names = [one["name"] for one in (await crm.get(f"{path}/timeline"))[1]["events"]]
    assert names[:3] == ["job.unarchived", "job.archived", "job.reassigned"]
    status, told = await crm.send("PUT", f"{path}/owner", {"user_id": cast.charlie.admin_id})
    assert (status, told["code"]) == (422, "invalid")


async def test_a_waiting_job_is_approved_or_declined(
    crm: Integration, db: PinnedDatabase, cast: Cast, asked: CaptureRequest
) -> None:
    path, me = f"/jobs/{asked.job_id}", {"user_id": cast.alice.admin_id}
    assert (await crm.send("POST", f"{path}/approval", me))[0] == 409
    await bring_to(db, cast, job_id=asked.job_id, states=WAITING)
    assert await crm.send("POST", f"{path}/approval", me) == (204, None)
    after = await row(db, cast, asked.job_id)
    assert (after["state"], after["approving_user_id"]) == (
        "processing_upload", cast.alice.admin_id,
    )  # fmt: skip
    other = await ask(db, cast.alice, email="buster@example.com")
    await bring_to(db, cast, job_id=other.job_id, states=WAITING)
    assert await crm.send("POST", f"/jobs/{other.job_id}/refusal") == (204, None)
    assert (await row(db, cast, other.job_id))["state"] == "cancelled"
    assert (await crm.send("POST", f"/jobs/{other.job_id}/refusal"))[0] == 409


async def test_a_model_is_ordered_of_photos_alone_and_charged_once(
    crm: Integration, client: httpx.AsyncClient, db: PinnedDatabase, cast: Cast,
    asked: CaptureRequest,
) -> None:  # fmt: skip
    path = f"/jobs/{asked.job_id}/orders"
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await scope.tx.execute(
            "UPDATE jobs SET deliverable_id = 7, wallet_id = $3 WHERE org_id = $1 AND id = $2",
            scope.org_id,
            asked.job_id,
            cast.alice.wallet_id,
        )
        await wallets.set_price(scope, deliverable_id=3, cents=3500)
        await wallets.adjust(
            scope, wallet_id=cast.alice.wallet_id, kind=Kind.ADDED, cents=5000, note="Cheque"
        )
    assert await crm.get(path) == (200, {"offers": []})
    await bring_to(db, cast, job_id=asked.job_id, states=DONE)
    assert await crm.get(path) == (
        200,
        {
            "offers": [
                {"deliverable_id": 2, "name": "Roof only", "cents": 0},
                {"deliverable_id": 3, "name": "Complete", "cents": 3500},
            ]
        },
    )
    body = {"deliverable_id": 3, "user_id": cast.alice.admin_id}
    headers = crm.troupe.bearer | {"idempotency-key": "o-1"}
    for _ in range(2):
        ordered = await client.post(PATH + path, json=body, headers=headers)
        assert ordered.status_code == 204, ordered.text
    after = await row(db, cast, asked.job_id)
    assert (after["state"], after["deliverable_id"]) == ("processing_upload", 3)
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        held = await scope.tx.fetch("SELECT cents FROM holds WHERE org_id = $1", scope.org_id)
    assert [one["cents"] for one in held] == [3500]
    assert (await crm.send("POST", path, body))[0] == 422


async def test_the_homeowner_is_asked_again(
    crm: Integration, db: PinnedDatabase, cast: Cast, asked: CaptureRequest
) -> None:
    path = f"/jobs/{asked.job_id}"
    assert await crm.send("POST", f"{path}/invitation") == (204, None)
    body = {"spots": ["back"], "note": "The gutter"}
    assert (await crm.send("POST", f"{path}/more-photos", body))[0] == 409
    assert (await crm.send("POST", f"{path}/builds"))[0] == 409
    await bring_to(db, cast, job_id=asked.job_id, states=DONE)
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await scope.tx.execute(
            "UPDATE capture_requests SET state = 'complete', completed_at = now() "
            "WHERE org_id = $1 AND id = $2",
            scope.org_id,
            asked.id,
        )
    bad = await crm.send("POST", f"{path}/more-photos", {"spots": ["cellar"]})
    assert (bad[0], list(bad[1]["errors"])) == (422, ["spots"])
    assert await crm.send("POST", f"{path}/more-photos", body) == (204, None)
    assert await crm.send("POST", f"{path}/builds") == (204, None)
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        kinds = await scope.tx.fetch(
            "SELECT kind FROM messages WHERE org_id = $1 AND channel = 'email' ORDER BY id",
            scope.org_id,
        )
        wanted = await scope.tx.fetchval(
            "SELECT spots FROM reopenings WHERE org_id = $1", scope.org_id
        )
    assert [one["kind"] for one in kinds] == ["invitation", "invitation", "more_photos"]
    assert wanted == ["back"]


async def test_another_organizations_job_is_exactly_not_there(
    stranger: Integration, db: PinnedDatabase, cast: Cast, asked: CaptureRequest
) -> None:
    me = {"user_id": cast.charlie.admin_id}
    calls: list[tuple[str, str, Any]] = [
        ("PUT", "owner", me),
        ("PUT", "archive", None),
        ("DELETE", "archive", None),
        ("POST", "approval", me),
        ("POST", "refusal", None),
        ("GET", "orders", None),
        ("POST", "orders", me | {"deliverable_id": 3}),
        ("POST", "more-photos", {"spots": ["back"]}),
        ("POST", "invitation", None),
        ("POST", "builds", None),
        ("GET", "timeline", None),
    ]
    before = await row(db, cast, asked.job_id)
    for method, verb, body in calls:
        for job_id in (asked.job_id, 999_999_999):
            found = await stranger.send(method, f"/jobs/{job_id}/{verb}", body)
            assert found == NOT_FOUND, (method, verb)
    assert await row(db, cast, asked.job_id) == before
