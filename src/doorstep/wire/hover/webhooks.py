"""`/api/v2/webhooks`: register, list, delete, in the documented shapes."""

from typing import Any

from litestar import delete, get, post

from doorstep.kit.clock import iso_millis
from doorstep.kit.errors import Invalid
from doorstep.kit.outbound import Egress
from doorstep.kit.signing import Signer
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.services import Services
from doorstep.webhooks import actions, queries
from doorstep.webhooks.model import Endpoint, secret_of
from doorstep.wire.hover.encoding import AnyRequest, branch, nest, read_tree, text
from doorstep.wire.hover.numbers import numeric
from doorstep.wire.hover.paging import read_page
from doorstep.wire.hover.shapes import pagination

PATH = "/api/v2/webhooks"


@post([PATH, PATH + ".json"], status_code=201)
async def register(request: AnyRequest, *, api: OrgScope, services: Services) -> dict[str, Any]:
    """Register a URL for all events of the organization; its secret is in the answer."""
    wanted = branch(await read_tree(request), "webhook")
    url = text(wanted, "url")
    if url is None:
        raise Invalid(fields={"url": ["can't be blank"]})
    if (text(wanted, "content_type") or text(wanted, "content-type") or "json") != "json":
        raise Invalid(fields={"content_type": ["must be json"]})
    egress = Egress(allow=services.settings.egress_allow)
    made = await actions.register(api, url=url, egress=egress)
    return webhook(made, signer=services.signer, org_id=api.org_id)


@get([PATH, PATH + ".json"])
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


@delete(PATH + "/{webhook_id:str}", status_code=204)
async def remove(webhook_id: str, api: OrgScope) -> None:
    """Delete one; what is on its way to it is dropped."""
    await actions.remove(api, endpoint_id=numeric(webhook_id))


def webhook(endpoint: Endpoint, *, signer: Signer, org_id: int) -> dict[str, Any]:
    """The documented object. Nothing is verified by code yet, so `verified_at` is null."""
    return {
        "id": endpoint.id,
        "owner_type": "Org",
        "owner_id": org_id,
        "url": endpoint.url,
        "created_at": iso_millis(endpoint.created_at),
        "updated_at": iso_millis(endpoint.updated_at),
        "verified_at": None,
        "hmac_secret": secret_of(signer, endpoint.secret_sealed),
        "last_error": endpoint.last_error,
        "content_type": "json",
    }


ROUTES = [register, index, remove]
