"""All SQL of who asked, of requests that a person has open, and of a link asked for again."""

import uuid
from datetime import timedelta

from doorstep.orgs.model import OrgScope


async def set_requester(scope: OrgScope, *, job_id: int, user_id: int) -> int | None:
    """The id of the request of this job, which is the member's now; None when it has none."""
    request_id: int | None = await scope.tx.fetchval(
        "UPDATE capture_requests SET requesting_user_id = $3 "
        "WHERE org_id = $1 AND job_id = $2 RETURNING id",
        scope.org_id,
        job_id,
        user_id,
    )
    return request_id


async def pending_of(scope: OrgScope, *, email: str) -> str | None:
    """Who waits for photos of the person with this address, by the newest open request."""
    name: str | None = await scope.tx.fetchval(
        """
        SELECT u.name FROM capture_requests r
        JOIN users u ON u.org_id = r.org_id AND u.id = r.requesting_user_id
        WHERE r.org_id = $1 AND r.capturing_user_key = lower($2)
            AND r.state IN ('new', 'connected') AND r.expires_at > now()
        ORDER BY r.id DESC LIMIT 1
        """,
        scope.org_id,
        email,
    )
    return name


async def is_capturing_user(scope: OrgScope, *, email: str) -> bool:
    """Whether somebody with this address has opened a link."""
    found = await scope.tx.fetchval(
        "SELECT 1 FROM capturing_users WHERE org_id = $1 AND email_key = lower($2)",
        scope.org_id,
        email,
    )
    return found is not None


async def lock_client_identifier(scope: OrgScope, *, client_identifier: uuid.UUID) -> None:
    """Let one call with this identifier go on at a time, so that none is made twice."""
    await scope.tx.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))  -- by org_id",
        f"{scope.org_id}:{client_identifier}",
    )


async def find_by_client_identifier(scope: OrgScope, *, client_identifier: uuid.UUID) -> int | None:
    """The id of the request that was made with this identifier and still stands."""
    request_id: int | None = await scope.tx.fetchval(
        """
        WITH made AS MATERIALIZED (
            SELECT id FROM jobs WHERE org_id = $1 AND client_identifier = $2
        )
        SELECT min(r.id) FROM capture_requests r JOIN made ON r.job_id = made.id
        WHERE r.org_id = $1 AND r.state <> 'deleted'
        """,
        scope.org_id,
        client_identifier,
    )
    return request_id


async def note_asked_again(
    scope: OrgScope, *, request_id: int, times_max: int, every: timedelta
) -> bool | None:
    """Whether the link has ended that somebody asks for once more; counted.

    None when nothing may follow: the request is over, or it was asked for too often.
    """
    ended: bool | None = await scope.tx.fetchval(
        """
        UPDATE capture_requests SET asked_again = asked_again + 1, asked_again_at = now()
        WHERE org_id = $1 AND id = $2 AND state IN ('new', 'connected')
            AND asked_again < $3 AND (asked_again_at IS NULL OR asked_again_at <= now() - $4::interval)
        RETURNING expires_at <= now()
        """,
        scope.org_id,
        request_id,
        times_max,
        every,
    )
    return ended
