"""What a provider tells us: statuses of messages, and STOP and START from people.

One sender number serves all organizations, so a STOP stops the number for all of them,
and none learns of another. A provider sends the one confirmation that the law asks for;
we send none.
"""

import uuid

from doorstep.auth.scopes import task_scope
from doorstep.kit.db import Database, Role
from doorstep.messages import actions, reply_queries
from doorstep.messages.model import STATUS_FOLLOWS, Channel, State, checked_address, reply_word

STATUSES = {"sent": State.SENT, "delivered": State.DELIVERED, "failed": State.FAILED}
PROBLEM_CHARACTERS_MAX = 100


async def receive_status(
    db: Database,
    *,
    provider_id: str,
    message_id: uuid.UUID | None,
    status: str,
    reason: str = "",
) -> bool:
    """Move a message forward by the provider's word; whether we know the message."""
    async with db.transaction(Role.GATE) as tx:
        place = await reply_queries.locate(tx, provider_id=provider_id, message_id=message_id)
    if place is None:
        return False
    org_id, found_id = place
    state = STATUSES.get(status)
    if state is None:
        return True
    async with task_scope(db, org_id=org_id, task="messages.status") as scope:
        await actions.learn(
            scope,
            message_id=found_id,
            state=state,
            before=STATUS_FOLLOWS[state],
            problem=reason[:PROBLEM_CHARACTERS_MAX] or "provider_failed",
            provider_id=provider_id,
        )
    return True


async def receive_reply(db: Database, *, reply_id: str, number: str, text: str) -> str | None:
    """Keep a STOP or a START, once however often it arrives; the word that was kept."""
    word = reply_word(text)
    address, problem = checked_address(Channel.SMS, number)
    if word is None or problem is not None:
        return None
    async with db.transaction(Role.WORKER) as tx:
        await reply_queries.keep_word(tx, reply_id=reply_id, number=address, word=word)
    return word
