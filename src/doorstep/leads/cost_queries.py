"""SQL of what leads cost."""

import uuid
from collections.abc import Sequence
from datetime import date

from doorstep.orgs.model import OrgScope


async def of_lead(scope: OrgScope, *, lead_id: uuid.UUID) -> int | None:
    """What one lead cost, in cents."""
    cents: int | None = await scope.tx.fetchval(
        "SELECT cents FROM lead_costs WHERE org_id = $1 AND lead_id = $2", scope.org_id, lead_id
    )
    return cents


async def list_leads(
    scope: OrgScope, *, among: Sequence[uuid.UUID]
) -> dict[uuid.UUID, tuple[uuid.UUID, int | None]]:
    """(source, cost in cents) of those that are leads here, locked until this commits."""
    rows = await scope.tx.fetch(
        """
        SELECT l.id, l.source_id, c.cents FROM leads l
        LEFT JOIN lead_costs c ON c.org_id = l.org_id AND c.lead_id = l.id
        WHERE l.org_id = $1 AND l.id = ANY ($2) ORDER BY l.id FOR NO KEY UPDATE OF l
        """,
        scope.org_id,
        among,
    )
    return {row["id"]: (row["source_id"], row["cents"]) for row in rows}


async def put_lead(scope: OrgScope, *, lead_id: uuid.UUID, cents: int | None) -> None:
    """Set what a lead cost, or that it is unknown."""
    if cents is None:
        await scope.tx.execute(
            "DELETE FROM lead_costs WHERE org_id = $1 AND lead_id = $2", scope.org_id, lead_id
        )
        return
    await scope.tx.execute(
        "INSERT INTO lead_costs (org_id, lead_id, cents) VALUES ($1, $2, $3) "
        "ON CONFLICT (org_id, lead_id) DO UPDATE SET cents = excluded.cents",
        scope.org_id,
        lead_id,
        cents,
    )


async def list_sources(scope: OrgScope) -> list[tuple[uuid.UUID, str]]:
    """(id, name) of every source by name, locked until this commits; at most 500."""
    rows = await scope.tx.fetch(
        "SELECT id, name FROM sources WHERE org_id = $1 ORDER BY name, id LIMIT 500 "
        "FOR NO KEY UPDATE",
        scope.org_id,
    )
    return [(row["id"], row["name"]) for row in rows]


async def of_month(scope: OrgScope, *, source_id: uuid.UUID, month: date) -> int | None:
    """What a source cost in a month, in cents."""
    cents: int | None = await scope.tx.fetchval(
        "SELECT cents FROM source_costs WHERE org_id = $1 AND source_id = $2 AND month = $3",
        scope.org_id,
        source_id,
        month,
    )
    return cents


async def put_month(
    scope: OrgScope, *, source_id: uuid.UUID, month: date, cents: int | None
) -> None:
    """Set what a source cost in a month, or that it is unknown."""
    if cents is None:
        await scope.tx.execute(
            "DELETE FROM source_costs WHERE org_id = $1 AND source_id = $2 AND month = $3",
            scope.org_id,
            source_id,
            month,
        )
        return
    await scope.tx.execute(
        "INSERT INTO source_costs (org_id, source_id, month, cents) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (org_id, source_id, month) DO UPDATE SET cents = excluded.cents",
        scope.org_id,
        source_id,
        month,
        cents,
    )
