"""A shared model: whoever has the link turns it. The file is the homeowner's, without a measure."""

from collections.abc import AsyncIterator

from litestar import Response, get
from litestar.response import Stream

from doorstep.auth.scopes import open_scope
from doorstep.builds import actions as builds
from doorstep.builds.model import BuildFile
from doorstep.jobs import shares
from doorstep.kit.errors import NotFound
from doorstep.orgs.model import Actor
from doorstep.web.capture_pages import AnyRequest, page
from doorstep.web.house import FILE, FILE_HEADERS, TREE
from doorstep.web.services import Services

PATH = "/shared/{token:str}"


@get(PATH)
async def shared_page(request: AnyRequest, *, token: str, services: Services) -> Response[str]:
    """The model, or that it is not there yet."""
    file = await _file(services, token=token)
    return page(
        request,
        "shared.html",
        file=f"/shared/{token}/{FILE}" if file else None,
        is_sample=file is not None and file.is_sample,
    )


@get(PATH + "/" + FILE)
async def shared_model(token: str, *, services: Services) -> Stream:
    """The unit box without names that the homeowner sees too."""
    file = await _file(services, token=token)
    if file is None:
        raise NotFound
    key = file.key

    async def pieces() -> AsyncIterator[bytes]:
        async for piece in services.storage.stream(key):
            yield piece

    return Stream(pieces, media_type=file.media_type, headers=FILE_HEADERS)


async def _file(services: Services, *, token: str) -> BuildFile | None:
    """The model's file; NotFound for a token that is none, Gone for one that has ended."""
    org_id, share_id = await shares.open_link(services.db, token=token)
    actor = Actor(kind="job_share", id=str(share_id))
    async with open_scope(services.db, org_id=org_id, actor=actor) as scope:
        job_id = await shares.shown_job(scope, share_id=share_id)
        try:
            return await builds.file_of_job(scope, job_id=job_id, tree=TREE, name=FILE)
        except NotFound:
            return None


ROUTES = [shared_page, shared_model]
