"""The measurements of a model or of its job as a PDF report and as an XLSX spreadsheet."""

from litestar import Response, get

from doorstep.api.description.calls import call
from doorstep.builds.papers import offer
from doorstep.builds.papers.offer import KINDS
from doorstep.kit.errors import NotFound
from doorstep.orgs.model import OrgScope
from doorstep.web.services import Services
from doorstep.wire.hover.declared.files import WantedFile
from doorstep.wire.hover.encoding import AnyRequest
from doorstep.wire.hover.measurements import Structure, marked, ready, structure_of_model
from doorstep.wire.hover.numbers import numeric

OF_MODEL = "/api/v3/models/{model_id:str}/artifacts"
OF_JOB = "/api/v2/jobs/{job_id:str}"
TAG = "Measurements"
REPORT = call(TAG, query=WantedFile, media_type=KINDS["pdf"][0], fails=(503,))
SPREADSHEET = call(TAG, query=WantedFile, media_type=KINDS["xlsx"][0], fails=(503,))
NOT_MADE = (
    *("/measurements.xml", "/cad_export.skp", "/cad_export.esx", "/cad_export.fml"),
    *("/cad_export.xml",),
)


@get(OF_MODEL + "/measurements.pdf", opt=REPORT)
async def report_of_model(
    request: AnyRequest, *, services: Services, model_id: str, api: OrgScope
) -> Response[bytes]:
    """The report of one model, a PDF."""
    of = await structure_of_model(api, model_id)
    return await _answer(request, api, services=services, of=of, kind="pdf")


@get(OF_JOB + "/measurements.pdf", opt=REPORT)
async def report_of_job(
    request: AnyRequest, *, services: Services, job_id: str, api: OrgScope
) -> Response[bytes]:
    """The same by the job, older."""
    return await _answer(request, api, services=services, of=Structure(numeric(job_id)), kind="pdf")


@get(OF_MODEL + "/measurements.xlsx", opt=SPREADSHEET)
async def spreadsheet_of_model(
    request: AnyRequest, *, services: Services, model_id: str, api: OrgScope
) -> Response[bytes]:
    """The spreadsheet of one model."""
    of = await structure_of_model(api, model_id)
    return await _answer(request, api, services=services, of=of, kind="xlsx")


@get(OF_JOB + "/measurements.xlsx", opt=SPREADSHEET)
async def spreadsheet_of_job(
    request: AnyRequest, *, services: Services, job_id: str, api: OrgScope
) -> Response[bytes]:
    """The same by the job, older."""
    return await _answer(
        request, api, services=services, of=Structure(numeric(job_id)), kind="xlsx"
    )


@get([OF_MODEL + path for path in NOT_MADE], opt=call(TAG, query=WantedFile))
async def not_made_of_model(
    request: AnyRequest, *, services: Services, model_id: str, api: OrgScope
) -> None:
    """What other products export and this one does not."""
    of = await structure_of_model(api, model_id)
    await ready(request, api, services=services, of=of)
    raise _not_made(request)


@get([OF_JOB + path for path in NOT_MADE], opt=call(TAG, query=WantedFile))
async def not_made_of_job(
    request: AnyRequest, *, services: Services, job_id: str, api: OrgScope
) -> None:
    """The same by the job, older."""
    await ready(request, api, services=services, of=Structure(numeric(job_id)))
    raise _not_made(request)


async def _answer(
    request: AnyRequest, scope: OrgScope, *, services: Services, of: Structure, kind: str
) -> Response[bytes]:
    found = await ready(request, scope, services=services, of=of)
    made = await offer.paper(
        scope,
        services.storage,
        found=found,
        model_url=f"{services.settings.base_url}/jobs/{found.job.id}",
        kind=kind,
    )
    return Response(
        made.content, media_type=made.media_type, headers={**made.headers, **marked(found)}
    )


def _not_made(request: AnyRequest) -> NotFound:
    name = request.url.path.rpartition("/")[2]
    return NotFound(f"Doorstep makes no {name}. There are measurements as JSON, PDF and XLSX.")


ROUTES = [
    *(report_of_model, report_of_job, spreadsheet_of_model, spreadsheet_of_job),
    *(not_made_of_model, not_made_of_job),
]
