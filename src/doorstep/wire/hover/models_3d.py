"""The textured model of a house as a file, for programs that show it themselves."""

from litestar import get
from litestar.response import Stream

from doorstep.api.description.calls import call
from doorstep.builds import actions as builds
from doorstep.orgs.model import OrgScope
from doorstep.web.services import Services
from doorstep.wire.hover.addresses import MODEL
from doorstep.wire.hover.declared.files import WantedFile
from doorstep.wire.hover.encoding import AnyRequest
from doorstep.wire.hover.measurements import marked, ready, structure_of_model

GLB = "model/gltf-binary"


@get(
    "/api/v3/models/{model_id:str}/artifacts/" + MODEL,
    opt=call("Measurements", query=WantedFile, media_type=GLB),
)
async def model_3d(
    request: AnyRequest, *, services: Services, model_id: str, api: OrgScope
) -> Stream:
    """The model as binary glTF, y up, in metres if there is a scale."""
    of = await structure_of_model(api, model_id)
    found = await ready(request, api, services=services, of=of)
    file = await builds.file_of_job(
        api, job_id=of.job_id, tree="org", name=MODEL, structure=of.name
    )
    return Stream(
        services.storage.stream(file.key),
        media_type=GLB,
        headers={"Content-Length": str(file.bytes), "Cache-Control": "private, no-cache"}
        | marked(found),
    )


ROUTES = [model_3d]
