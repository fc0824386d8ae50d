"""The background entry of webhooks."""

import uuid

from doorstep.auth.scopes import task_scope
from doorstep.kit import crash
from doorstep.kit.db import Database
from doorstep.kit.outbound import Egress
from doorstep.kit.signing import Signer
from doorstep.kit.tasks import Payload
from doorstep.webhooks import sending
from doorstep.webhooks.actions import DELIVER
from doorstep.webhooks.sending import Lanes


async def deliver(
    db: Database, *, payload: Payload, egress: Egress, signer: Signer, lanes: Lanes
) -> None:
    """Make one try of one delivery; safe to run twice."""
    org_id = int(payload["org_id"])
    with lanes.hold(int(payload["endpoint_id"])) as room:
        async with task_scope(db, org_id=org_id, task=DELIVER) as scope:
            one = await sending.claim(
                scope,
                delivery_id=uuid.UUID(payload["delivery_id"]),
                number=int(payload["number"]),
                insist=bool(payload["insist"]),
                room=room,
            )
        if one is None:
            return
        headers, outcome = await sending.send(one, egress=egress, signer=signer)
    crash.point("webhook.after_send")
    async with task_scope(db, org_id=org_id, task=DELIVER) as scope:
        await sending.settle(scope, one, headers=headers, outcome=outcome)
