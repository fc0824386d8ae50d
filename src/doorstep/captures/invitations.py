"""What the homeowner reads: the invitation and its reminders, by e-mail and SMS.

The link is not in the text that is stored: `{link}` stands for it until the message
leaves, for nothing secret is at rest.
"""

from dataclasses import dataclass

import jinja2

from doorstep.captures.model import CaptureRequest
from doorstep.messages import actions as messages
from doorstep.orgs.model import OrgScope

_texts = jinja2.Environment(
    loader=jinja2.PackageLoader("doorstep.captures", "templates"),
    autoescape=jinja2.select_autoescape(["html"]),
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Letter:
    """A kind of message and its words."""

    kind: str
    subject: str
    lead: str
    sms: str


INVITATION = Letter(
    "invitation",
    "{org} would like photos of your house",
    "{org} asks you for photos of the outside of your house, to measure it without a visit. "
    "It takes about 8 minutes with your phone, and you need no app and no account.",
    "{org}: please take photos of your house with your phone, about 8 minutes, no app: "
    "{{link}} Reply STOP to opt out",
)
REMINDER = Letter(
    "reminder",
    "A reminder: photos of your house for {org}",
    "{org} is still waiting for photos of the outside of your house. Your link works, and what "
    "you sent so far is safe.",
    "{org}: a reminder, photos of your house are still missing: {{link}} Reply STOP to opt out",
)


def subject_ref(request_id: int) -> str:
    """How messages name the request that they belong to."""
    return f"capture_request:{request_id}"


def link_ref(request_id: int) -> str:
    """How messages name the link that they carry."""
    return f"capture:{request_id}"


async def invite(scope: OrgScope, *, request: CaptureRequest) -> None:
    """Queue the invitation on every channel that the request allows."""
    await _send(scope, request=request, letter=INVITATION)


async def remind(scope: OrgScope, *, request: CaptureRequest) -> None:
    """Queue a reminder on every channel that the request allows."""
    await _send(scope, request=request, letter=REMINDER)


async def _send(scope: OrgScope, *, request: CaptureRequest, letter: Letter) -> None:
    org = request.customer_display_name
    values = {
        "org": org,
        "name": request.capturing_user_name,
        "address": request.location_line_1 or "",
        "lead": letter.lead.format(org=org),
    }
    await messages.queue(
        scope,
        channel="email",
        kind=letter.kind,
        to_name=request.capturing_user_name,
        to_address=request.capturing_user_email,
        subject=letter.subject.format(org=org),
        text_body=_texts.get_template("invitation.txt").render(values),
        html_body=_texts.get_template("invitation.html").render(values),
        subject_ref=subject_ref(request.id),
        link_ref=link_ref(request.id),
    )
    if request.capturing_user_phone and not request.suppress_text_messages:
        await messages.queue(
            scope,
            channel="sms",
            kind=letter.kind,
            to_name=request.capturing_user_name,
            to_address=request.capturing_user_phone,
            subject="",
            text_body=letter.sms.format(org=org),
            html_body="",
            subject_ref=subject_ref(request.id),
            link_ref=link_ref(request.id),
        )
