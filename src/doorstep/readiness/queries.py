"""All SQL of what the database tells about itself, the queue, and one organization."""

from datetime import UTC, datetime, timedelta

from doorstep.builds.actions import TASK as BUILD
from doorstep.events import audit_queries
from doorstep.events.audit import FIRST, LAST
from doorstep.kit.db import Tx
from doorstep.kit.migrate import scripts
from doorstep.kit.tasks import BUILDER_NAME, WORKER_NAME
from doorstep.orgs.model import OrgScope
from doorstep.readiness.facts import Audit, Endpoints, Server, Workers

FOUND_WHOLE, FOUND_BROKEN = "audit.whole", "audit.broken"
"""Names in `upkeep` under which the walks along the audit log are noted."""


async def server(tx: Tx) -> Server:
    """The server itself."""
    before = datetime.now(UTC)
    row = await tx.fetchrow(
        """
        SELECT current_setting('server_version_num')::int AS version,
            current_setting('max_connections')::int AS connections_max, clock_timestamp() AS now,
            (SELECT sum(numbackends)::int FROM pg_stat_database) AS connections,
            (SELECT count(*) FROM pg_replication_slots WHERE NOT active) AS idle_slots,
            (SELECT coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)), 0)::bigint
                FROM pg_replication_slots WHERE NOT active) AS kept_bytes
        """
    )
    assert row is not None
    ours = before + (datetime.now(UTC) - before) / 2
    applied = {one["name"] for one in await tx.fetch("SELECT name FROM migrations")}
    found = dict(row)
    return Server(
        skew=found.pop("now") - ours,
        missing=tuple(name for name, _ in scripts() if name not in applied),
        **found,
    )


async def workers(tx: Tx) -> Workers:
    """Who holds on to the queue, and what waits there."""
    row = await tx.fetchrow(
        """
        SELECT count(*) FILTER (WHERE due AND entrypoint <> $1) AS due,
            count(*) FILTER (WHERE due AND entrypoint = $1) AS builds_due,
            count(*) FILTER (WHERE status = 'failed') AS parked,
            coalesce(max(now() - execute_after) FILTER (WHERE due AND entrypoint <> $1),
                interval '0') AS oldest_due,
            (SELECT count(*) FROM pg_stat_activity WHERE application_name = $2
                AND datname = current_database()) AS workers,
            (SELECT count(*) FROM pg_stat_activity WHERE application_name = $3
                AND datname = current_database()) AS builders
        FROM (SELECT entrypoint, status, execute_after,
            status = 'queued' AND execute_after <= now() AS due FROM pgqueuer) q
        """,
        BUILD,
        WORKER_NAME,
        BUILDER_NAME,
    )
    assert row is not None
    return Workers(**row)


async def audit(scope: OrgScope) -> Audit:
    """How far the organization's chain is behind, and the last walks along all of them."""
    last = await audit_queries.last_link(scope)
    waiting = await audit_queries.unlinked(
        scope, after=last["entry_id"] if last else FIRST, before=LAST, rows_max=1
    )
    ages = await scope.tx.fetch(
        "SELECT name, now() - begun_at AS age FROM upkeep WHERE name = ANY ($1)",
        [FOUND_WHOLE, FOUND_BROKEN],
    )
    found = {row["name"]: row["age"] for row in ages}
    now: datetime = await scope.tx.fetchval("SELECT now()")
    return Audit(
        behind=now - waiting[0]["occurred_at"] if waiting else timedelta(0),
        whole=found.get(FOUND_WHOLE),
        broken=found.get(FOUND_BROKEN),
    )


async def endpoints(scope: OrgScope, *, urls_max: int) -> tuple[Endpoints, list[str]]:
    """How the endpoints do, those of vendors too, and some URLs of those that are on."""
    row = await scope.tx.fetchrow(
        """
        SELECT count(*) AS registered, count(disabled_at) AS switched_off,
            count(*) FILTER (WHERE failing_since IS NOT NULL AND disabled_at IS NULL) AS failing
        FROM webhook_endpoints WHERE org_id = $1
        """,
        scope.org_id,
    )
    assert row is not None
    urls = await scope.tx.fetch(
        "SELECT url FROM webhook_endpoints WHERE org_id = $1 AND disabled_at IS NULL "
        "ORDER BY id LIMIT $2",
        scope.org_id,
        urls_max,
    )
    return Endpoints(**row), [one["url"] for one in urls]


async def time_zone(scope: OrgScope) -> str:
    """The organization's time zone."""
    found: str = await scope.tx.fetchval(
        "SELECT time_zone FROM orgs WHERE id = $1  -- org_id is the row's own id", scope.org_id
    )
    return found


async def note_walk(tx: Tx, *, whole: bool) -> None:
    """Write down that somebody walked along every organization's audit log just now."""
    await tx.execute(
        "INSERT INTO upkeep (name) VALUES ($1) ON CONFLICT (name) DO UPDATE SET begun_at = now()",
        FOUND_WHOLE if whole else FOUND_BROKEN,
    )
