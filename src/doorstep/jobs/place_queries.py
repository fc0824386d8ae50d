"""All SQL of where jobs' houses stand."""

from doorstep.orgs.model import OrgScope


async def put(scope: OrgScope, *, job_id: int, latitude: float, longitude: float) -> None:
    """Write it, or write over what was there."""
    await scope.tx.execute(
        """
        INSERT INTO places AS held (org_id, job_id, latitude, longitude, actor)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (org_id, job_id) DO UPDATE SET latitude = excluded.latitude,
            longitude = excluded.longitude, actor = excluded.actor, set_at = now()
        """,
        scope.org_id,
        job_id,
        latitude,
        longitude,
        str(scope.actor),
    )


async def remove(scope: OrgScope, *, job_id: int) -> None:
    """Forget it."""
    await scope.tx.execute(
        "DELETE FROM places WHERE org_id = $1 AND job_id = $2", scope.org_id, job_id
    )


async def find(scope: OrgScope, *, job_id: int) -> tuple[float, float] | None:
    """(latitude, longitude), if it is known."""
    row = await scope.tx.fetchrow(
        "SELECT latitude, longitude FROM places WHERE org_id = $1 AND job_id = $2",
        scope.org_id,
        job_id,
    )
    return (row["latitude"], row["longitude"]) if row else None
