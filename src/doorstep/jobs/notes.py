"""What members note of a job: everybody of the organization reads it, its author changes it."""

import uuid

from doorstep.events.actions import record
from doorstep.jobs import actions as jobs
from doorstep.jobs import note_queries as queries
from doorstep.jobs.note_queries import Note
from doorstep.kit.errors import Forbidden, Invalid, NotFound
from doorstep.kit.ids import uuid7
from doorstep.orgs.model import OrgScope, Right

CHARACTERS_MAX = 4000
SHOWN_MAX = 200


async def of_job(scope: OrgScope, *, job_id: int) -> list[Note]:
    """The newest notes of a job, newest first."""
    scope.require(Right.READ)
    return await queries.of_job(scope, job_id=job_id, rows_max=SHOWN_MAX)


async def add(scope: OrgScope, *, job_id: int, user_id: int, text: str) -> uuid.UUID:
    """A new note's id; Invalid when it is empty or too long."""
    scope.require(Right.READ)
    job = await jobs.find(scope, job_id=job_id)
    note_id = uuid7()
    await queries.insert(
        scope, note_id=note_id, job_id=job.id, user_id=user_id, text=_checked(text)
    )
    await record(scope, "job.noted", job_id=job.id, note_id=str(note_id), verb="added")
    return note_id


async def edit(
    scope: OrgScope, *, job_id: int, note_id: uuid.UUID, user_id: int, text: str
) -> None:
    """Write one's own note anew."""
    note = await _own(scope, job_id=job_id, note_id=note_id, user_id=user_id)
    await queries.update(scope, note_id=note.id, text=_checked(text))
    await record(scope, "job.noted", job_id=note.job_id, note_id=str(note.id), verb="edited")


async def remove(scope: OrgScope, *, job_id: int, note_id: uuid.UUID, user_id: int) -> None:
    """Take one's own note away; that there was one stays in the events."""
    note = await _own(scope, job_id=job_id, note_id=note_id, user_id=user_id)
    await queries.delete(scope, note_id=note.id)
    await record(scope, "job.noted", job_id=note.job_id, note_id=str(note.id), verb="removed")


async def _own(scope: OrgScope, *, job_id: int, note_id: uuid.UUID, user_id: int) -> Note:
    note = await queries.find(scope, note_id=note_id)
    if note is None or note.job_id != job_id:
        raise NotFound
    if note.user_id != user_id:
        raise Forbidden("A note is changed by its author only.")
    return note


def _checked(text: str) -> str:
    text = text.strip()
    if not 0 < len(text) <= CHARACTERS_MAX:
        said = f"A note has 1 to {CHARACTERS_MAX} characters."
        raise Invalid(said, fields={"text": [said]})
    return text
