"""So many requests a minute for each integration, exact over all processes.

The row holds the moments of the last ones, so that no minute whatever holds more. A refused
request does not count.
"""

import math
from datetime import timedelta

from doorstep.auth import rate_queries as queries
from doorstep.auth.scopes import open_scope
from doorstep.kit.db import Database
from doorstep.kit.errors import TooMany
from doorstep.orgs.model import Actor

WINDOW = timedelta(minutes=1)


async def admit(db: Database, *, org_id: int, actor: Actor, calls_per_minute_max: int) -> None:
    """Count a request in a transaction of its own; TooMany with `Retry-After` over the rate."""
    async with open_scope(db, org_id=org_id, actor=actor) as scope:
        if await queries.note(
            scope, client_id=actor.id, hits_max=calls_per_minute_max, window=WINDOW
        ):
            return
        wait = await queries.free_in(
            scope, client_id=actor.id, hits_max=calls_per_minute_max, window=WINDOW
        )
    seconds = max(1, math.ceil(wait.total_seconds()))
    raise TooMany(headers={"Retry-After": str(seconds)})
