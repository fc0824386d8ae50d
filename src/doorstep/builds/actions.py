"""Order a build, take it up, publish what it made or say why there is nothing."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from doorstep.builds import notices, queries
from doorstep.builds.model import PARKED_FAILURE, BuildFile, BuildState, Claim
from doorstep.captures import erasure_queries, rehearsals
from doorstep.captures.model import HOUSE, STRUCTURE_TEXTS
from doorstep.events.actions import record
from doorstep.jobs import actions as jobs
from doorstep.jobs import approvals, structures
from doorstep.jobs.model import CAPTURE_ONLY, JobState
from doorstep.kit.errors import Conflict, NotFound
from doorstep.kit.ids import uuid7
from doorstep.kit.tasks import Task, enqueue_many
from doorstep.orgs.model import OrgScope, Right
from doorstep.photos import queries as photos

TASK = "builds.build"
OTHER_NAMES = [text for name, text in STRUCTURE_TEXTS.items() if name != HOUSE]


async def order(scope: OrgScope, *, job_id: int) -> uuid.UUID | None:
    """Queue a build of a job whose photos are in.

    None when only photos were asked for, or when somebody has to approve it first: also one
    whose price was freed when its link ended, and whose wallet is short of it now.
    """
    job = await jobs.find(scope, job_id=job_id)
    if job.deliverable_id == CAPTURE_ONLY:
        return None
    if job.state != JobState.PROCESSING_UPLOAD or await rehearsals.go_on(scope, job_id=job_id):
        return None
    is_paid = await jobs.can_charge_freed(scope, job=job)
    if not is_paid or await approvals.must_wait(scope, job=job):
        await jobs.move(scope, job_id=job_id, to=JobState.WAITING_APPROVAL)
        await notices.approval_needed(scope, job_id=job_id)
        return None
    await jobs.charge_freed(scope, job=job)
    latest = await queries.latest_of_job(scope, job_id=job_id)
    if latest is not None and latest.state in (BuildState.QUEUED, BuildState.RUNNING):
        return latest.id
    build_id = await _queue(scope, job_id=job_id, structure=HOUSE)
    for structure in await photos.structures_of_job(scope, job_id=job_id):
        if structure == HOUSE:
            continue
        await structures.open_named(scope, job_id=job_id, name=STRUCTURE_TEXTS[structure])
        await _queue(scope, job_id=job_id, structure=structure)
    return build_id


async def order_again(scope: OrgScope, *, job_id: int) -> uuid.UUID | None:
    """Build once more from the same photos; Conflict unless the last build has ended."""
    scope.require(Right.INVITE)
    job = await jobs.find(scope, job_id=job_id)
    if job.state not in (JobState.FAILED, JobState.COMPLETE):
        raise Conflict(
            f"The job is {job.label.lower()}; it can be built again when that has ended."
        )
    if await erasure_queries.asked_at(scope, job_id=job_id):
        raise Conflict("The photos are deleted; there is nothing to build from.")
    await jobs.charge(scope, job=job, deliverable_id=job.deliverable_id)
    await jobs.move(scope, job_id=job_id, to=JobState.PROCESSING_UPLOAD)
    return await order(scope, job_id=job_id)


async def take_up(scope: OrgScope, *, build_id: uuid.UUID) -> Claim | None:
    """Claim the build for this builder; None when there is nothing left to do."""
    claim = await queries.claim(scope, build_id=build_id)
    if claim is None:
        await _park(scope, build_id=build_id)
        return None
    job = await jobs.find(scope, job_id=claim.job_id)
    if claim.structure == HOUSE and job.state == JobState.PROCESSING_UPLOAD:
        await jobs.move(scope, job_id=claim.job_id, to=JobState.WORKING)
        await record(scope, "build.started", job_id=claim.job_id, build_id=str(build_id))
    return claim


async def publish(
    scope: OrgScope,
    *,
    claim: Claim,
    files: Sequence[BuildFile],
    report: Mapping[str, Any],
    photos_used: Mapping[str, str] | None = None,
) -> bool:
    """Make this build's files the job's model, in one step; False when the claim was lost.

    `photos_used` gives each original's key by the name under which the engine had it.
    """
    if not await queries.settle(scope, claim=claim, state=BuildState.COMPLETE, report=report):
        return False
    await queries.insert_files(scope, build_id=claim.build_id, files=files)
    await queries.insert_photos(
        scope, build_id=claim.build_id, job_id=claim.job_id, names=photos_used or {}
    )
    if claim.structure != HOUSE:
        name = STRUCTURE_TEXTS[claim.structure]
        await structures.complete_named(
            scope, job_id=claim.job_id, name=name, build_id=claim.build_id
        )
        return True
    await jobs.finish(scope, job_id=claim.job_id)
    await structures.complete(
        scope, job_id=claim.job_id, build_id=claim.build_id, but_named=OTHER_NAMES
    )
    await record(scope, "build.completed", job_id=claim.job_id, build_id=str(claim.build_id))
    await notices.model_ready(scope, job_id=claim.job_id)
    return True


async def fail(scope: OrgScope, *, claim: Claim, failure: Mapping[str, Any]) -> None:
    """End the build with its reason; the photos stay."""
    if not await queries.settle(scope, claim=claim, state=BuildState.FAILED, failure=failure):
        return
    await _failed(
        scope,
        job_id=claim.job_id,
        build_id=claim.build_id,
        structure=claim.structure,
        failure=failure,
    )


async def file_of_job(
    scope: OrgScope, *, job_id: int, tree: str, name: str, structure: str = HOUSE
) -> BuildFile:
    """A published file of the current model of a structure; NotFound when there is none."""
    for file in await queries.published_files(scope, job_id=job_id, tree=tree, structure=structure):
        if file.name == name:
            return file
    raise NotFound


async def _park(scope: OrgScope, *, build_id: uuid.UUID) -> None:
    parked = await queries.park(scope, build_id=build_id, failure=PARKED_FAILURE)
    if parked is not None:
        job_id, structure = parked
        await _failed(
            scope, job_id=job_id, build_id=build_id, structure=structure, failure=PARKED_FAILURE
        )


async def _queue(scope: OrgScope, *, job_id: int, structure: str) -> uuid.UUID:
    build_id = uuid7()
    await queries.insert(scope, build_id=build_id, job_id=job_id, structure=structure)
    payload = {"org_id": scope.org_id, "build_id": str(build_id)}
    await enqueue_many(scope.tx, [Task(name=TASK, payload=payload, key=f"build:{build_id}")])
    return build_id


async def _failed(
    scope: OrgScope,
    *,
    job_id: int,
    build_id: uuid.UUID,
    structure: str,
    failure: Mapping[str, Any],
) -> None:
    """A house without a model fails its job; a shed without one is only a shed without one."""
    if structure != HOUSE:
        name = STRUCTURE_TEXTS[structure]
        await structures.fail_named(scope, job_id=job_id, name=name, failure=failure)
        return
    await jobs.move(scope, job_id=job_id, to=JobState.FAILED, failure=dict(failure))
    await structures.fail(scope, job_id=job_id, failure=failure, but_named=OTHER_NAMES)
    await record(
        scope, "build.failed", job_id=job_id, build_id=str(build_id), failure=dict(failure)
    )
    await notices.failed(scope, job_id=job_id, reason=str(failure["organization"]))
