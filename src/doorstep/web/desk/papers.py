"""The measurements of a job as report and spreadsheet, from its page."""

from litestar import Response, get

from doorstep.builds import published
from doorstep.builds.papers import offer
from doorstep.jobs import actions as jobs
from doorstep.orgs.model import OrgScope
from doorstep.web.desk.screens import AnyRequest, row_id
from doorstep.web.services import Services


@get(["/jobs/{job_id:int}/measurements.pdf", "/jobs/{job_id:int}/measurements.xlsx"])
async def paper(
    page: OrgScope, *, services: Services, job_id: int, request: AnyRequest
) -> Response[bytes]:
    """The report as PDF or the spreadsheet."""
    job = await jobs.find(page, job_id=row_id(job_id))
    found = await published.measured(page, services.storage, job=job)
    made = await offer.paper(
        page,
        services.storage,
        found=found,
        model_url=f"{services.settings.base_url}/jobs/{found.job.id}",
        kind=request.url.path.rpartition(".")[2],
    )
    return Response(made.content, media_type=made.media_type, headers=made.headers)
