"""A build from the queue to its end, with the real engine on photos that fit to nothing."""

import shutil
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from doorstep.auth.scopes import open_scope
from doorstep.builds import actions, queries
from doorstep.builds.engine import Limits
from doorstep.builds.model import BuildFile, Claim
from doorstep.builds.tasks import Builder, build
from doorstep.captures.model import CaptureRequest
from doorstep.events.model import Event
from doorstep.kit.db import Role
from doorstep.kit.errors import Conflict, Forbidden, NotFound
from doorstep.kit.ids import uuid7
from doorstep.kit.tasks import Retry
from doorstep.orgs.model import ROLE_RIGHTS, Actor
from doorstep.web.services import Services
from doorstep.worker.readers import order_build
from tests.capturing import Phone, ask, path_of, photo
from tests.cast import STAGE, Cast, Troupe
from tests.photos.settled import settle
from tests.pinned import PinnedDatabase

APPROVER = Actor(kind="user", id="1", rights=ROLE_RIGHTS["approver"])


@pytest.fixture
def builder(services: Services, tmp_path: Path) -> Builder:
    return Builder(
        db=services.db,
        storage=services.storage,
        work=tmp_path / "work",
        limits=Limits(threads=1, memory_mb=12_288, seconds=120, preset="fast"),
    )


@pytest.fixture
async def captured(
    client: httpx.AsyncClient, services: Services, cast: Cast, db: PinnedDatabase
) -> CaptureRequest:
    """A finished capture of three photos that have nothing in common."""
    request = await ask(db, cast.alice)
    phone = Phone(client, path_of(services, request))
    await phone.start()
    contents = [photo(seed) for seed in (1, 2, 3)]
    for content in contents:
        await phone.upload(content, kind="photo")
    assert (await phone.finish(*contents)).status_code == 200
    return request


async def order(db: PinnedDatabase, troupe: Troupe, request: CaptureRequest) -> dict[str, Any]:
    """What the reader of the finished capture does; the task's payload."""
    async with open_scope(db, org_id=troupe.org_id, actor=STAGE) as scope:
        build_id = await actions.order(scope, job_id=request.job_id)
    assert build_id is not None
    return {"org_id": troupe.org_id, "build_id": str(build_id)}


@pytest.fixture
async def ordered(db: PinnedDatabase, cast: Cast, captured: CaptureRequest) -> dict[str, Any]:
    """A build whose photos are ready; the payload of its task."""
    await settle(db, cast)
    return await order(db, cast.alice, captured)


async def claim(db: PinnedDatabase, troupe: Troupe, payload: dict[str, Any]) -> Claim | None:
    async with open_scope(db, org_id=troupe.org_id, actor=STAGE) as scope:
        return await actions.take_up(scope, build_id=uuid.UUID(payload["build_id"]))


async def test_a_finished_capture_orders_one_build(
    db: PinnedDatabase, cast: Cast, captured: CaptureRequest
) -> None:
    first = await order(db, cast.alice, captured)
    again = await order(db, cast.alice, captured)

    assert first == again
    async with db.transaction(Role.WORKER, org_id=cast.alice.org_id) as tx:
        tasks = await tx.fetch("SELECT payload FROM pgqueuer WHERE entrypoint = 'builds.build'")
        states = await tx.fetch("SELECT state FROM builds")
    assert len(tasks) == 1
    assert [row["state"] for row in states] == ["queued"]


async def test_photos_only_means_no_build(
    db: PinnedDatabase, cast: Cast, captured: CaptureRequest
) -> None:
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await scope.tx.execute("UPDATE jobs SET deliverable_id = 7")
        event = Event(
            id=uuid7(), org_id=scope.org_id, name="capture_request.completed", lead_id=None,
            capture_request_id=captured.id, job_id=captured.job_id, actor="x", payload={},
            occurred_at=captured.created_at,
        )  # fmt: skip
        await order_build(scope, event)
        assert await queries.latest_of_job(scope, job_id=captured.job_id) is None


async def test_it_waits_until_every_photo_is_checked(
    db: PinnedDatabase, cast: Cast, captured: CaptureRequest, builder: Builder
) -> None:
    payload = await order(db, cast.alice, captured)

    with pytest.raises(Retry):
        await build(builder, payload)

    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        found = await queries.latest_of_job(scope, job_id=captured.job_id)
    assert found is not None
    assert (found.state, found.attempts) == ("queued", 0)


async def test_photos_that_do_not_connect_fail_in_words_for_both(
    db: PinnedDatabase,
    cast: Cast,
    ordered: dict[str, Any],
    builder: Builder,
) -> None:

    await build(builder, ordered)

    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        job = (await tx.fetch("SELECT state, failure FROM jobs"))[0]
        told = await tx.fetch("SELECT name FROM events WHERE name LIKE 'build.%' ORDER BY id")
        letters = await tx.fetch("SELECT subject FROM messages WHERE kind = 'build_failed'")
        kept = await tx.fetchval("SELECT count(*) FROM photos WHERE state = 'ready'")
        model = await tx.fetchval("SELECT state FROM models")
    assert job["state"] == "failed"
    assert job["failure"]["code"] == "photos_do_not_connect"
    assert "walk round the house again" in job["failure"]["homeowner"]
    assert [row["name"] for row in told] == ["build.started", "build.failed"]
    assert [row["subject"] for row in letters] == ["No model of 1 Balboa yet"]
    assert (kept, model) == (3, "failed")
    assert not (builder.work / ordered["build_id"]).exists()


@pytest.mark.slow
async def test_a_failed_job_can_be_built_again(
    db: PinnedDatabase,
    cast: Cast,
    captured: CaptureRequest,
    ordered: dict[str, Any],
    builder: Builder,
) -> None:
    await build(builder, ordered)

    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        again = await actions.order_again(scope, job_id=captured.job_id)
        latest = await queries.latest_of_job(scope, job_id=captured.job_id)

    assert latest is not None
    assert (latest.id, latest.state) == (again, "queued")


async def test_building_again_is_refused_to_the_wrong_people_and_in_the_wrong_state(
    db: PinnedDatabase, cast: Cast, captured: CaptureRequest
) -> None:
    for org_id, actor, refusal in (
        (cast.charlie.org_id, STAGE, NotFound),
        (cast.alice.org_id, APPROVER, Forbidden),
        (cast.alice.org_id, STAGE, Conflict),
    ):
        with pytest.raises(refusal):
            async with open_scope(db, org_id=org_id, actor=actor) as scope:
                await actions.order_again(scope, job_id=captured.job_id)


async def test_a_builder_that_lost_its_claim_changes_nothing(
    db: PinnedDatabase, cast: Cast, captured: CaptureRequest
) -> None:
    payload = await order(db, cast.alice, captured)
    late = await claim(db, cast.alice, payload)
    held = await claim(db, cast.alice, payload)
    assert late is not None
    assert held is not None
    file = BuildFile(tree="org", name="model.glb", key="k", bytes=1, media_type="model/gltf-binary")

    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        told = await queries.note_progress(scope, claim=late, stage="x", done=0.5, note="x")
        published = await actions.publish(scope, claim=late, files=[file], report={})
        await actions.fail(scope, claim=late, failure={"organization": "x"})
        state = (await queries.latest_of_job(scope, job_id=captured.job_id)).state  # type: ignore[union-attr]
        won = await actions.publish(scope, claim=held, files=[file], report={"version": 1})
        files = await queries.published_files(scope, job_id=captured.job_id, tree="org")

    assert (told, published, state, won) == (False, False, "running", True)
    assert files == [file]


async def test_a_build_that_takes_its_builder_down_three_times_is_parked(
    db: PinnedDatabase, cast: Cast, captured: CaptureRequest
) -> None:
    payload = await order(db, cast.alice, captured)

    claims = [await claim(db, cast.alice, payload) for _ in range(4)]

    assert [one.attempts if one else None for one in claims] == [1, 2, 3, None]
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        job = (await tx.fetch("SELECT state, failure FROM jobs"))[0]
        assert await tx.fetchval("SELECT state FROM builds") == "parked"
    assert (job["state"], job["failure"]["code"]) == ("failed", "parked")


@pytest.mark.parametrize("harm", ["delete", "flip"])
async def test_nothing_is_built_from_a_lost_photo(
    services: Services,
    db: PinnedDatabase,
    cast: Cast,
    ordered: dict[str, Any],
    builder: Builder,
    harm: str,
) -> None:
    originals = sorted((services.settings.data / "files" / "originals").rglob("*"))
    victim = next(path for path in originals if path.is_file())
    if harm == "delete":
        victim.unlink()
    else:
        victim.write_bytes(victim.read_bytes()[:-1] + b"x")

    await build(builder, ordered)

    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        failure = await tx.fetchval("SELECT failure FROM jobs")
    assert failure["code"] == "photo_lost"


@pytest.mark.slow
async def test_an_engine_that_cannot_run_is_tried_again(
    db: PinnedDatabase,
    cast: Cast,
    captured: CaptureRequest,
    ordered: dict[str, Any],
    builder: Builder,
) -> None:
    starved = replace(builder, limits=replace(builder.limits, memory_mb=64))

    with pytest.raises(Retry):
        await build(starved, ordered)

    shutil.rmtree(builder.work, ignore_errors=True)
    await build(builder, ordered)
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        found = await queries.latest_of_job(scope, job_id=captured.job_id)
    assert found is not None
    assert (found.state, found.attempts) == ("failed", 2)
