"""Verbs that change a job after it was made: what is said of it, where it is listed, its order."""

from collections.abc import Mapping

from doorstep.events.actions import record
from doorstep.jobs import actions as jobs
from doorstep.jobs import approval_queries
from doorstep.jobs import change_queries as queries
from doorstep.jobs.change_queries import DeliverableChange
from doorstep.jobs.model import CAPTURE_ONLY, COMPLETE, Job, JobState
from doorstep.kit.errors import Conflict, Invalid, NotFound
from doorstep.orgs import wallets
from doorstep.orgs.model import OrgScope, Right

ROOF_ONLY = 2
UPGRADES: dict[int, frozenset[int]] = {
    ROOF_ONLY: frozenset({COMPLETE}),
    5: frozenset({ROOF_ONLY, COMPLETE}),
    6: frozenset({ROOF_ONLY, COMPLETE}),
    CAPTURE_ONLY: frozenset({ROOF_ONLY, COMPLETE}),
}
"""What a job may be made into later; nothing follows on Complete and Interiors."""
NOT_NOW = (JobState.WORKING, JobState.PROCESSING, JobState.PAYING, JobState.CANCELLED)


async def describe(scope: OrgScope, *, job_id: int, values: Mapping[str, str | None]) -> None:
    """Change what is said of the property and its owner; NotFound when it is not there."""
    scope.require(Right.INVITE)
    if not await queries.update(scope, job_id=job_id, values=values):
        raise NotFound


async def archive(scope: OrgScope, *, job_id: int) -> None:
    """Take the job out of the lists; a second time is nothing."""
    scope.require(Right.INVITE)
    await jobs.find(scope, job_id=job_id)
    if await queries.set_archived(scope, job_id=job_id, archived=True):
        await record(scope, "job.archived", job_id=job_id)


async def unarchive(scope: OrgScope, *, job_id: int) -> None:
    """Put the job back into the lists; a second time is nothing."""
    scope.require(Right.INVITE)
    await jobs.find(scope, job_id=job_id)
    if await queries.set_archived(scope, job_id=job_id, archived=False):
        await record(scope, "job.unarchived", job_id=job_id)


async def order_deliverable(
    scope: OrgScope, *, job_id: int, deliverable_id: int, user_id: int
) -> DeliverableChange:
    """Order something else of the job's photos; whoever builds reads it from the event.

    Invalid when the present deliverable leads nowhere near, Conflict while a build runs.
    """
    job = await jobs.find(scope, job_id=job_id)
    _refuse_what_does_not_follow(job, deliverable_id)
    if job.state in NOT_NOW:
        raise Conflict(f"The job is {job.label.lower()}; nothing else can be ordered now.")
    change = await queries.set_deliverable(
        scope, job_id=job_id, user_id=user_id, old=job.deliverable_id, new=deliverable_id
    )
    if change is None:
        raise Conflict("Somebody else has just ordered something.")
    await jobs.charge(scope, job=job, deliverable_id=deliverable_id)
    # Only an admin orders, who could have approved it.
    await approval_queries.note_approved(scope, job_id=job_id, user_id=user_id)
    if job.state in (JobState.COMPLETE, JobState.FAILED, JobState.WAITING_APPROVAL):
        await jobs.move(scope, job_id=job_id, to=JobState.PROCESSING_UPLOAD)
    await record(
        scope,
        "job.deliverable_changed",
        job_id=job_id,
        change_id=change.id,
        model_id=change.model_id,
        old_deliverable_id=change.old_deliverable_id,
        new_deliverable_id=change.new_deliverable_id,
    )
    return change


async def price_of(scope: OrgScope, *, job_id: int, deliverable_id: int) -> int:
    """Cents that ordering this would be charged; Invalid when it cannot be ordered."""
    job = await jobs.find(scope, job_id=job_id)
    _refuse_what_does_not_follow(job, deliverable_id)
    return (
        0
        if job.test_state
        else await wallets.missing(scope, job_id=job_id, deliverable_id=deliverable_id)
    )


def _refuse_what_does_not_follow(job: Job, deliverable_id: int) -> None:
    allowed = UPGRADES.get(job.deliverable_id, frozenset())
    if deliverable_id not in allowed:
        words = " or ".join(map(str, sorted(allowed))) or "nothing else"
        text = f"can become {words} from {job.deliverable_id}"
        raise Invalid(fields={"new_deliverable_id": [text]})
