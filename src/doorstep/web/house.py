"""The homeowner's model: a page with one viewer, and the file made for it.

Only the `home` tree is read here: what the organization sees is in another, so that no
byte with a measure or a scale can reach this door by a forgotten filter.
"""

from collections.abc import AsyncIterator

from litestar import Response, get
from litestar.response import Stream

from doorstep.api.description.calls import CAPTURE, call
from doorstep.builds import actions, queries
from doorstep.captures import actions as captures
from doorstep.captures import links
from doorstep.captures.model import PROFESSIONAL
from doorstep.captures.sessions import CaptureSession, session_scope
from doorstep.orgs import face_queries
from doorstep.orgs.model import OrgScope
from doorstep.web.capture_pages import AnyRequest, page
from doorstep.web.services import Services
from doorstep.web.upload_calls import TAG

PAGE = "/capture/house"
FILE = "model.glb"
TREE = "home"
FILE_HEADERS = {
    "Cache-Control": "private, no-cache",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


async def is_built(scope: OrgScope, *, job_id: int) -> bool:
    """Whether there is a model for the homeowner."""
    files = await queries.published_files(scope, job_id=job_id, tree=TREE)
    return any(file.name == FILE for file in files)


@get(PAGE)
async def house(request: AnyRequest, services: Services, session: CaptureSession) -> Response[str]:
    """The model, to be turned."""
    async with session_scope(services.db, session) as scope:
        found = await links.invitation(scope, capture_request_id=session.capture_request_id)
        file = await actions.file_of_job(scope, job_id=found.job_id, tree=TREE, name=FILE)
        asked = await captures.find(scope, request_id=session.capture_request_id)
        face = await face_queries.find(scope)
    return page(
        request,
        "house.html",
        face=face,
        file=f"{PAGE}/{FILE}",
        is_sample=file.is_sample,
        is_professional=asked.signup_type == PROFESSIONAL,
    )


@get(
    f"{PAGE}/{FILE}",
    opt=call(TAG, media_type="model/gltf-binary", fails=(401, 404, 410), security=CAPTURE),
)
async def model(services: Services, session: CaptureSession) -> Stream:
    """The homeowner's own copy: a unit box without names, made from the model by the engine."""
    async with session_scope(services.db, session) as scope:
        found = await links.invitation(scope, capture_request_id=session.capture_request_id)
        file = await actions.file_of_job(scope, job_id=found.job_id, tree=TREE, name=FILE)

    async def pieces() -> AsyncIterator[bytes]:
        async for piece in services.storage.stream(file.key):
            yield piece

    return Stream(pieces, media_type=file.media_type, headers=FILE_HEADERS)


ROUTES = [house, model]
