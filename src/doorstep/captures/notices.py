"""E-mail to the member who asked: the photos are in, or the homeowner answered otherwise."""

import html

from doorstep.captures import actions
from doorstep.captures.model import CaptureRequest
from doorstep.events.model import Event
from doorstep.messages import actions as messages
from doorstep.messages import texts
from doorstep.messages.texts import Composed
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
    values = {"name": request.capturing_user_name, "place": place}
    words = await texts.compose(scope, kind="photos_received", values=values)
    await _write(scope, request, kind="photos_received", words=words)


async def answered(scope: OrgScope, *, request_id: int, answer: str) -> None:
    """Tell the requester what the homeowner answered."""
    request = await actions.find(scope, request_id=request_id)
    place = request.location_line_1 or request.job_name
    text = ANSWERED[answer].format(name=request.capturing_user_name, place=place)
    if request.capturing_user_phone:
        text += f" The number that you have: {request.capturing_user_phone}."
    words = Composed(
        subject=f"An answer from {place}",
        text=f"{text}\n\nOpen the job: {{link}}\n",
        html=f'<p>{html.escape(text)}</p><p><a href="{{link}}">Open the job</a></p>',
        sms="",
    )
    await _write(scope, request, kind="homeowner_answered", words=words)


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
