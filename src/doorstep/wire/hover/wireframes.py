"""Pictures drawn from the measurements, by their published names and versions."""

from litestar import Response, get

from doorstep.api.description.calls import call
from doorstep.builds.drawings.views import DELIVERABLES, VERSIONS
from doorstep.builds.papers import offer
from doorstep.kit.errors import Invalid, NotFound
from doorstep.orgs.model import OrgScope
from doorstep.web.services import Services
from doorstep.wire.hover.declared.files import WantedPicture
from doorstep.wire.hover.encoding import AnyRequest, nest, text
from doorstep.wire.hover.measurements import Structure, marked, ready, structure_of_model
from doorstep.wire.hover.numbers import numeric

OF_MODEL = "/api/v3/models/{model_id:str}/artifacts"
OF_JOB = "/api/v2/jobs/{job_id:str}/wireframe_images"
FILES = {f"/wireframe_{name}.png": name for name in DELIVERABLES}
CALL = call("Measurements", query=WantedPicture, media_type="image/png", fails=(503,))


@get([OF_MODEL + file for file in FILES], opt=CALL)
async def of_model(
    request: AnyRequest, *, services: Services, model_id: str, api: OrgScope
) -> Response[bytes]:
    """One picture of a model."""
    of = await structure_of_model(api, model_id)
    return await _answer(request, api, services=services, of=of)


@get([OF_JOB + file for file in FILES], opt=CALL)
async def of_job(
    request: AnyRequest, *, services: Services, job_id: str, api: OrgScope
) -> Response[bytes]:
    """The same by the job, older."""
    return await _answer(request, api, services=services, of=Structure(numeric(job_id)))


async def _answer(
    request: AnyRequest, scope: OrgScope, *, services: Services, of: Structure
) -> Response[bytes]:
    found = await ready(request, scope, services=services, of=of)
    name = FILES["/" + request.url.path.rpartition("/")[2]]
    ordered = found.job.deliverable_id
    if ordered not in DELIVERABLES[name] or name not in VERSIONS:
        raise NotFound(f"A job with deliverable {ordered} has no picture of this kind.")
    version = text(nest(request.query_params.multi_items()), "version") or "url"
    if version not in VERSIONS[name]:
        raise Invalid(fields={"version": [f"must be one of {', '.join(VERSIONS[name])}"]})
    made = await offer.picture(found=found, name=name, version=version)
    return Response(
        made.content, media_type=made.media_type, headers={**made.headers, **marked(found)}
    )


ROUTES = [of_model, of_job]
