"""All SQL of budgets. What an address was written belongs to no organization."""

import uuid

from doorstep.kit.db import Tx
from doorstep.orgs.model import OrgScope

FORGOTTEN_AT_ONCE = 20


async def lock(tx: Tx, *, address_hash: bytes) -> None:
    """Wait for whoever counts this address now, until this commits."""
    await tx.execute(
        "SELECT pg_advisory_xact_lock($1)", int.from_bytes(address_hash[:8], signed=True)
    )


async def written_to(tx: Tx, *, address_hash: bytes, besides: uuid.UUID) -> int:
    """How many other messages this address was sent in the last 24 hours."""
    count: int = await tx.fetchval(
        "SELECT count(*) FROM recipient_messages "
        "WHERE address_hash = $1 AND at > now() - interval '1 day' AND message_id <> $2",
        address_hash,
        besides,
    )
    return count


async def note(tx: Tx, *, message_id: uuid.UUID, address_hash: bytes) -> None:
    """Count one message, and forget some that are older than a day."""
    await tx.execute(
        """
        WITH old AS (
            SELECT message_id FROM recipient_messages WHERE at < now() - interval '1 day'
            ORDER BY at LIMIT $3 FOR UPDATE SKIP LOCKED
        ), forgotten AS (
            DELETE FROM recipient_messages r USING old WHERE r.message_id = old.message_id
        )
        INSERT INTO recipient_messages (message_id, address_hash) VALUES ($1, $2)
        ON CONFLICT DO NOTHING
        """,
        message_id,
        address_hash,
        FORGOTTEN_AT_ONCE,
    )


async def count(scope: OrgScope, *, channel: str, at_most: int) -> bool:
    """Whether one more message of this day is within the organization's budget; it counts."""
    found = await scope.tx.fetchval(
        """
        INSERT INTO message_days AS held (org_id, channel, day, messages)
        VALUES ($1, $2, (now() AT TIME ZONE 'UTC')::date, 1)
        ON CONFLICT (org_id, channel, day) DO UPDATE SET messages = held.messages + 1
            WHERE held.messages < $3
        RETURNING 1
        """,
        scope.org_id,
        channel,
        at_most,
    )
    return found is not None
