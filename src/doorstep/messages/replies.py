"""What a provider tells us: statuses of messages, and STOP, START and HELP from people.

One sender number serves all organizations, so a STOP stops the number for all of them,
and none learns of another. A provider sends the one confirmation that the law asks for;
we send none.
"""

import uuid

from doorstep.auth.scopes import task_scope
from doorstep.kit.db import Database, Role
from doorstep.messages import actions, reply_queries
from doorstep.messages.model import HELP, STATUS_FOLLOWS, Channel, State, checked_address
from doorstep.messages.wording import is_spanish, reply_word
from doorstep.orgs import queries as orgs

STATUSES = {"sent": State.SENT, "delivered": State.DELIVERED, "failed": State.FAILED}
PROBLEM_CHARACTERS_MAX = 100
HELP_TEXTS = {
    "en": "{org} asks for photos of a house, a few texts for each. Message and data rates may "
    "apply. Reply STOP to opt out.",
    "es": "{org} pide fotos de una casa, unos pocos mensajes por casa. Pueden aplicarse tarifas. "
    "Responda STOP para no recibir mas.",
}


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
    """Keep a STOP or a START, answer a HELP; once, however often it arrives. The word, if any."""
    word = reply_word(text)
    address, problem = checked_address(Channel.SMS, number)
    if word is None or problem is not None:
        return None
    if word == HELP:
        await _answer(db, reply_id=reply_id, number=address, text=text)
        return word
    async with db.transaction(Role.WORKER) as tx:
        await reply_queries.keep_word(tx, reply_id=reply_id, number=address, word=word)
    return word


async def _answer(db: Database, *, reply_id: str, number: str, text: str) -> None:
    """Say who writes and how to end it, in the name of who wrote last."""
    async with db.transaction(Role.GATE) as tx:
        org_id = await reply_queries.last_writer(tx, number=number)
    if org_id is None:
        return
    async with task_scope(db, org_id=org_id, task="messages.help") as scope:
        if not await reply_queries.keep_word(scope.tx, reply_id=reply_id, number=number, word=HELP):
            return
        org = await orgs.find_org(scope)
        await actions.queue(
            scope,
            channel="sms",
            kind=HELP,
            to_name="",
            to_address=number,
            text_body=HELP_TEXTS["es" if is_spanish(text) else "en"].format(
                org=org.customer_display_name
            ),
        )
