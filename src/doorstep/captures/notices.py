"""E-mail to the member who asked: the photos are in, or the homeowner answered otherwise."""

import html

from doorstep.captures import actions
from doorstep.captures.model import CaptureRequest
from doorstep.events.model import Event
from doorstep.messages import actions as messages
from doorstep.orgs.model import OrgScope

ANSWERED = {
    "call": "{name} cannot take the photos of {place} and asks to be called.",
    "not_mine": "{name} says that {place} is not their house, or that they are somebody else.",
}


async def photos_in(scope: OrgScope, event: Event) -> None:
    """Tell the requester that the capture is complete."""
    assert event.capture_request_id is not None
    request = await actions.find(scope, request_id=event.capture_request_id)
    place = request.location_line_1 or request.job_name
    await _tell(
        scope,
        request,
        kind="photos_received",
        subject=f"The photos of {place} are in",
        text=f"{request.capturing_user_name} has sent the photos of {place}.",
    )


async def answered(scope: OrgScope, *, request_id: int, answer: str) -> None:
    """Tell the requester what the homeowner answered."""
    request = await actions.find(scope, request_id=request_id)
    place = request.location_line_1 or request.job_name
    text = ANSWERED[answer].format(name=request.capturing_user_name, place=place)
    if request.capturing_user_phone:
        text += f" The number that you have: {request.capturing_user_phone}."
    await _tell(
        scope, request, kind="homeowner_answered", subject=f"An answer from {place}", text=text
    )


async def _tell(
    scope: OrgScope, request: CaptureRequest, *, kind: str, subject: str, text: str
) -> None:
    await messages.queue(
        scope,
        channel="email",
        kind=kind,
        to_name=request.requester_name,
        to_address=request.requester_email,
        subject=subject,
        text_body=f"{text}\n\nOpen the job: {{link}}\n",
        html_body=f'<p>{html.escape(text)}</p><p><a href="{{link}}">Open the job</a></p>',
        subject_ref=f"job:{request.job_id}",
        link_ref=f"job:{request.job_id}",
    )
