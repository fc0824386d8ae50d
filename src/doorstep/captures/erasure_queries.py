"""All SQL of homeowners' wishes that their data be deleted."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from doorstep.orgs.model import OrgScope


async def insert(scope: OrgScope, *, request_id: int) -> bool:
    """Whether nobody had wished it before."""
    made = await scope.tx.fetchval(
        "INSERT INTO erasures (org_id, capture_request_id, actor) VALUES ($1, $2, $3) "
        "ON CONFLICT DO NOTHING RETURNING true",
        scope.org_id,
        request_id,
        str(scope.actor),
    )
    return made is not None


async def asked_at(scope: OrgScope, *, job_id: int) -> datetime | None:
    """When the homeowner of a job wished it; None: never."""
    found: datetime | None = await scope.tx.fetchval(
        """
        SELECT e.asked_at FROM erasures e
        JOIN capture_requests r ON r.org_id = e.org_id AND r.id = e.capture_request_id
        WHERE e.org_id = $1 AND r.job_id = $2
        """,
        scope.org_id,
        job_id,
    )
    return found


async def close_request(scope: OrgScope, *, request_id: int) -> str:
    """The state in which the request has ended: one that was never finished is deleted."""
    state: str = await scope.tx.fetchval(
        """
        UPDATE capture_requests r SET state = n.state,
            completed_at = CASE WHEN n.state = 'complete' THEN coalesce(r.completed_at, now()) END,
            captured_user_id = CASE WHEN n.state = 'complete' THEN r.capturing_user_id END,
            deleted_at = CASE WHEN n.state = 'deleted' THEN coalesce(r.deleted_at, now()) END
        FROM (SELECT CASE WHEN c.state IN ('new', 'connected') THEN
                  CASE WHEN EXISTS (SELECT 1 FROM reopenings o
                           WHERE o.org_id = c.org_id AND o.capture_request_id = c.id)
                       THEN 'complete' ELSE 'deleted' END
              ELSE c.state END AS state
              FROM capture_requests c WHERE c.org_id = $1 AND c.id = $2) n
        WHERE r.org_id = $1 AND r.id = $2 RETURNING r.state
        """,
        scope.org_id,
        request_id,
    )
    return state


async def end_sessions(scope: OrgScope, *, request_id: int) -> None:
    """No browser of the request is known any more."""
    await scope.tx.execute(
        """
        UPDATE capture_sessions SET expires_at = now(), user_agent = '', skipped_spots = '{}'
        WHERE org_id = $1 AND capture_request_id = $2
        """,
        scope.org_id,
        request_id,
    )


async def forget_browsers(scope: OrgScope, *, session_ids: Sequence[uuid.UUID]) -> None:
    """Nobody knows any more which browsers these were, and how far from the house."""
    await scope.tx.execute(
        "UPDATE capture_sessions SET user_agent = '' WHERE org_id = $1 AND id = ANY ($2)",
        scope.org_id,
        session_ids,
    )
    await scope.tx.execute(
        "DELETE FROM place_checks WHERE org_id = $1 AND session_id = ANY ($2)",
        scope.org_id,
        session_ids,
    )


async def forget_person(scope: OrgScope, *, request_id: int, name: str) -> None:
    """No name, address or number; `name` is put where the person's was.

    The account that several requests of one person share keeps its address for the others.
    """
    await scope.tx.execute(
        """
        WITH forgotten AS (
            UPDATE capture_requests SET capturing_user_name = $3, capturing_user_email = '',
                capturing_user_phone = NULL, claim_number = NULL
            WHERE org_id = $1 AND id = $2 RETURNING id, capturing_user_id
        )
        UPDATE capturing_users u SET email = 'erased-' || u.id
        FROM forgotten f WHERE u.org_id = $1 AND u.id = f.capturing_user_id
            AND NOT EXISTS (SELECT 1 FROM capture_requests o WHERE o.org_id = $1
                AND o.capturing_user_id = u.id AND o.id <> f.id)
        """,
        scope.org_id,
        request_id,
        name,
    )


async def settle(scope: OrgScope, *, request_id: int, files: int, size: int) -> None:
    """Note that it is done, and how much it was in all."""
    await scope.tx.execute(
        """
        UPDATE erasures SET done_at = coalesce(done_at, now()), files = files + $3,
            bytes = bytes + $4
        WHERE org_id = $1 AND capture_request_id = $2
        """,
        scope.org_id,
        request_id,
        files,
        size,
    )
