"""`/api/v2/capture_requests`: create, list, details, link, delete, resend, check."""

from typing import Any

from litestar import Response, delete, get, post
from litestar.response import Redirect

from doorstep.captures import actions, queries
from doorstep.captures.model import RequestState
from doorstep.kit.errors import Invalid, NotFound
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope
from doorstep.web.services import Services
from doorstep.wire.hover import shapes
from doorstep.wire.hover.acting import acting_user, acting_user_if_named
from doorstep.wire.hover.asking import read_asking
from doorstep.wire.hover.encoding import DIGITS_MAX, AnyRequest, Tree, nest, read_tree, text, whole

PATH = "/api/v2/capture_requests"
PER_DEFAULT = 25
PER_MAX = 100
PAGE_MAX = 10_000
STATES = frozenset(map(str, RequestState))
SHOWN = STATES - {RequestState.DELETED}


@post([PATH, PATH + ".json"], status_code=201)
async def create(request: AnyRequest, api: OrgScope) -> dict[str, Any]:
    """Ask a homeowner for photos: request, draft job, invitation, in one transaction."""
    tree = await read_tree(request)
    member = await acting_user(api, tree)
    asking = read_asking(tree, org=await orgs.find_org(api))
    made = await actions.ask(api, asking=asking, requesting_user_id=member.id)
    return shapes.capture_request(made)


@get([PATH, PATH + ".json"])
async def index(request: AnyRequest, api: OrgScope) -> dict[str, Any]:
    """Requests newest first, those of the acting user when one is named."""
    tree = nest(request.query_params.multi_items())
    member = await acting_user_if_named(api, tree)
    page, per = _page(tree)
    rows, total = await queries.page(
        api,
        requesting_user_id=member.id if member else None,
        states=_states(tree),
        page=page,
        per=per,
    )
    return {
        "requested_captures": {
            "pagination": shapes.pagination(page=page, per=per, total=total),
            "results": [shapes.capture_request(row) for row in rows],
        }
    }


@get([PATH + "/{request_id:str}/details", PATH + "/{request_id:str}/details.json"])
async def details(request_id: str, api: OrgScope, services: Services) -> dict[str, Any]:
    """One request with everything, by numeric id."""
    found = await actions.find(api, request_id=numeric(request_id))
    return shapes.capture_request_details(found, link=services.links.capture(found))


@get(PATH + "/{identifier:str}")
async def link(identifier: str, api: OrgScope, services: Services) -> Response[str]:
    """With a token: on to the real link, by the six-character name."""
    found = await queries.find_by_identifier(api, identifier=identifier)
    if found is None:
        raise NotFound
    return Redirect(services.links.capture(found), status_code=302)


@delete(PATH + "/{request_id:str}", status_code=204)
async def withdraw(request_id: str, api: OrgScope) -> None:
    """Delete a request while its job is a draft."""
    await actions.withdraw(api, request_id=numeric(request_id))


@post(
    [PATH + "/{request_id:str}" + verb for verb in ("/resend", "/resend_notifications", "/notify")],
    status_code=200,
)
async def resend(request_id: str, api: OrgScope) -> dict[str, Any]:
    """Send the invitation again."""
    return shapes.capture_request(await actions.invite_again(api, request_id=numeric(request_id)))


def numeric(value: str) -> int:
    """A path's id; what is no positive number is as unknown as a foreign one."""
    if not value.isascii() or not value.isdecimal() or len(value) > DIGITS_MAX:
        raise NotFound
    return int(value)


def _page(tree: Tree) -> tuple[int, int]:
    page, per = whole(tree, "page"), whole(tree, "per")
    page = 1 if page is None else page
    per = PER_DEFAULT if per is None else per
    if not 1 <= page <= PAGE_MAX:
        raise Invalid(fields={"page": [f"must be between 1 and {PAGE_MAX}"]})
    if not 1 <= per <= PER_MAX:
        raise Invalid(fields={"per": [f"must be between 1 and {PER_MAX}"]})
    return page, per


def _states(tree: Tree) -> list[str]:
    wanted = text(tree, "state")
    if wanted is None:
        return sorted(SHOWN)
    if wanted not in STATES:
        raise Invalid(fields={"state": ["must be new, connected, complete or deleted"]})
    return [wanted]


ROUTES = [create, index, details, link, withdraw, resend]
