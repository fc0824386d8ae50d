"""Notes on the page of a job."""

import uuid

from litestar import post
from litestar.response import Redirect

from doorstep.jobs import notes
from doorstep.orgs.model import OrgScope
from doorstep.web.desk.forms import Form
from doorstep.web.desk.screens import member_id, row_id, see


@post("/jobs/{job_id:int}/notes")
async def add(page: OrgScope, *, job_id: int, form: Form) -> Redirect:
    """Write a note."""
    await notes.add(page, job_id=row_id(job_id), user_id=member_id(page), text=form.get("text", ""))
    return see(f"/jobs/{job_id}/timeline?said=noted")


@post("/jobs/{job_id:int}/notes/{note_id:uuid}")
async def edit(page: OrgScope, *, job_id: int, note_id: uuid.UUID, form: Form) -> Redirect:
    """Write one's own note anew."""
    await notes.edit(
        page,
        job_id=row_id(job_id),
        note_id=note_id,
        user_id=member_id(page),
        text=form.get("text", ""),
    )
    return see(f"/jobs/{job_id}/timeline?said=noted")


@post("/jobs/{job_id:int}/notes/{note_id:uuid}/end")
async def remove(page: OrgScope, *, job_id: int, note_id: uuid.UUID) -> Redirect:
    """Take one's own note away."""
    await notes.remove(page, job_id=row_id(job_id), note_id=note_id, user_id=member_id(page))
    return see(f"/jobs/{job_id}/timeline?said=unnoted")
