"""The verbs of a job."""

import uuid
from typing import Any

from doorstep.events.actions import record
from doorstep.jobs import queries
from doorstep.jobs.model import Job, JobState, Property, refuse_move, states_before
from doorstep.kit.errors import NotFound
from doorstep.orgs.model import OrgScope


async def draft(
    scope: OrgScope,
    *,
    place: Property,
    user_id: int,
    wallet_id: int | None,
    deliverable_id: int,
    client_identifier: uuid.UUID,
) -> int:
    """A draft job with its first model; the job's id."""
    job_id, model_id = await queries.insert(
        scope,
        place=place,
        user_id=user_id,
        wallet_id=wallet_id,
        deliverable_id=deliverable_id,
        client_identifier=client_identifier,
    )
    await record(scope, "job.created", job_id=job_id, model_id=model_id)
    return job_id


async def find(scope: OrgScope, *, job_id: int) -> Job:
    """The job; NotFound when it is not there or not this organization's."""
    job = await queries.find(scope, job_id=job_id)
    if job is None:
        raise NotFound
    return job


async def move(
    scope: OrgScope, *, job_id: int, to: JobState, failure: dict[str, Any] | None = None
) -> None:
    """Bring the job to the next state; Conflict when that is no legal move."""
    moved = await queries.move(
        scope, job_id=job_id, to=to, before=states_before(to), failure=failure
    )
    if not moved:
        job = await find(scope, job_id=job_id)
        raise refuse_move(job.state, to)
    await record(scope, "job.state_changed", job_id=job_id, state=str(to), failure=failure)
