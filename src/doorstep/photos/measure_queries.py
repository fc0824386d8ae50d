"""All SQL of measured lengths."""

import uuid
from typing import TYPE_CHECKING

import asyncpg

from doorstep.orgs.model import OrgScope

if TYPE_CHECKING:
    from doorstep.photos.measures import Ends


async def insert(
    scope: OrgScope, *, measure_id: uuid.UUID, job_id: int, kind: str, metres: float
) -> None:
    """A new length."""
    await scope.tx.execute(
        "INSERT INTO measures (org_id, id, job_id, kind, metres, actor) "
        "VALUES ($1, $2, $3, $4, $5, $6)",
        scope.org_id,
        measure_id,
        job_id,
        kind,
        metres,
        str(scope.actor),
    )


async def insert_ends(scope: OrgScope, *, measure_id: uuid.UUID, job_id: int, ends: "Ends") -> bool:
    """Whether the job has this photo, in which the ends are marked now."""
    made = await scope.tx.fetchval(
        """
        INSERT INTO measure_ends (org_id, measure_id, photo_id, ax, ay, bx, by)
        SELECT org_id, $2, id, $5, $6, $7, $8 FROM photos
        WHERE org_id = $1 AND job_id = $3 AND id = $4 AND kind <> 'video' RETURNING true
        """,
        scope.org_id,
        measure_id,
        job_id,
        ends.photo_id,
        *ends.a,
        *ends.b,
    )
    return made is not None


async def delete(scope: OrgScope, *, job_id: int, measure_id: uuid.UUID) -> bool:
    """Whether the job had this length, which is gone now."""
    gone = await scope.tx.fetchval(
        "DELETE FROM measures WHERE org_id = $1 AND job_id = $2 AND id = $3 RETURNING true",
        scope.org_id,
        job_id,
        measure_id,
    )
    return gone is not None


async def delete_homeowners(scope: OrgScope, *, job_id: int, kind: str) -> None:
    """Forget what was typed on a phone of this kind; what members added stays."""
    await scope.tx.execute(
        "DELETE FROM measures WHERE org_id = $1 AND job_id = $2 AND kind = $3 "
        "AND actor LIKE 'capture_session:%'",
        scope.org_id,
        job_id,
        kind,
    )


async def list_of_job(scope: OrgScope, *, job_id: int) -> list[asyncpg.Record]:
    """The lengths of a job with the number of photos in which their ends are marked."""
    return await scope.tx.fetch(
        """
        SELECT m.id, m.kind, m.metres, m.actor, m.created_at,
            (SELECT count(*) FROM measure_ends e
                WHERE e.org_id = m.org_id AND e.measure_id = m.id) AS photos
        FROM measures m WHERE m.org_id = $1 AND m.job_id = $2 ORDER BY m.id
        """,
        scope.org_id,
        job_id,
    )


async def list_ends(scope: OrgScope, *, job_id: int) -> list[asyncpg.Record]:
    """Every marked end of a job's lengths, in pictures whose size is known."""
    return await scope.tx.fetch(
        """
        SELECT e.measure_id, m.kind, m.metres, p.original_key, p.width, p.height,
            e.ax, e.ay, e.bx, e.by
        FROM measures m
        JOIN measure_ends e ON e.org_id = m.org_id AND e.measure_id = m.id
        JOIN photos p ON p.org_id = e.org_id AND p.id = e.photo_id
        WHERE m.org_id = $1 AND m.job_id = $2 AND p.width IS NOT NULL
        ORDER BY m.id, p.id
        """,
        scope.org_id,
        job_id,
    )


async def ids_by_hash(
    scope: OrgScope, *, job_id: int, hashes: list[bytes]
) -> dict[bytes, uuid.UUID]:
    """The job's photos with these bytes."""
    rows = await scope.tx.fetch(
        "SELECT sha256, id FROM photos "
        "WHERE org_id = $1 AND job_id = $2 AND sha256 = ANY($3::bytea[]) AND kind <> 'video'",
        scope.org_id,
        job_id,
        hashes,
    )
    return {row["sha256"]: row["id"] for row in rows}
