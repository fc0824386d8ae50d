"""The builder's task: from stored photos to a published model."""

import asyncio
import logging
import shutil
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from doorstep.auth.scopes import task_scope
from doorstep.builds import actions, queries
from doorstep.builds.engine import EngineDied, Limits
from doorstep.builds.model import LOST_PHOTO_FAILURE, BuildState, Claim
from doorstep.builds.run import LostClaim, LostPhoto, Run
from doorstep.kit.db import Database
from doorstep.kit.storage import Storage
from doorstep.kit.tasks import Payload, Retry
from doorstep.photos import queries as photos

log = logging.getLogger(__name__)

UNCHECKED_WAIT = timedelta(seconds=1)
DIED_WAIT = timedelta(seconds=5)

Originals = list[tuple[int, str, str]]


@dataclass(frozen=True, kw_only=True)
class Builder:
    """What a builder process works with."""

    db: Database
    storage: Storage
    work: Path
    limits: Limits


async def build(builder: Builder, payload: Payload) -> None:
    """Run the engine for one build, in `work/<build id>`, which survives a killed builder."""
    org_id, build_id = int(payload["org_id"]), uuid.UUID(payload["build_id"])
    taken = await _take_up(builder, org_id=org_id, build_id=build_id)
    if taken is None:
        await _clear(builder, org_id=org_id, build_id=build_id)
        return
    claim, originals = taken
    run = Run(
        db=builder.db,
        storage=builder.storage,
        org_id=org_id,
        claim=claim,
        folder=builder.work / str(build_id),
    )
    try:
        await run.to_the_end(originals, limits=builder.limits)
    except LostClaim:
        log.warning("build %s was taken by another builder, or ended", build_id)
        await _clear(builder, org_id=org_id, build_id=build_id)
    except LostPhoto as lost:
        log.error("build %s: original %s is lost", build_id, lost)  # noqa: TRY400  no traceback
        async with task_scope(builder.db, org_id=org_id, task=actions.TASK) as scope:
            await actions.fail(scope, claim=claim, failure=LOST_PHOTO_FAILURE)
    except EngineDied as died:
        log.warning("build %s: the engine died: %s", build_id, died)
        raise Retry(DIED_WAIT) from died
    except asyncio.CancelledError:
        async with task_scope(builder.db, org_id=org_id, task=actions.TASK) as scope:
            await queries.release(scope, claim=claim)
        raise


async def _clear(builder: Builder, *, org_id: int, build_id: uuid.UUID) -> None:
    """Leave no photo here of a build that nobody goes on with."""
    async with task_scope(builder.db, org_id=org_id, task=actions.TASK) as scope:
        found = await queries.find(scope, build_id=build_id)
    if found is not None and found.state == BuildState.FAILED:
        await asyncio.to_thread(shutil.rmtree, builder.work / str(build_id), ignore_errors=True)


async def _take_up(
    builder: Builder, *, org_id: int, build_id: uuid.UUID
) -> tuple[Claim, Originals] | None:
    async with task_scope(builder.db, org_id=org_id, task=actions.TASK) as scope:
        waiting = await queries.find(scope, build_id=build_id)
        assert waiting is not None, build_id
        if await photos.count_unchecked(scope, job_id=waiting.job_id):
            raise Retry(UNCHECKED_WAIT)
        claim = await actions.take_up(scope, build_id=build_id)
        if claim is None:
            return None
        return claim, await photos.originals_of_job(
            scope, job_id=claim.job_id, structure=claim.structure
        )
