"""The task queue as a test plays it: by hand, one task after the other."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from doorstep.kit.db import Database, Role


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One task of the queue, and how long it was to wait."""

    payload: dict[str, Any]
    delay: timedelta


async def take(db: Database, name: str) -> list[Waiting]:
    """Every waiting task of this name, taken out of the queue."""
    async with db.transaction(Role.WORKER) as tx:
        rows = await tx.fetch(
            "WITH taken AS (DELETE FROM pgqueuer WHERE entrypoint = $1 AND status = 'queued' "
            "RETURNING id, payload, execute_after - created AS delay) "
            "SELECT payload, delay FROM taken ORDER BY id",
            name,
        )
    return [Waiting(payload=json.loads(row["payload"]), delay=row["delay"]) for row in rows]
