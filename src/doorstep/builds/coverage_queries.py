"""All SQL of quick looks at the views of a capture."""

import json
import uuid
from collections.abc import Sequence

import asyncpg

from doorstep.kit.ids import uuid7
from doorstep.orgs.model import OrgScope

COLUMNS = """id, capture_request_id, session_id, views, skipped, state, pieces, gaps, loose,
    asked_at, settled_at, extract(epoch FROM now() - asked_at)::float8 AS age_seconds"""


async def insert(
    scope: OrgScope,
    *,
    capture_request_id: int,
    session_id: uuid.UUID | None,
    fingerprint: bytes,
    views: Sequence[uuid.UUID],
    skipped: Sequence[str],
) -> bool:
    """Whether this set of views was not asked about before, and is now."""
    made = await scope.tx.fetchval(
        """
        INSERT INTO coverages
            (org_id, id, capture_request_id, session_id, fingerprint, views, skipped)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (org_id, capture_request_id, fingerprint) DO NOTHING RETURNING true
        """,
        scope.org_id,
        uuid7(),
        capture_request_id,
        session_id,
        fingerprint,
        list(views),
        list(skipped),
    )
    return made is not None


async def find(scope: OrgScope, *, coverage_id: uuid.UUID) -> asyncpg.Record | None:
    """One look."""
    return await scope.tx.fetchrow(
        f"SELECT {COLUMNS} FROM coverages WHERE org_id = $1 AND id = $2",
        scope.org_id,
        coverage_id,
    )


async def find_of_views(
    scope: OrgScope, *, capture_request_id: int, fingerprint: bytes
) -> asyncpg.Record | None:
    """The look at this very set of views."""
    return await scope.tx.fetchrow(
        f"SELECT {COLUMNS} FROM coverages "
        "WHERE org_id = $1 AND capture_request_id = $2 AND fingerprint = $3",
        scope.org_id,
        capture_request_id,
        fingerprint,
    )


async def latest_of_job(scope: OrgScope, *, job_id: int) -> asyncpg.Record | None:
    """The newest judged look of a job's request, and whether the capture is finished since."""
    return await scope.tx.fetchrow(
        """
        SELECT c.views, c.state, c.pieces, c.gaps, c.loose,
            r.completed_at IS NOT NULL AS is_finished
        FROM coverages c
        JOIN capture_requests r ON r.org_id = c.org_id AND r.id = c.capture_request_id
        WHERE c.org_id = $1 AND r.job_id = $2 AND c.state = 'judged'
        ORDER BY c.id DESC LIMIT 1
        """,
        scope.org_id,
        job_id,
    )


async def settle(
    scope: OrgScope,
    *,
    coverage_id: uuid.UUID,
    state: str,
    pieces: int | None = None,
    gaps: Sequence[Sequence[str]] = (),
    loose: int = 0,
) -> bool:
    """Whether this call is the one that ended the look."""
    settled = await scope.tx.fetchval(
        """
        UPDATE coverages SET state = $3, pieces = $4, gaps = $5, loose = $6, settled_at = now()
        WHERE org_id = $1 AND id = $2 AND state = 'asked' RETURNING true
        """,
        scope.org_id,
        coverage_id,
        state,
        pieces,
        json.dumps([list(gap) for gap in gaps]),
        loose,
    )
    return settled is not None
