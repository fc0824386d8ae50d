"""How the organization writes: reminders, hours, and the list of all words."""

from litestar import get, post
from litestar.response import Redirect

from doorstep.kit.errors import Invalid
from doorstep.messages import rules
from doorstep.messages.rules import (
    EARLIEST_HOUR,
    LATEST_HOUR,
    REMIND_DAYS_MAX,
    REMINDERS_MAX,
    Rules,
)
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk import message_texts
from doorstep.web.desk.forms import Form, number_in
from doorstep.web.desk.screens import Page, Query, html, piece, screen, see

PATH = "/settings/messages"


@get(PATH)
async def settings_page(page: OrgScope, said: Query = "") -> Page:
    """The rules as they are."""
    page.require(Right.ADMINISTER)
    return await screen(
        page, "desk/message_rules.html", place="settings", said=said, **await _shown(page)
    )


@post(f"{PATH}/rules", status_code=200)
async def change(page: OrgScope, form: Form) -> Page | Redirect:
    """Follow these rules; the page again with what is wrong."""
    page.require(Right.ADMINISTER)
    days = (number_in(form, f"day-{place}") for place in range(REMINDERS_MAX))
    wanted = Rules(
        remind_days=tuple(day for day in days if day),
        from_hour=number_in(form, "from_hour") or 0,
        until_hour=number_in(form, "until_hour") or 0,
    )
    try:
        await rules.change(page, rules=wanted)
    except Invalid as error:
        shown = await _shown(page) | {"rules": wanted, "problem": error.text}
        text = await piece(page, "desk/message_rules.html", place="settings", said="", **shown)
        return html(text, status=error.status)
    return see(f"{PATH}?said=rules")


async def _shown(scope: OrgScope) -> dict[str, object]:
    return {
        "rules": await rules.find(scope),
        "org": await orgs.find_org(scope),
        "places": range(REMINDERS_MAX),
        "days_max": REMIND_DAYS_MAX,
        "hours": range(EARLIEST_HOUR, LATEST_HOUR + 1),
        "problem": "",
        **await message_texts.listed(scope),
    }
