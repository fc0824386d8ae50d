"""Postbacks of one source: where its vendor hears of its leads, in which words, and what came of it."""

import json
import uuid

from litestar import get, post
from litestar.response import Redirect

from doorstep.kit.errors import Invalid
from doorstep.kit.outbound import Egress
from doorstep.leads import sources, vendor_pages
from doorstep.leads.sources import Source
from doorstep.leads.vendor_pages import STATUSES
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk.forms import Form
from doorstep.web.desk.screens import Page, Query, html, piece, screen, see
from doorstep.web.services import Services
from doorstep.webhooks import actions, delivery_queries, postback_queries, postbacks
from doorstep.webhooks.model import standard_secret
from doorstep.webhooks.postback_bodies import PLACEHOLDERS, body_of, sample_values

ROWS_MAX = 50
TEMPLATE = "desk/postbacks.html"


@get("/sources/{source_id:uuid}/postbacks")
async def postbacks_page(
    page: OrgScope, *, services: Services, source_id: uuid.UUID, said: Query = ""
) -> Page:
    """The settings, and the newest deliveries."""
    page.require(Right.ADMINISTER)
    found = await sources.find(page, source_id=source_id)
    held = await _shown(page, found, services=services)
    return await screen(page, TEMPLATE, place="vendors", said=said, **held)


@post("/sources/{source_id:uuid}/postbacks", status_code=200)
async def save(
    page: OrgScope, *, services: Services, source_id: uuid.UUID, form: Form
) -> Page | Redirect:
    """Where to post, of what, in which body; the form again with what is wrong."""
    page.require(Right.ADMINISTER)
    found = await sources.find(page, source_id=source_id)
    url, template = form.get("url", "").strip(), form.get("template", "").strip()
    events = [one for one in STATUSES if form.get(f"event-{one}") == "yes"]
    try:
        await postbacks.save(
            page,
            source_id=source_id,
            url=url,
            events=events,
            template=template,
            egress=Egress(allow=services.settings.egress_allow),
        )
    except Invalid as invalid:
        typed = {"url": url, "events": events, "body_template": template}
        return await _again(page, found, services=services, invalid=invalid, **typed)
    return see(f"/sources/{source_id}/postbacks?said=saved")


@post("/sources/{source_id:uuid}/words", status_code=200)
async def save_words(
    page: OrgScope, *, services: Services, source_id: uuid.UUID, form: Form
) -> Page | Redirect:
    """What the vendor calls each status."""
    page.require(Right.ADMINISTER)
    found = await sources.find(page, source_id=source_id)
    words = {status: form.get(f"word-{status}", "") for status in STATUSES}
    try:
        await vendor_pages.set_words(page, source_id=source_id, words=words)
    except Invalid as invalid:
        return await _again(page, found, services=services, invalid=invalid, words=words)
    return see(f"/sources/{source_id}/postbacks?said=words")


@post("/sources/{source_id:uuid}/postbacks/test")
async def test(page: OrgScope, source_id: uuid.UUID) -> Redirect:
    """Send a test."""
    await actions.ping(page, endpoint_id=await _endpoint(page, source_id))
    return see(f"/sources/{source_id}/postbacks?said=tested")


@post("/sources/{source_id:uuid}/postbacks/secret")
async def rotate_secret(page: OrgScope, source_id: uuid.UUID) -> Redirect:
    """A new secret; the old one signs along for a day."""
    await actions.rotate_secret(page, endpoint_id=await _endpoint(page, source_id))
    return see(f"/sources/{source_id}/postbacks?said=rotated")


@post("/sources/{source_id:uuid}/postbacks/enable")
async def enable(page: OrgScope, source_id: uuid.UUID) -> Redirect:
    """Switch on again."""
    await actions.enable(page, endpoint_id=await _endpoint(page, source_id))
    return see(f"/sources/{source_id}/postbacks?said=enabled")


@post("/sources/{source_id:uuid}/postbacks/removal")
async def remove(page: OrgScope, source_id: uuid.UUID) -> Redirect:
    """Tell the vendor nothing any more."""
    await actions.remove(page, endpoint_id=await _endpoint(page, source_id))
    return see(f"/sources/{source_id}/postbacks?said=removed")


async def _endpoint(scope: OrgScope, source_id: uuid.UUID) -> int:
    scope.require(Right.ADMINISTER)
    return (await postbacks.find(scope, source_id=source_id)).endpoint_id


async def _again(
    scope: OrgScope, source: Source, *, services: Services, invalid: Invalid, **typed: object
) -> Page:
    problems = {name: " ".join(lines) for name, lines in invalid.fields.items()}
    if "url" in problems:
        problems["url"] = f"This URL {problems['url']}."
    held = await _shown(scope, source, services=services)
    text = await piece(
        scope, TEMPLATE, place="vendors", said="", **held | typed | {"problems": problems}
    )
    return html(text, status=422)


async def _shown(scope: OrgScope, source: Source, *, services: Services) -> dict[str, object]:
    postback = await postback_queries.find(scope, source_id=source.id)
    page = await vendor_pages.find(scope, source_id=source.id)
    endpoint, secret, deliveries = None, "", []
    if postback is not None:
        endpoint = await actions.find(scope, endpoint_id=postback.endpoint_id)
        secret = standard_secret(services.signer, endpoint.secret_sealed)
        deliveries = await delivery_queries.page(scope, endpoint_id=endpoint.id, rows_max=ROWS_MAX)
    template = postback.template if postback else ""
    sample = json.loads(body_of(sample_values(page), template=template))
    return {
        "source": source,
        "endpoint": endpoint,
        "secret": secret,
        "deliveries": deliveries,
        "url": endpoint.url if endpoint else "",
        "events": postback.events if postback else list(STATUSES),
        "body_template": template,
        "sample": json.dumps(sample, indent=2, ensure_ascii=False),
        "words": page.words,
        "statuses": STATUSES,
        "placeholders": PLACEHOLDERS,
        "problems": {},
    }
