"""All SQL of test letters, which are ordinary messages under a subject of their own."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from doorstep.orgs.model import OrgScope


@dataclass(frozen=True, kw_only=True)
class LastLetter:
    """The newest test letter; `answer` is what the mail server said at its last try."""

    id: uuid.UUID
    to_address: str
    state: str
    problem: str | None
    created_at: datetime
    answer: str


async def seconds_until_free(scope: OrgScope, *, subject_ref: str, at_most: int) -> int:
    """0 when less than `at_most` messages about this were written in the last hour.

    Two who ask at the same moment wait for each other here.
    """
    await scope.tx.execute(
        "SELECT 1 FROM orgs WHERE id = $1 FOR NO KEY UPDATE  -- org_id is the row's own id",
        scope.org_id,
    )
    seconds: int | None = await scope.tx.fetchval(
        """
        SELECT ceil(extract(epoch FROM created_at + interval '1 hour' - now()))::int
        FROM messages
        WHERE org_id = $1 AND subject_ref = $2 AND created_at > now() - interval '1 hour'
        ORDER BY created_at DESC OFFSET $3 - 1 LIMIT 1
        """,
        scope.org_id,
        subject_ref,
        at_most,
    )
    return max(1, seconds) if seconds is not None else 0


async def last(scope: OrgScope, *, subject_ref: str) -> LastLetter | None:
    """What became of the newest message about this."""
    row = await scope.tx.fetchrow(
        """
        SELECT m.id, m.to_address, m.state, m.problem, m.created_at, coalesce((
            SELECT a.answer FROM message_attempts a WHERE a.org_id = $1 AND a.message_id = m.id
            ORDER BY a.number DESC LIMIT 1), '') AS answer
        FROM messages m WHERE m.org_id = $1 AND m.subject_ref = $2 ORDER BY m.id DESC LIMIT 1
        """,
        scope.org_id,
        subject_ref,
    )
    return LastLetter(**row) if row else None
