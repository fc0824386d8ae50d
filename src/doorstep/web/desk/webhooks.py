"""Webhooks: the URLs that hear of everything, and what became of each delivery."""

import json
import uuid
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from litestar import get, post
from litestar.params import QueryParameter
from litestar.response import Redirect

from doorstep.kit.errors import Invalid
from doorstep.kit.outbound import Egress
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk.forms import Form
from doorstep.web.desk.screens import Page, Query, html, piece, row_id, screen, see
from doorstep.web.services import Services
from doorstep.webhooks import actions, delivery_queries, postback_queries, queries
from doorstep.webhooks.model import ENDPOINTS_MAX, Delivery, standard_secret

ROWS_MAX = 50
RANGE = {"since": "start", "until": "end"}
Number = Annotated[int, QueryParameter(ge=0, le=actions.REPLAY_MAX, required=False)]


@get("/webhooks")
async def webhooks(
    page: OrgScope,
    *,
    services: Services,
    before: uuid.UUID | None = None,
    said: Query = "",
    number: Number = 0,
) -> Page:
    """Endpoints, and the newest deliveries; `number` of what was just sent again."""
    page.require(Right.ADMINISTER)
    shown = await _everything(page, services, before=before) | {"number": number}
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
        return await _again(page, services, url=url, problem=_sentence(error))
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


@post("/webhooks/{endpoint_id:int}/replays", status_code=200)
async def replay(
    page: OrgScope, *, services: Services, endpoint_id: int, form: Form
) -> Page | Redirect:
    """Send a range again; the page again when the range is none."""
    page.require(Right.ADMINISTER)
    zone = ZoneInfo((await orgs.find_org(page)).time_zone)
    try:
        number = await actions.replay(
            page,
            endpoint_id=row_id(endpoint_id),
            since=_moment(form, "since", zone=zone),
            until=_moment(form, "until", zone=zone),
            also_taken="also_taken" in form,
        )
    except Invalid as error:
        problem = "; ".join(f"The {RANGE[name]} {text[0]}" for name, text in error.fields.items())
        told = f"{problem}."
        return await _again(page, services, replaying=endpoint_id, range_problem=told, typed=form)
    return see(f"/webhooks?said=replayed&number={number}")


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
        "replay_max": actions.REPLAY_MAX,
        "number": 0,
        "url": "",
        "problem": "",
        "replaying": 0,
        "range_problem": "",
        "typed": {},
    }


async def _again(scope: OrgScope, services: Services, **more: object) -> Page:
    """The page with what was typed and what is wrong with it."""
    shown = await _everything(scope, services) | more
    text = await piece(scope, "desk/webhooks.html", place="webhooks", said="", **shown)
    return html(text, status=422)


def _moment(form: Form, name: str, *, zone: ZoneInfo) -> datetime:
    """A time as a browser's field has it, at the organization's place."""
    try:
        found = datetime.fromisoformat(form.get(name, ""))
    except ValueError:
        raise Invalid(fields={name: ["is no date and time"]}) from None
    if found.tzinfo is not None:
        raise Invalid(fields={name: ["is no date and time"]})
    return found.replace(tzinfo=zone)


def _sentence(error: Invalid) -> str:
    return "; ".join(f"This URL {text}" for text in error.fields.get("url", [error.text])) + "."


def _laid_out(delivery: Delivery) -> str:
    return json.dumps(json.loads(delivery.body), indent=2, ensure_ascii=False)
