"""`/api/v3/jobs`: the current list and show, with a vocabulary of states of its own."""

from typing import Any

import httpx
import pytest

from doorstep.captures import rehearsals
from doorstep.kit.db import Role
from doorstep.web.services import Services
from tests.background import take
from tests.cast import Cast
from tests.pinned import PinnedDatabase
from tests.wire.hover.asks import ask
from tests.wire.hover.test_rehearsals import finish_all

PATH = "/api/v3/jobs"
SIDES = (
    *("front", "front_right", "right", "right_back"),
    *("back", "back_left", "left", "left_front"),
)
ARTIFACTS = {
    "measurements": {"pdf": None, "json": None, "xlsx": None},
    "wireframe_images": {
        **{side: {"url": None, "compass": None, "top": None} for side in SIDES},
        "roof": {
            "url": None,
            "top": None,
            "lengths": None,
            "areas": None,
            "pitches": None,
        },
        "footprint": None,
    },
    "model_3d": {"url": None, "glb": None},
    "exports": {"skp": None, "esx": None, "fml": None, "xml": None},
}


async def test_show_answers_the_documented_object(client: httpx.AsyncClient, cast: Cast) -> None:
    asked = await ask(
        client, cast.alice, location_line_1="4312 Meadow Drive", location_city="Santa Maria",
        location_region="CA", location_postal_code="93455", external_identifier="8675309",
        name="Main House",
    )  # fmt: skip
    answer = await client.get(f"{PATH}/{asked['pending_job_id']}", headers=cast.alice.bearer)

    job = answer.json()
    assert job == {
        "id": asked["pending_job_id"],
        "name": "Main House",
        "reconstruction_state": "draft",
        "external_identifier": "8675309",
        "org": {"id": cast.alice.org_id},
        "address": {
            "location_line_1": "4312 Meadow Drive",
            "location_line_2": None,
            "city": "Santa Maria",
            "region": "CA",
            "postal_code": "93455",
            "country": "US",
            "latitude": None,
            "longitude": None,
        },
        "customer": {
            "first_name": None,
            "name": "Lucille Bluth",
            "email": "lucille@example.com",
            "phone": None,
        },
        "captures": [],
        "models": [
            {
                "id": job["models"][0]["id"],
                "name": None,
                "state": "uploading",
                "deliverable": "complete",
                "failure_reason": None,
                "artifacts": ARTIFACTS,
                "images": [],
            }
        ],
        "inspections": [],
        "archived": False,
        "created_at": job["created_at"],
        "updated_at": job["updated_at"],
        "completed_at": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "old", "new", "reason"),
    [("complete", "complete", "completed", None), ("failed", "failed", "failed", "test")],
)
async def test_three_vocabularies_are_kept_apart(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, services: Services, outcome: str,
    old: str, new: str, reason: str | None,
) -> None:  # fmt: skip
    asked = await ask(client, cast.alice, test_state=outcome)
    job_id = asked["pending_job_id"]

    async def seen() -> tuple[Any, Any, Any]:
        v2 = (await client.get(f"/api/v2/jobs/{job_id}", headers=cast.alice.bearer)).json()
        v3 = (await client.get(f"{PATH}/{job_id}", headers=cast.alice.bearer)).json()
        return v2["state"], v3["reconstruction_state"], v3["models"][0]

    before = await seen()
    await finish_all(db, cast.alice.org_id, services.storage)
    after = await seen()

    assert (*before[:2], before[2]["state"]) == ("working", "working", "uploading")
    assert (*after[:2], after[2]["state"]) == (old, new, outcome)
    assert after[2]["failure_reason"] == reason


async def test_captures_say_who_when_and_on_which_device(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    asked = await ask(client, cast.alice, test_state="complete")
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        await tx.execute(
            "INSERT INTO capture_sessions (org_id, id, capture_request_id, secret_hash, "
            "user_agent, opened_at, expires_at, finished_at) VALUES ($1, "
            "'665f0012-676a-4034-a63d-1e5433720911', $2, '\\x01', 'Pixel 9', "
            "'2026-03-16T23:55:50.094Z', now(), now())",
            cast.alice.org_id,
            asked["id"],
        )
    answer = await client.get(f"{PATH}/{asked['pending_job_id']}", headers=cast.alice.bearer)

    (capture,) = answer.json()["captures"]
    assert capture == {
        "id": asked["id"],
        "client_identifier": "665f0012-676a-4034-a63d-1e5433720911",
        "name": None,
        "state": "completed",
        "capture_by": "lucille@example.com",
        "type": "sparse_exterior",
        "deliverable": "complete",
        "device": "Pixel 9",
        "created_at": "2026-03-16T23:55:50.094Z",
        "updated_at": capture["updated_at"],
        "sessions": [
            {
                "client_identifier": "665f0012-676a-4034-a63d-1e5433720911",
                "device": None,
                "browser": None,
                "opened_at": "2026-03-16T23:55:50.094Z",
                "finished_at": capture["sessions"][0]["finished_at"],
                "photos": 0,
                "videos": 0,
                "rejected": 0,
                "bytes": 0,
                "spots": {},
                "skipped_spots": {},
                "checks": {},
            }
        ],
    }


async def test_list(client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase) -> None:
    jobs = [await ask(client, cast.alice, deliverable_id=number) for number in (2, 3, 7)]
    await ask(client, cast.charlie)
    ids = [one["pending_job_id"] for one in jobs]
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        for number, job_id in enumerate(ids):
            await tx.execute(
                "UPDATE jobs SET created_at = to_timestamp(1700000000 + $2), "
                "updated_at = to_timestamp(1700000000 - $2) WHERE id = $1",
                job_id,
                float(number),
            )

    async def listed(query: str) -> list[int]:
        answer = await client.get(f"{PATH}?{query}", headers=cast.alice.bearer)
        assert answer.status_code == 200, answer.text
        return [ids.index(one["id"]) for one in answer.json()["results"]]

    page = await client.get(PATH, params={"per": 2}, headers=cast.alice.bearer)
    assert page.json()["pagination"] == {"current_page": 1, "next_page": 2}
    last = await client.get(PATH, params={"per": 2, "page": 2}, headers=cast.alice.bearer)
    assert last.json()["pagination"] == {"current_page": 2, "next_page": None}
    assert len(last.json()["results"]) == 1
    assert await listed("") == [2, 1, 0]
    assert await listed("sort_by=updated_at&sort_order=DESC") == [0, 1, 2]
    assert await listed("sort_by=created_at&sort_order=ASC&per_page=1") == [0, 1, 2]
    assert await listed("deliverable_ids[]=2&deliverable_ids[]=7") == [2, 0]
    assert await listed("updated_since=1699999999") == [1, 0]
    assert await listed("reconstruction_state=completed") == []
    assert await listed("reconstruction_state=waiting_approval") == []
    assert await listed("reconstruction_state=draft") == [2, 1, 0]
    assert await listed("search=" + jobs[1]["job_attributes"]["location_line_1"]) == [1]
    assert await listed("search=%25%25%25") == []
    assert await listed("archived=true") == []
    assert await listed("example=true") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("per=101", "per"),
        ("sort_by=name", "sort_by"),
        ("sort_order=up", "sort_order"),
        ("search=ab", "search"),
        ("reconstruction_state=complete", "reconstruction_state"),
        ("updated_since=yesterday", "updated_since"),
        ("updated_since=-5", "updated_since"),
        ("archived=maybe", "archived"),
    ],
)
async def test_list_refuses(client: httpx.AsyncClient, cast: Cast, query: str, field: str) -> None:
    answer = await client.get(f"{PATH}?{query}", headers=cast.alice.bearer)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])


async def test_nothing_is_left_of_a_finished_rehearsal(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, services: Services
) -> None:
    await ask(client, cast.alice, test_state="complete")
    await finish_all(db, cast.alice.org_id, services.storage)
    assert await take(db, rehearsals.FINISH) == []
