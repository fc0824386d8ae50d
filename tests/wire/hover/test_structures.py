"""The test job of several structures."""

from typing import Any

import httpx
import pytest

from doorstep.captures import rehearsals
from doorstep.kit.db import Role
from doorstep.web.services import Services
from doorstep.worker.main import finish_rehearsal
from tests.background import take
from tests.cast import Cast
from tests.pinned import PinnedDatabase

PATH = "/api/v3/jobs/test_job"
PRESET = "multi-structure-exterior"


async def finished(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, services: Services
) -> dict[str, Any]:
    """The one job, after the worker's part, twice over."""
    for task in await take(db, rehearsals.FINISH):
        for _ in range(2):
            await finish_rehearsal(db, task.payload, storage=services.storage)
    listed = (await client.get("/api/v3/jobs", headers=cast.alice.bearer)).json()["results"]
    assert len(listed) == 1
    job: dict[str, Any] = listed[0]
    return job


@pytest.mark.parametrize(
    ("body", "job_state", "model_states"),
    [
        ({}, "completed", ["complete", "complete", "complete"]),
        ({"state": "complete", "failed_models_count": 1}, "completed",
         ["complete", "complete", "failed"]),
        ({"failed_models_count": "2"}, "completed", ["complete", "failed", "failed"]),
        ({"state": "failed"}, "failed", ["failed", "failed", "failed"]),
    ],
)  # fmt: skip
async def test_three_structures_end_as_told(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    services: Services,
    body: dict[str, Any],
    job_state: str,
    model_states: list[str],
) -> None:
    answer = await client.post(PATH, json={"job_preset": PRESET} | body, headers=cast.alice.bearer)
    assert (answer.status_code, answer.json()) == (200, {"success": True})

    job = await finished(client, cast, db, services)
    assert job["reconstruction_state"] == job_state
    assert [model["state"] for model in job["models"]] == model_states
    assert [model["name"] for model in job["models"]] == [None, "Garage", "Shed"]
    assert [model["failure_reason"] for model in job["models"]] == [
        "test" if state == "failed" else None for state in model_states
    ]
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        rows = await tx.fetch(
            "SELECT name, payload ->> 'state' AS state FROM events "
            "WHERE name LIKE 'job.%' OR name LIKE 'model.%' ORDER BY id"
        )
    told = [row["state"] or row["name"] for row in rows]
    last = ["processing", "paying", "complete"] if job_state == "completed" else ["failed"]
    assert told == [
        *("job.created", "model.created", "model.created", "processing_upload", "working"),
        *last,
        *model_states,
    ]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"job_preset": PRESET, "failed_models_count": 4},
         "Invalid failed_models_count: 4. Allowed: 0, 1, 2"),
        ({"job_preset": PRESET, "failed_models_count": "-1"},
         "Invalid failed_models_count: -1. Allowed: 0, 1, 2"),
        ({"job_preset": PRESET, "state": "working"},
         "Invalid state: working. Allowed: complete, failed"),
        ({"job_preset": "one"}, "Invalid job_preset: one. Allowed: multi-structure-exterior"),
        ({}, "Invalid job_preset: . Allowed: multi-structure-exterior"),
    ],
)  # fmt: skip
async def test_bad_input(
    client: httpx.AsyncClient, cast: Cast, body: dict[str, Any], fault: str
) -> None:
    answer = await client.post(PATH, json=body, headers=cast.alice.bearer)
    assert (answer.status_code, answer.json()) == (422, {"error": {"job": fault}})
    listed = await client.get("/api/v3/jobs", headers=cast.alice.bearer)
    assert listed.json()["results"] == []


async def test_once(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, services: Services
) -> None:
    for _ in range(2):
        await client.post(
            PATH,
            json={"job_preset": PRESET, "current_user_email": "bob@123456.example"},
            headers=cast.alice.bearer | {"Idempotency-Key": "k"},
        )
    job = await finished(client, cast, db, services)
    shown = await client.get(f"/api/v2/jobs/{job['id']}", headers=cast.alice.bearer)
    assert shown.json()["user_name"] == "bob@123456.example"


async def test_without_a_token(client: httpx.AsyncClient) -> None:
    assert (await client.post(PATH, json={"job_preset": PRESET})).status_code == 401
