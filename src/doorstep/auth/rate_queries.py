"""All SQL of the rate of each integration."""

from datetime import timedelta

from doorstep.orgs.model import OrgScope


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
