"""SQL of what one source has posted, and how its leads stand."""

import uuid

import asyncpg

from doorstep.leads.disposition_queries import CURRENT
from doorstep.orgs.model import OrgScope

POST = """
    SELECT p.id, p.received_at, p.outcome, p.error, p.lead_id, octet_length(p.body) AS size,
        p.headers ->> 'replayed-from' AS replayed_from, r.lead_id AS released_lead_id {more}
    FROM lead_posts p
    LEFT JOIN releases r ON r.org_id = p.org_id AND r.post_id = p.id
    WHERE p.org_id = $1 AND p.source_id = $2 AND NOT p.headers ? 'released-from'
"""
"""What members release is a post as well, and none of the vendor's."""

STATUS = """
    l.id AS lead_id, l.vendor_lead_id, l.keyword, l.received_at,
    coalesce(d.disposition, 'received') AS status, d.reason,
    coalesce(d.created_at, l.received_at) AS since
"""


async def list_posts(
    scope: OrgScope, *, source_id: uuid.UUID, rows_max: int
) -> list[asyncpg.Record]:
    """The posts of one source of this org_id, newest first."""
    return await scope.tx.fetch(
        f"{POST.format(more='')} ORDER BY p.received_at DESC, p.id DESC LIMIT $3",
        scope.org_id,
        source_id,
        rows_max,
    )


async def find_post(
    scope: OrgScope, *, source_id: uuid.UUID, post_id: uuid.UUID
) -> asyncpg.Record | None:
    """One post of this org_id and source with its headers and body."""
    return await scope.tx.fetchrow(
        f"{POST.format(more=', p.peer, p.headers, p.body')} AND p.id = $3",
        scope.org_id,
        source_id,
        post_id,
    )


async def find_held(scope: OrgScope, *, source_id: uuid.UUID, key: bytes) -> uuid.UUID | None:
    """The lead that a post with this key would be once more."""
    held: uuid.UUID | None = await scope.tx.fetchval(
        "SELECT lead_id FROM lead_keys "
        "WHERE org_id = $1 AND source_id = $2 AND key = $3 AND expires_at > now()",
        scope.org_id,
        source_id,
        key,
    )
    return held


async def list_statuses(
    scope: OrgScope, *, source_id: uuid.UUID, rows_max: int
) -> list[asyncpg.Record]:
    """How the newest leads of one source of this org_id stand."""
    return await scope.tx.fetch(
        f"""
        SELECT {STATUS} FROM lead_posts p
        JOIN leads l ON l.org_id = p.org_id AND l.id = p.lead_id AND l.post_id = p.id
        {CURRENT}
        WHERE p.org_id = $1 AND p.source_id = $2 AND p.outcome = 'accepted'
        ORDER BY p.received_at DESC, p.id DESC LIMIT $3
        """,
        scope.org_id,
        source_id,
        rows_max,
    )


async def find_status(
    scope: OrgScope, *, source_id: uuid.UUID, lead_id: uuid.UUID
) -> asyncpg.Record | None:
    """How one lead of this org_id and source stands."""
    return await scope.tx.fetchrow(
        f"SELECT {STATUS} FROM leads l {CURRENT} "
        "WHERE l.org_id = $1 AND l.source_id = $2 AND l.id = $3",
        scope.org_id,
        source_id,
        lead_id,
    )
