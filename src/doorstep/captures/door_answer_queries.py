"""All SQL of answers on the door page."""

from datetime import timedelta

from doorstep.orgs.model import OrgScope


async def insert(scope: OrgScope, *, request_id: int, answer: str) -> bool:
    """Whether this answer is new."""
    made = await scope.tx.fetchval(
        "INSERT INTO door_answers (org_id, capture_request_id, answer) VALUES ($1, $2, $3) "
        "ON CONFLICT DO NOTHING RETURNING true",
        scope.org_id,
        request_id,
        answer,
    )
    return made is not None


async def schedule_tomorrow(scope: OrgScope, *, request_id: int) -> timedelta | None:
    """How long until tomorrow at ten where the organization is; None when that is planned."""
    delay: timedelta | None = await scope.tx.fetchval(
        """
        INSERT INTO reminders AS held (org_id, capture_request_id, kind, due_at)
        SELECT o.id, $2, 'tomorrow',
            ((now() AT TIME ZONE o.time_zone)::date + 1 + time '10:00') AT TIME ZONE o.time_zone
        FROM orgs o WHERE o.id = $1  -- org_id is the row's own id
        ON CONFLICT (org_id, capture_request_id, kind) DO UPDATE
            SET due_at = excluded.due_at, state = 'scheduled', settled_at = NULL
            WHERE held.state <> 'scheduled'
        RETURNING due_at - now()
        """,
        scope.org_id,
        request_id,
    )
    return delay
