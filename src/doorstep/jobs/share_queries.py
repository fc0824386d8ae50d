"""All SQL of the links that show a job's model."""

import uuid
from datetime import datetime, timedelta

import asyncpg

from doorstep.kit.db import Tx
from doorstep.orgs.model import OrgScope

VIEW = """
    SELECT s.id, s.job_id, s.user_id, s.salt, s.expires_at, s.revoked_at,
        (s.revoked_at IS NOT NULL OR s.expires_at <= now()) AS expired,
        s.created_at, s.updated_at, j.location_line_1 AS street_address
    FROM job_shares s JOIN jobs j ON j.org_id = s.org_id AND j.id = s.job_id
"""


async def insert(  # allow: sizes these are the columns of a share, by name
    scope: OrgScope,
    *,
    job_id: int,
    user_id: int,
    salt: uuid.UUID,
    token_hash: bytes,
    life: timedelta,
) -> int:
    """The new share's id."""
    share_id: int = await scope.tx.fetchval(
        "INSERT INTO job_shares (org_id, job_id, user_id, salt, token_hash, expires_at) "
        "VALUES ($1, $2, $3, $4, $5, now() + $6) RETURNING id",
        scope.org_id,
        job_id,
        user_id,
        salt,
        token_hash,
        life,
    )
    return share_id


async def find(scope: OrgScope, *, share_id: int) -> asyncpg.Record | None:
    """One share."""
    return await scope.tx.fetchrow(
        f"{VIEW} WHERE s.org_id = $1 AND s.id = $2", scope.org_id, share_id
    )


async def page(
    scope: OrgScope, *, job_id: int | None, start: int, rows_max: int
) -> tuple[list[asyncpg.Record], int]:
    """(one page of the shares newest first, of a job or of all, how many there are in all)."""
    total: int = await scope.tx.fetchval(
        "SELECT count(*) FROM job_shares WHERE org_id = $1 AND ($2::bigint IS NULL OR job_id = $2)",
        scope.org_id,
        job_id,
    )
    rows = await scope.tx.fetch(
        f"{VIEW} WHERE s.org_id = $1 AND ($2::bigint IS NULL OR s.job_id = $2) "
        "ORDER BY s.id DESC OFFSET $3 LIMIT $4",
        scope.org_id,
        job_id,
        start,
        rows_max,
    )
    return rows, total


async def count(scope: OrgScope, *, job_id: int) -> int:
    """How many links of a job still work."""
    found: int = await scope.tx.fetchval(
        "SELECT count(*) FROM job_shares WHERE org_id = $1 AND job_id = $2 "
        "AND revoked_at IS NULL AND expires_at > now()",
        scope.org_id,
        job_id,
    )
    return found


async def set_end(scope: OrgScope, *, share_id: int, until: datetime, life_max: timedelta) -> bool:
    """Whether `until` lies ahead and near enough; if so the share ends then."""
    found = await scope.tx.fetchval(
        "UPDATE job_shares SET expires_at = $3, updated_at = now() WHERE org_id = $1 AND id = $2 "
        "AND $3 > now() AND $3 <= now() + $4::interval RETURNING 1",
        scope.org_id,
        share_id,
        until,
        life_max,
    )
    return found is not None


async def revoke(scope: OrgScope, *, share_id: int) -> bool:
    """Whether this call is the one that ended the share."""
    found = await scope.tx.fetchval(
        "UPDATE job_shares SET revoked_at = now(), updated_at = now() "
        "WHERE org_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING 1",
        scope.org_id,
        share_id,
    )
    return found is not None


async def revoke_all(scope: OrgScope, *, job_id: int) -> None:
    """End every share of a job."""
    await scope.tx.execute(
        "UPDATE job_shares SET revoked_at = now(), updated_at = now() "
        "WHERE org_id = $1 AND job_id = $2 AND revoked_at IS NULL",
        scope.org_id,
        job_id,
    )


async def find_by_token(
    tx: Tx, *, token_hash: bytes
) -> asyncpg.Record | None:  # allow: org_scope gate
    """(org_id, id) of the share with this token, ended or not."""
    return await tx.fetchrow("SELECT org_id, id FROM job_shares WHERE token_hash = $1", token_hash)
