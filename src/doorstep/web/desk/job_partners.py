"""Links for partners, made and ended on the page of a job."""

import uuid

from litestar import post
from litestar.response import Redirect

from doorstep.jobs import partner_links
from doorstep.jobs.partner_links import SHOWS
from doorstep.kit.errors import Invalid
from doorstep.orgs.model import OrgScope
from doorstep.web.desk.forms import Form, number_in
from doorstep.web.desk.screens import row_id, see

DAYS = (7, 30, 90)
"""What the page offers; programs may choose another number."""
FIELD_NAMES = {"recipient": "Who it is for", "note": "The note", "shows": "What it shows"}


@post("/jobs/{job_id:int}/partner-links")
async def make(page: OrgScope, *, job_id: int, form: Form) -> Redirect:
    """A link that shows what is ticked."""
    try:
        await partner_links.make(
            page,
            job_id=row_id(job_id),
            recipient=form.get("recipient", ""),
            note=form.get("note", ""),
            shows=[part for part in SHOWS if form.get(f"shows-{part}") == "yes"],
            days=number_in(form, "days") or 0,
        )
    except Invalid as invalid:
        said = [
            f"{FIELD_NAMES.get(name, name)} {lines[0]}." for name, lines in invalid.fields.items()
        ]
        raise Invalid(" ".join(said), fields=invalid.fields) from invalid
    return see(f"/jobs/{job_id}/sharing?said=shared")


@post("/jobs/{job_id:int}/partner-links/{link_id:uuid}/end")
async def end(page: OrgScope, *, job_id: int, link_id: uuid.UUID) -> Redirect:
    """End a link at once."""
    await partner_links.revoke(page, job_id=row_id(job_id), link_id=link_id)
    return see(f"/jobs/{job_id}/sharing?said=unshared")
