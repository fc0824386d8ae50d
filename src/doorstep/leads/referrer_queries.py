"""SQL of a source's Referrer and of the ones that it had before."""

import uuid
from datetime import timedelta

import asyncpg

from doorstep.kit.db import Tx
from doorstep.orgs.model import OrgScope

TOUCH_EVERY = timedelta(minutes=1)


async def lock(scope: OrgScope) -> None:
    """Let nobody else give out a Referrer here until this transaction ends.

    Two tables hold them, and no index spans both.
    """
    await scope.tx.execute(
        "SELECT FROM orgs WHERE id = $1 FOR NO KEY UPDATE  -- org_id is the row's own id",
        scope.org_id,
    )


async def replace(
    scope: OrgScope, *, source_id: uuid.UUID, referrer: uuid.UUID, overlap: timedelta
) -> asyncpg.Record | None:
    """(replaced_at, ends_at) of the Referrer that this one takes the place of; None: no source."""
    return await scope.tx.fetchrow(
        """
        WITH held AS (
            SELECT org_id, id, referrer FROM sources WHERE org_id = $1 AND id = $2 FOR UPDATE
        ), changed AS (
            UPDATE sources s SET referrer = $3 FROM held
            WHERE s.org_id = held.org_id AND s.id = held.id
        )
        INSERT INTO former_referrers (org_id, referrer, source_id, ends_at)
        SELECT org_id, referrer, id, now() + $4::interval FROM held
        RETURNING replaced_at, ends_at
        """,
        scope.org_id,
        source_id,
        referrer,
        overlap,
    )


async def list_former(
    scope: OrgScope, *, source_id: uuid.UUID, rows_max: int
) -> list[asyncpg.Record]:
    """What the source posted with before, the last one first."""
    return await scope.tx.fetch(
        """
        SELECT referrer, replaced_at, ends_at, ends_at <= now() AS ended, last_used_at
        FROM former_referrers WHERE org_id = $1 AND source_id = $2
        ORDER BY replaced_at DESC, ends_at DESC LIMIT $3
        """,
        scope.org_id,
        source_id,
        rows_max,
    )


async def end(scope: OrgScope, *, source_id: uuid.UUID, referrer: uuid.UUID) -> bool:
    """Whether this former Referrer still worked, and has ended now."""
    ended = await scope.tx.fetchval(
        """
        UPDATE former_referrers SET ends_at = now()
        WHERE org_id = $1 AND source_id = $2 AND referrer = $3 AND ends_at > now() RETURNING true
        """,
        scope.org_id,
        source_id,
        referrer,
    )
    return ended is not None


async def touch(tx: Tx, *, org_id: int, referrer: uuid.UUID) -> None:  # allow: org_scope ingest
    """Note that a former Referrer is still in use, to the minute, in the ingest role."""
    await tx.execute(
        """
        UPDATE former_referrers SET last_used_at = now()
        WHERE org_id = $1 AND referrer = $2
            AND (last_used_at IS NULL OR last_used_at <= now() - $3::interval)
        """,
        org_id,
        referrer,
        TOUCH_EVERY,
    )
