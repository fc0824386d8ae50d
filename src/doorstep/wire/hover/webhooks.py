"""`/api/v2/webhooks`: register, verify, list, delete, in the documented shapes."""

from typing import Any

from litestar import Response, delete, get, post, route

from doorstep.api.description.calls import call
from doorstep.kit.clock import iso_millis
from doorstep.kit.errors import Invalid
from doorstep.kit.outbound import Egress
from doorstep.kit.signing import Signer
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.services import Services
from doorstep.webhooks import actions, queries, wire_actions
from doorstep.webhooks.model import STANDARD, UNDECIDED, WIRE, Endpoint, secret_of
from doorstep.wire.hover.answers import once
from doorstep.wire.hover.declared import webhooks as declared
from doorstep.wire.hover.encoding import AnyRequest, branch, nest, read_tree, text
from doorstep.wire.hover.numbers import numeric
from doorstep.wire.hover.paging import read_page
from doorstep.wire.hover.shapes import pagination

PATH = "/api/v2/webhooks"
TAG = "Webhooks"


@post(
    [PATH, PATH + ".json"],
    status_code=201,
    opt=call(TAG, body=declared.NewWebhook, answer=declared.Webhook, once=True),
)
async def register(request: AnyRequest, *, api: OrgScope, services: Services) -> Response[bytes]:
    """Register a URL for all events of the organization; its secret is in the answer."""
    tree = await read_tree(request)
    wanted = branch(tree, "webhook")
    url = text(wanted, "url")
    if url is None:
        raise Invalid(fields={"url": ["can't be blank"]})
    if (text(wanted, "content_type") or text(wanted, "content-type") or "json") != "json":
        raise Invalid(fields={"content_type": ["must be json"]})
    egress = Egress(allow=services.settings.egress_allow)
    dialect = text(wanted, "dialect") or UNDECIDED
    if dialect not in (WIRE, STANDARD, UNDECIDED):
        raise Invalid(fields={"dialect": ["must be wire or standard"]})
    register_as = actions.register if dialect == STANDARD else wire_actions.register

    async def work() -> dict[str, Any]:
        made = await register_as(api, url=url, egress=egress, dialect=dialect)
        # The salt is kept and not the secret, which it makes again with the server key.
        salt = made.secret_sealed.hex()
        return webhook(made, signer=services.signer, org_id=api.org_id) | {"hmac_secret": salt}

    def reveal(body: dict[str, Any] | None) -> dict[str, Any]:
        assert body is not None
        salt = bytes.fromhex(body["hmac_secret"])
        return body | {"hmac_secret": secret_of(services.signer, salt)}

    return await once(request, api, tree=tree, status=201, work=work, reveal=reveal)


@get(
    [PATH, PATH + ".json"],
    opt=call(TAG, query=declared.ListWebhooks, answer=declared.WebhookList),
)
async def index(request: AnyRequest, *, api: OrgScope, services: Services) -> dict[str, Any]:
    """The registered URLs, oldest first, with their secrets."""
    api.require(Right.ADMINISTER)
    page, per = read_page(nest(request.query_params.multi_items()))
    rows = await queries.page(api, start=(page - 1) * per, rows_max=per)
    total, _ = await queries.counts(api, url="")
    return {
        "pagination": pagination(page=page, per=per, total=total),
        "results": [webhook(row, signer=services.signer, org_id=api.org_id) for row in rows],
    }


@route(
    [PATH + "/{code:str}/verify", PATH + "/{code:str}/verify.json"],
    http_method=["PUT", "POST"],
    status_code=200,
    opt=call(TAG, security="", fails=(404,)),
)
async def verify(code: str, services: Services) -> Response[bytes]:
    """Whoever sends the code back answers at the URL; no token is asked for."""
    await wire_actions.verify(services.db, code=code)
    return Response(b"")


@post(
    [PATH + "/{webhook_id:str}/request_verification" + end for end in ("", ".json")],
    status_code=200,
    opt=call(TAG, once=True),
)
async def request_verification(
    request: AnyRequest, *, webhook_id: str, api: OrgScope
) -> Response[bytes]:
    """Send a new code to the URL."""

    async def work() -> None:
        await wire_actions.request_verification(api, endpoint_id=numeric(webhook_id))

    return await once(request, api, tree=await read_tree(request), status=200, work=work)


@delete(PATH + "/{webhook_id:str}", status_code=204, opt=call(TAG))
async def remove(webhook_id: str, api: OrgScope) -> None:
    """Delete one; what is on its way to it is dropped."""
    api.require(Right.ADMINISTER)
    number = numeric(webhook_id)
    await actions.find_listed(api, endpoint_id=number)
    await actions.remove(api, endpoint_id=number)


def webhook(endpoint: Endpoint, *, signer: Signer, org_id: int) -> dict[str, Any]:
    """The documented object; what speaks the standard dialect is never verified: null."""
    return {
        "id": endpoint.id,
        "owner_type": "Org",
        "owner_id": org_id,
        "url": endpoint.url,
        "created_at": iso_millis(endpoint.created_at),
        "updated_at": iso_millis(endpoint.updated_at),
        "verified_at": iso_millis(endpoint.verified_at),
        "hmac_secret": secret_of(signer, endpoint.secret_sealed),
        "last_error": endpoint.last_error,
        "content_type": "json",
    }


ROUTES = [register, index, verify, request_verification, remove]
