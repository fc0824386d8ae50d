"""SQL of what is wrong with a source's posts."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import asyncpg

from doorstep.kit.db import Database, Role
from doorstep.orgs.model import OrgScope


async def organizations(db: Database) -> list[int]:  # allow: org_scope they are what is asked
    """Every organization that has a source."""
    async with db.batch(Role.INGEST) as tx:
        rows = await tx.fetch("SELECT DISTINCT org_id FROM sources ORDER BY org_id")
    return [row["org_id"] for row in rows]


async def standing(scope: OrgScope, *, posts: int) -> list[asyncpg.Record]:
    """Each source's newest posts and open alerts.

    (source_id, name, watched, refused, newest_refused, since, newest_at, now, refusing_id,
    silent_id, silent_since). Left out are posts that were turned away uncounted, and those
    that a member released: they tell nothing of the vendor.
    """
    return await scope.tx.fetch(
        """
        SELECT s.id AS source_id, s.name, s.disabled_at IS NULL AND NOT s.testing AS watched,
            p.refused, p.newest_refused, p.since, p.newest_at, now() AS now,
            r.id AS refusing_id, q.id AS silent_id, q.since AS silent_since
        FROM sources s
        CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE refused) AS refused, min(received_at) AS since,
                max(received_at) AS newest_at, coalesce((array_agg(refused))[1], false)
                    AS newest_refused
            FROM (
                SELECT received_at, outcome NOT IN ('accepted', 'repeated') AS refused
                FROM lead_posts
                WHERE org_id = s.org_id AND source_id = s.id AND outcome <> 'throttled'
                    AND NOT headers ? 'released-from'
                ORDER BY received_at DESC, id DESC LIMIT $2
            ) newest
        ) p
        LEFT JOIN source_alerts r ON r.org_id = s.org_id AND r.source_id = s.id
            AND r.kind = 'refusing' AND r.ended_at IS NULL
        LEFT JOIN source_alerts q ON q.org_id = s.org_id AND q.source_id = s.id
            AND q.kind = 'silent' AND q.ended_at IS NULL
        WHERE s.org_id = $1
        """,
        scope.org_id,
        posts,
    )


async def rhythm(
    scope: OrgScope,
    *,
    last: Sequence[tuple[uuid.UUID, datetime]],
    busy_posts: int,
    overdue: timedelta,
) -> list[asyncpg.Record]:
    """How sources posted before their last post: (source_id, busy, day, week).

    `busy` is whether that many posts came in the seven days before the last one. `day` and
    `week` count the quarters of an hour that had a post in the stretch from the last post
    until now, less what is not yet `overdue`, a day and a week before. `week` is null for a
    source that was not there a week before its last post.
    """
    return await scope.tx.fetch(
        """
        SELECT c.source_id, b.received_at > c.last_at - interval '7 days' AS busy,
            day.quarters AS day, CASE WHEN EXISTS (
                SELECT FROM lead_posts WHERE org_id = $1 AND source_id = c.source_id
                    AND received_at <= c.last_at - interval '7 days'
            ) THEN week.quarters END AS week
        FROM unnest($2::uuid[], $3::timestamptz[]) c(source_id, last_at)
        JOIN LATERAL (
            SELECT received_at FROM lead_posts WHERE org_id = $1 AND source_id = c.source_id
            ORDER BY received_at DESC, id DESC OFFSET $4 - 1 LIMIT 1
        ) b ON true
        CROSS JOIN LATERAL (
            SELECT count(DISTINCT date_bin('15 minutes', received_at, 'epoch')) AS quarters
            FROM lead_posts WHERE org_id = $1 AND source_id = c.source_id
                AND received_at > c.last_at - interval '1 day'
                AND received_at <= now() - interval '1 day' - $5::interval
        ) day
        CROSS JOIN LATERAL (
            SELECT count(DISTINCT date_bin('15 minutes', received_at, 'epoch')) AS quarters
            FROM lead_posts WHERE org_id = $1 AND source_id = c.source_id
                AND received_at > c.last_at - interval '7 days'
                AND received_at <= now() - interval '7 days' - $5::interval
        ) week
        """,
        scope.org_id,
        [source_id for source_id, _ in last],
        [at for _, at in last],
        busy_posts,
        overdue,
    )


async def begin(
    scope: OrgScope, *, alert_id: uuid.UUID, source_id: uuid.UUID, kind: str, since: datetime
) -> bool:
    """Whether no alert of this kind was open, and this one is now."""
    made = await scope.tx.fetchval(
        """
        INSERT INTO source_alerts (org_id, id, source_id, kind, since) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (org_id, source_id, kind) WHERE ended_at IS NULL DO NOTHING RETURNING true
        """,
        scope.org_id,
        alert_id,
        source_id,
        kind,
        since,
    )
    return made is not None


async def end(scope: OrgScope, *, alert_id: uuid.UUID) -> bool:
    """Whether the alert was open, and is over now."""
    ended = await scope.tx.fetchval(
        "UPDATE source_alerts SET ended_at = now() "
        "WHERE org_id = $1 AND id = $2 AND ended_at IS NULL RETURNING true",
        scope.org_id,
        alert_id,
    )
    return ended is not None


ALERTS = """
    SELECT a.id, a.source_id, s.name AS source, a.kind, a.since, a.began_at, a.ended_at
    FROM source_alerts a JOIN sources s ON s.org_id = a.org_id AND s.id = a.source_id
    WHERE a.org_id = $1
"""


async def list_open(scope: OrgScope, *, rows_max: int) -> list[asyncpg.Record]:
    """What is wrong now, newest first."""
    return await scope.tx.fetch(
        f"{ALERTS} AND a.ended_at IS NULL ORDER BY a.id DESC LIMIT $2", scope.org_id, rows_max
    )


async def list_of_source(
    scope: OrgScope, *, source_id: uuid.UUID, rows_max: int
) -> list[asyncpg.Record]:
    """What was and is wrong with one source, newest first."""
    return await scope.tx.fetch(
        f"{ALERTS} AND a.source_id = $2 ORDER BY a.id DESC LIMIT $3",
        scope.org_id,
        source_id,
        rows_max,
    )
