"""SQL of what comes back about SMS. A reply belongs to a number, not to an organization."""

import uuid

from doorstep.kit.db import Tx


async def keep_word(tx: Tx, *, reply_id: str, number: str, word: str) -> bool:
    """Store a word of a number, once; whether it is new. The last one counts."""
    made = await tx.fetchval(
        "INSERT INTO sms_replies (id, number, word) VALUES ($1, $2, $3) "
        "ON CONFLICT DO NOTHING RETURNING true",
        reply_id,
        number,
        word,
    )
    return made is not None


async def has_stopped(tx: Tx, *, number: str) -> bool:
    """Whether the last word of this number was STOP."""
    word = await tx.fetchval(
        "SELECT word FROM sms_replies WHERE number = $1 AND word <> 'help' "
        "ORDER BY position DESC LIMIT 1",
        number,
    )
    return bool(word == "stop")


async def locate(  # allow: org_scope the gate finds the organization of a provider's message
    tx: Tx, *, provider_id: str, message_id: uuid.UUID | None
) -> tuple[int, uuid.UUID] | None:
    """(org_id, id) of the message that the provider means."""
    row = await tx.fetchrow(
        "SELECT org_id, id FROM messages WHERE provider_id = $1 "
        "UNION ALL SELECT org_id, id FROM messages "
        "WHERE id = $2::uuid AND (provider_id IS NULL OR provider_id = $1) LIMIT 1",
        provider_id,
        message_id,
    )
    return (row["org_id"], row["id"]) if row else None


async def last_writer(  # allow: org_scope the gate finds who is asked, by the number that asks
    tx: Tx, *, number: str
) -> int | None:
    """The organization that wrote to this number last."""
    found: int | None = await tx.fetchval(
        "SELECT org_id FROM messages WHERE to_address_key = $1 AND channel = 'sms' "
        "ORDER BY id DESC LIMIT 1",
        number,
    )
    return found
