"""The verbs of a job."""

import uuid
from typing import Any

from doorstep.events.actions import Changes, record
from doorstep.jobs import queries
from doorstep.jobs.model import Draft, Job, JobState, Property, refuse_move, states_before
from doorstep.kit.errors import NotFound
from doorstep.orgs import wallet_queries, wallets
from doorstep.orgs.model import OrgScope


async def draft(
    scope: OrgScope,
    *,
    place: Property,
    user_id: int,
    wallet_id: int | None,
    deliverable_id: int,
    client_identifier: uuid.UUID,
    test_state: str | None = None,
) -> int:
    """A draft job with its first model; the job's id. A test is never billed.

    Invalid when the wallet does not hold what the deliverable costs.
    """
    job_id, model_id = await queries.new_ids(scope)
    made = Draft(
        job_id=job_id,
        model_id=model_id,
        place=place,
        user_id=user_id,
        wallet_id=wallet_id,
        deliverable_id=deliverable_id,
        client_identifier=client_identifier,
    )
    changes = Changes(scope)
    add_draft(changes, scope, draft=made)
    await changes.apply()
    if test_state is None:
        await wallets.hold(scope, wallet_id=wallet_id, job_id=job_id, deliverable_id=deliverable_id)
    return job_id


def add_draft(changes: Changes, scope: OrgScope, *, draft: Draft) -> None:
    """Add a job, its model and their event to what is to be written; nothing is held for it."""
    changes.write(*queries.inserting(scope, draft=draft))
    changes.record("job.created", job_id=draft.job_id, model_id=draft.model_id)


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
    if to == JobState.COMPLETE:
        await wallets.capture(scope, job_id=job_id)
    elif to in (JobState.FAILED, JobState.CANCELLED):
        await wallets.release(scope, job_id=job_id)


async def finish(scope: OrgScope, *, job_id: int) -> None:
    """Bring a job that works through its last states, each with its event, to complete.

    Only a job that something is held for, or that tries the states out, passes `paying`.
    """
    await move(scope, job_id=job_id, to=JobState.PROCESSING)
    job = await find(scope, job_id=job_id)
    if job.test_state is not None or await wallet_queries.is_held(scope, job_id=job_id):
        await move(scope, job_id=job_id, to=JobState.PAYING)
    await move(scope, job_id=job_id, to=JobState.COMPLETE)


async def charge(scope: OrgScope, *, job: Job, deliverable_id: int) -> None:
    """Set aside what building this for a job costs beyond what it has paid; a test is free."""
    if job.test_state is None:
        await wallets.hold(
            scope, wallet_id=job.wallet_id, job_id=job.id, deliverable_id=deliverable_id
        )


async def charge_freed(scope: OrgScope, *, job: Job) -> None:
    """Set aside again what was freed before anything was built; Invalid when the wallet is short.

    What was made when it cost nothing stays free.
    """
    if await wallet_queries.was_freed(scope, job_id=job.id):
        await charge(scope, job=job, deliverable_id=job.deliverable_id)


async def can_charge_freed(scope: OrgScope, *, job: Job) -> bool:
    """Whether the wallet holds enough for that, and does until this transaction ends."""
    if job.test_state is not None or not await wallet_queries.was_freed(scope, job_id=job.id):
        return True
    return await wallets.can_hold(
        scope, wallet_id=job.wallet_id, job_id=job.id, deliverable_id=job.deliverable_id
    )
