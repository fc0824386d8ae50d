"""All SQL of messages and their attempts."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from doorstep.kit.writes import Write
from doorstep.messages.model import BY_HAND, Attempt, Letter, Message, State
from doorstep.orgs.model import OrgScope

COLUMNS = """id, channel, kind, subject_ref, to_name, to_address, reply_to, subject, text_body,
    html_body, link_ref, zones, goes_until, message_id, state, problem, provider_id, attempts, next_at, created_at,
    sent_at"""

REJECTIONS = "('recipient_rejected', 'bounced', 'complained')"


def inserting(
    scope: OrgScope, *, letter: Letter, state: State, problem: str | None = None
) -> Write:
    """A new message. Its Message-ID starts with its id and gets its domain at the first try."""
    return Write(
        """
        INSERT INTO messages (org_id, id, channel, kind, subject_ref, to_name, to_address, reply_to,
            subject, text_body, html_body, link_ref, zones, goes_until, message_id, state,
            problem)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        """,
        (
            scope.org_id,
            letter.id,
            letter.channel,
            letter.kind,
            letter.subject_ref,
            letter.to_name,
            letter.to_address,
            letter.reply_to,
            letter.subject,
            letter.text_body,
            letter.html_body,
            letter.link_ref,
            letter.zones,
            letter.goes_until,
            letter.id.hex,
            str(state),
            problem,
        ),
    )


async def find(scope: OrgScope, *, message_id: uuid.UUID) -> Message | None:
    """One message."""
    row = await scope.tx.fetchrow(
        f"SELECT {COLUMNS} FROM messages WHERE org_id = $1 AND id = $2", scope.org_id, message_id
    )
    return Message(**row) if row else None


async def page(
    scope: OrgScope,
    *,
    before_id: uuid.UUID | None = None,
    by_hand: bool = False,
    rows_max: int = 50,
) -> list[Message]:
    """Messages newest first, those older than `before_id`; or those that need a hand alone."""
    # In the words of the index.
    narrowed = f"AND state IN ({', '.join(repr(str(one)) for one in BY_HAND)})" if by_hand else ""
    rows = await scope.tx.fetch(
        f"""
        SELECT {COLUMNS} FROM messages
        WHERE org_id = $1 AND ($2::uuid IS NULL OR id < $2) {narrowed}
        ORDER BY id DESC LIMIT $3
        """,
        scope.org_id,
        before_id,
        rows_max,
    )
    return [Message(**row) for row in rows]


async def of_subject(scope: OrgScope, *, subject_ref: str, rows_max: int = 100) -> list[Message]:
    """The messages about one thing, newest first."""
    rows = await scope.tx.fetch(
        f"SELECT {COLUMNS} FROM messages WHERE org_id = $1 AND subject_ref = $2 "
        "ORDER BY id DESC LIMIT $3",
        scope.org_id,
        subject_ref,
        rows_max,
    )
    return [Message(**row) for row in rows]


async def attempts(scope: OrgScope, *, message_id: uuid.UUID) -> list[Attempt]:
    """Every try of a message, in order; at most 200."""
    rows = await scope.tx.fetch(
        "SELECT number, at, outcome, answer FROM message_attempts "
        "WHERE org_id = $1 AND message_id = $2 ORDER BY number LIMIT 200",
        scope.org_id,
        message_id,
    )
    return [Attempt(**row) for row in rows]


async def lock_for_try(scope: OrgScope, *, message_id: uuid.UUID, number: int) -> Message | None:
    """The message if its try `number` is the one that is due, locked; else None."""
    row = await scope.tx.fetchrow(
        f"""
        SELECT {COLUMNS} FROM messages
        WHERE org_id = $1 AND id = $2 AND attempts = $3 - 1 AND state IN ('queued', 'sending')
        FOR UPDATE
        """,
        scope.org_id,
        message_id,
        number,
    )
    return Message(**row) if row else None


async def now(scope: OrgScope) -> datetime:
    """The time that counts."""
    found: datetime = await scope.tx.fetchval("SELECT now()")
    return found


async def wait(scope: OrgScope, *, message_id: uuid.UUID, delay: timedelta) -> None:
    """A message that is held leaves later, and this was no try."""
    await scope.tx.execute(
        "UPDATE messages SET state = 'queued', next_at = now() + $3::interval "
        "WHERE org_id = $1 AND id = $2",
        scope.org_id,
        message_id,
        delay,
    )


async def start(scope: OrgScope, *, message_id: uuid.UUID, domain: str) -> str:
    """The message is being sent; its Message-ID, which gets its domain at the first try."""
    found: str = await scope.tx.fetchval(
        """
        UPDATE messages SET state = 'sending', next_at = NULL, message_id =
            CASE WHEN message_id LIKE '<%' THEN message_id
                 ELSE '<' || message_id || '@' || $3 || '>' END
        WHERE org_id = $1 AND id = $2 RETURNING message_id
        """,
        scope.org_id,
        message_id,
        domain,
    )
    return found


async def accept(
    scope: OrgScope, *, message_id: uuid.UUID, number: int, provider_id: str | None
) -> bool:
    """Whether this made the message sent: whatever was thought of it, it is with the other side."""
    changed = await scope.tx.fetchval(
        """
        UPDATE messages SET state = 'sent', problem = NULL, next_at = NULL, sent_at = now(),
            attempts = greatest(attempts, $3), provider_id = coalesce($4, provider_id)
        WHERE org_id = $1 AND id = $2 AND state IN ('sending', 'unknown', 'queued') RETURNING 1
        """,
        scope.org_id,
        message_id,
        number,
        provider_id,
    )
    return changed is not None


async def settle(
    scope: OrgScope, *, message_id: uuid.UUID, number: int, state: State, problem: str
) -> bool:
    """Whether try `number` was still ours to end, in this state."""
    changed = await scope.tx.fetchval(
        """
        UPDATE messages SET state = $4, problem = $5, next_at = NULL, attempts = $3,
            bounced_at = CASE WHEN $5 = 'recipient_rejected' THEN now() END
        WHERE org_id = $1 AND id = $2 AND attempts = $3 - 1 AND state = 'sending' RETURNING 1
        """,
        scope.org_id,
        message_id,
        number,
        str(state),
        problem,
    )
    return changed is not None


async def postpone(
    scope: OrgScope, *, message_id: uuid.UUID, number: int, delay: timedelta, problem: str
) -> State | None:
    """The state after a failed try: queued again, or cancelled if somebody asked meanwhile."""
    state = await scope.tx.fetchval(
        """
        UPDATE messages SET attempts = $3, problem = $5,
            state = CASE WHEN cancel_asked_at IS NULL THEN 'queued' ELSE 'cancelled' END,
            next_at = CASE WHEN cancel_asked_at IS NULL THEN now() + $4::interval END
        WHERE org_id = $1 AND id = $2 AND attempts = $3 - 1 AND state = 'sending' RETURNING state
        """,
        scope.org_id,
        message_id,
        number,
        delay,
        problem,
    )
    return State(state) if state else None


async def note_attempt(
    scope: OrgScope, *, message_id: uuid.UUID, number: int, outcome: str, answer: str
) -> None:
    """Write a try down; a later word on the same try replaces an earlier one."""
    await scope.tx.execute(
        """
        INSERT INTO message_attempts (org_id, message_id, number, outcome, answer)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (org_id, message_id, number)
            DO UPDATE SET outcome = excluded.outcome, answer = excluded.answer
        """,
        scope.org_id,
        message_id,
        number,
        outcome,
        answer.replace("\x00", ""),
    )


async def unsettled_tries(scope: OrgScope, *, message_id: uuid.UUID, outcome: str) -> int:
    """How many tries ended with this outcome."""
    count: int = await scope.tx.fetchval(
        "SELECT count(*) FROM message_attempts "
        "WHERE org_id = $1 AND message_id = $2 AND outcome = $3",
        scope.org_id,
        message_id,
        outcome,
    )
    return count


async def is_too_old(scope: OrgScope, *, message_id: uuid.UUID, after: timedelta) -> bool:
    """Whether the message was made longer than `after` ago."""
    found = await scope.tx.fetchval(
        "SELECT 1 FROM messages WHERE org_id = $1 AND id = $2 AND created_at + $3 < now()",
        scope.org_id,
        message_id,
        after,
    )
    return found is not None


async def end(
    scope: OrgScope,
    *,
    message_id: uuid.UUID,
    state: State,
    before: Sequence[State],
    problem: str | None,
    provider_id: str | None = None,
) -> bool:
    """Whether the message was in one of the states `before` and is in `state` now."""
    changed = await scope.tx.fetchval(
        """
        UPDATE messages SET state = $3, problem = $5, next_at = NULL,
            provider_id = coalesce(provider_id, $6),
            sent_at = CASE WHEN $3 IN ('sent', 'delivered') THEN coalesce(sent_at, now())
                           ELSE sent_at END
        WHERE org_id = $1 AND id = $2 AND state = ANY ($4) RETURNING 1
        """,
        scope.org_id,
        message_id,
        str(state),
        [str(one) for one in before],
        problem,
        provider_id,
    )
    return changed is not None


async def cancel(scope: OrgScope, *, subject_ref: str) -> int:
    """Stop what has not left; how many. What is leaving now is not tried again."""
    cancelled = await scope.tx.fetch(
        """
        UPDATE messages SET cancel_asked_at = now(), next_at = CASE WHEN state = 'sending'
                THEN next_at END,
            state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END
        WHERE org_id = $1 AND subject_ref = $2 AND state IN ('queued', 'sending')
        RETURNING state
        """,
        scope.org_id,
        subject_ref,
    )
    return sum(row["state"] == State.CANCELLED for row in cancelled)


async def forget(scope: OrgScope, *, person: str, about: str) -> None:
    """Take words, name and address out of what went to `person`, and the words out of `about`."""
    await scope.tx.execute(
        """
        UPDATE messages SET subject = '', text_body = '', html_body = '',
            to_name = CASE WHEN subject_ref = $2 THEN '' ELSE to_name END,
            to_address = CASE WHEN subject_ref = $2 THEN '' ELSE to_address END
        WHERE org_id = $1 AND subject_ref IN ($2, $3)
        """,
        scope.org_id,
        person,
        about,
    )
    await scope.tx.execute(
        """
        UPDATE message_attempts a SET answer = '' FROM messages m
        WHERE a.org_id = $1 AND m.org_id = $1 AND m.id = a.message_id AND m.subject_ref = $2
        """,
        scope.org_id,
        person,
    )


async def forget_words(scope: OrgScope, *, message_ids: Sequence[uuid.UUID]) -> None:
    """Take the words out of these and of what was answered; by the address a STOP goes on holding."""
    await scope.tx.execute(
        "UPDATE messages SET subject = '', text_body = '', html_body = '', to_name = '' "
        "WHERE org_id = $1 AND id = ANY ($2)",
        scope.org_id,
        message_ids,
    )
    await scope.tx.execute(
        "UPDATE message_attempts SET answer = '' WHERE org_id = $1 AND message_id = ANY ($2)",
        scope.org_id,
        message_ids,
    )


async def was_rejected(scope: OrgScope, *, address: str) -> bool:
    """Whether this address was refused for good or its reader complained, and none took it since.

    A bounce may come long after its letter was taken, and after later letters were.
    """
    # No order is asked for: it would offer an index of all messages to the planner.
    found: bool = await scope.tx.fetchval(
        f"""
        SELECT EXISTS (
            SELECT FROM messages r
            WHERE r.org_id = $1 AND r.to_address_key = lower($2) AND r.channel = 'email'
                AND r.problem IN {REJECTIONS} AND NOT EXISTS (
                    SELECT FROM messages s
                    WHERE s.org_id = $1 AND s.to_address_key = lower($2) AND s.channel = 'email'
                        AND s.state = 'sent' AND coalesce(s.problem NOT IN {REJECTIONS}, true)
                        AND (coalesce(s.bounced_at, s.sent_at, s.created_at), s.id)
                            > (coalesce(r.bounced_at, r.sent_at, r.created_at), r.id)))
        """,
        scope.org_id,
        address,
    )
    return found
