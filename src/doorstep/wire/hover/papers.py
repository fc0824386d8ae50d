"""The measurements of a model or of its job as a PDF report and as an XLSX spreadsheet."""

from litestar import Response, get

from doorstep.builds.papers import offer
from doorstep.kit.errors import NotFound
from doorstep.orgs.model import OrgScope
from doorstep.web.services import Services
from doorstep.wire.hover.encoding import AnyRequest
from doorstep.wire.hover.measurements import job_of_model, marked, ready
from doorstep.wire.hover.numbers import numeric

OF_MODEL = "/api/v3/models/{model_id:str}/artifacts"
OF_JOB = "/api/v2/jobs/{job_id:str}"
PAPERS = ("/measurements.pdf", "/measurements.xlsx")
NOT_MADE = (
    *("/measurements.xml", "/cad_export.skp", "/cad_export.esx", "/cad_export.fml"),
    *("/cad_export.xml",),
)


@get([OF_MODEL + paper for paper in PAPERS])
async def of_model(
    request: AnyRequest, *, services: Services, model_id: str, api: OrgScope
) -> Response[bytes]:
    """The report or the spreadsheet of one model."""
    job_id = await job_of_model(api, model_id)
    return await _answer(request, api, services=services, job_id=job_id)


@get([OF_JOB + paper for paper in PAPERS])
async def of_job(
    request: AnyRequest, *, services: Services, job_id: str, api: OrgScope
) -> Response[bytes]:
    """The same by the job, older."""
    return await _answer(request, api, services=services, job_id=numeric(job_id))


@get([OF_MODEL + path for path in NOT_MADE])
async def not_made_of_model(
    request: AnyRequest, *, services: Services, model_id: str, api: OrgScope
) -> None:
    """What other products export and this one does not."""
    job_id = await job_of_model(api, model_id)
    await ready(request, api, services=services, job_id=job_id)
    raise _not_made(request)


@get([OF_JOB + path for path in NOT_MADE])
async def not_made_of_job(
    request: AnyRequest, *, services: Services, job_id: str, api: OrgScope
) -> None:
    """The same by the job, older."""
    await ready(request, api, services=services, job_id=numeric(job_id))
    raise _not_made(request)


async def _answer(
    request: AnyRequest, scope: OrgScope, *, services: Services, job_id: int
) -> Response[bytes]:
    found = await ready(request, scope, services=services, job_id=job_id)
    made = await offer.paper(
        scope,
        services.storage,
        found=found,
        base_url=services.settings.base_url,
        kind=request.url.path.rpartition(".")[2],
    )
    return Response(
        made.content, media_type=made.media_type, headers={**made.headers, **marked(found)}
    )


def _not_made(request: AnyRequest) -> NotFound:
    name = request.url.path.rpartition("/")[2]
    return NotFound(f"Doorstep makes no {name}. There are measurements as JSON, PDF and XLSX.")


ROUTES = [of_model, of_job, not_made_of_model, not_made_of_job]
