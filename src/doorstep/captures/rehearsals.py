"""A test job goes through every state without a phone, so that an integration can be tried.

The states and their events are those of a real capture; only the end is told beforehand.
"""

import uuid
from datetime import timedelta

from doorstep.captures import queries, reminding, session_queries
from doorstep.captures.model import CaptureRequest, RequestState
from doorstep.events.actions import record
from doorstep.jobs import actions as jobs
from doorstep.jobs import change_queries as changes
from doorstep.jobs import structures
from doorstep.jobs.model import COMPLETE, JobState, Property
from doorstep.kit.errors import Conflict, Invalid
from doorstep.kit.tasks import Task, enqueue_many
from doorstep.orgs import wallets
from doorstep.orgs.model import OrgScope, Right

FINISH = "captures.finish_rehearsal"
FINISH_AFTER = timedelta(seconds=2)
OUTCOMES = ("complete", "failed")
STRUCTURES = ("Multi-structure test", "Garage", "Shed")
FAILED_MODELS_MAX = len(STRUCTURES) - 1
TEST_FAILURE = {
    "code": "test",
    "homeowner": "This was a test.",
    "organization": "This is a test job that was told to fail.",
}


async def rehearse_structures(
    scope: OrgScope, *, user_id: int, outcome: str, failed_models: int
) -> int:
    """A test job of three structures that ends as told; its id."""
    job_id = await jobs.draft(
        scope,
        place=Property(name=STRUCTURES[0]),
        user_id=user_id,
        wallet_id=None,
        deliverable_id=COMPLETE,
        client_identifier=uuid.uuid4(),
        test_state=outcome,
    )
    await structures.add(scope, job_id=job_id, names=STRUCTURES[1:])
    await rehearse(scope, job_id=job_id, outcome=outcome, failed_models=failed_models)
    return job_id


async def rehearse(scope: OrgScope, *, job_id: int, outcome: str, failed_models: int = 0) -> None:
    """Complete the request, start the work, and let it end as told; Conflict when too late."""
    scope.require(Right.INVITE)
    if outcome not in OUTCOMES:
        raise Invalid(fields={"state": ["must be complete or failed"]})
    job = await jobs.find(scope, job_id=job_id)
    if job.state not in (JobState.UPLOADING, JobState.PROCESSING_UPLOAD):
        raise Conflict(f"The job is {job.state}; it is too late for a test state.")
    request = await queries.find_of_job(scope, job_id=job_id)
    await changes.set_test_state(scope, job_id=job_id, outcome=outcome)
    if request is not None:
        await _complete(scope, request)
    if job.state == JobState.UPLOADING:
        await jobs.move(scope, job_id=job_id, to=JobState.PROCESSING_UPLOAD)
    # In the same transaction: nobody ever sees a test job that waits for a build.
    await _work(scope, job_id=job_id, failed_models=failed_models)


async def go_on(scope: OrgScope, *, job_id: int) -> bool:
    """Whether this is a test job, whose next build is rehearsed like the first."""
    if await changes.test_state(scope, job_id=job_id) is None:
        return False
    await _work(scope, job_id=job_id)
    return True


async def _work(scope: OrgScope, *, job_id: int, failed_models: int = 0) -> None:
    """Start the work. A test is never charged, however often something is ordered of it."""
    await wallets.release(scope, job_id=job_id)
    await jobs.move(scope, job_id=job_id, to=JobState.WORKING)
    payload = {"org_id": scope.org_id, "job_id": job_id, "failed_models": failed_models}
    await enqueue_many(scope.tx, [Task(name=FINISH, payload=payload, delay=FINISH_AFTER)])


async def finish(scope: OrgScope, *, job_id: int, failed_models: int = 0) -> bool:
    """End a test job that works; whether this call completed it. Run twice it changes nothing.

    A complete job may have models that failed: so many of its newest.
    """
    outcome = await changes.test_state(scope, job_id=job_id)
    job = await jobs.find(scope, job_id=job_id)
    if outcome is None or job.state != JobState.WORKING:
        return False
    if outcome == "failed":
        await jobs.move(scope, job_id=job_id, to=JobState.FAILED, failure=TEST_FAILURE)
        await structures.fail(scope, job_id=job_id, failure=TEST_FAILURE)
        return False
    await jobs.finish(scope, job_id=job_id)
    await structures.complete(scope, job_id=job_id, build_id=None, but_newest=failed_models)
    await structures.fail(scope, job_id=job_id, failure=TEST_FAILURE, newest=failed_models)
    return True


async def _complete(scope: OrgScope, request: CaptureRequest) -> None:
    if request.state == RequestState.DELETED:
        raise Conflict("The capture request is deleted; its job cannot be tested.")
    if await session_queries.connect(scope, capture_request_id=request.id, language=None):
        await changes.note_opened(scope, job_id=request.job_id)
        await _tell(scope, request, name="capture_request.connected")
    if await session_queries.complete(scope, capture_request_id=request.id):
        await reminding.cancel(scope, request_id=request.id)
        await _tell(scope, request, name="capture_request.completed")


async def _tell(scope: OrgScope, request: CaptureRequest, *, name: str) -> None:
    await record(
        scope,
        name,
        lead_id=request.lead_id,
        capture_request_id=request.id,
        job_id=request.job_id,
        session_id=None,
    )
