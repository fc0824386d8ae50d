"""So many requests a minute for each integration, exact over all processes.

The row holds the moments of the last ones, so that no minute whatever holds more. A refused
request does not count.
"""

import math
from datetime import timedelta

from doorstep.auth import queries, rate_queries
from doorstep.auth.scopes import integration_actor, open_scope
from doorstep.kit.db import Database, Role
from doorstep.kit.errors import TooMany, Unauthorized
from doorstep.kit.signing import hash_secret
from doorstep.orgs.model import Actor

WINDOW = timedelta(minutes=1)


async def admit(db: Database, *, token: str, calls_per_minute_max: int) -> tuple[int, Actor]:
    """(org_id, actor) behind a bearer token, with this request counted.

    Unauthorized when there is none, TooMany with `Retry-After` over the rate.
    """
    async with db.batch(Role.GATE) as connection:
        row = await queries.admit_access_token(
            connection,
            secret_hash=hash_secret(token),
            hits_max=calls_per_minute_max,
            window=WINDOW,
        )
    if row is None:
        raise Unauthorized(headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
    org_id, actor = row["org_id"], integration_actor(row["client_id"])
    if not row["admitted"]:
        raise await _too_many(db, org_id=org_id, actor=actor, hits_max=calls_per_minute_max)
    return org_id, actor


async def _too_many(db: Database, *, org_id: int, actor: Actor, hits_max: int) -> TooMany:
    async with open_scope(db, org_id=org_id, actor=actor) as scope:
        wait = await rate_queries.free_in(
            scope, client_id=actor.id, hits_max=hits_max, window=WINDOW
        )
    seconds = max(1, math.ceil(wait.total_seconds()))
    return TooMany(headers={"Retry-After": str(seconds)})
