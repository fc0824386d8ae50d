"""Where neighbouring views do not overlap, said while the person is still there.

What can be recognised in a picture is found when it is opened, so that only the comparing is
left when somebody is ready to finish. A set of views is looked at once. Nothing waits for it:
whoever gets no answer in time goes on without one.
"""

import hashlib
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import asyncpg

from doorstep.builds import coverage_queries as queries
from doorstep.captures.links import invitation
from doorstep.captures.sessions import checked_skips, skipped_by_session
from doorstep.events.actions import record
from doorstep.events.model import Event
from doorstep.kit.tasks import Task, enqueue_many
from doorstep.orgs.model import OrgScope
from doorstep.photos import view_queries as photo_views

LOOK = "builds.look"
LOOK_AT_FINISH = "builds.look_at_finish"
VIEWS_MIN = 8
"""Of fewer nobody expects that they meet all the way round."""
ANSWER_SECONDS_MAX = 30
"""Whoever asks is told after this time that there is no answer."""

STATES = Literal["waiting", "asked", "judged", "unjudged"]


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Two neighbours that do not overlap; a spot is None where nobody named one."""

    before: uuid.UUID
    after: uuid.UUID
    before_spot: str | None
    after_spot: str | None


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """What is known of a set of views; `gaps` are neighbours that do not overlap.

    `state`: `waiting` while pictures are being opened, `asked` while they are compared,
    `judged`, or `unjudged` when there is no answer.
    """

    state: STATES
    views: int
    pieces: int | None = None
    gaps: Sequence[Gap] = ()
    loose: int = 0


async def ask(
    scope: OrgScope,
    *,
    capture_request_id: int,
    session_id: uuid.UUID | None,
    skipped_spots: dict[str, str],
) -> Coverage:
    """What is known of a request's views now; the look is ordered if nobody has looked yet."""
    skipped = sorted(checked_skips(skipped_spots))
    waiting = await photo_views.waiting(scope, capture_request_id=capture_request_id)
    views = await photo_views.taken(scope, capture_request_id=capture_request_id)
    if waiting["count"]:
        late = waiting["age_seconds"] > ANSWER_SECONDS_MAX
        return Coverage(state="unjudged" if late else "waiting", views=len(views))
    if len(views) < VIEWS_MIN:
        return Coverage(state="unjudged", views=len(views))
    ids = [view["id"] for view in views]
    fingerprint = _fingerprint(ids, skipped)
    made = await queries.insert(
        scope,
        capture_request_id=capture_request_id,
        session_id=session_id,
        fingerprint=fingerprint,
        views=ids,
        skipped=skipped,
    )
    row = await queries.find_of_views(
        scope, capture_request_id=capture_request_id, fingerprint=fingerprint
    )
    assert row is not None, "it was written by this transaction or by one before it"
    if made or row["state"] == "asked":
        # Asked again, because a task may have been lost with its worker.
        await enqueue_many(scope.tx, [_look_task(scope, row["id"])])
    return await _known(scope, row)


async def ask_at_finish(scope: OrgScope, event: Event) -> None:
    """See that there is a record of every finished capture, whether or not its phone asked."""
    session_id = event.payload.get("session_id")
    if session_id is None:
        return  # A test job, which no phone has finished.
    payload = {
        "org_id": scope.org_id,
        "capture_request_id": event.capture_request_id,
        "session_id": session_id,
    }
    await enqueue_many(scope.tx, [Task(name=LOOK_AT_FINISH, payload=payload)])


async def ask_for_session(
    scope: OrgScope, *, capture_request_id: int, session_id: uuid.UUID
) -> Coverage:
    """As `ask`, with the spots that the finished session says could not be reached."""
    skipped = await skipped_by_session(scope, session_id=session_id)
    return await ask(
        scope,
        capture_request_id=capture_request_id,
        session_id=session_id,
        skipped_spots=skipped,
    )


async def settle(scope: OrgScope, *, coverage_id: uuid.UUID, found: dict[str, Any] | None) -> None:
    """Keep what the look found, or that it found nothing; a settled one stays as it is."""
    row = await queries.find(scope, coverage_id=coverage_id)
    assert row is not None, coverage_id
    if found is None:
        await queries.settle(scope, coverage_id=coverage_id, state="unjudged")
        return
    views = row["views"]
    gaps = [(str(views[one]), str(views[other])) for one, other in found["gaps"]]
    settled = await queries.settle(
        scope,
        coverage_id=coverage_id,
        state="judged",
        pieces=int(found["pieces"]),
        gaps=gaps,
        loose=len(found["loose"]),
    )
    if settled:
        await _tell(scope, row, found=found)


async def latest_of_job(scope: OrgScope, *, job_id: int) -> tuple[Coverage, bool] | None:
    """The newest look at a job's pictures that found something out, and if they are all in."""
    row = await queries.latest_of_job(scope, job_id=job_id)
    return (await _known(scope, row), row["is_finished"]) if row else None


async def _tell(scope: OrgScope, row: asyncpg.Record, *, found: dict[str, Any]) -> None:
    asked = await invitation(scope, capture_request_id=row["capture_request_id"])
    spots = await photo_views.spots(scope, photo_ids=row["views"])
    places = [[spots.get(row["views"][end]) for end in gap] for gap in found["gaps"]]
    await record(
        scope,
        "capture_request.looked_at",
        lead_id=asked.lead_id,
        capture_request_id=row["capture_request_id"],
        job_id=asked.job_id,
        views=len(row["views"]),
        pieces=int(found["pieces"]),
        gaps=places,
    )


async def _known(scope: OrgScope, row: asyncpg.Record) -> Coverage:
    late = row["state"] == "asked" and row["age_seconds"] > ANSWER_SECONDS_MAX
    pairs = [(uuid.UUID(one), uuid.UUID(other)) for one, other in row["gaps"]]
    spots = await photo_views.spots(scope, photo_ids=[one for pair in pairs for one in pair])
    gaps = [
        Gap(before=one, after=other, before_spot=spots[one], after_spot=spots[other])
        for one, other in pairs
        if {one, other} <= spots.keys()
    ]
    return Coverage(
        state="unjudged" if late else row["state"],
        views=len(row["views"]),
        pieces=row["pieces"],
        gaps=gaps,
        loose=row["loose"],
    )


def _fingerprint(ids: Sequence[uuid.UUID], skipped: Collection[str]) -> bytes:
    return hashlib.sha256(b"".join(one.bytes for one in ids) + ",".join(skipped).encode()).digest()


def _look_task(scope: OrgScope, coverage_id: uuid.UUID) -> Task:
    payload = {"org_id": scope.org_id, "coverage_id": str(coverage_id)}
    return Task(name=LOOK, payload=payload, key=f"{LOOK}:{coverage_id}")
