"""The photos of a job: named by number in its shapes, served as copies without place and device."""

import uuid
from typing import Any

import httpx
import pytest

from doorstep.auth.scopes import open_scope
from doorstep.jobs import actions as jobs
from doorstep.jobs.model import JobState
from doorstep.web.services import Services
from tests.cast import STAGE, Cast
from tests.pinned import PinnedDatabase
from tests.wire.hover.asks import ask


async def put_photo(
    db: PinnedDatabase, services: Services, cast: Cast, *, job_id: int, **columns: Any
) -> int:
    """A photo that was looked at, with its two copies; its number."""
    photo_id = uuid.uuid4()
    facts = {"kind": "photo", "state": "ready", "sequence": 0, **columns}
    for size in ("display", "thumbnail"):
        await services.storage.put(f"{photo_id}/{size}", f"{size} {photo_id}".encode())
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        number: int = await scope.tx.fetchval(
            "INSERT INTO photos (org_id, id, job_id, kind, state, sequence, sha256, bytes, "
            "media_type, original_key, display_key, thumbnail_key, created_at) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, 3, 'image/jpeg', 'o', $8, $9, "
            "'2026-03-16T23:58:14.231Z') RETURNING number",
            scope.org_id,
            photo_id,
            job_id,
            facts["kind"],
            facts["state"],
            facts["sequence"],
            photo_id.bytes,
            f"{photo_id}/display",
            f"{photo_id}/thumbnail",
        )
    return number


@pytest.fixture
async def job_id(client: httpx.AsyncClient, cast: Cast) -> int:
    """A job of Alice's organization."""
    asked = await ask(client, cast.alice)
    return int(asked["pending_job_id"])


async def test_the_shapes_name_them_from_working_on(
    client: httpx.AsyncClient, db: PinnedDatabase, services: Services, cast: Cast, job_id: int
) -> None:
    second = await put_photo(db, services, cast, job_id=job_id, sequence=2)
    first = await put_photo(db, services, cast, job_id=job_id, sequence=1)
    await put_photo(db, services, cast, job_id=job_id, kind="video")
    await put_photo(db, services, cast, job_id=job_id, state="rejected")

    async def named() -> list[Any]:
        shapes = [
            (await client.get(f"/api/{version}/jobs/{job_id}", headers=cast.alice.bearer)).json()
            for version in ("v3", "v2")
        ]
        return [*(one["models"][0]["images"] for one in shapes), shapes[1]["images"]]

    assert await named() == [[], [], []]
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await jobs.move(scope, job_id=job_id, to=JobState.PROCESSING_UPLOAD)
        await jobs.move(scope, job_id=job_id, to=JobState.WORKING)
    images = [
        {
            "id": number,
            "url": f"http://127.0.0.1:8000/api/v2/images/{number}/image.jpg",
            "created_at": "2026-03-16T23:58:14.231Z",
        }
        for number in (first, second)
    ]
    assert await named() == [images, images, images]
    listed = await client.get("/api/v3/jobs", headers=cast.alice.bearer)
    assert listed.json()["results"][0]["models"][0]["images"] == images


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("image.jpg", "display"),
        ("image.jpg?version=large", "display"),
        ("image.jpg?version=thumbnail", "thumbnail"),
        ("rotated_image.jpg?version=medium", "display"),
    ],
)
async def test_a_photo_is_served(
    client: httpx.AsyncClient, db: PinnedDatabase, services: Services, cast: Cast, job_id: int,
    path: str, size: str,
) -> None:  # fmt: skip
    number = await put_photo(db, services, cast, job_id=job_id)
    answer = await client.get(f"/api/v2/images/{number}/{path}", headers=cast.alice.bearer)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.content.startswith(f"{size} ".encode())


async def test_bad_versions_and_foreign_photos(
    client: httpx.AsyncClient, db: PinnedDatabase, services: Services, cast: Cast, job_id: int
) -> None:
    number = await put_photo(db, services, cast, job_id=job_id)
    path = f"/api/v2/images/{number}/image.jpg"
    wrong = await client.get(f"{path}?version=huge", headers=cast.alice.bearer)
    assert wrong.json()["errors"] == {"version": ["must be one of medium, large, thumbnail"]}
    theirs = await client.get(path, headers=cast.charlie.bearer)
    missing = await client.get("/api/v2/images/9999999/image.jpg", headers=cast.alice.bearer)
    odd = await client.get("/api/v2/images/x/image.jpg", headers=cast.alice.bearer)
    assert theirs.status_code == 404
    assert theirs.content == missing.content == odd.content
    assert (await client.get(path)).status_code == 401
