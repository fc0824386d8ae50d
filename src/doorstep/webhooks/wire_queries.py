"""All SQL of the older dialect: who listens, what bodies name, and verification by code."""

import asyncpg

from doorstep.kit.db import Tx
from doorstep.orgs.model import OrgScope
from doorstep.webhooks.wire_dialect import Subject


async def listening(scope: OrgScope) -> list[int]:
    """The ids of the verified endpoints of this dialect that are switched on."""
    rows = await scope.tx.fetch(
        "SELECT id FROM webhook_endpoints WHERE org_id = $1 AND disabled_at IS NULL "
        "AND dialect = 'wire' AND verified_at IS NOT NULL ORDER BY id",
        scope.org_id,
    )
    return [row["id"] for row in rows]


async def find_subject(scope: OrgScope, *, job_id: int) -> Subject | None:
    """The names of a job, its first model and its capture request."""
    row = await scope.tx.fetchrow(
        """
        SELECT j.external_identifier AS job_external_identifier,
            (SELECT min(m.id) FROM models m WHERE m.org_id = $1 AND m.job_id = j.id) AS model_id,
            r.identifier, r.id AS request_id
        FROM jobs j LEFT JOIN capture_requests r ON r.org_id = j.org_id AND r.job_id = j.id
        WHERE j.org_id = $1 AND j.id = $2
        """,
        scope.org_id,
        job_id,
    )
    return Subject(**row) if row else None


async def set_code(scope: OrgScope, *, endpoint_id: int, code_hash: bytes) -> bool:
    """Whether the endpoint speaks this dialect; only the newest code verifies it."""
    found = await scope.tx.fetchval(
        "UPDATE webhook_endpoints SET code_hash = $3, updated_at = now() "
        "WHERE org_id = $1 AND id = $2 AND dialect IN ('wire', 'undecided') RETURNING 1",
        scope.org_id,
        endpoint_id,
        code_hash,
    )
    return found is not None


async def find_by_code(
    tx: Tx, *, code_hash: bytes
) -> asyncpg.Record | None:  # allow: org_scope gate
    """(org_id, id) of the endpoint that a code was sent to."""
    return await tx.fetchrow(
        "SELECT org_id, id FROM webhook_endpoints WHERE code_hash = $1", code_hash
    )


async def drop_undecided(scope: OrgScope, *, endpoint_id: int) -> None:
    """Forget what waits for an endpoint in the dialect that it is about to leave."""
    await scope.tx.execute(
        """
        DELETE FROM webhook_deliveries d USING webhook_endpoints e
        WHERE d.org_id = $1 AND d.endpoint_id = $2 AND d.state = 'queued'
            AND e.org_id = d.org_id AND e.id = d.endpoint_id AND e.dialect = 'undecided'
        """,
        scope.org_id,
        endpoint_id,
    )


async def verify(scope: OrgScope, *, endpoint_id: int, code_hash: bytes) -> bool:
    """Whether the code is still the endpoint's; a second time changes nothing."""
    found = await scope.tx.fetchval(
        """
        UPDATE webhook_endpoints SET verified_at = coalesce(verified_at, now()), updated_at = now(),
            dialect = 'wire'
        WHERE org_id = $1 AND id = $2 AND code_hash = $3 RETURNING 1
        """,
        scope.org_id,
        endpoint_id,
        code_hash,
    )
    return found is not None
