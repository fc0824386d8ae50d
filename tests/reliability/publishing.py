"""A builder's last step as a process of its own, to be killed in: `publishing.py ORG BUILD`."""

import asyncio
import os
import sys
import uuid

from doorstep.auth.scopes import task_scope
from doorstep.builds import actions
from doorstep.kit import db as database


async def publish(org_id: int, build_id: uuid.UUID) -> None:
    """Take the build up and publish nothing but its end."""
    db = await database.connect(os.environ["DOORSTEP_DATABASE_URL"], connections_max=2)
    async with task_scope(db, org_id=org_id, task=actions.TASK) as scope:
        claim = await actions.take_up(scope, build_id=build_id)
    if claim is not None:
        async with task_scope(db, org_id=org_id, task=actions.TASK) as scope:
            await actions.publish(scope, claim=claim, files=[], report={})
    await db.close()


if __name__ == "__main__":
    asyncio.run(publish(int(sys.argv[1]), uuid.UUID(sys.argv[2])))
