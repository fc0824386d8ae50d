"""Ask the homeowner once more, for photos from the spots that the model lacks."""

from litestar import post
from litestar.response import Redirect

from doorstep.captures import queries as requests
from doorstep.captures import reopenings
from doorstep.captures.model import SPOTS
from doorstep.jobs import actions as jobs
from doorstep.kit.errors import NotFound
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk.forms import Form
from doorstep.web.desk.screens import row_id, see


@post("/jobs/{job_id:int}/more-photos")
async def ask_for_more(page: OrgScope, *, job_id: int, form: Form) -> Redirect:
    """Open the capture again for the ticked spots, and write to the homeowner."""
    page.require(Right.INVITE)
    await jobs.find(page, job_id=row_id(job_id))
    request = await requests.find_of_job(page, job_id=job_id)
    if request is None:
        raise NotFound
    spots = [spot for spot in SPOTS if form.get(f"spot-{spot}") == "yes"]
    await reopenings.reopen(page, request_id=request.id, spots=spots, note=form.get("note", ""))
    return see(f"/jobs/{job_id}?said=more")
