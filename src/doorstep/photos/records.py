"""The record of a capture: which phones sent what, when, from where and with what faults."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from doorstep.captures.devices import browser_of, device_of
from doorstep.orgs.model import OrgScope

RECORDS_MAX = 1000


@dataclass(frozen=True, kw_only=True)
class SessionRecord:
    """One browser that sent something, or finished the capture."""

    id: uuid.UUID
    capture_request_id: int
    user_agent: str
    opened_at: datetime
    finished_at: datetime | None
    skipped_spots: dict[str, str]
    """Spots that could not be reached, with the reason."""
    photos: int
    videos: int
    rejected: int
    bytes: int
    first_at: datetime | None
    last_at: datetime | None
    spots: dict[str, int]
    """How many photos were taken standing there."""
    checks: dict[str, int]
    """How many have this hint or this problem."""

    @property
    def device(self) -> str | None:
        """As people call it."""
        return device_of(self.user_agent)

    @property
    def browser(self) -> str | None:
        """With its version."""
        return browser_of(self.user_agent)


async def of_requests(
    scope: OrgScope, *, capture_request_ids: Sequence[int]
) -> list[SessionRecord]:
    """The sessions of these requests that brought something, in the order of their opening."""
    rows = await scope.tx.fetch(
        """
        SELECT s.id, s.capture_request_id, s.user_agent, s.opened_at, s.finished_at,
            s.skipped_spots, f.photos, f.videos, f.rejected, f.bytes, f.first_at, f.last_at,
            f.spots, f.checks
        FROM capture_sessions s
        JOIN capture_requests r ON r.org_id = s.org_id AND r.id = s.capture_request_id
        CROSS JOIN LATERAL (
            WITH mine AS MATERIALIZED (
                SELECT kind, spot, state, problem, hints, bytes, created_at FROM photos
                WHERE org_id = s.org_id AND job_id = r.job_id AND session_id = s.id
                    AND kind <> 'frame'
            )
            SELECT count(*) FILTER (WHERE kind = 'photo') AS photos,
                count(*) FILTER (WHERE kind = 'video') AS videos,
                count(*) FILTER (WHERE state = 'rejected') AS rejected,
                coalesce(sum(bytes), 0)::bigint AS bytes,
                min(created_at) AS first_at, max(created_at) AS last_at,
                (SELECT coalesce(jsonb_object_agg(spot, number), '{}') FROM (
                    SELECT spot, count(*) AS number FROM mine WHERE spot IS NOT NULL GROUP BY spot
                ) AS stood) AS spots,
                (SELECT coalesce(jsonb_object_agg(name, number), '{}') FROM (
                    SELECT name, count(*) AS number
                    FROM mine CROSS JOIN unnest(array_remove(hints || problem, NULL)) AS name
                    GROUP BY name
                ) AS said) AS checks
            FROM mine
        ) f
        WHERE s.org_id = $1 AND s.capture_request_id = ANY ($2)
            AND (f.photos + f.videos > 0 OR s.finished_at IS NOT NULL)
        ORDER BY s.opened_at, s.id LIMIT $3
        """,
        scope.org_id,
        list(capture_request_ids),
        RECORDS_MAX,
    )
    return [SessionRecord(**row) for row in rows]
