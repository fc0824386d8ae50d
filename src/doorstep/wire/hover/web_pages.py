"""Pages of the published web application that programs link people to, led to the desk's."""

from litestar import get
from litestar.response import Redirect

from doorstep.wire.hover.numbers import numeric


@get(["/3d/{job_id:str}", "/wr/jobs/{job_id:str}"], sync_to_thread=False)
def job_page(job_id: str) -> Redirect:
    """On to the page of a job, which asks who looks."""
    return Redirect(f"/jobs/{numeric(job_id)}", status_code=302)


ROUTES = [job_page]
