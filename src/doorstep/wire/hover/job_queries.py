"""All SQL of the jobs as the wire shows them: with owner, organization, request and models."""

import asyncpg

from doorstep.builds.measured.record import NAME as MEASUREMENTS
from doorstep.orgs.model import OrgScope
from doorstep.wire.hover.addresses import MODEL

VIEW = """
    SELECT j.id, j.org_id, j.state, j.name, j.user_id, j.wallet_id, j.customer_name,
        j.customer_email, j.customer_phone, j.location_line_1, j.location_line_2,
        j.location_city, j.location_region, j.location_postal_code, j.location_country,
        j.external_identifier, j.deliverable_id, j.client_identifier, j.failure, j.archived_at,
        j.created_at, j.updated_at, j.completed_at, j.test_state,
        j.approved_at, j.approving_user_id,
        EXISTS (SELECT 1 FROM job_shares s WHERE s.org_id = j.org_id AND s.job_id = j.id
            AND s.revoked_at IS NULL AND s.expires_at > now()) AS shared,
        u.name AS user_name, u.email AS user_email, u.invited_at, u.require_job_approval,
        o.name AS org_name, o.time_zone, o.ordering_email, o.updated_at AS org_updated_at,
        o.customer_display_name, o.external_identifier_label,
        r.id AS request_id, r.identifier AS request_identifier, r.state AS request_state,
        r.capturing_user_email, r.captured_user_id, r.completed_at AS captured_at,
        p.latitude::numeric::text AS latitude, p.longitude::numeric::text AS longitude
    FROM jobs j
    JOIN users u ON u.org_id = j.org_id AND u.id = j.user_id
    JOIN orgs o ON o.id = j.org_id
    LEFT JOIN capture_requests r ON r.org_id = j.org_id AND r.job_id = j.id
    LEFT JOIN places p ON p.org_id = j.org_id AND p.job_id = j.id
"""
DRAWN = (
    '$.stages[*] ? (@.stage == "export" && @.figures.unit == "metre")',
    '$.stages[*] ? (@.stage == "measure" && @.figures.roof > 0)',
)
"""What the report of a build says when its model has a size, and a roof above its walls."""


async def find(scope: OrgScope, *, job_id: int) -> asyncpg.Record | None:
    """One job."""
    return await scope.tx.fetchrow(
        f"{VIEW} WHERE j.org_id = $1 AND j.id = $2", scope.org_id, job_id
    )


async def list_of(scope: OrgScope, *, job_ids: list[int]) -> list[asyncpg.Record]:
    """These jobs, in this order."""
    return await scope.tx.fetch(
        f"{VIEW} WHERE j.org_id = $1 AND j.id = ANY ($2) ORDER BY array_position($2, j.id)",
        scope.org_id,
        job_ids,
    )


async def models(scope: OrgScope, *, job_ids: list[int]) -> dict[int, list[asyncpg.Record]]:
    """The models of each of these jobs, oldest first.

    `measured` says that there are measurements, `drawn` that there is something to draw of them,
    `modelled` that there is a textured model.
    """
    rows = await scope.tx.fetch(
        """
        SELECT m.id, m.job_id, m.name, m.state, m.failure, m.build_id, m.created_at, m.updated_at,
            EXISTS (SELECT FROM build_files f WHERE f.org_id = m.org_id
                AND f.build_id = m.build_id AND f.tree = 'org' AND f.name = $3) AS measured,
            EXISTS (SELECT FROM build_files f WHERE f.org_id = m.org_id
                AND f.build_id = m.build_id AND f.tree = 'org' AND f.name = $6) AS modelled,
            EXISTS (SELECT FROM builds b WHERE b.org_id = m.org_id AND b.id = m.build_id
                AND b.report @? $4::jsonpath AND b.report @? $5::jsonpath) AS drawn
        FROM models m WHERE m.org_id = $1 AND m.job_id = ANY ($2) ORDER BY m.id
        """,
        scope.org_id,
        job_ids,
        MEASUREMENTS,
        *DRAWN,
        MODEL,
    )
    found: dict[int, list[asyncpg.Record]] = {job_id: [] for job_id in job_ids}
    for row in rows:
        found[row["job_id"]].append(row)
    return found


async def find_model(scope: OrgScope, *, model_id: int) -> asyncpg.Record | None:
    """Job and state of one model, and the structure that was built; none before its build."""
    return await scope.tx.fetchrow(
        """
        SELECT m.id, m.job_id, m.state, coalesce(b.structure, '') AS structure
        FROM models m LEFT JOIN builds b ON b.org_id = m.org_id AND b.id = m.build_id
        WHERE m.org_id = $1 AND m.id = $2
        """,
        scope.org_id,
        model_id,
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
