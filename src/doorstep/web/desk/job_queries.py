"""What the page of one job shows beside the job's own row."""

import math
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from doorstep.jobs.model import Job, JobState
from doorstep.orgs.model import OrgScope

PHOTOS_MAX = 400
SESSIONS_MAX = 50
DONE_TO_ESTIMATE_MIN = 0.08
MINUTE_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One picture of the strip."""

    id: uuid.UUID
    session_id: uuid.UUID | None
    kind: str
    spot: str | None
    structure: str
    sequence: int
    bytes: int
    width: int | None
    height: int | None
    state: str
    problem: str | None
    hints: list[str]
    has_thumbnail: bool


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How much the tabs hold."""

    photos: int
    """What the homeowner took; frames of a video are not told apart from it."""
    spots: int
    """From how many of the spots round the house."""
    last_at: datetime | None
    """When the last one came."""
    shares: int
    """Links that still show something."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How the homeowner was asked."""

    id: int
    state: str
    name: str
    email: str
    phone: str | None
    connected_at: datetime | None
    completed_at: datetime | None
    expires_at: datetime
    expired: bool
    requester: str
    lead_id: uuid.UUID | None
    erased_at: datetime | None
    erased_by: str | None


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far the newest build is; seconds by the database's clock."""

    id: uuid.UUID
    state: str
    stage: str
    done: float
    note: str
    attempts: int
    failure: dict[str, Any] | None
    seconds: float | None

    @property
    def is_open(self) -> bool:
        """Whether it will still change."""
        return self.state in ("queued", "running")

    @property
    def left(self) -> str:
        """About how long a running build still takes; empty while nothing can be said.

        `done` counts the stages by their usual shares of the time, so it grows about evenly.
        """
        if self.state != "running" or not self.seconds or self.done < DONE_TO_ESTIMATE_MIN:
            return ""
        minutes = math.ceil(self.seconds * (1 - self.done) / self.done / MINUTE_SECONDS)
        return f"about {minutes} min left" if minutes > 1 else "about a minute left"


async def photos(scope: OrgScope, *, job_id: int) -> list[Shot]:
    """The job's photos and videos in the order taken; frames of videos left out."""
    rows = await scope.tx.fetch(
        """
        SELECT id, session_id, kind, spot, structure, sequence, bytes, width, height, state, problem, hints,
            thumbnail_key IS NOT NULL AS has_thumbnail
        FROM photos WHERE org_id = $1 AND job_id = $2 AND kind <> 'frame'
        ORDER BY session_id, sequence, id LIMIT $3
        """,
        scope.org_id,
        job_id,
        PHOTOS_MAX,
    )
    return [Shot(**row) for row in rows]


async def skipped(scope: OrgScope, *, job_id: int) -> dict[str, str]:
    """The spots that the homeowner could not reach, with the reason; a later phone's word counts."""
    rows = await scope.tx.fetch(
        """
        SELECT s.skipped_spots FROM capture_sessions s
        JOIN capture_requests r ON r.org_id = s.org_id AND r.id = s.capture_request_id
        WHERE s.org_id = $1 AND r.job_id = $2 AND s.finished_at IS NOT NULL
        ORDER BY s.finished_at LIMIT $3
        """,
        scope.org_id,
        job_id,
        SESSIONS_MAX,
    )
    return {spot: why for row in rows for spot, why in row["skipped_spots"].items()}


async def asked(scope: OrgScope, *, job_id: int) -> Asked | None:
    """The request that the job came from."""
    row = await scope.tx.fetchrow(
        """
        SELECT r.id, r.state, r.capturing_user_name AS name, r.capturing_user_email AS email,
            r.capturing_user_phone AS phone, r.connected_at, r.completed_at, r.expires_at,
            r.expires_at <= now() AS expired, u.name AS requester, r.lead_id,
            e.asked_at AS erased_at, e.actor AS erased_by
        FROM capture_requests r
        LEFT JOIN erasures e ON e.org_id = r.org_id AND e.capture_request_id = r.id
        JOIN users u ON u.org_id = r.org_id AND u.id = r.requesting_user_id
        WHERE r.org_id = $1 AND r.job_id = $2
        """,
        scope.org_id,
        job_id,
    )
    return Asked(**row) if row else None


async def counts(scope: OrgScope, *, job_id: int) -> Counts:
    """How much the tabs of a job hold."""
    row = await scope.tx.fetchrow(
        """
        SELECT count(p.id) AS photos,
            count(DISTINCT p.spot) FILTER (WHERE p.structure = 'house') AS spots,
            max(p.created_at) AS last_at,
            (SELECT count(*) FROM job_shares WHERE org_id = $1 AND job_id = $2
                AND revoked_at IS NULL AND expires_at > now())
            + (SELECT count(*) FROM partner_links WHERE org_id = $1 AND job_id = $2
                AND revoked_at IS NULL AND expires_at > now()) AS shares
        FROM photos p WHERE p.org_id = $1 AND p.job_id = $2 AND p.kind <> 'frame'
        """,
        scope.org_id,
        job_id,
    )
    assert row is not None
    return Counts(**row)


async def seen(scope: OrgScope, *, job: Job) -> str:
    """Changes when the page has more to show than a build's progress."""
    if job.state != JobState.UPLOADING:
        return job.state
    return f"{job.state}-{await arrivals(scope, job_id=job.id)}"


async def arrivals(scope: OrgScope, *, job_id: int) -> str:
    """Changes with each photo that arrives or is checked, and when the link is opened."""
    found: str = await scope.tx.fetchval(
        """
        SELECT concat_ws('-', count(p.id), count(p.thumbnail_key), max(r.state))
        FROM jobs j
        LEFT JOIN photos p ON p.org_id = j.org_id AND p.job_id = j.id
        LEFT JOIN capture_requests r ON r.org_id = j.org_id AND r.job_id = j.id
        WHERE j.org_id = $1 AND j.id = $2
        """,
        scope.org_id,
        job_id,
    )
    return found


async def progress(scope: OrgScope, *, job_id: int) -> Progress | None:
    """The newest build of the job."""
    row = await scope.tx.fetchrow(
        """
        SELECT id, state, stage, done, note, attempts, failure,
            extract(epoch FROM coalesce(finished_at, now()) - started_at)::float8 AS seconds
        FROM builds WHERE org_id = $1 AND job_id = $2 AND structure = 'house'
        ORDER BY id DESC LIMIT 1
        """,
        scope.org_id,
        job_id,
    )
    return Progress(**row) if row else None


async def member_names(scope: OrgScope) -> dict[str, str]:
    """Names of all members, disabled ones too, by id as events have it."""
    rows = await scope.tx.fetch(
        "SELECT id, name FROM users WHERE org_id = $1 LIMIT 2000", scope.org_id
    )
    return {str(row["id"]): row["name"] for row in rows}
