"""Verbs round a request that are neither asking nor capturing: whose it is, and its link again."""

from datetime import timedelta

from doorstep.captures import actions, invitations, notices
from doorstep.captures import ownership_queries as owners
from doorstep.captures.model import Asking, CaptureRequest
from doorstep.events.actions import record
from doorstep.jobs import actions as jobs
from doorstep.jobs import change_queries as job_rows
from doorstep.kit.errors import Invalid
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope, Right

ASKED_AGAIN_MAX = 5
ASKED_AGAIN_EVERY = timedelta(minutes=10)


async def reassign(scope: OrgScope, *, job_id: int, user_id: int) -> None:
    """Give a job, and the request that it came from, to another member."""
    scope.require(Right.INVITE)
    job = await jobs.find(scope, job_id=job_id)
    if await orgs.find_member(scope, user_id=user_id) is None:
        raise Invalid(fields={"user_id": ["is not an active user of this organization"]})
    if job.user_id == user_id:
        return
    await job_rows.set_owner(scope, job_id=job_id, user_id=user_id)
    request_id = await owners.set_requester(scope, job_id=job_id, user_id=user_id)
    await record(
        scope, "job.reassigned", job_id=job_id, capture_request_id=request_id, user_id=user_id
    )


async def ask_once(scope: OrgScope, *, asking: Asking, requesting_user_id: int) -> CaptureRequest:
    """As `ask`, but the same `client_identifier` gets the request that it made before.

    Invalid when it names another person or another house: then it is no repetition.
    """
    if not asking.may_be_repetition:
        return await actions.ask(scope, asking=asking, requesting_user_id=requesting_user_id)
    await owners.lock_client_identifier(scope, client_identifier=asking.client_identifier)
    found = await owners.find_by_client_identifier(
        scope, client_identifier=asking.client_identifier
    )
    if found is None:
        return await actions.ask(scope, asking=asking, requesting_user_id=requesting_user_id)
    request = await actions.find(scope, request_id=found)
    same_person = request.capturing_user_email.lower() == asking.email.lower()
    if not same_person or request.location_line_1 != asking.place.line_1:
        raise Invalid(fields={"client_identifier": ["was used for another capture request"]})
    return request


async def send_link_again(scope: OrgScope, *, request_id: int) -> None:
    """Send the link to the stored contact and nobody else, five times at most; else nothing.

    Where it has ended, the member who asked for the photos is told instead.
    """
    ended = await owners.note_asked_again(
        scope, request_id=request_id, times_max=ASKED_AGAIN_MAX, every=ASKED_AGAIN_EVERY
    )
    if ended is None:
        return
    request = await actions.find(scope, request_id=request_id)
    await record(
        scope,
        "capture_request.link_asked",
        lead_id=request.lead_id,
        capture_request_id=request_id,
        job_id=request.job_id,
        expired=ended,
    )
    if ended:
        await notices.link_asked(scope, request=request)
    else:
        await invitations.invite(scope, request=request)
