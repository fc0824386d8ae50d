"""Who comes in: each door turns a credential into a scope with an open transaction."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from litestar import Request
from litestar.datastructures import State

from doorstep.auth import rates
from doorstep.auth.scopes import actor_of_session, open_scope
from doorstep.events import accesses
from doorstep.kit.errors import Forbidden, Unauthorized
from doorstep.orgs.model import OrgScope
from doorstep.web.services import Services

SESSION_COOKIE = "doorstep_session"
TOLD = "told_by_event"
"""Option of a route whose change is always an event with its author: the log needs no more."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

AnyRequest = Request[object, object, State]


def services(state: State) -> Services:
    """The process's services."""
    found: Services = state.services
    return found


async def api_scope(request: AnyRequest, services: Services) -> AsyncIterator[OrgScope]:
    """The scope of a bearer token; committed when the handler returns."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise Unauthorized(headers={"WWW-Authenticate": "Bearer"})
    org_id, actor = await rates.admit(
        services.db,
        token=token.strip(),
        calls_per_minute_max=services.settings.api_calls_per_minute,
    )
    async with open_scope(services.db, org_id=org_id, actor=actor) as scope:
        yield scope
        await _note_write(request, scope)


async def page_scope(request: AnyRequest, services: Services) -> AsyncIterator[OrgScope]:
    """The scope of a member's session cookie; committed when the handler returns."""
    refuse_cross_origin(request)
    secret = request.cookies.get(SESSION_COOKIE)
    if not secret:
        raise Unauthorized
    org_id, actor = await actor_of_session(services.db, secret=secret)
    async with open_scope(services.db, org_id=org_id, actor=actor) as scope:
        yield scope
        await _note_write(request, scope)


async def _note_write(request: AnyRequest, scope: OrgScope) -> None:
    """A change was asked for and done: who did, for the audit log. What it was, events say."""
    if request.method not in SAFE_METHODS and not request.route_handler.opt.get(TOLD):
        await accesses.note_write(scope, method=request.method, path=request.url.path)


def refuse_cross_origin(request: AnyRequest) -> None:
    """Forbidden for a write that another site's page makes with our cookie.

    Browsers say where a request comes from (`Sec-Fetch-Site`, else `Origin`), and a
    page cannot forge either; a client that sends neither is no browser.
    """
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("sec-fetch-site")
    if site in ("same-origin", "none"):
        return
    origin = request.headers.get("origin")
    if site is None and origin is None:
        return
    if origin is not None and urlsplit(origin).netloc == request.headers.get("host"):
        return
    raise Forbidden("This form was sent from another site.")
