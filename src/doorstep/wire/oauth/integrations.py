"""`/integrations`: the credentials of programs that act for the organization."""

from litestar import get, post
from litestar.response import Redirect

from doorstep.auth import client_queries, clients
from doorstep.kit.errors import Invalid
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk.forms import read_form
from doorstep.web.desk.screens import AnyRequest, Page, Query, html, piece, see

PATH = "/integrations"


@get(PATH)
async def integrations(page: OrgScope, said: Query = "") -> Page:
    """Every integration, and the form for a new one."""
    page.require(Right.ADMINISTER)
    return html(await _page(page, said=said))


@post(PATH, status_code=200)
async def make(request: AnyRequest, page: OrgScope) -> Page:
    """A new integration; its secret stands on this page only."""
    page.require(Right.ADMINISTER)
    form = await read_form(request)
    name, uris = form.get("name", "").strip(), form.get("redirect_uris", "").split()
    try:
        client_id, secret = await clients.make(page, name=name, redirect_uris=uris)
    except Invalid as error:
        shown = await _page(page, problem=_sentence(error), title=name, uris=" ".join(uris))
        return html(shown, status=422)
    return html(await _page(page, made=client_id, secret=secret))


@post(PATH + "/{client_id:str}/redirect-uris", status_code=200)
async def allow_redirects(
    request: AnyRequest, *, page: OrgScope, client_id: str
) -> Page | Redirect:
    """Say where the answers of the consent page may go."""
    page.require(Right.ADMINISTER)
    form = await read_form(request)
    uris = form.get("redirect_uris", "").split()
    try:
        await clients.allow_redirects(page, client_id=client_id, uris=uris)
    except Invalid as error:
        return html(await _page(page, problem=_sentence(error)), status=422)
    return see(f"{PATH}?said=changed")


@post(PATH + "/{client_id:str}/revocation")
async def revoke(page: OrgScope, client_id: str) -> Redirect:
    """End an integration and every token of it."""
    await clients.revoke(page, client_id=client_id)
    return see(f"{PATH}?said=revoked")


async def _page(scope: OrgScope, **more: str) -> str:
    shown = {"said": "", "problem": "", "title": "", "uris": "", "made": "", "secret": ""} | more
    return await piece(
        scope,
        "oauth/integrations.html",
        place="settings",
        clients=await client_queries.every(scope),
        **shown,
    )


def _sentence(error: Invalid) -> str:
    return "; ".join(
        f"{'The name' if field == 'name' else 'The redirect addresses:'} {text}"
        for field, texts in error.fields.items()
        for text in texts
    )


ROUTES = [integrations, make, allow_redirects, revoke]
