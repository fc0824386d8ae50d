"""The homeowner deletes everything: a page that says what goes and what stays, and its button.

By the link, which also works when the capture is finished or its time is over, and by the
session. A GET changes nothing.
"""

from litestar import Response, get, post

from doorstep.builds.erasures import erase
from doorstep.captures import links
from doorstep.captures.links import Invitation
from doorstep.captures.sessions import (
    CaptureSession,
    link_scope,
    refuse_ended,
    session_scope,
)
from doorstep.orgs import face_queries
from doorstep.orgs.model import Face, OrgScope
from doorstep.web.capture_links import opened
from doorstep.web.capture_pages import AnyRequest, page
from doorstep.web.services import Services

LINK = "/c/{token:str}/erasure"
SESSION = "/capture/erasure"


@get(LINK)
async def ask_by_link(request: AnyRequest, services: Services, token: str) -> Response[str]:
    """What would be deleted."""
    org_id, request_id = await opened(request, services, token=token)
    async with link_scope(services.db, org_id=org_id, capture_request_id=request_id) as scope:
        found, face = await _found(scope, request_id)
    return _ask(request, found, face=face, back=f"/c/{token}")


@post(LINK, status_code=200)
async def erase_by_link(request: AnyRequest, services: Services, token: str) -> Response[str]:
    """Delete it; a second time says the same."""
    org_id, request_id = await opened(request, services, token=token)
    async with link_scope(services.db, org_id=org_id, capture_request_id=request_id) as scope:
        found, face = await _found(scope, request_id)
        await erase(scope, capture_request_id=request_id)
    return page(request, "erased.html", face=face, invitation=found)


@get(SESSION)
async def ask_by_session(
    request: AnyRequest, services: Services, session: CaptureSession
) -> Response[str]:
    """What would be deleted."""
    async with session_scope(services.db, session) as scope:
        found, face = await _found(scope, session.capture_request_id)
    return _ask(request, found, face=face, back="/capture/")


@post(SESSION, status_code=200)
async def erase_by_session(
    request: AnyRequest, services: Services, session: CaptureSession
) -> Response[str]:
    """Delete it, and this session with it."""
    async with session_scope(services.db, session) as scope:
        found, face = await _found(scope, session.capture_request_id)
        await erase(scope, capture_request_id=session.capture_request_id)
    return page(request, "erased.html", face=face, invitation=found)


async def _found(scope: OrgScope, request_id: int) -> tuple[Invitation, Face]:
    found = await links.invitation(scope, capture_request_id=request_id)
    return found, await face_queries.find(scope)


def _ask(request: AnyRequest, found: Invitation, *, face: Face, back: str) -> Response[str]:
    if found.erased:
        refuse_ended(found)
    action = request.url.path
    return page(
        request,
        "erase.html",
        face=face,
        invitation=found,
        action=action,
        back=back if found.ended is None or back == "/capture/" else None,
    )


ROUTES = [ask_by_link, erase_by_link, ask_by_session, erase_by_session]
