"""What the homeowner reads: the invitation and its reminders, by e-mail and SMS.

The link is not in the text that is stored: `{link}` stands for it until the message
leaves, for nothing secret is at rest.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import jinja2

from doorstep.captures import queries
from doorstep.captures.model import CaptureRequest
from doorstep.events.actions import Changes
from doorstep.kit.errors import Conflict
from doorstep.leads import consent
from doorstep.messages import actions as messages
from doorstep.messages.model import Message, Written
from doorstep.orgs.model import OrgScope

SUBJECT = "capture_request"

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

MORE_PHOTOS = Letter(
    "more_photos",
    "{org} needs a few more photos of your house",
    "The photos that you took are safe. For the model of your house a few more are needed, from: "
    "{spots}. {note}",
    "{org}: a few more photos of your house are needed, a minute or two: {{link}} "
    "Reply STOP to opt out",
)


def subject_ref(request_id: int) -> str:
    """How messages name the request that they belong to."""
    return f"{SUBJECT}:{request_id}"


def link_ref(request_id: int) -> str:
    """How messages name the link that they carry."""
    return f"capture:{request_id}"


async def invite(scope: OrgScope, *, request: CaptureRequest) -> None:
    """Queue the invitation on every channel that the request allows."""
    await _send(scope, request=request, letter=INVITATION)


async def add_invitation(changes: Changes, scope: OrgScope, *, request: CaptureRequest) -> None:
    """Add the same to what is to be written."""
    await _add(changes, scope, request=request, letter=INVITATION, told={})


async def remind(scope: OrgScope, *, request: CaptureRequest) -> None:
    """Queue a reminder on every channel that the request allows."""
    await _send(scope, request=request, letter=REMINDER)


async def send_again(scope: OrgScope, message_id: uuid.UUID) -> uuid.UUID:
    """The same words once more; Conflict for a text to somebody who wants none."""
    message = await messages.find(scope, message_id=message_id)
    lead_id = await lead_of(scope, message=message)
    if lead_id is not None and message.channel == "sms":
        obstacle = await consent.text_obstacle(scope, lead_id=lead_id)
        if obstacle is not None:
            raise Conflict("This person wants no text messages; somebody here noted that.")
    return await messages.send_again(scope, message_id)


async def lead_of(scope: OrgScope, *, message: Message) -> uuid.UUID | None:
    """The lead because of which this message was written."""
    about, _, number = (message.subject_ref or "").partition(":")
    if about != SUBJECT:
        return None
    request = await queries.find(scope, request_id=int(number))
    return request.lead_id if request else None


async def ask_for_more(scope: OrgScope, *, request: CaptureRequest, spots: str, note: str) -> None:
    """Queue the letter that asks for photos from these spots."""
    await _send(scope, request=request, letter=MORE_PHOTOS, spots=spots, note=note)


async def _send(scope: OrgScope, *, request: CaptureRequest, letter: Letter, **told: str) -> None:
    changes = Changes(scope)
    await _add(changes, scope, request=request, letter=letter, told=told)
    await changes.apply()


async def _add(
    changes: Changes,
    scope: OrgScope,
    *,
    request: CaptureRequest,
    letter: Letter,
    told: Mapping[str, str],
) -> None:
    if request.invites_by_email:
        await messages.add(changes, scope, **_email(request, letter=letter, told=told))
    wants_text = request.invites_by_text and not request.suppress_text_messages
    if request.capturing_user_phone and wants_text:
        objection = None
        if request.lead_id is not None:
            objection = await consent.text_obstacle(scope, lead_id=request.lead_id)
        await messages.add(changes, scope, **_text(request, letter=letter, objection=objection))


def _email(request: CaptureRequest, *, letter: Letter, told: Mapping[str, str]) -> Written:
    org = request.customer_display_name
    values = {
        "org": org,
        "name": request.capturing_user_name,
        "address": request.location_line_1 or "",
        "lead": letter.lead.format(org=_asker(request), **told).strip(),
    }
    return {
        "channel": "email",
        "kind": letter.kind,
        "to_name": request.capturing_user_name,
        "to_address": request.capturing_user_email,
        "subject": letter.subject.format(org=org),
        "text_body": _texts.get_template("invitation.txt").render(values),
        "html_body": _texts.get_template("invitation.html").render(values),
        "subject_ref": subject_ref(request.id),
        "link_ref": link_ref(request.id),
    }


def _text(request: CaptureRequest, *, letter: Letter, objection: str | None) -> Written:
    assert request.capturing_user_phone
    return {
        "channel": "sms",
        "kind": letter.kind,
        "to_name": request.capturing_user_name,
        "to_address": request.capturing_user_phone,
        "text_body": letter.sms.format(org=_asker(request)),
        "subject_ref": subject_ref(request.id),
        "link_ref": link_ref(request.id),
        "objection": objection,
    }


def _asker(request: CaptureRequest) -> str:
    """Who asks, with the member's name where the organization wants it."""
    org = request.customer_display_name
    return f"{request.requester_name} of {org}" if request.names_requester else org
