"""All SQL of endpoints."""

from datetime import timedelta

from doorstep.orgs.model import OrgScope
from doorstep.webhooks.model import Endpoint

COLUMNS = """id, url, secret_sealed,
    CASE WHEN previous_until > now() THEN previous_sealed END AS previous_sealed,
    created_at, updated_at, failing_since, failures, last_error, disabled_at, disabled_because,
    dialect, verified_at"""


async def lock_registration(scope: OrgScope) -> None:
    """Let one registration of the organization happen at a time, so that limits hold."""
    await scope.tx.fetchval(
        "SELECT 1 FROM orgs WHERE id = $1 FOR NO KEY UPDATE  -- org_id is the row's own id",
        scope.org_id,
    )


async def counts(scope: OrgScope, *, url: str) -> tuple[int, int]:
    """(endpoints in all, endpoints with this URL), without those of vendors."""
    row = await scope.tx.fetchrow(
        "SELECT count(*) AS every, count(*) FILTER (WHERE url = $2) AS same "
        "FROM webhook_endpoints WHERE org_id = $1 AND dialect <> 'vendor'",
        scope.org_id,
        url,
    )
    assert row is not None
    return row["every"], row["same"]


async def insert(scope: OrgScope, *, url: str, secret_sealed: bytes, dialect: str) -> Endpoint:
    """A new endpoint."""
    row = await scope.tx.fetchrow(
        "INSERT INTO webhook_endpoints (org_id, url, secret_sealed, dialect) "
        "VALUES ($1, $2, $3, $4) "
        f"RETURNING {COLUMNS}",
        scope.org_id,
        url,
        secret_sealed,
        dialect,
    )
    assert row is not None
    return Endpoint(**row)


async def find(scope: OrgScope, *, endpoint_id: int) -> Endpoint | None:
    """One endpoint."""
    row = await scope.tx.fetchrow(
        f"SELECT {COLUMNS} FROM webhook_endpoints WHERE org_id = $1 AND id = $2",
        scope.org_id,
        endpoint_id,
    )
    return Endpoint(**row) if row else None


async def page(scope: OrgScope, *, start: int = 0, rows_max: int = 50) -> list[Endpoint]:
    """Endpoints but those of vendors, oldest first; there are at most ENDPOINTS_MAX."""
    rows = await scope.tx.fetch(
        f"SELECT {COLUMNS} FROM webhook_endpoints WHERE org_id = $1 AND dialect <> 'vendor' "
        "ORDER BY id OFFSET $2 LIMIT $3",
        scope.org_id,
        start,
        rows_max,
    )
    return [Endpoint(**row) for row in rows]


async def listening(scope: OrgScope) -> list[int]:
    """The ids of the endpoints that are switched on and hear of events as we name them."""
    rows = await scope.tx.fetch(
        "SELECT id FROM webhook_endpoints WHERE org_id = $1 AND disabled_at IS NULL "
        "AND dialect IN ('standard', 'undecided') ORDER BY id",
        scope.org_id,
    )
    return [row["id"] for row in rows]


async def delete(scope: OrgScope, *, endpoint_id: int) -> bool:
    """Whether the endpoint was there; its deliveries go with it."""
    found = await scope.tx.fetchval(
        "DELETE FROM webhook_endpoints WHERE org_id = $1 AND id = $2 RETURNING 1",
        scope.org_id,
        endpoint_id,
    )
    return found is not None


async def note_success(scope: OrgScope, *, endpoint_id: int) -> None:
    """The endpoint works; a row that says so already is left alone."""
    await scope.tx.execute(
        """
        UPDATE webhook_endpoints SET failing_since = NULL, failures = 0, last_error = NULL,
            warned_at = NULL, paused_until = NULL, updated_at = now()
        WHERE org_id = $1 AND id = $2 AND failing_since IS NOT NULL
        """,
        scope.org_id,
        endpoint_id,
    )


async def note_failure(scope: OrgScope, *, endpoint_id: int, error: str) -> Endpoint | None:
    """The endpoint after one more failure; None when it is gone."""
    row = await scope.tx.fetchrow(
        f"""
        UPDATE webhook_endpoints SET failing_since = coalesce(failing_since, now()),
            failures = failures + 1, last_error = $3, updated_at = now()
        WHERE org_id = $1 AND id = $2 RETURNING {COLUMNS}
        """,
        scope.org_id,
        endpoint_id,
        error,
    )
    return Endpoint(**row) if row else None


async def pause(scope: OrgScope, *, endpoint_id: int, delay: timedelta) -> None:
    """Leave the endpoint alone for a while."""
    await scope.tx.execute(
        "UPDATE webhook_endpoints SET paused_until = now() + $3 WHERE org_id = $1 AND id = $2",
        scope.org_id,
        endpoint_id,
        delay,
    )


async def paused_for(scope: OrgScope, *, endpoint_id: int) -> timedelta | None:
    """How much longer the endpoint is to be left alone."""
    delay: timedelta | None = await scope.tx.fetchval(
        "SELECT paused_until - now() FROM webhook_endpoints "
        "WHERE org_id = $1 AND id = $2 AND paused_until > now()",
        scope.org_id,
        endpoint_id,
    )
    return delay


async def warn_once(scope: OrgScope, *, endpoint_id: int, after: timedelta) -> bool:
    """Whether it has failed for so long that its owners are to be told, for the first time."""
    found = await scope.tx.fetchval(
        """
        UPDATE webhook_endpoints SET warned_at = now()
        WHERE org_id = $1 AND id = $2 AND warned_at IS NULL AND failing_since + $3 <= now()
        RETURNING 1
        """,
        scope.org_id,
        endpoint_id,
        after,
    )
    return found is not None


async def disable(
    scope: OrgScope, *, endpoint_id: int, because: str, after: timedelta = timedelta(0)
) -> bool:
    """Whether this switched the endpoint off, because it failed for at least `after`."""
    found = await scope.tx.fetchval(
        """
        UPDATE webhook_endpoints
        SET disabled_at = now(), disabled_because = $3, updated_at = now()
        WHERE org_id = $1 AND id = $2 AND disabled_at IS NULL AND failing_since + $4 <= now()
        RETURNING 1
        """,
        scope.org_id,
        endpoint_id,
        because,
        after,
    )
    return found is not None


async def enable(scope: OrgScope, *, endpoint_id: int) -> bool:
    """Whether the endpoint is there; it starts afresh."""
    found = await scope.tx.fetchval(
        """
        UPDATE webhook_endpoints SET disabled_at = NULL, disabled_because = NULL, failures = 0,
            failing_since = NULL, last_error = NULL, warned_at = NULL, paused_until = NULL,
            updated_at = now()
        WHERE org_id = $1 AND id = $2 RETURNING 1
        """,
        scope.org_id,
        endpoint_id,
    )
    return found is not None


async def rotate(
    scope: OrgScope, *, endpoint_id: int, secret_sealed: bytes, old_life: timedelta
) -> Endpoint | None:
    """The endpoint with a new secret; the old one stays valid for `old_life`."""
    row = await scope.tx.fetchrow(
        f"""
        UPDATE webhook_endpoints SET previous_sealed = secret_sealed,
            previous_until = now() + $4, secret_sealed = $3, updated_at = now()
        WHERE org_id = $1 AND id = $2 RETURNING {COLUMNS}
        """,
        scope.org_id,
        endpoint_id,
        secret_sealed,
        old_life,
    )
    return Endpoint(**row) if row else None
