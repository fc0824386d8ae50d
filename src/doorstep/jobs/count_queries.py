"""All SQL of how many jobs there are: triggers keep the counts, whatever changes a job."""

from collections.abc import Sequence

import asyncpg

from doorstep.orgs.model import OrgScope


async def by_shelf(scope: OrgScope) -> dict[str, int]:
    """How many jobs stand on each shelf."""
    rows = await scope.tx.fetch(
        "SELECT shelf, sum(jobs)::bigint AS number FROM job_counts "
        "WHERE org_id = $1 GROUP BY shelf HAVING sum(jobs) <> 0",
        scope.org_id,
    )
    return {row["shelf"]: row["number"] for row in rows}


async def kinds(
    scope: OrgScope,
    *,
    archived: bool,
    states: Sequence[str] | None = None,
    deliverable_ids: Sequence[int] | None = None,
) -> list[asyncpg.Record]:
    """(shelf, deliverable_id, jobs) of each kind of these jobs that there is; all when None."""
    return await scope.tx.fetch(
        """
        SELECT shelf, deliverable_id, sum(jobs)::bigint AS jobs FROM job_counts
        WHERE org_id = $1 AND (shelf = 'archived') = $2 AND ($3::text[] IS NULL OR state = ANY ($3))
            AND ($4::int[] IS NULL OR deliverable_id = ANY ($4))
        GROUP BY shelf, deliverable_id HAVING sum(jobs) <> 0 ORDER BY shelf, deliverable_id
        """,
        scope.org_id,
        archived,
        states,
        deliverable_ids,
    )


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
        f"job counts of {scope.org_id}",
    )
    mended = await scope.tx.fetch(
        """
        INSERT INTO job_counts (org_id, shelf, state, deliverable_id, jobs)
        SELECT $1, shelf, state, deliverable_id, sum(jobs) FROM (
            SELECT shelf, state, deliverable_id, count(*) AS jobs FROM jobs
            WHERE org_id = $1 GROUP BY shelf, state, deliverable_id
            UNION ALL
            SELECT shelf, state, deliverable_id, -jobs FROM job_counts WHERE org_id = $1
        ) lacking
        GROUP BY shelf, state, deliverable_id HAVING sum(jobs) <> 0 RETURNING 1
        """,
        scope.org_id,
    )
    return len(mended)
