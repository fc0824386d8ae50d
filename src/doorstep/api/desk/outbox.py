"""`/api/desk/messages`: the outbox, what became of each message, and what a person knows of it."""

import uuid
from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.params import QueryParameter

from doorstep.api.desk.answers import PAGE_ROWS, Limit, Made, problems
from doorstep.captures import invitations
from doorstep.messages import actions, queries
from doorstep.messages.model import Channel, Message
from doorstep.messages.segments import size_of
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.services import Services

TAG = ["Messages"]
Before = Annotated[uuid.UUID | None, QueryParameter(required=False)]
NeedsHand = Annotated[bool, QueryParameter(required=False)]


class MessageLine(msgspec.Struct, kw_only=True):
    """A message as the outbox lists it; `problem` is a code of what went wrong."""

    id: uuid.UUID
    channel: str
    kind: str
    to_name: str
    to_address: str
    subject: str
    state: str
    problem: str | None
    attempts: int
    next_at: datetime | None
    created_at: datetime
    sent_at: datetime | None


class MessageList(msgspec.Struct, kw_only=True):
    """One page, newest first."""

    messages: list[MessageLine]
    next: uuid.UUID | None


class AttemptLine(msgspec.Struct, kw_only=True):
    """One try, and what the other side answered."""

    number: int
    at: datetime
    outcome: str
    answer: str


class MessageFacts(MessageLine, kw_only=True):
    """One message as its reader sees it; `segments` of a text."""

    provider_id: str | None
    text: str
    html: str
    link: str | None
    segments: int | None
    tries: list[AttemptLine]


@get("/messages", tags=TAG, responses=problems())
async def list_messages(
    api: OrgScope, *, before: Before = None, needs_hand: NeedsHand = False, limit: Limit = PAGE_ROWS
) -> MessageList:
    """One page of the outbox."""
    api.require(Right.READ)
    found = await queries.page(api, before_id=before, by_hand=needs_hand, rows_max=limit + 1)
    return MessageList(
        messages=[msgspec.convert(one, MessageLine, from_attributes=True) for one in found[:limit]],
        next=found[limit - 1].id if len(found) > limit else None,
    )


@get("/messages/{message_id:uuid}", tags=TAG, responses=problems(404))
async def show_message(api: OrgScope, *, message_id: uuid.UUID, services: Services) -> MessageFacts:
    """One message with its link and every try."""
    api.require(Right.INVITE)
    found = await actions.find(api, message_id=message_id)
    seen = await actions.rendered(api, message_id, resolve=services.links.resolve)
    tries = await queries.attempts(api, message_id=message_id)
    return MessageFacts(
        **_line(found),
        provider_id=found.provider_id,
        text=seen.text,
        html=seen.html,
        link=seen.link,
        segments=size_of(seen.text).segments if found.channel == Channel.SMS else None,
        tries=[msgspec.convert(one, AttemptLine, from_attributes=True) for one in tries],
    )


@post("/messages/{message_id:uuid}/sent", status_code=204, tags=TAG, responses=problems(404, 409))
async def mark_sent(api: OrgScope, *, message_id: uuid.UUID) -> None:
    """Somebody sent it in another way, or knows that it arrived."""
    await actions.mark_sent(api, message_id)


@post("/messages/{message_id:uuid}/copies", tags=TAG, responses=problems(404, 409))
async def send_again(api: OrgScope, *, message_id: uuid.UUID) -> Made:
    """The same words once more, as a new message."""
    return Made(id=await invitations.send_again(api, message_id))


def _line(message: Message) -> dict[str, Any]:
    return {name: getattr(message, name) for name in MessageLine.__struct_fields__}


ROUTES = [list_messages, show_message, mark_sent, send_again]
