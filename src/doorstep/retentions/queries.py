"""All SQL of what is chosen and of what is kept for good."""

from collections.abc import Mapping
from datetime import timedelta

import asyncpg

from doorstep.orgs.model import OrgScope
from doorstep.retentions.model import KINDS, Retention

DAYS = [f"{kind}_days" for kind in KINDS]


async def find(scope: OrgScope) -> Retention:
    """What the organization has chosen; everything for good to begin with."""
    row = await scope.tx.fetchrow(
        f"SELECT {', '.join(DAYS)}, version, enabled_at, swept_at FROM retentions WHERE org_id = $1",
        scope.org_id,
    )
    return Retention(**row) if row else Retention()


async def save(scope: OrgScope, *, days: Mapping[str, int | None]) -> None:
    """Write it, switched off."""
    await scope.tx.execute(
        f"""
        INSERT INTO retentions (org_id, actor, {", ".join(DAYS)}) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (org_id) DO UPDATE SET
            {", ".join(f"{name} = excluded.{name}" for name in DAYS)}, actor = excluded.actor,
            version = retentions.version + 1, enabled_at = NULL, swept_at = NULL, changed_at = now()
        """,
        scope.org_id,
        str(scope.actor),
        *(days[kind] for kind in KINDS),
    )


async def enable(scope: OrgScope, *, version: int) -> bool:
    """Whether this version was there and is on now."""
    found = await scope.tx.fetchval(
        "UPDATE retentions SET enabled_at = now(), swept_at = NULL, actor = $3, changed_at = now() "
        "WHERE org_id = $1 AND version = $2 AND enabled_at IS NULL RETURNING 1",
        scope.org_id,
        version,
        str(scope.actor),
    )
    return found is not None


async def disable(scope: OrgScope) -> bool:
    """Whether it was on."""
    found = await scope.tx.fetchval(
        "UPDATE retentions SET enabled_at = NULL, actor = $2, changed_at = now() "
        "WHERE org_id = $1 AND enabled_at IS NOT NULL RETURNING 1",
        scope.org_id,
        str(scope.actor),
    )
    return found is not None


async def due(scope: OrgScope, *, every: timedelta) -> Retention | None:
    """What is to be erased by now; None when it is off, not yet time, or in another's hands."""
    row = await scope.tx.fetchrow(
        f"""
        SELECT {", ".join(DAYS)}, version, enabled_at, swept_at FROM retentions
        WHERE org_id = $1 AND enabled_at IS NOT NULL
            AND coalesce(swept_at <= now() - $2::interval, true)
        FOR UPDATE SKIP LOCKED
        """,
        scope.org_id,
        every,
    )
    return Retention(**row) if row else None


async def note_swept(scope: OrgScope) -> None:
    """Everything that is old enough is gone."""
    await scope.tx.execute("UPDATE retentions SET swept_at = now() WHERE org_id = $1", scope.org_id)


async def keep(scope: OrgScope, *, subject: str) -> bool:
    """Whether it was not kept before."""
    made = await scope.tx.fetchval(
        "INSERT INTO keeps (org_id, subject, actor) VALUES ($1, $2, $3) "
        "ON CONFLICT DO NOTHING RETURNING 1",
        scope.org_id,
        subject,
        str(scope.actor),
    )
    return made is not None


async def end_keep(scope: OrgScope, *, subject: str) -> bool:
    """Whether it was kept."""
    found = await scope.tx.fetchval(
        "DELETE FROM keeps WHERE org_id = $1 AND subject = $2 RETURNING 1", scope.org_id, subject
    )
    return found is not None


async def list_keeps(scope: OrgScope, *, rows_max: int) -> list[asyncpg.Record]:
    """(subject, kept_at), newest first."""
    return await scope.tx.fetch(
        "SELECT subject, kept_at FROM keeps WHERE org_id = $1 "
        "ORDER BY kept_at DESC, subject LIMIT $2",
        scope.org_id,
        rows_max,
    )
