"""Webhooks: the URLs that hear of everything, and what became of each delivery."""

import json
import uuid

from litestar import get, post
from litestar.response import Redirect

from doorstep.kit.errors import Invalid
from doorstep.kit.outbound import Egress
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk.forms import Form
from doorstep.web.desk.screens import Page, Query, html, piece, row_id, screen, see
from doorstep.web.services import Services
from doorstep.webhooks import actions, delivery_queries, postback_queries, queries
from doorstep.webhooks.model import ENDPOINTS_MAX, Delivery, standard_secret

ROWS_MAX = 50


@get("/webhooks")
async def webhooks(
    page: OrgScope, *, services: Services, before: uuid.UUID | None = None, said: Query = ""
) -> Page:
    """Endpoints, and the newest deliveries."""
    page.require(Right.ADMINISTER)
    shown = await _everything(page, services, before=before)
    return await screen(page, "desk/webhooks.html", place="webhooks", said=said, **shown)


@post("/webhooks", status_code=200)
async def register(page: OrgScope, *, services: Services, form: Form) -> Page | Redirect:
    """Register a URL; the form again when it cannot be called."""
    page.require(Right.ADMINISTER)
    url = form.get("url", "").strip()
    egress = Egress(allow=services.settings.egress_allow)
    try:
        await actions.register(page, url=url, egress=egress)
    except Invalid as error:
        shown = await _everything(page, services, url=url, problem=_sentence(error))
        text = await piece(page, "desk/webhooks.html", place="webhooks", said="", **shown)
        return html(text, status=422)
    return see("/webhooks?said=registered")


@post("/webhooks/{endpoint_id:int}/ping")
async def ping(page: OrgScope, endpoint_id: int) -> Redirect:
    """Send a test event."""
    await actions.ping(page, endpoint_id=row_id(endpoint_id))
    return see("/webhooks?said=pinged")


@post("/webhooks/{endpoint_id:int}/secret")
async def rotate_secret(page: OrgScope, endpoint_id: int) -> Redirect:
    """A new secret; the old one signs along for a day."""
    await actions.rotate_secret(page, endpoint_id=row_id(endpoint_id))
    return see("/webhooks?said=rotated")


@post("/webhooks/{endpoint_id:int}/enable")
async def enable(page: OrgScope, endpoint_id: int) -> Redirect:
    """Switch on again."""
    await actions.enable(page, endpoint_id=row_id(endpoint_id))
    return see("/webhooks?said=enabled")


@post("/webhooks/{endpoint_id:int}/removal")
async def remove(page: OrgScope, endpoint_id: int) -> Redirect:
    """Delete an endpoint."""
    await actions.remove(page, endpoint_id=row_id(endpoint_id))
    return see("/webhooks?said=removed")


@get("/webhooks/deliveries/{delivery_id:uuid}")
async def delivery(page: OrgScope, *, delivery_id: uuid.UUID, said: Query = "") -> Page:
    """One delivery with every try."""
    page.require(Right.ADMINISTER)
    found = await actions.find_delivery(page, delivery_id=delivery_id)
    postback = await postback_queries.find_by_endpoint(page, endpoint_id=found.endpoint_id)
    return await screen(
        page,
        "desk/delivery.html",
        place="vendors" if postback else "webhooks",
        said=said,
        delivery=found,
        postback=postback,
        endpoint=await actions.find(page, endpoint_id=found.endpoint_id),
        body=_laid_out(found),
        attempts=await delivery_queries.attempts(page, delivery_id=delivery_id),
    )


@post("/webhooks/deliveries/{delivery_id:uuid}/rounds")
async def send_again(page: OrgScope, delivery_id: uuid.UUID) -> Redirect:
    """Send the same bytes again now."""
    await actions.send_again(page, delivery_id)
    return see(f"/webhooks/deliveries/{delivery_id}?said=again")


async def _everything(
    scope: OrgScope,
    services: Services,
    *,
    before: uuid.UUID | None = None,
    url: str = "",
    problem: str = "",
) -> dict[str, object]:
    endpoints = await queries.page(scope, rows_max=ENDPOINTS_MAX)
    found = await delivery_queries.page(scope, before_id=before, rows_max=ROWS_MAX + 1)
    return {
        "endpoints": endpoints,
        "secrets": {
            one.id: standard_secret(services.signer, one.secret_sealed) for one in endpoints
        },
        "urls": {one.id: one.url for one in endpoints},
        "deliveries": found[:ROWS_MAX],
        "older": found[ROWS_MAX - 1].id if len(found) > ROWS_MAX else None,
        "before": before,
        "url": url,
        "problem": problem,
    }


def _sentence(error: Invalid) -> str:
    return "; ".join(f"This URL {text}" for text in error.fields.get("url", [error.text])) + "."


def _laid_out(delivery: Delivery) -> str:
    return json.dumps(json.loads(delivery.body), indent=2, ensure_ascii=False)
