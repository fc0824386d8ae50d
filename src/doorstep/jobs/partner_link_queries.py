"""All SQL of the links that show chosen parts of a job to a partner."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

import asyncpg

from doorstep.kit.db import Tx
from doorstep.kit.ids import uuid7
from doorstep.orgs.model import OrgScope

VIEW = """
    SELECT l.id, l.job_id, l.name, l.recipient, l.note, l.shows, l.actor, l.expires_at,
        l.revoked_at, l.created_at, (l.revoked_at IS NOT NULL OR l.expires_at <= now()) AS ended,
        (SELECT count(*) FROM partner_link_openings o
            WHERE o.org_id = l.org_id AND o.link_id = l.id) AS openings,
        (SELECT max(o.opened_at) FROM partner_link_openings o
            WHERE o.org_id = l.org_id AND o.link_id = l.id) AS last_opened_at
    FROM partner_links l
"""


async def lock_job(scope: OrgScope, *, job_id: int) -> None:
    """Let nobody else make a link of this job until this transaction ends."""
    await scope.tx.execute(
        "SELECT 1 FROM jobs WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE", scope.org_id, job_id
    )


async def insert(  # allow: sizes these are the columns of a link, by name
    scope: OrgScope,
    *,
    link_id: uuid.UUID,
    job_id: int,
    name: str,
    recipient: str,
    note: str,
    shows: Sequence[str],
    life: timedelta,
) -> None:
    """A new link."""
    await scope.tx.execute(
        """
        INSERT INTO partner_links
            (org_id, id, job_id, name, recipient, note, shows, actor, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + $9)
        """,
        scope.org_id,
        link_id,
        job_id,
        name,
        recipient,
        note,
        shows,
        str(scope.actor),
        life,
    )


async def find(scope: OrgScope, *, link_id: uuid.UUID) -> asyncpg.Record | None:
    """One link."""
    return await scope.tx.fetchrow(
        f"{VIEW} WHERE l.org_id = $1 AND l.id = $2", scope.org_id, link_id
    )


async def of_job(scope: OrgScope, *, job_id: int, rows_max: int) -> list[asyncpg.Record]:
    """The newest links of a job, newest first."""
    return await scope.tx.fetch(
        f"{VIEW} WHERE l.org_id = $1 AND l.job_id = $2 ORDER BY l.id DESC LIMIT $3",
        scope.org_id,
        job_id,
        rows_max,
    )


async def count_live(scope: OrgScope, *, job_id: int) -> int:
    """How many links of a job work."""
    found: int = await scope.tx.fetchval(
        "SELECT count(*) FROM partner_links WHERE org_id = $1 AND job_id = $2 "
        "AND revoked_at IS NULL AND expires_at > now()",
        scope.org_id,
        job_id,
    )
    return found


async def openings(
    scope: OrgScope, *, link_ids: Sequence[uuid.UUID], rows_of_link_max: int
) -> list[asyncpg.Record]:
    """The newest openings of each of the links, newest first."""
    return await scope.tx.fetch(
        """
        SELECT o.link_id, o.device, o.browser, o.network, o.opened_at
        FROM unnest($2::uuid[]) AS l (id) CROSS JOIN LATERAL (
            SELECT id, link_id, device, browser, network, opened_at FROM partner_link_openings
            WHERE org_id = $1 AND link_id = l.id ORDER BY id DESC LIMIT $3) o
        ORDER BY o.id DESC
        """,
        scope.org_id,
        link_ids,
        rows_of_link_max,
    )


async def revoke(scope: OrgScope, *, link_id: uuid.UUID) -> bool:
    """Whether this call is the one that ended the link."""
    found = await scope.tx.fetchval(
        "UPDATE partner_links SET revoked_at = now() "
        "WHERE org_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING 1",
        scope.org_id,
        link_id,
    )
    return found is not None


async def revoke_all(scope: OrgScope, *, job_id: int) -> None:
    """End every link of a job."""
    await scope.tx.execute(
        "UPDATE partner_links SET revoked_at = now() "
        "WHERE org_id = $1 AND job_id = $2 AND revoked_at IS NULL",
        scope.org_id,
        job_id,
    )


async def insert_opening(
    scope: OrgScope,
    *,
    link_id: uuid.UUID,
    visitor: tuple[str | None, str | None, str],
    same_visit: timedelta,
    rows_max: int,
) -> bool:
    """Whether the opening was written down: not a visit that goes on, nor one too many.

    The visitor is (device, browser, network).
    """
    noted = await scope.tx.fetchval(
        """
        INSERT INTO partner_link_openings (org_id, id, link_id, device, browser, network)
        SELECT $1, $2, $3, $4, $5, $6
        WHERE NOT EXISTS (
            SELECT FROM partner_link_openings WHERE org_id = $1 AND link_id = $3
                AND device IS NOT DISTINCT FROM $4 AND browser IS NOT DISTINCT FROM $5
                AND network = $6 AND opened_at > now() - $7::interval)
            AND (SELECT count(*) FROM partner_link_openings
                WHERE org_id = $1 AND link_id = $3) < $8
        RETURNING 1
        """,
        scope.org_id,
        uuid7(),
        link_id,
        *visitor,
        same_visit,
        rows_max,
    )
    return noted is not None


async def find_by_name(tx: Tx, *, name: str) -> asyncpg.Record | None:  # allow: org_scope gate
    """(org_id, id) of the link with this public name, ended or not."""
    return await tx.fetchrow("SELECT org_id, id FROM partner_links WHERE name = $1", name)
