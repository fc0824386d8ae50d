"""`/api/desk/jobs/{job_id}/notes`: what members note of a job."""

import uuid
from datetime import datetime

import msgspec
from litestar import delete, get, post, put
from litestar.params import JSONBody

from doorstep.api.desk.answers import ActingUser, Made, RowId, acting, problems
from doorstep.api.desk.repeats import AnyRequest, Key, made_once
from doorstep.jobs import actions as jobs
from doorstep.jobs import notes
from doorstep.orgs.model import OrgScope
from doorstep.web.desk.screens import row_id

TAG = ["Jobs"]
PATH = "/jobs/{job_id:int}/notes"


class NoteFacts(msgspec.Struct, kw_only=True):
    """A note and the member who wrote it."""

    id: uuid.UUID
    user_id: int
    author: str
    text: str
    created_at: datetime
    edited_at: datetime | None


class NoteList(msgspec.Struct, kw_only=True):
    """The newest 200 notes, newest first."""

    notes: list[NoteFacts]


class NewNote(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """1 to 4000 characters, and the member whose note it is, who alone may change it."""

    text: str
    user_id: RowId


@get(PATH, tags=TAG, responses=problems(404))
async def list_notes(api: OrgScope, *, job_id: int) -> NoteList:
    """The notes of a job."""
    await jobs.find(api, job_id=row_id(job_id))
    found = await notes.of_job(api, job_id=job_id)
    return NoteList(notes=[msgspec.convert(one, NoteFacts, from_attributes=True) for one in found])


@post(PATH, tags=TAG, responses=problems(404, 409, 422))
async def add_note(
    api: OrgScope,
    *,
    request: AnyRequest,
    job_id: int,
    data: JSONBody[NewNote],
    _key: Key = None,
) -> Made:
    """Write a note in a member's name."""

    async def make() -> uuid.UUID:
        await acting(api, user_id=data.user_id)
        return await notes.add(api, job_id=row_id(job_id), user_id=data.user_id, text=data.text)

    return Made(id=uuid.UUID(await made_once(request, api, asked=data, make=make)))


@put(PATH + "/{note_id:uuid}", status_code=204, tags=TAG, responses=problems(404, 422))
async def edit_note(
    api: OrgScope, *, job_id: int, note_id: uuid.UUID, data: JSONBody[NewNote]
) -> None:
    """Write a member's own note anew."""
    await acting(api, user_id=data.user_id)
    await notes.edit(
        api, job_id=row_id(job_id), note_id=note_id, user_id=data.user_id, text=data.text
    )


@delete(PATH + "/{note_id:uuid}", tags=TAG, responses=problems(404, 422))
async def remove_note(
    api: OrgScope, *, job_id: int, note_id: uuid.UUID, user_id: ActingUser = 0
) -> None:
    """Take a member's own note away."""
    await jobs.find(api, job_id=row_id(job_id))
    await acting(api, user_id=user_id)
    await notes.remove(api, job_id=row_id(job_id), note_id=note_id, user_id=user_id)


ROUTES = [list_notes, add_note, edit_note, remove_note]
