"""All SQL of the events."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from doorstep.events.model import AnyOrgScope, Event
from doorstep.kit.writes import Write

COLUMNS = """id, org_id, name, lead_id, capture_request_id, job_id, actor, payload, occurred_at"""


def inserting(
    scope: AnyOrgScope,
    *,
    event_id: uuid.UUID,
    name: str,
    lead_id: uuid.UUID | None,
    capture_request_id: int | None,
    job_id: int | None,
    payload: str,
) -> Write:
    """Append one event; `payload` is JSON text."""
    return Write(
        """
        INSERT INTO events (org_id, id, name, lead_id, capture_request_id, job_id, actor, payload)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        (
            scope.org_id,
            event_id,
            name,
            lead_id,
            capture_request_id,
            job_id,
            str(scope.actor),
            payload,
        ),
    )


async def insert_told(scope: AnyOrgScope, *, event_id: uuid.UUID) -> bool:
    """Whether nobody had been told of the event; a concurrent teller is waited for."""
    first = await scope.tx.fetchval(
        "INSERT INTO told_events (org_id, event_id) VALUES ($1, $2) "
        "ON CONFLICT DO NOTHING RETURNING 1",
        scope.org_id,
        event_id,
    )
    return first is not None


async def find(scope: AnyOrgScope, *, event_id: uuid.UUID) -> Event | None:
    """One event."""
    row = await scope.tx.fetchrow(
        f"SELECT {COLUMNS} FROM events WHERE org_id = $1 AND id = $2", scope.org_id, event_id
    )
    return Event(**row) if row else None


async def of_job(scope: AnyOrgScope, *, job_id: int, rows_max: int = 200) -> Sequence[Event]:
    """What happened to a job, newest first."""
    rows = await scope.tx.fetch(
        f"SELECT {COLUMNS} FROM events WHERE org_id = $1 AND job_id = $2 ORDER BY id DESC LIMIT $3",
        scope.org_id,
        job_id,
        rows_max,
    )
    return [Event(**row) for row in rows]


async def recent_of_job(
    scope: AnyOrgScope, *, job_id: int, within: timedelta, rows_max: int
) -> Sequence[Event]:
    """What happened to a job lately, newest first."""
    rows = await scope.tx.fetch(
        f"SELECT {COLUMNS} FROM events WHERE org_id = $1 AND job_id = $2 "
        "AND occurred_at > now() - $3::interval ORDER BY id DESC LIMIT $4",
        scope.org_id,
        job_id,
        within,
        rows_max,
    )
    return [Event(**row) for row in rows]


async def of_lead(
    scope: AnyOrgScope, *, lead_id: uuid.UUID, rows_max: int = 200
) -> Sequence[Event]:
    """What happened to a lead, newest first."""
    rows = await scope.tx.fetch(
        f"SELECT {COLUMNS} FROM events WHERE org_id = $1 AND lead_id = $2 "
        "ORDER BY id DESC LIMIT $3",
        scope.org_id,
        lead_id,
        rows_max,
    )
    return [Event(**row) for row in rows]


async def of_leads(
    scope: AnyOrgScope, *, lead_ids: Sequence[uuid.UUID], name: str, rows_max: int = 200
) -> Sequence[Event]:
    """What of this name happened to any of these leads, newest first."""
    rows = await scope.tx.fetch(
        f"SELECT {COLUMNS} FROM events WHERE org_id = $1 AND lead_id = ANY($2) AND name = $3 "
        "ORDER BY id DESC LIMIT $4",
        scope.org_id,
        lead_ids,
        name,
        rows_max,
    )
    return [Event(**row) for row in rows]
