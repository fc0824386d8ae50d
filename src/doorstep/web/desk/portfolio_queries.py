"""What the portfolio shows: jobs with their homeowner, photos and picture, in one query a page."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from doorstep.orgs.model import OrgScope


@dataclass(frozen=True, kw_only=True)
class House:
    """One card of the grid."""

    id: int
    state: str
    name: str
    customer_name: str | None
    address: str
    created_at: datetime
    request_state: str | None
    connected_at: datetime | None
    photos: int
    cover_id: uuid.UUID | None
    build_id: uuid.UUID | None
    has_preview: bool
    done: float | None

    @property
    def title(self) -> str:
        """The address, or whatever the job is called."""
        return self.address.partition(",")[0] or self.name

    @property
    def link_opened(self) -> bool:
        """Whether the homeowner has opened the link."""
        return self.request_state in ("connected", "complete")


async def page(
    scope: OrgScope, *, state: str | None, before_id: int | None, rows_max: int
) -> list[House]:
    """Cards newest first, those with an id below `before_id`; every state when None."""
    rows = await scope.tx.fetch(
        """
        SELECT j.id, j.state, j.name, j.customer_name, j.created_at,
            concat_ws(', ', nullif(j.location_line_1, ''), nullif(j.location_city, ''),
                nullif(j.location_region, '')) AS address,
            r.state AS request_state, r.connected_at,
            coalesce(taken.photos, 0) AS photos, cover.id AS cover_id,
            m.build_id, f.name IS NOT NULL AS has_preview, b.done
        FROM (
            SELECT * FROM jobs
            WHERE org_id = $1 AND archived_at IS NULL AND ($2::text IS NULL OR state = $2)
                AND ($3::bigint IS NULL OR id < $3)
            ORDER BY id DESC LIMIT $4
        ) j
        LEFT JOIN capture_requests r ON r.org_id = j.org_id AND r.job_id = j.id
        LEFT JOIN LATERAL (
            SELECT build_id FROM models WHERE org_id = j.org_id AND job_id = j.id
            ORDER BY id LIMIT 1
        ) m ON true
        LEFT JOIN build_files f ON f.org_id = j.org_id AND f.build_id = m.build_id
            AND f.tree = 'org' AND f.name = 'preview.jpg'
        LEFT JOIN LATERAL (
            SELECT count(*) AS photos FROM photos
            WHERE org_id = j.org_id AND job_id = j.id AND kind <> 'frame'
        ) taken ON true
        LEFT JOIN LATERAL (
            SELECT id FROM photos
            WHERE org_id = j.org_id AND job_id = j.id AND thumbnail_key IS NOT NULL
            ORDER BY (spot = 'front') IS TRUE DESC, session_id, sequence, id LIMIT 1
        ) cover ON true
        LEFT JOIN LATERAL (
            SELECT done FROM builds
            WHERE org_id = j.org_id AND job_id = j.id AND state = 'running'
            ORDER BY id DESC LIMIT 1
        ) b ON true
        ORDER BY j.id DESC
        """,
        scope.org_id,
        state,
        before_id,
        rows_max,
    )
    return [House(**row) for row in rows]
