"""All SQL of dispositions, and of who touched a lead first."""

import uuid
from datetime import timedelta

import asyncpg

from doorstep.kit.ids import uuid7
from doorstep.orgs.model import OrgScope

COLUMNS = """d.number, d.disposition, d.reason, d.note, d.withdraws, d.actor, d.created_at"""

# The newest row of a lead `l`, to be joined by whoever shows or counts leads.
CURRENT = """
    LEFT JOIN LATERAL (
        SELECT number, disposition, reason, note, actor, created_at FROM lead_dispositions
        WHERE org_id = l.org_id AND lead_id = l.id ORDER BY number DESC LIMIT 1
    ) d ON true
"""

# A decision that no other row withdraws and that withdraws none.
STANDING = """d.withdraws IS NULL AND NOT EXISTS (
    SELECT FROM lead_dispositions w
    WHERE w.org_id = d.org_id AND w.lead_id = d.lead_id AND w.withdraws = d.number)"""

# When somebody first asked the person of a lead `l` for photos or decided something that
# still stands; null for a lead that waits.
FIRST_TOUCHED_AT = f"""least(
    (SELECT min(d.created_at) FROM lead_dispositions d
        WHERE d.org_id = l.org_id AND d.lead_id = l.id AND {STANDING}),
    (SELECT min(e.occurred_at) FROM events e WHERE e.org_id = l.org_id AND e.lead_id = l.id
        AND e.name = 'capture_request.created'))"""


async def lock(scope: OrgScope, *, lead_id: uuid.UUID) -> uuid.UUID | None:
    """The source of the lead, for which whoever else decides waits until this commits."""
    source_id: uuid.UUID | None = await scope.tx.fetchval(
        "SELECT source_id FROM leads WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE",
        scope.org_id,
        lead_id,
    )
    return source_id


async def insert(
    scope: OrgScope,
    *,
    lead_id: uuid.UUID,
    number: int,
    decided: tuple[str | None, str | None, str | None],
    withdraws: int | None,
) -> asyncpg.Record:
    """The new row; `decided` is (disposition, reason, note)."""
    row = await scope.tx.fetchrow(
        f"""
        INSERT INTO lead_dispositions AS d
            (org_id, id, lead_id, number, disposition, reason, note, withdraws, actor)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING {COLUMNS}
        """,
        scope.org_id,
        uuid7(),
        lead_id,
        number,
        *decided,
        withdraws,
        str(scope.actor),
    )
    assert row is not None
    return row


async def list_of_lead(
    scope: OrgScope, *, lead_id: uuid.UUID, rows_max: int
) -> list[asyncpg.Record]:
    """Every row of a lead, newest first."""
    return await scope.tx.fetch(
        f"SELECT {COLUMNS} FROM lead_dispositions d WHERE d.org_id = $1 AND d.lead_id = $2 "
        "ORDER BY d.number DESC LIMIT $3",
        scope.org_id,
        lead_id,
        rows_max,
    )


async def list_standing(
    scope: OrgScope, *, lead_id: uuid.UUID, rows_max: int
) -> list[asyncpg.Record]:
    """The decisions of a lead that nobody withdrew, newest first."""
    return await scope.tx.fetch(
        f"SELECT {COLUMNS} FROM lead_dispositions d WHERE d.org_id = $1 AND d.lead_id = $2 "
        f"AND {STANDING} ORDER BY d.number DESC LIMIT $3",
        scope.org_id,
        lead_id,
        rows_max,
    )


async def first_touch(scope: OrgScope, *, lead_id: uuid.UUID) -> timedelta | None:
    """How long the lead waited for its first touch; None while it waits."""
    waited: timedelta | None = await scope.tx.fetchval(
        f"SELECT {FIRST_TOUCHED_AT} - l.received_at FROM leads l WHERE l.org_id = $1 AND l.id = $2",
        scope.org_id,
        lead_id,
    )
    return waited
