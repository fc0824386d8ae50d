"""`/api/v2/capture_requests`: create, list, details, delete, resend, check."""

from typing import Any

from litestar import Response, delete, get, post

from doorstep.api.description.calls import call
from doorstep.captures import actions, ownership, queries, rehearsals
from doorstep.captures import ownership_queries as owners
from doorstep.captures.model import SHOWN, RequestState
from doorstep.kit.errors import Invalid
from doorstep.orgs.model import OrgScope
from doorstep.web.doors import TOLD
from doorstep.web.services import Services
from doorstep.wire.hover import shapes
from doorstep.wire.hover.acting import acting_in_org, acting_user_if_named
from doorstep.wire.hover.answers import once
from doorstep.wire.hover.asking import BLANK, read_asking
from doorstep.wire.hover.declared import capture_requests as declared
from doorstep.wire.hover.declared.values import Acting
from doorstep.wire.hover.encoding import AnyRequest, Tree, nest, read_tree, text
from doorstep.wire.hover.numbers import is_name, numeric
from doorstep.wire.hover.paging import read_page

PATH = "/api/v2/capture_requests"
TAG = "Capture requests"
STATES = frozenset(map(str, RequestState))


@post(
    [PATH, PATH + ".json"],
    status_code=201,
    opt=call(TAG, body=declared.NewCaptureRequest, answer=declared.CaptureRequest, once=True)
    | {TOLD: True},
)
async def create(request: AnyRequest, api: OrgScope) -> Response[bytes]:
    """Ask a homeowner for photos: request, draft job, invitation, in one transaction."""
    tree = await read_tree(request)

    async def ask() -> dict[str, Any]:
        org, member = await acting_in_org(api, tree)
        asking = read_asking(tree, org=org)
        made = await ownership.ask_once(api, asking=asking, requesting_user_id=member.id)
        if asking.test_state is not None and made.state == RequestState.NEW:
            await rehearsals.rehearse(api, job_id=made.job_id, outcome=asking.test_state)
        return shapes.capture_request(made)

    return await once(request, api, tree=tree, status=201, work=ask)


@get(
    [PATH, PATH + ".json"],
    opt=call(TAG, query=declared.ListCaptureRequests, answer=declared.CaptureRequestList),
)
async def index(request: AnyRequest, api: OrgScope) -> dict[str, Any]:
    """Requests newest first, those of the acting user when one is named."""
    tree = nest(request.query_params.multi_items())
    member = await acting_user_if_named(api, tree)
    page, per = read_page(tree)
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


@get(
    [PATH + verb for verb in ("/exists", "/exists.json", "/check", "/check.json")],
    opt=call(TAG, at=PATH + "/exists", query=declared.CheckExisting, answer=declared.Existing),
)
async def check(request: AnyRequest, api: OrgScope) -> dict[str, Any]:
    """Whether somebody waits for photos of the person with this address."""
    email = text(nest(request.query_params.multi_items()), "email")
    if email is None:
        raise Invalid(fields={"email": [BLANK]})
    waiting = await owners.pending_of(api, email=email)
    return {
        "pending_capture_request_exists": waiting is not None,
        "requesting_user_name": waiting,
        "capturing_user_exists": await owners.is_capturing_user(api, email=email),
    }


@get(
    [PATH + "/{request_id:str}/details", PATH + "/{request_id:str}/details.json"],
    opt=call(TAG, answer=declared.CaptureRequestDetails),
)
async def details(request_id: str, api: OrgScope, services: Services) -> dict[str, Any]:
    """One request with everything, by numeric id."""
    found = await actions.find(api, request_id=numeric(request_id))
    return shapes.capture_request_details(found, link=services.links.capture(found))


@delete(PATH + "/{request_id:str}", status_code=204, opt=call(TAG, query=declared.Withdrawal))
async def withdraw(request: AnyRequest, *, request_id: str, api: OrgScope) -> None:
    """Delete a request while its job is a draft."""
    found = await actions.find(api, request_id=numeric(request_id))
    await acting_user_if_named(api, await read_tree(request))
    await actions.withdraw(api, request_id=found.id)


@post(
    [
        f"{PATH}/{{request_id:str}}/{verb}{end}"
        for verb in ("resend", "resend_notifications", "notify")
        for end in ("", ".json")
    ],
    status_code=200,
    opt=call(
        TAG,
        at=PATH + "/{request_id:str}/resend",
        path={"request_id": "request_name"},
        body=Acting,
        answer=declared.CaptureRequest,
        once=True,
    ),
)
async def resend(request: AnyRequest, *, request_id: str, api: OrgScope) -> Response[bytes]:
    """Send the invitation again; by id or by the six-character name."""
    found = None
    if is_name(request_id):
        found = await queries.find_by_identifier(api, identifier=request_id)
    number = found.id if found else numeric(request_id)
    tree = await read_tree(request)

    async def invite() -> dict[str, Any]:
        await actions.find(api, request_id=number)
        await acting_user_if_named(api, tree)
        return shapes.capture_request(await actions.invite_again(api, request_id=number))

    return await once(request, api, tree=tree, status=200, work=invite)


def _states(tree: Tree) -> list[str]:
    wanted = text(tree, "state")
    if wanted is None:
        return sorted(SHOWN)
    if wanted not in STATES:
        raise Invalid(fields={"state": ["must be new, connected, complete or deleted"]})
    return [wanted]


ROUTES = [create, index, check, details, withdraw, resend]
