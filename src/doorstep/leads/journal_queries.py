"""SQL of the journal's refusals and of their release."""

import uuid

import asyncpg

from doorstep.orgs.model import OrgScope

REFUSED = """
    SELECT p.id, p.received_at, p.source_id, s.name AS source, p.outcome, p.error, p.peer,
        r.lead_id {more}
    FROM lead_posts p
    LEFT JOIN sources s ON s.org_id = p.org_id AND s.id = p.source_id
    LEFT JOIN releases r ON r.org_id = p.org_id AND r.post_id = p.id
    WHERE p.org_id = $1 AND p.outcome NOT IN ('accepted', 'repeated')
"""


async def list_refused(
    scope: OrgScope, *, before: uuid.UUID | None, rows_max: int
) -> list[asyncpg.Record]:
    """Refused posts of this org_id, newest first, those before this one."""
    return await scope.tx.fetch(
        f"{REFUSED.format(more='')} AND ($2::uuid IS NULL OR p.id < $2) "
        "ORDER BY p.id DESC LIMIT $3",
        scope.org_id,
        before,
        rows_max,
    )


async def find_refused(scope: OrgScope, *, post_id: uuid.UUID) -> asyncpg.Record | None:
    """One refused post of this org_id with its headers and body."""
    return await scope.tx.fetchrow(
        f"{REFUSED.format(more=', p.headers, p.body')} AND p.id = $2", scope.org_id, post_id
    )


async def find_guid(scope: OrgScope, *, guid: uuid.UUID) -> asyncpg.Record:
    """(source, source_off, ended_at, used_since, case_type, case_type_off) of a GUID here.

    `ended_at` is when it ceased to be that source's Referrer, `used_since` when the last
    other one took its place.
    """
    row = await scope.tx.fetchrow(
        """
        SELECT s.name AS source, s.disabled_at IS NOT NULL AS source_off,
            CASE WHEN f.ends_at <= now() THEN f.ends_at END AS ended_at,
            (SELECT max(replaced_at) FROM former_referrers
                WHERE org_id = f.org_id AND source_id = f.source_id) AS used_since,
            t.name AS case_type, t.disabled_at IS NOT NULL AS case_type_off
        FROM (SELECT) nothing
        LEFT JOIN former_referrers f ON f.org_id = $1 AND f.referrer = $2
        LEFT JOIN sources s ON s.org_id = $1 AND (s.referrer = $2 OR s.id = f.source_id)
        LEFT JOIN case_types t ON t.org_id = $1 AND t.guid = $2
        """,
        scope.org_id,
        guid,
    )
    assert row is not None
    return row


async def insert_release(scope: OrgScope, *, post_id: uuid.UUID, lead_id: uuid.UUID) -> bool:
    """Whether this is the first release of the post."""
    first = await scope.tx.fetchval(
        "INSERT INTO releases (org_id, post_id, lead_id, actor) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT DO NOTHING RETURNING true",
        scope.org_id,
        post_id,
        lead_id,
        str(scope.actor),
    )
    return first is not None
