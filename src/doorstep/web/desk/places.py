"""Where a job's house stands, typed on the job's page."""

from litestar import post
from litestar.response import Redirect

from doorstep.jobs import places
from doorstep.orgs.model import OrgScope
from doorstep.web.desk.forms import Form
from doorstep.web.desk.screens import row_id, see


@post("/jobs/{job_id:int}/place")
async def put_place(page: OrgScope, *, job_id: int, form: Form) -> Redirect:
    """Write it; an empty field forgets it."""
    typed = form.get("place", "").strip()
    if typed:
        latitude, longitude = places.read(typed)
        await places.put(page, job_id=row_id(job_id), latitude=latitude, longitude=longitude)
    else:
        await places.remove(page, job_id=row_id(job_id))
    return see(f"/jobs/{job_id}?said=placed#homeowner")
