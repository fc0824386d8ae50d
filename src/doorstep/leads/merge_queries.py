"""All SQL of merges."""

import uuid

from doorstep.orgs.model import OrgScope

LEADS_MAX = 100


async def insert(scope: OrgScope, *, lead_id: uuid.UUID, into_id: uuid.UUID) -> None:
    """Both leads are held and neither is merged."""
    await scope.tx.execute(
        "INSERT INTO lead_merges (org_id, lead_id, into_id, actor) VALUES ($1, $2, $3, $4)",
        scope.org_id,
        lead_id,
        into_id,
        str(scope.actor),
    )


async def delete(scope: OrgScope, *, lead_id: uuid.UUID) -> uuid.UUID | None:
    """The lead that this one was merged into and is not any more."""
    into_id: uuid.UUID | None = await scope.tx.fetchval(
        "DELETE FROM lead_merges WHERE org_id = $1 AND lead_id = $2 RETURNING into_id",
        scope.org_id,
        lead_id,
    )
    return into_id


async def find_kept(scope: OrgScope, *, lead_id: uuid.UUID) -> uuid.UUID | None:
    """The lead that this one was merged into."""
    into_id: uuid.UUID | None = await scope.tx.fetchval(
        "SELECT into_id FROM lead_merges WHERE org_id = $1 AND lead_id = $2",
        scope.org_id,
        lead_id,
    )
    return into_id


async def list_merged(scope: OrgScope, *, lead_id: uuid.UUID) -> list[uuid.UUID]:
    """The leads that were merged into this one, and those merged into them; at most 100."""
    rows = await scope.tx.fetch(
        """
        WITH RECURSIVE merged AS (
            SELECT lead_id FROM lead_merges WHERE org_id = $1 AND into_id = $2
            UNION
            SELECT m.lead_id FROM merged
            JOIN lead_merges m ON m.org_id = $1 AND m.into_id = merged.lead_id
        )
        SELECT lead_id FROM merged LIMIT $3
        """,
        scope.org_id,
        lead_id,
        LEADS_MAX,
    )
    return [row["lead_id"] for row in rows]
