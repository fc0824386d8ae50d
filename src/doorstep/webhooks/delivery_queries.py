"""All SQL of deliveries and their tries."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from doorstep.kit.ids import uuid7
from doorstep.orgs.model import OrgScope
from doorstep.webhooks.model import ANSWER_BYTES_KEPT, Attempt, Delivery, Outcome

EVENTS_OF_JOB_MAX = 500

COLUMNS = """id, endpoint_id, event_id, event_name, body, state, attempts, round_from, next_at,
    problem, created_at"""


async def insert_many(
    scope: OrgScope,
    *,
    endpoint_ids: Sequence[int],
    event_id: uuid.UUID,
    event_name: str,
    body: bytes,
) -> list[tuple[uuid.UUID, int]]:
    """One delivery for each endpoint that has none of this event yet; (id, endpoint id)."""
    rows = await scope.tx.fetch(
        """
        INSERT INTO webhook_deliveries (org_id, id, endpoint_id, event_id, event_name, body)
        SELECT $1, fresh.id, fresh.endpoint_id, $4, $5, $6
        FROM unnest($2::uuid[], $3::bigint[]) AS fresh (id, endpoint_id)
        ON CONFLICT (org_id, endpoint_id, event_id) DO NOTHING RETURNING id, endpoint_id
        """,
        scope.org_id,
        [uuid7() for _ in endpoint_ids],
        endpoint_ids,
        event_id,
        event_name,
        body,
    )
    return [(row["id"], row["endpoint_id"]) for row in rows]


async def sequence(scope: OrgScope, *, job_id: int, event_id: uuid.UUID) -> int:
    """The how-manieth event of its job this one is."""
    count: int = await scope.tx.fetchval(
        "SELECT count(*) FROM events WHERE org_id = $1 AND job_id = $2 AND id <= $3",
        scope.org_id,
        job_id,
        event_id,
    )
    return count


async def find(scope: OrgScope, *, delivery_id: uuid.UUID) -> Delivery | None:
    """One delivery."""
    row = await scope.tx.fetchrow(
        f"SELECT {COLUMNS} FROM webhook_deliveries WHERE org_id = $1 AND id = $2",
        scope.org_id,
        delivery_id,
    )
    return Delivery(**row) if row else None


async def page(
    scope: OrgScope,
    *,
    endpoint_id: int | None = None,
    before_id: uuid.UUID | None = None,
    rows_max: int = 50,
) -> list[Delivery]:
    """Deliveries newest first, those older than `before_id`, of one endpoint or of all.

    All are those that the organization hears itself, not its vendors.
    """
    rows = await scope.tx.fetch(
        f"""
        SELECT {COLUMNS} FROM webhook_deliveries
        WHERE org_id = $1 AND (endpoint_id = $2 OR $2::bigint IS NULL AND endpoint_id NOT IN
            (SELECT id FROM webhook_endpoints WHERE org_id = $1 AND dialect = 'vendor'))
          AND ($3::uuid IS NULL OR id < $3)
        ORDER BY id DESC LIMIT $4
        """,
        scope.org_id,
        endpoint_id,
        before_id,
        rows_max,
    )
    return [Delivery(**row) for row in rows]


@dataclass(frozen=True, kw_only=True)
class Told:
    """What one endpoint was told of a job, and its last answer; no status without one."""

    id: uuid.UUID
    event_name: str
    url: str
    disabled: bool
    state: str
    attempts: int
    next_at: datetime | None
    problem: str | None
    created_at: datetime
    status: int | None
    answer: str | None
    tried_at: datetime | None


async def of_job(scope: OrgScope, *, job_id: int, rows_max: int) -> list[Told]:
    """What the organization's own endpoints were told of a job, newest first."""
    rows = await scope.tx.fetch(
        """
        SELECT d.id, d.event_name, e.url, e.disabled_at IS NOT NULL AS disabled, d.state,
            d.attempts, d.next_at, d.problem, d.created_at, a.status, a.answer, a.at AS tried_at
        FROM webhook_deliveries d
        JOIN webhook_endpoints e ON e.org_id = d.org_id AND e.id = d.endpoint_id
            AND e.dialect <> 'vendor'
        LEFT JOIN webhook_attempts a ON a.org_id = d.org_id AND a.delivery_id = d.id
            AND a.number = d.attempts
        WHERE d.org_id = $1 AND d.event_id IN (
                SELECT id FROM events WHERE org_id = $1 AND job_id = $2
                ORDER BY id DESC LIMIT $4)
        ORDER BY d.id DESC LIMIT $3
        """,
        scope.org_id,
        job_id,
        rows_max,
        EVENTS_OF_JOB_MAX,
    )
    return [Told(**row) for row in rows]


async def is_of_job(scope: OrgScope, *, delivery_id: uuid.UUID, job_id: int) -> bool:
    """Whether the delivery told of this job, and one of the organization's own endpoints."""
    found: bool = await scope.tx.fetchval(
        """
        SELECT EXISTS (
            SELECT FROM webhook_deliveries d
            JOIN events v ON v.org_id = d.org_id AND v.id = d.event_id AND v.job_id = $3
            JOIN webhook_endpoints e ON e.org_id = d.org_id AND e.id = d.endpoint_id
                AND e.dialect <> 'vendor'
            WHERE d.org_id = $1 AND d.id = $2)
        """,
        scope.org_id,
        delivery_id,
        job_id,
    )
    return found


async def attempts(scope: OrgScope, *, delivery_id: uuid.UUID) -> list[Attempt]:
    """Every try of a delivery, in order; at most 200."""
    rows = await scope.tx.fetch(
        """
        SELECT number, at, request_headers, status, answer, problem, milliseconds
        FROM webhook_attempts WHERE org_id = $1 AND delivery_id = $2 ORDER BY number LIMIT 200
        """,
        scope.org_id,
        delivery_id,
    )
    return [Attempt(**row) for row in rows]


async def lock_for_try(scope: OrgScope, *, delivery_id: uuid.UUID, number: int) -> Delivery | None:
    """The delivery if its try `number` is the one that is due, locked; else None."""
    row = await scope.tx.fetchrow(
        f"""
        SELECT {COLUMNS} FROM webhook_deliveries
        WHERE org_id = $1 AND id = $2 AND attempts = $3 - 1 AND state = 'queued' FOR UPDATE
        """,
        scope.org_id,
        delivery_id,
        number,
    )
    return Delivery(**row) if row else None


async def any_waits(
    scope: OrgScope,
    *,
    endpoint_id: int,
    event_ids: Sequence[uuid.UUID],
    untold: Sequence[uuid.UUID],
) -> bool:
    """Whether one of these had no try yet, or one of these events no delivery."""
    found: bool = await scope.tx.fetchval(
        """
        SELECT EXISTS (SELECT FROM webhook_deliveries WHERE org_id = $1 AND endpoint_id = $2
                AND event_id = ANY ($3) AND state = 'queued' AND attempts = 0)
            OR EXISTS (SELECT FROM unnest($4::uuid[]) AS event (id) WHERE NOT EXISTS (
                SELECT FROM told_events t WHERE t.org_id = $1 AND t.event_id = event.id))
        """,
        scope.org_id,
        endpoint_id,
        event_ids,
        untold,
    )
    return found


async def settle(
    scope: OrgScope,
    *,
    delivery_id: uuid.UUID,
    number: int,
    state: str,
    problem: str | None,
    delay: timedelta | None = None,
) -> bool:
    """Whether try `number` was still the one to be settled."""
    found = await scope.tx.fetchval(
        """
        UPDATE webhook_deliveries SET attempts = $3, state = $4, problem = $5,
            next_at = now() + $6::interval
        WHERE org_id = $1 AND id = $2 AND attempts = $3 - 1 AND state = 'queued' RETURNING 1
        """,
        scope.org_id,
        delivery_id,
        number,
        state,
        problem,
        delay,
    )
    return found is not None


async def wait(scope: OrgScope, *, delivery_id: uuid.UUID, delay: timedelta, problem: str) -> None:
    """Put the same try off."""
    await scope.tx.execute(
        "UPDATE webhook_deliveries SET next_at = now() + $3, problem = $4 "
        "WHERE org_id = $1 AND id = $2",
        scope.org_id,
        delivery_id,
        delay,
        problem,
    )


async def drop(scope: OrgScope, *, delivery_id: uuid.UUID, problem: str) -> None:
    """End a delivery without a try."""
    await scope.tx.execute(
        "UPDATE webhook_deliveries SET state = 'failed', next_at = NULL, problem = $3 "
        "WHERE org_id = $1 AND id = $2",
        scope.org_id,
        delivery_id,
        problem,
    )


async def note_attempt(
    scope: OrgScope,
    *,
    delivery_id: uuid.UUID,
    number: int,
    headers: dict[str, str],
    outcome: Outcome,
) -> None:
    """Write a try down; of the answer 2 KiB are kept."""
    await scope.tx.execute(
        """
        INSERT INTO webhook_attempts (org_id, delivery_id, number, request_headers, status,
            answer, problem, milliseconds)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        scope.org_id,
        delivery_id,
        number,
        json.dumps(headers),
        outcome.status,
        outcome.answer.replace("\x00", "")[:ANSWER_BYTES_KEPT],
        outcome.problem,
        outcome.milliseconds,
    )


async def start_rounds(
    scope: OrgScope, *, delivery_ids: Sequence[uuid.UUID]
) -> list[tuple[uuid.UUID, int]]:
    """Give deliveries a fresh round of tries; (id, number of the next try) of each."""
    rows = await scope.tx.fetch(
        """
        UPDATE webhook_deliveries SET state = 'queued', round_from = attempts, next_at = now(),
            problem = NULL
        WHERE org_id = $1 AND id = ANY ($2) RETURNING id, attempts + 1 AS number
        """,
        scope.org_id,
        delivery_ids,
    )
    return [(row["id"], row["number"]) for row in rows]


async def ended_between(
    scope: OrgScope,
    *,
    endpoint_id: int,
    since: datetime,
    until: datetime,
    states: Sequence[str],
    rows_max: int,
) -> list[uuid.UUID]:
    """Deliveries of an endpoint that were made in this time and have ended so, oldest first."""
    rows = await scope.tx.fetch(
        """
        SELECT id FROM webhook_deliveries
        WHERE org_id = $1 AND endpoint_id = $2 AND state = ANY ($3)
            AND created_at >= $4 AND created_at < $5
        ORDER BY id LIMIT $6
        """,
        scope.org_id,
        endpoint_id,
        states,
        since,
        until,
        rows_max,
    )
    return [row["id"] for row in rows]


async def remove(scope: OrgScope, *, delivery_ids: Sequence[uuid.UUID]) -> None:
    """Remove these with their tries."""
    await scope.tx.execute(
        "DELETE FROM webhook_deliveries WHERE org_id = $1 AND id = ANY ($2)",
        scope.org_id,
        delivery_ids,
    )
