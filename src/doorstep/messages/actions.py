"""Queue a message, stop it, send it again, show it.

The bodies hold `{link}` where the link belongs, for nothing secret is at rest: the link
is made from `link_ref` when the message leaves, or when a member looks at it.
"""

import html
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import fields
from typing import Any, Unpack

from doorstep.events.actions import Changes, record
from doorstep.kit.errors import Conflict, Invalid, NotFound
from doorstep.kit.ids import uuid7
from doorstep.kit.tasks import Task
from doorstep.messages import queries, reply_queries, report_queries
from doorstep.messages.model import (
    BY_HAND,
    HELP,
    LINK,
    REMINDER,
    SENDABLE_AGAIN,
    Channel,
    Letter,
    Message,
    Rendered,
    State,
    Written,
    checked_address,
    one_line,
)
from doorstep.orgs.model import OrgScope, Right

DELIVER = "messages.deliver"
ADDRESS_CHARACTERS_MAX = 320
BODY_CHARACTERS_MAX = 100_000

ResolveLink = Callable[[OrgScope, str], Awaitable[str]]


async def queue(scope: OrgScope, **written: Unpack[Written]) -> uuid.UUID:
    """Put a message in the outbox and on its way, as `add` does; its id."""
    changes = Changes(scope)
    message_id = await add(changes, scope, **written)
    await changes.apply()
    return message_id


async def add(changes: Changes, scope: OrgScope, **written: Unpack[Written]) -> uuid.UUID:
    """Add a message to what is to be written, and its way out unless its address is no good.

    A bad address is no error: the message is `unsendable` and says why, because the
    other channel may still work. A line break in an address is one: Invalid. With an
    objection it is `unsendable` likewise.
    """
    text_body, html_body = written["text_body"], written.get("html_body", "")
    reply_to = written.get("reply_to")
    for address in (written["to_address"], reply_to or ""):
        _refuse_control_characters(address)
    assert max(len(text_body), len(html_body)) <= BODY_CHARACTERS_MAX
    address, problem = checked_address(written["channel"], written["to_address"])
    letter = Letter(
        id=uuid7(),
        channel=Channel(written["channel"]),
        kind=written["kind"],
        subject_ref=written.get("subject_ref"),
        to_name=one_line(written["to_name"]),
        to_address=address,
        reply_to=_good_reply_address(reply_to),
        subject=one_line(written.get("subject", "")),
        text_body=text_body,
        html_body=html_body,
        link_ref=written.get("link_ref"),
        zones=written.get("zones"),
        goes_until=written.get("goes_until"),
    )
    problem = problem or written.get("objection") or await obstacle(scope, letter=letter)
    _post(changes, scope, letter=letter, problem=problem)
    return letter.id


async def obstacle(scope: OrgScope, *, letter: Letter) -> str | None:
    """Why nothing is sent to this address now, or None."""
    if letter.kind == HELP:
        return None
    if letter.channel == Channel.SMS:
        stopped = await reply_queries.has_stopped(scope.tx, number=letter.to_address)
        return "opted_out" if stopped else None
    if letter.kind == REMINDER and await report_queries.wants_no_reminders(
        scope, address=letter.to_address
    ):
        return "unsubscribed"
    rejected = await queries.was_rejected(scope, address=letter.to_address)
    return "address_was_rejected" if rejected else None


async def find(scope: OrgScope, *, message_id: uuid.UUID) -> Message:
    """The message; NotFound when it is not there or not this organization's."""
    found = await queries.find(scope, message_id=message_id)
    if found is None:
        raise NotFound
    return found


async def rendered(scope: OrgScope, message_id: uuid.UUID, *, resolve: ResolveLink) -> Rendered:
    """The message as its reader sees it, with its link."""
    message = await find(scope, message_id=message_id)
    link = await resolve(scope, message.link_ref) if message.link_ref else None
    return render(message, link=link)


def render(message: Letter, *, link: str | None) -> Rendered:
    """The message with its link in place."""
    return Rendered(
        subject=message.subject,
        text=message.text_body.replace(LINK, link or ""),
        html=message.html_body.replace(LINK, html.escape(link or "")),
        link=link,
    )


async def cancel(scope: OrgScope, *, subject_ref: str) -> int:
    """Stop every message about this that has not left; how many were stopped."""
    return await queries.cancel(scope, subject_ref=subject_ref)


async def send_again(scope: OrgScope, message_id: uuid.UUID) -> uuid.UUID:
    """A new message with the same words; its id. Conflict while the old one is on its way."""
    scope.require(Right.INVITE)
    old = await find(scope, message_id=message_id)
    if old.state not in SENDABLE_AGAIN:
        raise Conflict(f"The message is {old.state}; it cannot be sent again.")
    address, problem = checked_address(old.channel, old.to_address)
    kept = {one.name: getattr(old, one.name) for one in fields(Letter)}
    # It is a person who sends now.
    hours = {"zones": None, "goes_until": None}
    new = Letter(**kept | hours | {"id": uuid7(), "to_address": address})
    # A person may know that a mailbox works again; nobody may overrule a STOP.
    if old.channel == Channel.SMS:
        problem = problem or await obstacle(scope, letter=new)
    changes = Changes(scope)
    _post(changes, scope, letter=new, problem=problem, insist=True)
    await changes.apply()
    return new.id


async def mark_sent(scope: OrgScope, message_id: uuid.UUID) -> None:
    """A member sent it in another way, or knows that it arrived."""
    scope.require(Right.INVITE)
    message = await find(scope, message_id=message_id)
    done = await queries.end(
        scope, message_id=message_id, state=State.SENT, before=BY_HAND, problem="by_hand"
    )
    if not done:
        raise Conflict(f"The message is {message.state} already.")
    await tell_sent(scope, message, by_hand=True)


async def learn(
    scope: OrgScope,
    *,
    message_id: uuid.UUID,
    state: State,
    before: Sequence[State],
    problem: str,
    provider_id: str,
) -> None:
    """The provider says what became of an SMS; a word that comes too late changes nothing."""
    message = await find(scope, message_id=message_id)
    failed = state is State.FAILED
    changed = await queries.end(
        scope,
        message_id=message_id,
        state=state,
        before=before,
        problem=problem if failed else None,
        provider_id=provider_id,
    )
    if failed and problem == "opted_out":
        await stop_number(scope, letter=message)
    if changed and failed:
        await tell_failed(scope, message, reason=problem)
    elif changed and message.state != State.SENT:
        await tell_sent(scope, message)


async def learn_bounce(
    scope: OrgScope, *, message_id: uuid.UUID, number: int, problem: str, answer: str
) -> None:
    """A letter came back: write down what was said, and tell."""
    await queries.note_attempt(
        scope, message_id=message_id, number=number, outcome=problem, answer=answer
    )
    await tell_failed(scope, await find(scope, message_id=message_id), reason=problem)


async def stop_number(scope: OrgScope, *, letter: Letter) -> None:
    """The provider refuses because the person said STOP to it: remember that."""
    await reply_queries.keep_word(
        scope.tx, reply_id=f"refused:{letter.id}", number=letter.to_address, word="stop"
    )


async def tell_sent(scope: OrgScope, letter: Letter, *, by_hand: bool = False) -> None:
    """Record that the message is with the other side."""
    await record(scope, "message.sent", **_told(letter), by_hand=by_hand)


async def tell_failed(scope: OrgScope, letter: Letter, *, reason: str) -> None:
    """Record that the message will not be sent."""
    await record(scope, "message.failed", **_told(letter), reason=reason)


def deliver_task(org_id: int, message_id: uuid.UUID, *, number: int, insist: bool = False) -> Task:
    """The task that makes try `number` of a message; `insist` on a rejected address."""
    return Task(
        name=DELIVER,
        payload={
            "org_id": org_id,
            "message_id": str(message_id),
            "number": number,
            "insist": insist,
        },
    )


def _post(
    changes: Changes,
    scope: OrgScope,
    *,
    letter: Letter,
    problem: str | None,
    insist: bool = False,
) -> None:
    state = State.UNSENDABLE if problem else State.QUEUED
    changes.write(queries.inserting(scope, letter=letter, state=state, problem=problem))
    if problem:
        changes.record("message.failed", **_told(letter), reason=problem)
    else:
        changes.enqueue([deliver_task(scope.org_id, letter.id, number=1, insist=insist)])


def _good_reply_address(reply_to: str | None) -> str | None:
    if not reply_to:
        return None
    # A letter without it is better than none: the mail server would refuse the header.
    address, problem = checked_address(Channel.EMAIL, reply_to)
    return None if problem else address


def _told(letter: Letter) -> dict[str, Any]:
    return {
        "message_id": str(letter.id),
        "channel": str(letter.channel),
        "kind": letter.kind,
        "subject_ref": letter.subject_ref,
    }


def _refuse_control_characters(address: str) -> None:
    if len(address) > ADDRESS_CHARACTERS_MAX:
        raise Invalid(fields={"address": ["is too long"]})
    if any(ord(character) < ord(" ") for character in address.strip()):
        raise Invalid(fields={"address": ["contains a line break or control character"]})
