"""The page of one source: how its vendor is answered, and what it may send."""

import math
import uuid
from dataclasses import replace
from datetime import timedelta

from litestar import get, post
from litestar.response import Redirect

from doorstep.kit.errors import Invalid
from doorstep.leads import alerts, referrers, sources, vendors
from doorstep.leads.model import Rules
from doorstep.leads.sources import SUCCESS_KEYS, Source
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk.forms import Form
from doorstep.web.desk.screens import Page, Query, html, piece, screen, see
from doorstep.web.desk.vendor_links import vendor_card
from doorstep.web.services import Services

HOUR = timedelta(hours=1)
NUMBER_CHARACTERS_MAX = 12
FIELDS = ("success_key", "repeat_hours", "posts_per_second_max", "networks")
FIELD_OF = {"repeat_window": "repeat_hours"}
SWITCHES = ("statuses", "testing", "strict")


@get("/sources/{source_id:uuid}")
async def source_page(
    page: OrgScope, *, services: Services, source_id: uuid.UUID, said: Query = ""
) -> Page:
    """One source with its rules and secrets."""
    page.require(Right.ADMINISTER)
    found = await sources.find(page, source_id=source_id)
    return await screen(
        page,
        "desk/source.html",
        place="vendors",
        said=said,
        **await shown(page, found, services=services),
    )


@post("/sources/{source_id:uuid}", status_code=200)
async def change(
    page: OrgScope, *, services: Services, source_id: uuid.UUID, form: Form
) -> Page | Redirect:
    """Give the source these rules; the form again with what is wrong."""
    page.require(Right.ADMINISTER)
    found = await sources.find(page, source_id=source_id)
    try:
        await sources.change(page, source_id=source_id, rules=rules_in(form, held=found.rules))
    except Invalid as invalid:
        problems = {
            FIELD_OF.get(name, name): _said(lines) for name, lines in invalid.fields.items()
        }
        values = {name: form.get(name, "") for name in (*FIELDS, *SWITCHES)}
        held = await shown(page, found, services=services)
        return await again(page, **held | {"values": values, "problems": problems})
    return see(f"/sources/{source_id}?said=changed")


@post("/sources/{source_id:uuid}/signature")
async def sign(page: OrgScope, *, services: Services, source_id: uuid.UUID) -> Redirect:
    """Ask for signed posts, with a new secret."""
    await sources.sign(page, source_id=source_id, signer=services.signer)
    return see(f"/sources/{source_id}?said=signed")


@post("/sources/{source_id:uuid}/signature/removal")
async def unsign(page: OrgScope, *, source_id: uuid.UUID) -> Redirect:
    """Take unsigned posts again."""
    page.require(Right.ADMINISTER)
    found = await sources.find(page, source_id=source_id)
    await sources.change(page, source_id=source_id, rules=replace(found.rules, signature_salt=None))
    return see(f"/sources/{source_id}?said=unsigned")


@post("/sources/{source_id:uuid}/disable")
async def switch_off(page: OrgScope, source_id: uuid.UUID) -> Redirect:
    """Take nothing from this vendor any more."""
    await vendors.switch_off(page, source_id=source_id)
    return see(f"/sources/{source_id}?said=off")


@post("/sources/{source_id:uuid}/enable")
async def switch_on(page: OrgScope, source_id: uuid.UUID) -> Redirect:
    """Take this vendor's posts again."""
    await vendors.switch_on(page, source_id=source_id)
    return see(f"/sources/{source_id}?said=on")


async def again(scope: OrgScope, **values: object) -> Page:
    """The page once more, with what is wrong in one of its forms."""
    text = await piece(scope, "desk/source.html", place="vendors", said="", **values)
    return html(text, status=422)


@post("/sources/{source_id:uuid}/name", status_code=200)
async def rename(
    page: OrgScope, *, services: Services, source_id: uuid.UUID, form: Form
) -> Page | Redirect:
    """Call the vendor something else; the form again with what is wrong."""
    page.require(Right.ADMINISTER)
    found = await sources.find(page, source_id=source_id)
    name = form.get("name", "")
    try:
        await vendors.rename_source(page, source_id=source_id, name=name)
    except Invalid as invalid:
        problems = {"name": " ".join(invalid.fields["name"])}
        held = await shown(page, found, services=services)
        return await again(page, **held | {"typed_name": name, "problems": problems})
    return see(f"/sources/{source_id}?said=renamed")


def _said(lines: list[str]) -> str:
    """What is wrong with a field, as a sentence that stands under it."""
    line = "; ".join(lines)
    begin = {"is": "This ", "are": "These "}.get(line.partition(" ")[0], "")
    return f"{begin}{line}."


def rules_in(form: Form, *, held: Rules) -> Rules:
    """The rules that a form describes; raises Invalid for what is no number or no network."""
    return replace(
        held,
        success_key=form.get("success_key", ""),
        repeat_window=_window(form.get("repeat_hours", "").strip()),
        posts_per_second_max=_whole(form.get("posts_per_second_max", "").strip()),
        networks=sources.parse_networks(form.get("networks", "")),
        statuses=form.get("statuses") == "yes",
        testing=form.get("testing") == "yes",
        strict=form.get("strict") == "yes",
    )


def _window(text: str) -> timedelta | None:
    if not text:
        return None
    try:
        hours = float(text[:NUMBER_CHARACTERS_MAX])
        if not math.isfinite(hours):
            raise ValueError(text)
        return hours * HOUR
    except (ValueError, OverflowError) as error:
        raise Invalid(fields={"repeat_hours": ["is no number of hours"]}) from error


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= NUMBER_CHARACTERS_MAX):
        raise Invalid(fields={"posts_per_second_max": ["is no whole number"]})
    return int(text)


async def shown(scope: OrgScope, source: Source, *, services: Services) -> dict[str, object]:
    """Everything on the page of a source."""
    rules = source.rules
    window, salt = rules.repeat_window, rules.signature_salt
    return {
        "source": source,
        "alerts": await alerts.list_of_source(scope, source_id=source.id),
        "typed_name": source.name,
        "former": await referrers.former(scope, source_id=source.id),
        "overlap": {"guid": "", "days": str(referrers.OVERLAP_DAYS)},
        "success_keys": SUCCESS_KEYS,
        "secret": sources.signature_secret(services.signer, salt) if salt else "",
        "values": {
            "success_key": rules.success_key,
            "repeat_hours": "" if window is None else f"{window / HOUR:g}",
            "posts_per_second_max": str(rules.posts_per_second_max),
            "networks": "\n".join(str(network) for network in rules.networks),
            **{name: "yes" if getattr(rules, name) else "no" for name in SWITCHES},
        },
        "problems": {},
        **await vendor_card(scope, services, source_id=source.id),
    }
