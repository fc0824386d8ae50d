"""All SQL of what is done to many jobs at once."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from doorstep.orgs.model import OrgScope

COLUMNS = "id, verb, user_id, items, undone, undone_at, actor, created_at"

Item = dict[str, Any]
"""`job_id`, `outcome`, and for a reassigned job `from_user_id`, whose it was."""


@dataclass(frozen=True, kw_only=True)
class JobBatch:
    """One row of `job_batches`."""

    id: uuid.UUID
    verb: str
    user_id: int | None
    items: list[Item]
    undone: list[Item] | None
    undone_at: datetime | None
    actor: str
    created_at: datetime


async def lock_jobs(scope: OrgScope, *, job_ids: Sequence[int]) -> dict[int, asyncpg.Record]:
    """(user_id, archived) of these jobs by id, which nobody else changes for now."""
    rows = await scope.tx.fetch(
        "SELECT id, user_id, archived_at IS NOT NULL AS archived FROM jobs "
        "WHERE org_id = $1 AND id = ANY ($2) ORDER BY id FOR UPDATE",
        scope.org_id,
        job_ids,
    )
    return {row["id"]: row for row in rows}


async def insert(
    scope: OrgScope, *, batch_id: uuid.UUID, verb: str, user_id: int | None, items: list[Item]
) -> None:
    """Keep what was done."""
    await scope.tx.execute(
        "INSERT INTO job_batches (org_id, id, verb, user_id, items, actor) "
        "VALUES ($1, $2, $3, $4, $5, $6)",
        scope.org_id,
        batch_id,
        verb,
        user_id,
        json.dumps(items),
        str(scope.actor),
    )


async def find(scope: OrgScope, *, batch_id: uuid.UUID) -> JobBatch | None:
    """One batch."""
    row = await scope.tx.fetchrow(
        f"SELECT {COLUMNS} FROM job_batches WHERE org_id = $1 AND id = $2",
        scope.org_id,
        batch_id,
    )
    return JobBatch(**row) if row else None


async def lock(scope: OrgScope, *, batch_id: uuid.UUID) -> JobBatch | None:
    """One batch, which nobody else takes back for now."""
    row = await scope.tx.fetchrow(
        f"SELECT {COLUMNS} FROM job_batches WHERE org_id = $1 AND id = $2 FOR UPDATE",
        scope.org_id,
        batch_id,
    )
    return JobBatch(**row) if row else None


async def set_undone(scope: OrgScope, *, batch_id: uuid.UUID, items: list[Item]) -> None:
    """Keep what was taken back."""
    await scope.tx.execute(
        "UPDATE job_batches SET undone = $3, undone_at = now() WHERE org_id = $1 AND id = $2",
        scope.org_id,
        batch_id,
        json.dumps(items),
    )
