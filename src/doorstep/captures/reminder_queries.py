"""All SQL of reminders; their rows are made with their request."""

from datetime import datetime

import asyncpg

from doorstep.orgs.model import OrgScope


async def lock(scope: OrgScope, *, request_id: int) -> list[asyncpg.Record]:
    """Every reminder of a request, held until this commits, at the database's time."""
    return await scope.tx.fetch(
        "SELECT kind, state, due_at, settled_at, now() AS now FROM reminders "
        "WHERE org_id = $1 AND capture_request_id = $2 ORDER BY kind FOR UPDATE",
        scope.org_id,
        request_id,
    )


async def settle(scope: OrgScope, *, request_id: int, kind: str, state: str) -> None:
    """A reminder that is held is over."""
    await scope.tx.execute(
        "UPDATE reminders SET state = $4, settled_at = now() "
        "WHERE org_id = $1 AND capture_request_id = $2 AND kind = $3 AND state = 'scheduled'",
        scope.org_id,
        request_id,
        kind,
        state,
    )


async def move(scope: OrgScope, *, request_id: int, kind: str, due_at: datetime) -> None:
    """A reminder that is held is due at another time."""
    await scope.tx.execute(
        "UPDATE reminders SET due_at = $4 "
        "WHERE org_id = $1 AND capture_request_id = $2 AND kind = $3 AND state = 'scheduled'",
        scope.org_id,
        request_id,
        kind,
        due_at,
    )


async def cancel(scope: OrgScope, *, request_id: int) -> None:
    """No reminder after this."""
    await scope.tx.execute(
        "UPDATE reminders SET state = 'cancelled', settled_at = now() "
        "WHERE org_id = $1 AND capture_request_id = $2 AND state = 'scheduled'",
        scope.org_id,
        request_id,
    )
