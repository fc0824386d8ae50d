"""One job: the stage, the photos, the files and what can be done."""

import re
import uuid
from typing import Any

import pytest

from doorstep.auth.scopes import open_scope
from doorstep.captures.model import CaptureRequest
from doorstep.jobs import actions as jobs
from doorstep.jobs.model import JobState
from doorstep.kit.db import Database
from doorstep.kit.ids import uuid7
from doorstep.web.services import Services
from tests.cast import STAGE, Cast
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk

NO_JOB = 9_223_372_036_854_775_807
FAILURE = {"code": "x", "homeowner": "h", "organization": "Only 3 of 9 photos hang together."}


async def bring_to(
    db: Database,
    cast: Cast,
    *,
    job_id: int,
    states: list[JobState],
    failure: dict[str, Any] | None = None,
) -> None:
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        for state in states:
            last = state is states[-1]
            await jobs.move(scope, job_id=job_id, to=state, failure=failure if last else None)


async def put_build(
    db: Database, services: Services, cast: Cast, *, job_id: int, state: str
) -> uuid.UUID:
    """A build in this state with a small model; its id."""
    build_id = uuid7()
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await scope.tx.execute(
            "INSERT INTO builds (org_id, id, job_id, state, stage, done, note, attempts, started_at)"
            " VALUES ($1, $2, $3, $4, 'mapping', 0.42, '', 1, now() - interval '65 seconds')",
            scope.org_id,
            build_id,
            job_id,
            state,
        )
        if state == "complete":
            key = f"builds/{build_id}/model.glb"
            await services.storage.put(key, b"glTF and more")
            await scope.tx.execute(
                "INSERT INTO build_files (org_id, build_id, tree, name, key, bytes, media_type) "
                "VALUES ($1, $2, 'org', 'model.glb', $3, 13, 'model/gltf-binary')",
                scope.org_id,
                build_id,
                key,
            )
            await scope.tx.execute(
                "UPDATE models SET build_id = $3 WHERE org_id = $1 AND job_id = $2",
                scope.org_id,
                job_id,
                build_id,
            )
    return build_id


async def test_waiting_shows_the_link_to_those_who_may_invite(
    alice: Desk, amy: Desk, asked: CaptureRequest
) -> None:
    text = (await alice.get(f"/jobs/{asked.job_id}")).text
    assert "Waiting for Gob" in text
    assert re.search(rf'data-copy="http://127\.0\.0\.1:8000/c/{asked.identifier}[\w-]{{22}}"', text)
    assert (await alice.get(f"/jobs/{asked.job_id}/link.svg")).text.startswith("<svg")
    assert "Invitation" in text.split('id="messages"')[1]
    assert "No numbers yet. They come with the model; until then nothing here is guessed." in text

    theirs = (await amy.get(f"/jobs/{asked.job_id}")).text
    assert "Waiting for Gob" in theirs
    assert f"/c/{asked.identifier}" not in theirs
    assert (await amy.get(f"/jobs/{asked.job_id}/link.svg")).status_code == 403
    assert '<form method="post" action="/jobs/' not in theirs


async def test_the_page_comes_again_when_the_link_is_opened(
    db: PinnedDatabase, cast: Cast, alice: Desk, asked: CaptureRequest
) -> None:
    path = f"/jobs/{asked.job_id}/stage?seen=uploading-0-0-new"
    assert path in (await alice.get(f"/jobs/{asked.job_id}")).text
    assert (await alice.get(path)).status_code == 204
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await scope.tx.execute(
            "UPDATE capture_requests SET state = 'connected', connected_at = now() "
            "WHERE org_id = $1 AND id = $2",
            scope.org_id,
            asked.id,
        )
    assert (await alice.get(path)).headers["hx-retarget"] == "#job"
    assert "Gob is taking photos" in (await alice.get(f"/jobs/{asked.job_id}")).text


async def test_a_build_shows_its_progress(
    db: PinnedDatabase, services: Services, cast: Cast, alice: Desk, asked: CaptureRequest
) -> None:
    await bring_to(
        db,
        cast,
        job_id=asked.job_id,
        states=[JobState.PROCESSING_UPLOAD, JobState.WORKING],
    )
    await put_build(db, services, cast, job_id=asked.job_id, state="running")
    text = (await alice.get(f"/jobs/{asked.job_id}")).text
    assert f'hx-get="/jobs/{asked.job_id}/stage?seen=working" hx-trigger="every 2s"' in text
    for answer in (text, (await alice.get(f"/jobs/{asked.job_id}/stage?seen=working")).text):
        assert '<progress aria-labelledby="gauge-name" max="100" value="42.0">' in answer
        assert "Working out where each photo was taken" in answer
        assert re.search(r"42% · 1 min 0\d s · about 2 min left", answer)

    needed = await alice.get(f"/jobs/{asked.job_id}/stage?seen=uploading-0-0-new")
    assert needed.headers["hx-retarget"] == "#job"
    moved = await alice.get(f"/jobs/{asked.job_id}/stage?seen=processing_upload")
    assert moved.headers["hx-reselect"] == "#job"
    assert moved.headers["hx-reswap"] == "outerHTML"
    assert '<progress aria-labelledby="gauge-name" max="100" value="42.0">' in moved.text


async def test_a_complete_job_shows_the_model_and_its_files(
    db: PinnedDatabase, services: Services, cast: Cast, alice: Desk, asked: CaptureRequest
) -> None:
    steps = [JobState.PROCESSING_UPLOAD, JobState.WORKING, JobState.COMPLETE]
    await bring_to(db, cast, job_id=asked.job_id, states=steps)
    build_id = await put_build(db, services, cast, job_id=asked.job_id, state="complete")
    text = (await alice.get(f"/jobs/{asked.job_id}")).text
    assert f'data-scene="/jobs/{asked.job_id}/models/house/scene.json"' in text
    path = f"/jobs/{asked.job_id}/files/model.glb?build={build_id}"
    assert "3D model (GLB)" in (await alice.get(f"/jobs/{asked.job_id}/files")).text

    file = await alice.get(path)
    assert file.content == b"glTF and more"
    assert file.headers["content-type"] == "model/gltf-binary"
    assert file.headers["content-length"] == "13"
    assert file.headers["x-content-type-options"] == "nosniff"
    assert (await alice.get(f"/jobs/{asked.job_id}/files/home.glb")).status_code == 404


async def test_a_failure_says_why_and_can_be_built_again(
    db: PinnedDatabase, services: Services, cast: Cast, bob: Desk, asked: CaptureRequest
) -> None:
    await bring_to(
        db,
        cast,
        job_id=asked.job_id,
        states=[JobState.PROCESSING_UPLOAD, JobState.FAILED],
        failure=FAILURE,
    )
    await put_build(db, services, cast, job_id=asked.job_id, state="failed")
    text = (await bob.get(f"/jobs/{asked.job_id}")).text
    assert "These photos did not make a model" in text
    assert "<p>Only 3 of 9 photos hang together.</p>" in text

    answer = await bob.post(f"/jobs/{asked.job_id}/build")
    assert answer.headers["location"] == f"/jobs/{asked.job_id}?said=building"
    after = (await bob.get(f"/jobs/{asked.job_id}")).text
    assert '<span class="pill work">Checking photos</span>' in after
    assert (await bob.post(f"/jobs/{asked.job_id}/build")).status_code == 409


async def test_the_invitation_is_sent_again(alice: Desk, asked: CaptureRequest) -> None:
    answer = await alice.post(f"/jobs/{asked.job_id}/invitation")
    assert answer.headers["location"] == f"/jobs/{asked.job_id}?said=invited"
    assert (await alice.get("/outbox")).text.count(">Invitation</a>") == 2


async def test_an_approver_changes_nothing(amy: Desk, asked: CaptureRequest) -> None:
    for verb in ("invitation", "build"):
        answer = await amy.post(f"/jobs/{asked.job_id}/{verb}")
        assert answer.status_code == 403
        assert "Your role does not allow this." in answer.text


@pytest.mark.parametrize(
    "path",
    ["/jobs/{}", "/jobs/{}/link.svg", "/jobs/{}/stage?seen=working", "/jobs/{}/files/model.glb"],
)
async def test_another_organizations_job_is_exactly_not_there(
    charlie: Desk, asked: CaptureRequest, path: str
) -> None:
    theirs = await charlie.get(path.format(asked.job_id))
    nothing = await charlie.get(path.format(NO_JOB))
    beyond = await charlie.get(path.format(NO_JOB + 1))
    assert theirs.status_code == nothing.status_code == beyond.status_code == 404
    assert theirs.text == nothing.text == beyond.text


async def test_another_organization_cannot_touch_it(charlie: Desk, asked: CaptureRequest) -> None:
    for verb in ("invitation", "build"):
        assert (await charlie.post(f"/jobs/{asked.job_id}/{verb}")).status_code == 404
