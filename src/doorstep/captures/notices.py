"""E-mail to the member who asked: the photos are in, or the homeowner answered otherwise."""

from doorstep.captures import actions
from doorstep.captures.model import CaptureRequest
from doorstep.events.model import Event
from doorstep.messages import actions as messages
from doorstep.messages import texts
from doorstep.messages.texts import Composed
from doorstep.orgs.model import OrgScope

KINDS = {"call": "homeowner_call", "not_mine": "homeowner_not_mine"}


async def photos_in(scope: OrgScope, event: Event) -> None:
    """Tell the requester that the capture is complete."""
    assert event.capture_request_id is not None
    request = await actions.find(scope, request_id=event.capture_request_id)
    place = request.location_line_1 or request.job_name
    values = {"name": request.capturing_user_name, "place": place}
    words = await texts.compose(scope, kind="photos_received", values=values)
    await _write(scope, request, kind="photos_received", words=words)


async def answered(scope: OrgScope, *, request_id: int, answer: str) -> None:
    """Tell the requester what the homeowner answered."""
    request = await actions.find(scope, request_id=request_id)
    values = {
        "name": request.capturing_user_name,
        "place": request.location_line_1 or request.job_name,
        "phone": request.capturing_user_phone or "",
    }
    words = await texts.compose(scope, kind=KINDS[answer], values=values)
    await _write(scope, request, kind=KINDS[answer], words=words)


async def link_asked(scope: OrgScope, *, request: CaptureRequest) -> None:
    """Tell the requester that the homeowner came after the link had ended."""
    values = {
        "name": request.capturing_user_name,
        "place": request.location_line_1 or request.job_name,
    }
    words = await texts.compose(scope, kind="link_asked", values=values)
    await _write(scope, request, kind="link_asked", words=words)


async def _write(scope: OrgScope, request: CaptureRequest, *, kind: str, words: Composed) -> None:
    await messages.queue(
        scope,
        channel="email",
        kind=kind,
        to_name=request.requester_name,
        to_address=request.requester_email,
        subject=words.subject,
        text_body=words.text,
        html_body=words.html,
        subject_ref=f"job:{request.job_id}",
        link_ref=f"job:{request.job_id}",
    )
