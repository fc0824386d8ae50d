"""All SQL of the jobs as the wire shows them: with owner, organization, request and models."""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from doorstep.builds.measured.record import NAME as MEASUREMENTS
from doorstep.jobs import count_queries
from doorstep.orgs.model import OrgScope

VIEW = """
    SELECT j.id, j.org_id, j.state, j.name, j.user_id, j.wallet_id, j.customer_name,
        j.customer_email, j.customer_phone, j.location_line_1, j.location_line_2,
        j.location_city, j.location_region, j.location_postal_code, j.location_country,
        j.external_identifier, j.deliverable_id, j.client_identifier, j.failure, j.archived_at,
        j.created_at, j.updated_at, j.completed_at, j.test_state,
        j.approved_at, j.approving_user_id,
        EXISTS (SELECT 1 FROM job_shares s WHERE s.org_id = j.org_id AND s.job_id = j.id
            AND s.revoked_at IS NULL AND s.expires_at > now()) AS shared,
        u.name AS user_name, u.email AS user_email, o.name AS org_name,
        o.customer_display_name, o.external_identifier_label,
        r.id AS request_id, r.identifier AS request_identifier, r.state AS request_state,
        r.capturing_user_email, r.captured_user_id, r.completed_at AS captured_at
    FROM jobs j
    JOIN users u ON u.org_id = j.org_id AND u.id = j.user_id
    JOIN orgs o ON o.id = j.org_id
    LEFT JOIN capture_requests r ON r.org_id = j.org_id AND r.job_id = j.id
"""
SEARCHED = """position(lower($%d) IN lower(concat_ws(' ', j.name, j.location_line_1,
    j.location_city, j.location_region, j.location_postal_code, u.name, u.email))) > 0"""
SORTINGS = {
    (column, order): f"j.{column} {order}{nulls}, j.id {order}"
    for column, nulls in (("completed_at", " NULLS LAST"), ("created_at", ""), ("updated_at", ""))
    for order in ("ASC", "DESC")
}
"""Nothing is said of nulls where there are none: the index is walked either way."""
DRAWN = (
    '$.stages[*] ? (@.stage == "export" && @.figures.unit == "metre")',
    '$.stages[*] ? (@.stage == "measure" && @.figures.roof > 0)',
)
"""What the report of a build says when its model has a size, and a roof above its walls."""


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which jobs a list shows, and in which order."""

    archived: bool = False
    states: list[str] | None = None
    deliverable_ids: list[int] | None = None
    updated_since: datetime | None = None
    search: str | None = None
    sort: tuple[str, str] = ("created_at", "DESC")


async def find(scope: OrgScope, *, job_id: int) -> asyncpg.Record | None:
    """One job."""
    return await scope.tx.fetchrow(
        f"{VIEW} WHERE j.org_id = $1 AND j.id = $2", scope.org_id, job_id
    )


async def page(
    scope: OrgScope, wanted: Filter, *, start: int, rows_max: int
) -> list[asyncpg.Record]:
    """A stretch of the jobs that pass the filter."""
    condition, values = _condition(wanted)
    return await scope.tx.fetch(
        f"{VIEW} WHERE j.org_id = $1 AND {condition} ORDER BY {SORTINGS[wanted.sort]} "
        f"OFFSET {start:d} LIMIT {rows_max:d}",
        scope.org_id,
        *values,
    )


async def count(scope: OrgScope, wanted: Filter) -> int:
    """How many jobs pass the filter."""
    if wanted.search is None and wanted.updated_since is None:
        kinds = await count_queries.kinds(
            scope,
            archived=wanted.archived,
            states=wanted.states,
            deliverable_ids=wanted.deliverable_ids,
        )
        return sum(kind["jobs"] for kind in kinds)
    condition, values = _condition(wanted)
    users = "JOIN users u ON u.org_id = j.org_id AND u.id = j.user_id" if wanted.search else ""
    total: int = await scope.tx.fetchval(
        f"SELECT count(*) FROM jobs j {users} WHERE j.org_id = $1 AND {condition}",
        scope.org_id,
        *values,
    )
    return total


async def models(scope: OrgScope, *, job_ids: list[int]) -> dict[int, list[asyncpg.Record]]:
    """The models of each of these jobs, oldest first.

    `measured` says that there are measurements, `drawn` that there is something to draw of them.
    """
    rows = await scope.tx.fetch(
        """
        SELECT m.id, m.job_id, m.name, m.state, m.failure, m.build_id, m.created_at, m.updated_at,
            EXISTS (SELECT FROM build_files f WHERE f.org_id = m.org_id
                AND f.build_id = m.build_id AND f.tree = 'org' AND f.name = $3) AS measured,
            EXISTS (SELECT FROM builds b WHERE b.org_id = m.org_id AND b.id = m.build_id
                AND b.report @? $4::jsonpath AND b.report @? $5::jsonpath) AS drawn
        FROM models m WHERE m.org_id = $1 AND m.job_id = ANY ($2) ORDER BY m.id
        """,
        scope.org_id,
        job_ids,
        MEASUREMENTS,
        *DRAWN,
    )
    found: dict[int, list[asyncpg.Record]] = {job_id: [] for job_id in job_ids}
    for row in rows:
        found[row["job_id"]].append(row)
    return found


async def find_model(scope: OrgScope, *, model_id: int) -> asyncpg.Record | None:
    """Job and state of one model."""
    return await scope.tx.fetchrow(
        "SELECT job_id, state FROM models WHERE org_id = $1 AND id = $2", scope.org_id, model_id
    )


async def images(scope: OrgScope, *, job_ids: list[int]) -> dict[int, list[asyncpg.Record]]:
    """The pictures of these jobs that can be shown, by the job's first model, as taken."""
    rows = await scope.tx.fetch(
        """
        SELECT m.id AS model_id, p.number, p.created_at
        FROM photos p
        JOIN (SELECT job_id, min(id) AS id FROM models
            WHERE org_id = $1 AND job_id = ANY ($2) GROUP BY job_id) m ON m.job_id = p.job_id
        WHERE p.org_id = $1 AND p.job_id = ANY ($2) AND p.kind IN ('photo', 'frame')
          AND p.state = 'ready' AND p.display_key IS NOT NULL
        ORDER BY p.session_id, p.sequence, p.id
        """,
        scope.org_id,
        job_ids,
    )
    found: dict[int, list[asyncpg.Record]] = {}
    for row in rows:
        found.setdefault(row["model_id"], []).append(row)
    return found


def _condition(wanted: Filter) -> tuple[str, list[object]]:
    """What rows must be, of the filters that are set: the planner sees no others."""
    parts, values = [f"j.archived_at IS {'NOT ' if wanted.archived else ''}NULL"], list[object]()
    for text, value in (
        ("j.state = ANY ($%d::text[])", wanted.states),
        ("j.deliverable_id = ANY ($%d::int[])", wanted.deliverable_ids),
        ("j.updated_at >= $%d::timestamptz", wanted.updated_since),
        (SEARCHED, wanted.search),
    ):
        if value is not None:
            values.append(value)
            parts.append(text % (len(values) + 1))
    return " AND ".join(parts), values
