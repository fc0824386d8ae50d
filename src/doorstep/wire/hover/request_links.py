"""A request's link by its six-character name, which is on envelopes and opens nothing.

With a token the API goes on to the real link. Without one it goes to a page that can send
the link again to the person that it was made for, unless the organization lets such
names lead to the link while it moves over.
"""

from contextlib import asynccontextmanager
from html import escape

from litestar import Response, get, post

from doorstep.api.description.calls import HTML, Reply, call
from doorstep.captures import ownership, queries
from doorstep.captures.links import find_named, invitation
from doorstep.captures.sessions import link_scope
from doorstep.kit.errors import NotFound
from doorstep.orgs import queries as orgs
from doorstep.web.capture_pages import page
from doorstep.web.doors import api_scope, refuse_cross_origin
from doorstep.web.services import Services
from doorstep.wire.hover.capture_requests import TAG
from doorstep.wire.hover.encoding import AnyRequest
from doorstep.wire.hover.numbers import is_name

PAGE = "/again"

_api_scope = asynccontextmanager(api_scope)


@get(
    "/api/v2/capture_requests/{identifier:str}",
    opt=call(
        TAG,
        replies={
            302: Reply(
                description="On to the link.", media_type=HTML, headers={"Location": "string"}
            )
        },
        anonymous=True,
    ),
)
async def link(request: AnyRequest, *, identifier: str, services: Services) -> Response[str]:
    """On to the link, or to the page that sends it again."""
    identifier = identifier.removesuffix(".json")
    _refuse_odd(identifier)
    if "authorization" in request.headers:
        async with _api_scope(request, services) as scope:
            found = await queries.find_by_identifier(scope, identifier=identifier)
            if found is None:
                raise NotFound
            return _redirected(services.links.capture(found))
    opened = await _open_link(services, identifier=identifier)
    return _redirected(opened or f"{services.settings.base_url}{PAGE}/{identifier}")


@get(PAGE + "/{identifier:str}", sync_to_thread=False)
def ask_again(request: AnyRequest, *, identifier: str) -> Response[str]:
    """A button, the same for every name, known or not."""
    _refuse_odd(identifier)
    return page(request, "again.html", identifier=identifier, sent=False)


@post(PAGE + "/{identifier:str}", status_code=200)
async def send_again(request: AnyRequest, *, identifier: str, services: Services) -> Response[str]:
    """Send the link to the stored contact; the answer says nothing of whether there is one."""
    _refuse_odd(identifier)
    refuse_cross_origin(request)
    place = await _place_of(services, identifier=identifier)
    if place is not None:
        org_id, request_id = place
        async with link_scope(services.db, org_id=org_id, capture_request_id=request_id) as scope:
            await ownership.send_link_again(scope, request_id=request_id)
    return page(request, "again.html", identifier=identifier, sent=True)


async def _open_link(services: Services, *, identifier: str) -> str | None:
    place = await _place_of(services, identifier=identifier)
    if place is None:
        return None
    org_id, request_id = place
    async with link_scope(services.db, org_id=org_id, capture_request_id=request_id) as scope:
        if not await orgs.has_open_links(scope):
            return None
        known = await invitation(scope, capture_request_id=request_id)
        found = await queries.find(scope, request_id=request_id)
    return services.links.capture(found) if found and not known.ended else None


async def _place_of(services: Services, *, identifier: str) -> tuple[int, int] | None:
    row = await find_named(services.db, token=identifier)
    return (row["org_id"], row["id"]) if row else None


def _redirected(target: str) -> Response[str]:
    body = f'<html><body>You are being <a href="{escape(target)}">redirected</a>.</body></html>'
    headers = {"location": target, "cache-control": "no-store"}
    return Response(body, status_code=302, headers=headers, media_type="text/html")


def _refuse_odd(identifier: str) -> None:
    if not is_name(identifier):
        raise NotFound


ROUTES = [link, ask_again, send_again]
