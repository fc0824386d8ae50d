"""What a job's page loads beside itself: files of models, served copies of photos."""

import uuid

from litestar import Response, get
from litestar.response import Stream

from doorstep.builds import actions as builds
from doorstep.events import accesses
from doorstep.kit.errors import NotFound
from doorstep.orgs.model import OrgScope, Right
from doorstep.photos import actions as photos
from doorstep.photos.model import Size
from doorstep.web.desk.screens import row_id
from doorstep.web.services import Services

MEASURING_FILES = ("measurements.json", "evidence.json", "poses.json", "dense.glb")
# A build's files and a photo's copies never change under their address.
KEPT = {"Cache-Control": "private, max-age=31536000, immutable"}


@get("/jobs/{job_id:int}/files/{name:str}")
async def job_file(page: OrgScope, *, services: Services, job_id: int, name: str) -> Stream:
    """A published file of the job's model."""
    page.require(Right.READ)
    found = await builds.file_of_job(page, job_id=row_id(job_id), tree="org", name=name)
    if name in MEASURING_FILES:
        await accesses.note_read(page, job_id=job_id, what=name)
    return Stream(
        services.storage.stream(found.key),
        media_type=found.media_type,
        headers={**KEPT, "Content-Length": str(found.bytes)},
    )


@get("/jobs/{job_id:int}/structures/{structure:str}/{name:str}")
async def structure_file(
    page: OrgScope, *, services: Services, job_id: int, structure: str, name: str
) -> Stream:
    """A published file of the model of a structure beside the house."""
    page.require(Right.READ)
    found = await builds.file_of_job(
        page, job_id=row_id(job_id), tree="org", name=name, structure=structure
    )
    if name in MEASURING_FILES:
        await accesses.note_read(page, job_id=job_id, what=name)
    return Stream(
        services.storage.stream(found.key),
        media_type=found.media_type,
        headers={**KEPT, "Content-Length": str(found.bytes)},
    )


@get("/photos/{photo_id:uuid}/{size:str}")
async def photo(
    page: OrgScope, *, services: Services, photo_id: uuid.UUID, size: str
) -> Response[bytes]:
    """A served copy of a photo, never the original with its place and device."""
    page.require(Right.READ)
    if size not in list(Size):
        raise NotFound
    content = await photos.open_picture(page, services.storage, photo_id=photo_id, size=Size(size))
    return Response(content, media_type="image/jpeg", headers=KEPT)
