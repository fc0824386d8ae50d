"""All SQL of answers that are kept to be given again."""

import asyncpg

from doorstep.orgs.model import OrgScope

LOCK_WAIT = "2s"


async def begin(scope: OrgScope, *, client: str, route: str, key: str, fingerprint: bytes) -> bool:
    """Whether this call is the first with the key; waits for another that is under way.

    Raises asyncpg.LockNotAvailableError after two seconds of waiting.
    """
    made = await scope.tx.fetchval(
        """
        INSERT INTO api_answers (org_id, client, route, key, fingerprint)
        SELECT $1, $2, $3, $4, $5 FROM set_config('lock_timeout', $6, true)
        ON CONFLICT DO NOTHING RETURNING set_config('lock_timeout', '0', true)
        """,
        scope.org_id,
        client,
        route,
        key,
        fingerprint,
        LOCK_WAIT,
    )
    return made is not None


async def find(scope: OrgScope, *, client: str, route: str, key: str) -> asyncpg.Record | None:
    """(fingerprint, status, body) of an answer that was given."""
    return await scope.tx.fetchrow(
        "SELECT fingerprint, status, body FROM api_answers "
        "WHERE org_id = $1 AND client = $2 AND route = $3 AND key = $4",
        scope.org_id,
        client,
        route,
        key,
    )


async def of_request(scope: OrgScope, *, request_id: int) -> list[asyncpg.Record]:
    """(client, route, key, body) of kept answers that are this capture request."""
    return await scope.tx.fetch(
        """
        SELECT client, route, key, body FROM api_answers
        WHERE org_id = $1 AND route LIKE 'POST /api/v2/capture_requests%'
            AND substring(body FROM 1 FOR octet_length($2::bytea)) = $2
        """,
        scope.org_id,
        f'{{"id":{request_id},'.encode(),
    )


async def rewrite(scope: OrgScope, *, client: str, route: str, key: str, body: bytes) -> None:
    """Put another body in the place of a kept one."""
    await scope.tx.execute(
        "UPDATE api_answers SET body = $5 "
        "WHERE org_id = $1 AND client = $2 AND route = $3 AND key = $4",
        scope.org_id,
        client,
        route,
        key,
        body,
    )


async def keep(
    scope: OrgScope, *, client: str, route: str, key: str, status: int, body: bytes
) -> None:
    """Keep the answer, and drop some that are older than a week."""
    await scope.tx.execute(
        """
        WITH dropped AS (
            DELETE FROM api_answers WHERE org_id = $1 AND (client, route, key) IN (
                SELECT client, route, key FROM api_answers
                WHERE org_id = $1 AND created_at < now() - interval '7 days'
                ORDER BY created_at LIMIT 20
            )
        )
        UPDATE api_answers SET status = $5, body = $6
        WHERE org_id = $1 AND client = $2 AND route = $3 AND key = $4
        """,
        scope.org_id,
        client,
        route,
        key,
        status,
        body,
    )
