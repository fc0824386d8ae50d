"""All SQL of how many requests there are: triggers keep the counts, whatever changes a request."""

from collections.abc import Iterable

from doorstep.orgs.model import OrgScope


async def total(scope: OrgScope, *, requesting_user_id: int | None, states: Iterable[str]) -> int:
    """How many requests are in one of these states; of one member or, when None, of all."""
    found: int = await scope.tx.fetchval(
        """
        SELECT coalesce(sum(requests), 0)::bigint FROM capture_request_counts
        WHERE org_id = $1 AND state = ANY ($2) AND ($3::bigint IS NULL OR requesting_user_id = $3)
        """,
        scope.org_id,
        list(states),
        requesting_user_id,
    )
    return found


MENDING_TIME_MAX = "600s"
"""All rows are read, of which there may be millions."""


async def mend(scope: OrgScope) -> int:
    """Count the rows themselves, and make the counts say the same; how many did not.

    One statement sees the rows and their counts as of one moment, while others go on writing;
    but two that mend would both add what is lacking.
    """
    await scope.tx.execute(f"SET LOCAL statement_timeout = '{MENDING_TIME_MAX}'")
    await scope.tx.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))  -- by org_id",
        f"request counts of {scope.org_id}",
    )
    mended = await scope.tx.fetch(
        """
        INSERT INTO capture_request_counts (org_id, requesting_user_id, state, requests)
        SELECT $1, requesting_user_id, state, sum(requests) FROM (
            SELECT requesting_user_id, state, count(*) AS requests
            FROM capture_requests WHERE org_id = $1 GROUP BY 1, 2
            UNION ALL
            SELECT requesting_user_id, state, -requests FROM capture_request_counts
            WHERE org_id = $1
        ) lacking
        GROUP BY requesting_user_id, state HAVING sum(requests) <> 0 RETURNING 1
        """,
        scope.org_id,
    )
    return len(mended)
