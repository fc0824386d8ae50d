"""The background entry of rules."""

import uuid

from doorstep.auth.scopes import task_scope
from doorstep.kit.db import Database
from doorstep.kit.errors import AppError
from doorstep.kit.tasks import Payload
from doorstep.rules import actions


async def act_later(db: Database, payload: Payload) -> None:
    """Ask one lead for photos whose time has come; safe to run twice.

    What is refused is rolled back as a whole, and then noted.
    """
    org_id, lead_id = int(payload["org_id"]), uuid.UUID(payload["lead_id"])
    try:
        async with task_scope(db, org_id=org_id, task=actions.ACT) as scope:
            await actions.act(scope, lead_id=lead_id)
    except AppError:
        async with task_scope(db, org_id=org_id, task=actions.ACT) as scope:
            await actions.give_up(scope, lead_id=lead_id)
