"""How long old data is kept: chosen, looked at, switched on; and what is kept for good."""

import re

from litestar import get, post
from litestar.response import Redirect

from doorstep.kit.errors import BadRequest, Conflict, Invalid, NotFound
from doorstep.orgs.model import OrgScope, Right
from doorstep.retentions import actions, queries
from doorstep.retentions.model import KINDS
from doorstep.web.desk.forms import Form, number_in
from doorstep.web.desk.screens import Page, Query, html, piece, screen, see

PATH = "/settings/retention"
SUBJECT = re.compile(r"(?:.*/)?(?:(leads)/)?(?:jobs/)?([0-9a-fA-F-]+)/?(?:[?#].*)?")
LEAD_CHARACTERS = 36


@get(PATH)
async def retention(page: OrgScope, said: Query = "") -> Page:
    """What is chosen, how much would go, and what is kept for good."""
    page.require(Right.ADMINISTER)
    shown = await _shown(page)
    return await screen(page, "desk/retention.html", place="settings", said=said, **shown)


@post(PATH, status_code=200)
async def choose(page: OrgScope, form: Form) -> Page | Redirect:
    """Write the days, switched off; the page again with what is wrong."""
    page.require(Right.ADMINISTER)
    try:
        await actions.choose(page, days={kind: _days(form, kind) for kind in KINDS})
    except Invalid as error:
        return await _again(page, status=422, faults=error.fields, typed=form)
    return see(f"{PATH}?said=saved#look")


@post(PATH + "/on", status_code=200)
async def switch_on(page: OrgScope, form: Form) -> Page | Redirect:
    """Begin to erase what was looked at."""
    try:
        await actions.switch_on(page, version=number_in(form, "version") or 0)
    except Conflict as error:
        return await _again(page, status=409, problem=error.text)
    return see(f"{PATH}?said=on")


@post(PATH + "/off", status_code=200)
async def switch_off(page: OrgScope) -> Page | Redirect:
    """Erase nothing more."""
    try:
        await actions.switch_off(page)
    except Conflict as error:
        return await _again(page, status=409, problem=error.text)
    return see(f"{PATH}?said=off")


@post(PATH + "/keeps", status_code=200)
async def keep(page: OrgScope, form: Form) -> Page | Redirect:
    """Keep a job or a lead for good, by its number or by the address of its page."""
    page.require(Right.ADMINISTER)
    typed = form.get("subject", "").strip()
    try:
        await actions.keep(page, subject=_subject(typed))
    except NotFound:
        problem = "There is no such job or lead."
        return await _again(page, status=422, keep_problem=problem, typed=form)
    return see(f"{PATH}?said=kept#keeps")


@post(PATH + "/keeps/end")
async def end_keep(page: OrgScope, form: Form) -> Redirect:
    """Keep it no longer."""
    await actions.end_keep(page, subject=form.get("subject", ""))
    return see(f"{PATH}?said=unkept#keeps")


def _days(form: Form, kind: str) -> int | None:
    try:
        return number_in(form, kind)
    except BadRequest:
        raise Invalid(fields={kind: ["is a whole number of days, or nothing"]}) from None


def _subject(typed: str) -> str:
    found = SUBJECT.fullmatch(typed)
    name = found[2].lower() if found else ""
    return f"lead:{name}" if len(name) == LEAD_CHARACTERS else f"job:{name}"


async def _again(scope: OrgScope, *, status: int, **more: object) -> Page:
    shown = await _shown(scope) | more
    text = await piece(scope, "desk/retention.html", place="settings", said="", **shown)
    return html(text, status=status)


async def _shown(scope: OrgScope) -> dict[str, object]:
    chosen = await queries.find(scope)
    return {
        "kinds": KINDS,
        "chosen": chosen,
        "preview": await actions.preview(scope, chosen),
        "counted_max": actions.COUNTED_MAX,
        "keeps": await actions.keeps(scope),
        "faults": {},
        "typed": {},
        "problem": "",
        "keep_problem": "",
    }
