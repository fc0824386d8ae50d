"""Who comes in: each door turns a credential into a scope with an open transaction."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from litestar import Request
from litestar.datastructures import State

from doorstep.auth import rates
from doorstep.auth.scopes import actor_of_session, open_scope
from doorstep.kit.errors import Forbidden, Unauthorized
from doorstep.orgs.model import OrgScope
from doorstep.web.services import Services

SESSION_COOKIE = "doorstep_session"
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
        raise Unauthorized
    org_id, actor = await rates.admit(
        services.db,
        token=token.strip(),
        calls_per_minute_max=services.settings.api_calls_per_minute,
    )
    async with open_scope(services.db, org_id=org_id, actor=actor) as scope:
        yield scope


async def page_scope(request: AnyRequest, services: Services) -> AsyncIterator[OrgScope]:
    """The scope of a member's session cookie; committed when the handler returns."""
    refuse_cross_origin(request)
    secret = request.cookies.get(SESSION_COOKIE)
    if not secret:
        raise Unauthorized
    org_id, actor = await actor_of_session(services.db, secret=secret)
    async with open_scope(services.db, org_id=org_id, actor=actor) as scope:
        yield scope


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
