"""Rules: made, tried on the last weeks, switched; what they did, and undoing it."""

import uuid

from litestar import get, post
from litestar.response import Redirect

from doorstep.kit.errors import AppError, Conflict, Invalid, NotFound
from doorstep.leads import queries as leads
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope, Right
from doorstep.rules import actions, queries
from doorstep.rules.model import DELAY_MINUTES_MAX
from doorstep.web.desk.forms import Form, number_in
from doorstep.web.desk.screens import Page, Query, html, member_id, piece, screen, see

PATH = "/settings/rules"
DELAY_MINUTES = 5


@get(PATH)
async def rules(page: OrgScope, said: Query = "") -> Page:
    """Every rule, and what the rules did lately."""
    page.require(Right.READ)
    return await screen(page, "desk/rules.html", place="settings", said=said, **await _shown(page))


@post(PATH, status_code=200)
async def add(page: OrgScope, form: Form) -> Page | Redirect:
    """A new rule, switched off; the page again with what is wrong."""
    try:
        await actions.add(
            page,
            source_id=_id(form, "source"),
            case_type_id=_id(form, "case_type"),
            delay_minutes=number_in(form, "delay_minutes") or 0,
            requesting_user_id=number_in(form, "requesting_user") or 0,
        )
    except (Invalid, Conflict) as error:
        return await _again(page, error)
    return see(f"{PATH}?said=added")


@post(PATH + "/{rule_id:uuid}/trial", status_code=200)
async def attempt(page: OrgScope, rule_id: uuid.UUID) -> Page:
    """What the rule would have done with the leads of the last weeks."""
    found = await actions.attempt(page, rule_id=rule_id)
    shown = await _shown(page) | {"trial": found, "tried": rule_id, "said": ""}
    return html(await piece(page, "desk/rules.html", place="settings", **shown))


@post(PATH + "/{rule_id:uuid}/on", status_code=200)
async def switch_on(page: OrgScope, rule_id: uuid.UUID) -> Page | Redirect:
    """Follow the rule; the page again when nobody has tried it."""
    try:
        await actions.switch_on(page, rule_id=rule_id)
    except Conflict as error:
        return await _again(page, error)
    return see(f"{PATH}?said=on")


@post(PATH + "/{rule_id:uuid}/off", status_code=200)
async def switch_off(page: OrgScope, rule_id: uuid.UUID) -> Page | Redirect:
    """Follow the rule no more."""
    try:
        await actions.switch_off(page, rule_id=rule_id)
    except Conflict as error:
        return await _again(page, error)
    return see(f"{PATH}?said=off")


@post(PATH + "/{rule_id:uuid}/removal")
async def remove(page: OrgScope, rule_id: uuid.UUID) -> Redirect:
    """End the rule for good."""
    await actions.remove(page, rule_id=rule_id)
    return see(f"{PATH}?said=removed")


@post("/leads/{lead_id:uuid}/plan/undo")
async def undo(page: OrgScope, lead_id: uuid.UUID) -> Redirect:
    """Do not ask this lead after all."""
    await actions.undo(page, lead_id=lead_id)
    return see(f"/leads/{lead_id}")


async def plan_of(scope: OrgScope, *, lead_id: uuid.UUID) -> dict[str, object]:
    """What the page of a lead tells of the rule that saw it."""
    found = await queries.list_acts(scope, lead_id=lead_id)
    return {"plan": found[0] if found else None}


def _id(form: Form, name: str) -> uuid.UUID | None:
    text = form.get(name, "")
    try:
        return uuid.UUID(text) if text else None
    except ValueError as error:
        raise NotFound from error


async def _again(scope: OrgScope, error: AppError) -> Page:
    shown = await _shown(scope) | {"problem": error.text, "said": ""}
    text = await piece(scope, "desk/rules.html", place="settings", **shown)
    return html(text, status=error.status)


async def _shown(scope: OrgScope) -> dict[str, object]:
    return {
        "rules": await queries.list_rules(scope),
        "acts": await queries.list_acts(scope),
        "sources": [one for one in await leads.list_sources(scope) if not one["disabled_at"]],
        "case_types": [one for one in await leads.list_case_types(scope) if not one["disabled_at"]],
        "members": await orgs.list_members(scope),
        "me": member_id(scope),
        "delay_minutes": DELAY_MINUTES,
        "delay_max": DELAY_MINUTES_MAX,
        "trial": None,
        "tried": None,
        "problem": "",
    }
