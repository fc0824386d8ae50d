"""All SQL of the rate of each integration."""

from datetime import timedelta

from doorstep.orgs.model import OrgScope


async def note(scope: OrgScope, *, client_id: str, hits_max: int, window: timedelta) -> bool:
    """Whether one more request fits; the row's lock makes processes take turns."""
    # A crash may forget the last moments of counting: that is worth no disk write a request.
    await scope.tx.execute("SET LOCAL synchronous_commit = off")
    found = await scope.tx.fetchval(
        """
        INSERT INTO api_rates AS r (org_id, client_id, hits)
        VALUES ($1, $2, ARRAY[clock_timestamp()])
        ON CONFLICT (org_id, client_id) DO UPDATE
        SET hits = r.hits[greatest(cardinality(r.hits) - $3 + 2, 1):] || clock_timestamp()
        WHERE cardinality(r.hits) < $3
            OR r.hits[cardinality(r.hits) - $3 + 1] <= clock_timestamp() - $4::interval
        RETURNING 1
        """,
        scope.org_id,
        client_id,
        hits_max,
        window,
    )
    return found is not None


async def free_in(
    scope: OrgScope, *, client_id: str, hits_max: int, window: timedelta
) -> timedelta:
    """How long until the oldest request that counts leaves the window."""
    wait: timedelta | None = await scope.tx.fetchval(
        """
        SELECT hits[cardinality(hits) - $3 + 1] + $4::interval - clock_timestamp()
        FROM api_rates WHERE org_id = $1 AND client_id = $2
        """,
        scope.org_id,
        client_id,
        hits_max,
        window,
    )
    return wait or timedelta(0)
