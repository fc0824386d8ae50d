"""What the homeowner reads: the invitation and its reminders, by e-mail and SMS.

The link is not in the text that is stored: `{link}` stands for it until the message
leaves, for nothing secret is at rest.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from doorstep.captures import expiry, queries
from doorstep.captures.model import CaptureRequest
from doorstep.events.actions import Changes
from doorstep.kit.errors import Conflict
from doorstep.leads import consent
from doorstep.messages import actions as messages
from doorstep.messages import texts
from doorstep.messages.model import Message, Written
from doorstep.messages.texts import Composed, Words
from doorstep.orgs.model import OrgScope

SUBJECT = "capture_request"

INVITATION, REMINDER, MORE_PHOTOS = "invitation", "reminder", "more_photos"


@dataclass(frozen=True, kw_only=True)
class Hours:
    """The zones in whose hours messages leave, if no person sends them, and until when."""

    zones: Sequence[str] | None = None
    until: datetime | None = None


ANY_TIME = Hours()


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What is written, the same by e-mail and SMS, and when it may leave."""

    kind: str
    words: Composed
    hours: Hours = ANY_TIME


def subject_ref(request_id: int) -> str:
    """How messages name the request that they belong to."""
    return f"{SUBJECT}:{request_id}"


def link_ref(request_id: int) -> str:
    """How messages name the link that they carry."""
    return f"capture:{request_id}"


async def invite(scope: OrgScope, *, request: CaptureRequest) -> None:
    """Queue the invitation on every channel that the request allows."""
    await _send(scope, request=request, kind=INVITATION)


async def add_invitation(
    changes: Changes,
    scope: OrgScope,
    *,
    request: CaptureRequest,
    words: Words,
    zones: Sequence[str] | None,
) -> None:
    """Add the same to what is to be written; the words are known already."""
    filled = texts.fill(words.text, kind=INVITATION, frame=words.frame, values=_values(request))
    written = Letter(kind=INVITATION, words=filled, hours=Hours(zones=zones))
    await _add(changes, scope, request=request, letter=written)


async def remind(
    scope: OrgScope, *, request: CaptureRequest, zones: Sequence[str], until: datetime
) -> None:
    """Queue a reminder on every channel that the request allows, for the hours of these zones."""
    hours = Hours(zones=zones, until=until)
    await _send(scope, request=request, kind=REMINDER, hours=hours)


async def send_again(scope: OrgScope, message_id: uuid.UUID) -> uuid.UUID:
    """The same words once more, with a link that works again if it had ended.

    Conflict when the request is not open, and for a text to somebody who wants none.
    """
    message = await messages.find(scope, message_id=message_id)
    request = await _request_of(scope, message=message)
    if request and request.lead_id is not None and message.channel == "sms":
        obstacle = await consent.text_obstacle(scope, lead_id=request.lead_id)
        if obstacle is not None:
            raise Conflict("This person wants no text messages; somebody here noted that.")
    new_id = await messages.send_again(scope, message_id)
    if request is not None:
        await expiry.renew(scope, request=request)
    return new_id


async def lead_of(scope: OrgScope, *, message: Message) -> uuid.UUID | None:
    """The lead because of which this message was written."""
    request = await _request_of(scope, message=message)
    return request.lead_id if request else None


async def _request_of(scope: OrgScope, *, message: Message) -> CaptureRequest | None:
    about, _, number = (message.subject_ref or "").partition(":")
    if about != SUBJECT:
        return None
    return await queries.find(scope, request_id=int(number))


async def ask_for_more(scope: OrgScope, *, request: CaptureRequest, spots: str, note: str) -> None:
    """Queue the letter that asks for photos from these spots."""
    await _send(scope, request=request, kind=MORE_PHOTOS, spots=spots, note=note)


async def _send(
    scope: OrgScope,
    *,
    request: CaptureRequest,
    kind: str,
    hours: Hours = ANY_TIME,
    **told: str,
) -> None:
    words = await texts.compose(
        scope, kind=kind, values=_values(request) | told, language=request.language
    )
    changes = Changes(scope)
    letter = Letter(kind=kind, words=words, hours=hours)
    await _add(changes, scope, request=request, letter=letter)
    await changes.apply()


async def _add(
    changes: Changes, scope: OrgScope, *, request: CaptureRequest, letter: Letter
) -> None:
    if request.invites_by_email:
        await messages.add(changes, scope, **_email(request, letter))
    wants_text = request.invites_by_text and not request.suppress_text_messages
    if request.capturing_user_phone and wants_text:
        objection = None
        if request.lead_id is not None:
            objection = await consent.text_obstacle(scope, lead_id=request.lead_id)
        await messages.add(changes, scope, **_text(request, letter, objection=objection))


def _email(request: CaptureRequest, letter: Letter) -> Written:
    return {
        "channel": "email",
        "kind": letter.kind,
        "to_name": request.capturing_user_name,
        "to_address": request.capturing_user_email,
        "subject": letter.words.subject,
        "text_body": letter.words.text,
        "html_body": letter.words.html,
        "subject_ref": subject_ref(request.id),
        "link_ref": link_ref(request.id),
        "zones": letter.hours.zones,
        "goes_until": letter.hours.until,
    }


def _text(request: CaptureRequest, letter: Letter, *, objection: str | None) -> Written:
    assert request.capturing_user_phone
    return {
        "channel": "sms",
        "kind": letter.kind,
        "to_name": request.capturing_user_name,
        "to_address": request.capturing_user_phone,
        "text_body": letter.words.sms,
        "subject_ref": subject_ref(request.id),
        "link_ref": link_ref(request.id),
        "zones": letter.hours.zones,
        "goes_until": letter.hours.until,
        "objection": objection,
    }


def _values(request: CaptureRequest) -> dict[str, str]:
    return {
        "asker": _asker(request),
        "name": request.capturing_user_name,
        "address": request.location_line_1 or "",
    }


def _asker(request: CaptureRequest) -> str:
    """Who asks, with the member's name where the organization wants it."""
    org = request.customer_display_name
    return f"{request.requester_name} of {org}" if request.names_requester else org
