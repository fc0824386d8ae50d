"""E-mail to the member who asked: the photos are in."""

import html

from doorstep.captures import actions
from doorstep.events.model import Event
from doorstep.messages import actions as messages
from doorstep.orgs.model import OrgScope


async def photos_in(scope: OrgScope, event: Event) -> None:
    """Tell the requester that the capture is complete."""
    assert event.capture_request_id is not None
    request = await actions.find(scope, request_id=event.capture_request_id)
    place = request.location_line_1 or request.job_name
    text = f"{request.capturing_user_name} has sent the photos of {place}."
    await messages.queue(
        scope,
        channel="email",
        kind="photos_received",
        to_name=request.requester_name,
        to_address=request.requester_email,
        subject=f"The photos of {place} are in",
        text_body=f"{text}\n\nOpen the job: {{link}}\n",
        html_body=f'<p>{html.escape(text)}</p><p><a href="{{link}}">Open the job</a></p>',
        subject_ref=f"job:{request.job_id}",
        link_ref=f"job:{request.job_id}",
    )
