"""One try of a message: claim it, send it, write down how it ended.

1. `claim` commits the state `sending` before anything leaves.
2. `send` talks to the outside and holds no transaction.
3. `settle` commits the outcome, and with it the task of the next try.

A process that dies between 2 and 3 leaves `sending`. The task runs again, and there the
channels differ: an e-mail is sent once more with the same Message-ID, which readers see
once; an SMS is `unknown` from then on, for nobody wants it twice.

Try numbers are the fence: a task whose number is not the next one changes nothing.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import timedelta

from doorstep.kit.errors import AppError, OutcomeUnknown, TransportError
from doorstep.kit.mail import Mail, MailTransport
from doorstep.kit.sms import Sms, SmsTransport
from doorstep.kit.tasks import enqueue_many
from doorstep.messages import actions, hours, queries
from doorstep.messages import budgets as budgeting
from doorstep.messages.actions import ResolveLink
from doorstep.messages.budgets import Budgets
from doorstep.messages.marks import Marks
from doorstep.messages.model import (
    GIVE_UP_AFTER,
    REMINDER,
    UNKNOWN_RETRY,
    Channel,
    Message,
    Outcome,
    Rendered,
    State,
    one_line,
    retry_delay,
)
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope

NO_ANSWER = "unknown"


@dataclass(frozen=True, kw_only=True)
class Transports:
    """The ways out of this process; None where the operator has set none up."""

    mail: MailTransport | None
    sms: SmsTransport | None

    def serve(self, channel: str) -> bool:
        """Whether messages of this channel can leave."""
        return (self.mail if channel == Channel.EMAIL else self.sms) is not None


@dataclass(frozen=True, kw_only=True)
class Try:
    """A claimed message, ready to leave."""

    org_id: int
    message: Message
    number: int
    insist: bool
    content: Rendered
    from_name: str
    mail_id: str


async def claim(  # allow: sizes each names one thing that decides
    scope: OrgScope,
    *,
    message_id: uuid.UUID,
    number: int,
    insist: bool,
    transports: Transports,
    resolve: ResolveLink,
    budgets: Budgets,
) -> Try | None:
    """The message marked as being sent, or None when it is not to be sent (any more)."""
    message = await queries.lock_for_try(scope, message_id=message_id, number=number)
    if message is None:
        return None
    ended = await _reason_to_end(scope, message, insist=insist, transports=transports)
    if ended is None:
        wait = await hours.wait_of(scope, message=message)
        if wait:
            await queries.wait(scope, message_id=message_id, delay=wait)
            task = actions.deliver_task(scope.org_id, message_id, number=number, insist=insist)
            await enqueue_many(scope.tx, [replace(task, delay=wait)])
            return None
        ended = (State.CANCELLED, "skipped_late") if wait is None else None
    if ended is None:
        overdrawn = await budgeting.overdrawn(scope, message=message, budgets=budgets)
        ended = (State.UNSENDABLE, overdrawn) if overdrawn else None
    if ended is None:
        try:
            link = await resolve(scope, message.link_ref) if message.link_ref else None
        except AppError:
            ended = State.CANCELLED, "link_ended"
    if ended is not None:
        await _end(scope, message, number=number, ended=ended)
        return None
    domain = transports.mail.domain if transports.mail else "localhost"
    org = await orgs.find_org(scope)
    return Try(
        org_id=scope.org_id,
        message=message,
        number=number,
        insist=insist,
        content=actions.render(message, link=link),
        from_name=one_line(org.customer_display_name),
        mail_id=await queries.start(scope, message_id=message_id, domain=domain),
    )


async def send(one: Try, *, transports: Transports, marks: Marks | None) -> Outcome:
    """Hand the message to the outside; how that ended."""
    try:
        if one.message.channel == Channel.EMAIL:
            assert transports.mail is not None
            answer = await transports.mail.send(_mail(one, marks=marks))
            return Outcome(kind="accepted", code="accepted", answer=answer)
        assert transports.sms is not None
        provider_id = await transports.sms.send(_sms(one))
        return Outcome(kind="accepted", code="accepted", provider_id=provider_id)
    except OutcomeUnknown as error:
        return Outcome(kind="unknown", code=error.code, answer=error.answer)
    except TransportError as error:
        return Outcome(
            kind="never" if error.permanent else "later",
            code=error.code,
            answer=error.answer,
            retry_after=error.retry_after,
        )


async def settle(scope: OrgScope, one: Try, *, outcome: Outcome) -> None:
    """Write down how the try ended, and see to the next one if there is to be one."""
    message = one.message
    if outcome.kind == "accepted":
        accepted = await queries.accept(
            scope, message_id=message.id, number=one.number, provider_id=outcome.provider_id
        )
        if accepted:
            await actions.tell_sent(scope, message)
    elif outcome.kind == "never":
        await _fail(scope, one, problem=outcome.code)
    elif outcome.kind == "later":
        await _try_later(scope, one, outcome=outcome)
    else:
        await _leave_unknown(scope, one, outcome=outcome)
    await queries.note_attempt(
        scope,
        message_id=message.id,
        number=one.number,
        outcome=NO_ANSWER if outcome.kind == "unknown" else outcome.code,
        answer=outcome.answer,
    )


async def _reason_to_end(
    scope: OrgScope, message: Message, *, insist: bool, transports: Transports
) -> tuple[State, str] | None:
    if message.channel == Channel.SMS and message.state == State.SENDING:
        return State.UNKNOWN, "interrupted"
    if await queries.is_too_old(scope, message_id=message.id, after=GIVE_UP_AFTER):
        return State.FAILED, "too_late"
    if not transports.serve(message.channel):
        return State.SHOWN, "no_mail_server" if message.channel == Channel.EMAIL else "no_provider"
    obstacle = None if insist else await actions.obstacle(scope, letter=message)
    return (State.UNSENDABLE, obstacle) if obstacle else None


async def _end(scope: OrgScope, message: Message, *, number: int, ended: tuple[State, str]) -> None:
    state, problem = ended
    await queries.end(
        scope,
        message_id=message.id,
        state=state,
        before=(State.QUEUED, State.SENDING),
        problem=problem,
    )
    if state is State.UNKNOWN:
        await queries.note_attempt(
            scope, message_id=message.id, number=number, outcome=NO_ANSWER, answer=problem
        )
    if state in (State.FAILED, State.UNSENDABLE):
        await actions.tell_failed(scope, message, reason=problem)


async def _fail(scope: OrgScope, one: Try, *, problem: str) -> None:
    message = one.message
    stopped = problem == "opted_out"
    ours = await queries.settle(
        scope,
        message_id=message.id,
        number=one.number,
        state=State.UNSENDABLE if stopped else State.FAILED,
        problem=problem,
    )
    if stopped:
        await actions.stop_number(scope, letter=message)
    if ours:
        await actions.tell_failed(scope, message, reason=problem)


async def _try_later(scope: OrgScope, one: Try, *, outcome: Outcome) -> None:
    delay = retry_delay(one.number, asked=outcome.retry_after)
    await _postpone(scope, one, delay=delay, problem=outcome.code)


async def _leave_unknown(scope: OrgScope, one: Try, *, outcome: Outcome) -> None:
    message = one.message
    before = await queries.unsettled_tries(scope, message_id=message.id, outcome=NO_ANSWER)
    if message.channel == Channel.EMAIL and not before:
        await _postpone(scope, one, delay=UNKNOWN_RETRY, problem=outcome.code)
        return
    await queries.settle(
        scope,
        message_id=message.id,
        number=one.number,
        state=State.UNKNOWN,
        problem=outcome.code,
    )


async def _postpone(scope: OrgScope, one: Try, *, delay: timedelta, problem: str) -> None:
    message_id = one.message.id
    if await queries.is_too_old(scope, message_id=message_id, after=GIVE_UP_AFTER - delay):
        await _fail(scope, one, problem=problem)
        return
    state = await queries.postpone(
        scope, message_id=message_id, number=one.number, delay=delay, problem=problem
    )
    if state is State.QUEUED:
        task = actions.deliver_task(
            scope.org_id, message_id, number=one.number + 1, insist=one.insist
        )
        await enqueue_many(scope.tx, [replace(task, delay=delay)])


def _mail(one: Try, *, marks: Marks | None) -> Mail:
    letter = one.org_id, one.message.id
    ends = marks is not None and one.message.kind == REMINDER
    return Mail(
        return_path=marks.return_path(letter) if marks else None,
        unsubscribe_url=marks.unsubscribe_url(letter) if marks and ends else None,
        message_id=one.mail_id,
        from_name=one.from_name,
        to_name=one.message.to_name,
        to_address=one.message.to_address,
        reply_to=one.message.reply_to,
        subject=one.content.subject,
        text=one.content.text,
        html=one.content.html,
    )


def _sms(one: Try) -> Sms:
    return Sms(id=str(one.message.id), to=one.message.to_address, text=one.content.text)
