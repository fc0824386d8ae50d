"""SQL of how good the sources are: one statement each for posts, leads and monthly costs."""

from datetime import date, datetime

import asyncpg

from doorstep.leads.disposition_queries import STANDING
from doorstep.orgs.model import OrgScope

BY_SOURCE, BY_CASE_TYPE, OVERALL = 1, 2, 3
"""What GROUPING says of a row of `leads`."""


async def posts(scope: OrgScope, *, since: datetime, until: datetime) -> list[asyncpg.Record]:
    """(id, name, posts, accepted, repeated, refused) of every source by name; at most 500."""
    return await scope.tx.fetch(
        """
        SELECT s.id, s.name, p.posts, p.accepted, p.repeated, p.posts - p.accepted - p.repeated
            AS refused
        FROM (SELECT org_id, id, name FROM sources WHERE org_id = $1 ORDER BY name LIMIT 500) s
        CROSS JOIN LATERAL (
            SELECT count(*) AS posts, count(*) FILTER (WHERE outcome = 'accepted') AS accepted,
                count(*) FILTER (WHERE outcome = 'repeated') AS repeated
            FROM lead_posts WHERE org_id = s.org_id AND source_id = s.id
                AND received_at >= $2 AND received_at < $3 AND outcome <> 'throttled'
        ) p
        ORDER BY s.name
        """,
        scope.org_id,
        since,
        until,
    )


async def leads(scope: OrgScope, *, since: datetime, until: datetime) -> list[asyncpg.Record]:
    """What became of the leads of these months, without tests: by source, by case type, in all.

    `grouped` is one of the constants above; `waited` the median time to the first touch, as
    `disposition_queries.FIRST_TOUCHED_AT` has it, in seconds.
    """
    return await scope.tx.fetch(
        f"""
        WITH decided AS (
            SELECT d.lead_id, d.disposition FROM lead_dispositions d
            WHERE d.org_id = $1 AND d.created_at >= $2 AND NOT EXISTS (
                SELECT FROM lead_dispositions later WHERE later.org_id = d.org_id
                    AND later.lead_id = d.lead_id AND later.number = d.number + 1
            )
        ), touched AS (
            SELECT lead_id, min(at) AS at FROM (
                SELECT d.lead_id, d.created_at AS at FROM lead_dispositions d
                WHERE d.org_id = $1 AND d.created_at >= $2 AND {STANDING}
                UNION ALL
                SELECT lead_id, occurred_at FROM events
                WHERE org_id = $1 AND name = 'capture_request.created' AND lead_id IS NOT NULL
            ) touches GROUP BY lead_id
        ), found AS (
            SELECT l.source_id, l.case_type_id, cardinality(l.contacts) > 0 AS contactable,
                d.disposition, m.lead_id IS NOT NULL AS merged, c.cents,
                extract(epoch FROM t.at - l.received_at)::float8 AS waited
            FROM leads l
            LEFT JOIN decided d ON d.lead_id = l.id
            LEFT JOIN touched t ON t.lead_id = l.id
            LEFT JOIN lead_merges m ON m.org_id = l.org_id AND m.lead_id = l.id
            LEFT JOIN lead_costs c ON c.org_id = l.org_id AND c.lead_id = l.id
            WHERE l.org_id = $1 AND l.received_at >= $2 AND l.received_at < $3
                AND NOT 'test' = ANY (l.tags)
        )
        SELECT GROUPING(f.source_id, f.case_type_id) AS grouped, f.source_id, f.case_type_id,
            t.name AS case_type, count(*) AS leads,
            count(*) FILTER (WHERE contactable) AS contactable,
            count(*) FILTER (WHERE merged OR disposition = 'duplicate') AS duplicates,
            count(*) FILTER (WHERE disposition = 'contacted') AS contacted,
            count(*) FILTER (WHERE disposition = 'qualified') AS qualified,
            count(*) FILTER (WHERE disposition = 'signed') AS signed,
            count(*) FILTER (WHERE disposition = 'rejected') AS rejected,
            count(*) FILTER (WHERE disposition = 'duplicate') AS duplicate,
            count(*) FILTER (WHERE disposition = 'returned') AS returned,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY waited) AS waited,
            sum(cents)::bigint AS cents
        FROM found f
        LEFT JOIN case_types t ON t.org_id = $1 AND t.id = f.case_type_id
        GROUP BY GROUPING SETS ((f.source_id), (f.case_type_id, t.name), ())
        ORDER BY t.name
        """,
        scope.org_id,
        since,
        until,
    )


async def exceeds(scope: OrgScope, *, since: datetime, until: datetime, leads_max: int) -> bool:
    """Whether more leads than these came in these months."""
    found: bool = await scope.tx.fetchval(
        """
        SELECT EXISTS (
            SELECT FROM leads WHERE org_id = $1 AND received_at >= $2 AND received_at < $3
            ORDER BY received_at OFFSET $4 LIMIT 1
        )
        """,
        scope.org_id,
        since,
        until,
        leads_max,
    )
    return found


async def monthly(scope: OrgScope, *, since: date, until: date) -> list[asyncpg.Record]:
    """(source_id, cents) that were entered by month, from one month until before another."""
    return await scope.tx.fetch(
        "SELECT source_id, sum(cents)::bigint AS cents FROM source_costs "
        "WHERE org_id = $1 AND month >= $2 AND month < $3 GROUP BY source_id",
        scope.org_id,
        since,
        until,
    )


async def today(scope: OrgScope, *, zone: str) -> date:
    """The day at the organization's place."""
    day: date = await scope.tx.fetchval("SELECT (now() AT TIME ZONE $1)::date", zone)
    return day
