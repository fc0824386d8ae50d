"""Open a finished capture again, for photos from spots that the model lacks."""

from collections.abc import Sequence

from doorstep.captures import erasure_queries, invitations, reopening_queries
from doorstep.captures.actions import find
from doorstep.captures.model import SPOT_TEXTS, CaptureRequest
from doorstep.events.actions import record
from doorstep.jobs import actions as jobs
from doorstep.jobs.model import JobState
from doorstep.kit.errors import Conflict, Invalid
from doorstep.orgs.model import OrgScope, Right

NOTE_CHARACTERS_MAX = 300
BUILT = (JobState.COMPLETE, JobState.FAILED)


async def reopen(
    scope: OrgScope, *, request_id: int, spots: Sequence[str], note: str = ""
) -> CaptureRequest:
    """Ask for more photos over the same link; what is there stays, and the model too.

    The price of a job that failed is set aside again. Conflict unless the capture is finished
    and its build has ended.
    """
    scope.require(Right.INVITE)
    request = await find(scope, request_id=request_id)
    wanted = _checked(spots, note)
    if await erasure_queries.asked_at(scope, job_id=request.job_id):
        raise Conflict("The photos are deleted; ask for a new capture.")
    job = await jobs.find(scope, job_id=request.job_id)
    if job.state not in BUILT:
        raise Conflict(f"The job is {job.label.lower()}; more photos can be asked for after that.")
    if not await reopening_queries.reopen(scope, request_id=request_id):
        raise Conflict(f"The capture request is {request.state}; its link is open already.")
    await jobs.charge(scope, job=job, deliverable_id=job.deliverable_id)
    await reopening_queries.insert(scope, request_id=request_id, spots=wanted, note=note.strip())
    names = ", ".join(SPOT_TEXTS[spot] for spot in wanted)
    await invitations.ask_for_more(scope, request=request, spots=names, note=note.strip())
    await record(
        scope,
        "capture_request.reopened",
        lead_id=request.lead_id,
        capture_request_id=request_id,
        job_id=request.job_id,
        spots=wanted,
    )
    return request


def _checked(spots: Sequence[str], note: str) -> list[str]:
    fields: dict[str, list[str]] = {}
    if not spots or not set(spots) <= set(SPOT_TEXTS):
        fields["spots"] = [f"are one or more of {', '.join(SPOT_TEXTS)}"]
    if len(note) > NOTE_CHARACTERS_MAX:
        fields["note"] = [f"has {len(note)} characters; {NOTE_CHARACTERS_MAX} fit"]
    if fields:
        raise Invalid(fields=fields)
    return [spot for spot in SPOT_TEXTS if spot in spots]
