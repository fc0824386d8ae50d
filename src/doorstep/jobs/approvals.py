"""Approval: a job whose organization or member wants it waits, with its photos, for a yes."""

from doorstep.events.actions import record
from doorstep.jobs import actions as jobs
from doorstep.jobs import approval_queries as queries
from doorstep.jobs.model import Job, JobState
from doorstep.kit.errors import Conflict
from doorstep.orgs.model import OrgScope, Right


async def must_wait(scope: OrgScope, *, job: Job) -> bool:
    """Whether nobody has approved a job that needs it; a test never waits."""
    return job.test_state is None and await queries.is_needed(scope, job_id=job.id)


async def approve(scope: OrgScope, *, job_id: int, user_id: int) -> None:
    """Let a job that waits go on; whoever builds reads it from the event. Conflict otherwise.

    Invalid when its price was freed meanwhile, and the wallet is short of it.
    """
    job = await _waiting(scope, job_id=job_id)
    await jobs.charge_freed(scope, job=job)
    await queries.note_approved(scope, job_id=job.id, user_id=user_id)
    await jobs.move(scope, job_id=job.id, to=JobState.PROCESSING_UPLOAD)
    await record(scope, "job.approved", job_id=job.id, user_id=user_id)


async def decline(scope: OrgScope, *, job_id: int) -> None:
    """Cancel a job that waits: nothing is built and nothing charged; the photos stay."""
    job = await _waiting(scope, job_id=job_id)
    await jobs.move(scope, job_id=job.id, to=JobState.CANCELLED)


async def _waiting(scope: OrgScope, *, job_id: int) -> Job:
    scope.require(Right.APPROVE)
    job = await jobs.find(scope, job_id=job_id)
    if job.state != JobState.WAITING_APPROVAL:
        raise Conflict(f"The job is {job.label.lower()}; it does not wait for approval.")
    return job
