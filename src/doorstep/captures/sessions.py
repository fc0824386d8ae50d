"""A capture session: one browser that may take one request's photos, until they are all in."""

import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from doorstep.auth.scopes import open_scope
from doorstep.captures import invitations, reminding, session_queries
from doorstep.captures.links import Invitation, invitation
from doorstep.captures.model import SPOTS
from doorstep.events.actions import record
from doorstep.jobs import change_queries as job_rows
from doorstep.kit.db import Database, Role
from doorstep.kit.errors import Conflict, Gone, Invalid, NotFound, Unauthorized
from doorstep.kit.ids import secret, uuid7
from doorstep.kit.signing import hash_secret
from doorstep.messages import actions as messages
from doorstep.orgs.model import Actor, OrgScope

SESSION_LIFE = timedelta(days=90)
USER_AGENT_CHARACTERS_MAX = 300
SKIP_REASONS = ("fence", "dog", "trees", "neighbour", "other")
SECRET_PREFIX = "dst_ca_"  # noqa: S105  a prefix for secret scanners, not a secret

ENDED_TEXTS = {
    "erased": "The photos, the model and the contact of this request were deleted as wished.",
    "complete": "All photos of this house are in and safe.",
    "deleted": "This request was withdrawn.",
    "expired": "This link was open for 14 days and has ended.",
}


@dataclass(frozen=True, kw_only=True)
class CaptureSession:
    """Who sends photos: known by the cookie, bound to one request."""

    org_id: int
    id: uuid.UUID
    capture_request_id: int

    @property
    def actor(self) -> Actor:
        """As events name it."""
        return Actor(kind="capture_session", id=str(self.id))


@asynccontextmanager
async def link_scope(
    db: Database, *, org_id: int, capture_request_id: int
) -> AsyncIterator[OrgScope]:
    """A scope for whoever holds the link, before there is a session."""
    actor = Actor(kind="capture_link", id=str(capture_request_id))
    async with open_scope(db, org_id=org_id, actor=actor) as scope:
        yield scope


@asynccontextmanager
async def session_scope(db: Database, session: CaptureSession) -> AsyncIterator[OrgScope]:
    """One transaction of a capture session."""
    async with open_scope(db, org_id=session.org_id, actor=session.actor) as scope:
        yield scope


async def open_session(
    scope: OrgScope, *, capture_request_id: int, user_agent: str, language: str
) -> str:
    """The secret of a new session; Gone when the link has ended.

    The first session of a request connects it; a second phone gets a session of its own.
    `language` is the phone's: messages go in it from now on where none was chosen.
    """
    found = await invitation(scope, capture_request_id=capture_request_id)
    refuse_ended(found)
    value, session_id = secret(SECRET_PREFIX), uuid7()
    await session_queries.insert_session(
        scope,
        session_id=session_id,
        capture_request_id=capture_request_id,
        secret_hash=hash_secret(value),
        user_agent=_printable(user_agent),
        life=SESSION_LIFE,
    )
    if await session_queries.connect(
        scope, capture_request_id=capture_request_id, language=language
    ):
        await job_rows.note_opened(scope, job_id=found.job_id)
        await record(
            scope,
            "capture_request.connected",
            lead_id=found.lead_id,
            capture_request_id=capture_request_id,
            job_id=found.job_id,
            session_id=str(session_id),
        )
    return value


def refuse_ended(found: Invitation) -> None:
    """Gone, in plain words, when the link opens nothing any more."""
    if found.ended:
        raise Gone(ENDED_TEXTS[found.ended], code=f"link_{found.ended}")


async def find_session(db: Database, *, value: str) -> CaptureSession:
    """The session behind a cookie; Unauthorized when there is none."""
    async with db.transaction(Role.GATE) as tx:
        row = await session_queries.find_session(tx, secret_hash=hash_secret(value))
    if row is None:
        raise Unauthorized("Open the link from the message again.", code="no_session")
    return CaptureSession(**row)


async def lock_open(scope: OrgScope, session: CaptureSession) -> int:
    """The job of the session's request, kept as it is until the transaction ends.

    Conflict when the request takes no photos any more.
    """
    row = await session_queries.lock_state(scope, capture_request_id=session.capture_request_id)
    if row is None:
        raise NotFound
    if row["state"] != "connected":
        raise Conflict("This request takes no more photos.", code=f"request_{row['state']}")
    job_id: int = row["job_id"]
    return job_id


async def complete(
    scope: OrgScope, session: CaptureSession, *, skipped_spots: Mapping[str, str]
) -> None:
    """End the request, so that its link opens no new session, and this session with it."""
    found = await invitation(scope, capture_request_id=session.capture_request_id)
    completed = await session_queries.complete(scope, capture_request_id=session.capture_request_id)
    if not completed:
        raise Conflict(code=f"request_{found.state}")
    await session_queries.finish_session(
        scope, session_id=session.id, skipped_spots=checked_skips(skipped_spots)
    )
    await reminding.cancel(scope, request_id=session.capture_request_id)
    # A provider that was down for hours has nothing to say any more.
    await messages.cancel(scope, subject_ref=invitations.subject_ref(session.capture_request_id))
    await record(
        scope,
        "capture_request.completed",
        lead_id=found.lead_id,
        capture_request_id=session.capture_request_id,
        job_id=found.job_id,
        session_id=str(session.id),
    )


def checked_skips(skipped_spots: Mapping[str, str]) -> dict[str, str]:
    """Spots with why they cannot be reached; Invalid for what is none."""
    for spot, reason in skipped_spots.items():
        if spot not in SPOTS or reason not in SKIP_REASONS:
            raise Invalid(fields={"skipped_spots": [f"{spot}: {reason}"[:80]]})
    return dict(skipped_spots)


async def skipped_by_session(scope: OrgScope, *, session_id: uuid.UUID) -> dict[str, str]:
    """The spots that a finished session could not reach, with why."""
    return await session_queries.skipped_spots(scope, session_id=session_id)


def _printable(user_agent: str) -> str:
    kept = "".join(c for c in user_agent if c.isprintable())
    return kept[:USER_AGENT_CHARACTERS_MAX]
