"""All SQL of phones that compared where they are with where the house stands."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from doorstep.orgs.model import OrgScope


@dataclass(frozen=True, kw_only=True)
class PlaceCheck:
    """What one phone found."""

    answer: str
    metres: int | None
    checked_at: datetime


async def put(
    scope: OrgScope,
    *,
    session_id: uuid.UUID,
    capture_request_id: int,
    answer: str,
    metres: int | None,
) -> None:
    """Keep what the phone found last."""
    await scope.tx.execute(
        """
        INSERT INTO place_checks (org_id, session_id, capture_request_id, answer, metres)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (org_id, session_id) DO UPDATE SET answer = excluded.answer,
            metres = excluded.metres, checked_at = now()
        """,
        scope.org_id,
        session_id,
        capture_request_id,
        answer,
        metres,
    )


async def of_job(scope: OrgScope, *, job_id: int) -> list[PlaceCheck]:
    """What the phones of a job found, the last one first."""
    rows = await scope.tx.fetch(
        """
        SELECT c.answer, c.metres, c.checked_at FROM place_checks c
        JOIN capture_requests r ON r.org_id = c.org_id AND r.id = c.capture_request_id
        WHERE c.org_id = $1 AND r.job_id = $2 ORDER BY c.checked_at DESC LIMIT 20
        """,
        scope.org_id,
        job_id,
    )
    return [PlaceCheck(**row) for row in rows]


async def remove(scope: OrgScope, *, request_id: int) -> None:
    """Forget what the phones of a request found."""
    await scope.tx.execute(
        "DELETE FROM place_checks WHERE org_id = $1 AND capture_request_id = $2",
        scope.org_id,
        request_id,
    )
