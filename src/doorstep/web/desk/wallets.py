"""Wallets, the price list and the book, for admins."""

import uuid

from litestar import get, post
from litestar.response import Redirect

from doorstep.jobs.model import CAPTURE_ONLY, DELIVERABLES
from doorstep.kit.errors import AppError, Conflict, Invalid
from doorstep.orgs import wallet_queries
from doorstep.orgs import wallets as actions
from doorstep.orgs.model import OrgScope, Right
from doorstep.orgs.money import Kind, amount_text, read_amount
from doorstep.web.desk import job_queries
from doorstep.web.desk.forms import Form
from doorstep.web.desk.screens import Page, Query, html, piece, row_id, screen, see

ENTRIES_MAX = 50
PRICED = {number: name for number, name in DELIVERABLES.items() if number != CAPTURE_ONLY}
"""Photos alone are never charged."""
KINDS = {
    Kind.ADDED: ("Added", "good"),
    Kind.TAKEN: ("Taken out", "warn"),
    Kind.HELD: ("Set aside", "wait"),
    Kind.CAPTURED: ("Charged", "work"),
    Kind.RELEASED: ("Set free", "wait"),
}


@get("/wallets")
async def wallets(page: OrgScope, *, said: Query = "", before: uuid.UUID | None = None) -> Page:
    """Balances, prices, and who moved what and why."""
    page.require(Right.ADMINISTER)
    shown = await _shown(page, before=before)
    return await screen(page, "desk/wallets.html", place="settings", said=said, **shown)


@post("/wallets/{wallet_id:int}/funds", status_code=200)
async def adjust(page: OrgScope, *, wallet_id: int, form: Form) -> Page | Redirect:
    """Add funds or take some out; the page again with what is wrong."""
    try:
        kind = Kind.TAKEN if form.get("way") == "take" else Kind.ADDED
        await actions.adjust(
            page,
            wallet_id=row_id(wallet_id),
            kind=kind,
            cents=read_amount(form.get("amount", "")),
            note=form.get("note", "").strip(),
        )
    except (Invalid, Conflict) as error:
        return await _again(page, error, form=form, wrong=wallet_id)
    return see("/wallets?said=funds")


@post("/prices", status_code=200)
async def set_prices(page: OrgScope, form: Form) -> Page | Redirect:
    """Write the price list; an empty price is none."""
    try:
        wanted = {number: _price(form, number=number) for number in PRICED}
        for number, cents in wanted.items():
            await actions.set_price(page, deliverable_id=number, cents=cents)
    except Invalid as error:
        return await _again(page, error, form=form, wrong=0)
    return see("/wallets?said=prices")


def _price(form: Form, *, number: int) -> int:
    text = form.get(f"price-{number}", "").strip()
    return read_amount(text) if text else 0


async def _again(scope: OrgScope, error: AppError, *, form: Form, wrong: int) -> Page:
    """`wrong` is the wallet whose form it was; 0 for the price list."""
    scope.require(Right.ADMINISTER)
    shown = await _shown(scope, before=None)
    more = {"said": "", "problem": error.text, "wrong": wrong, "typed": form}
    text = await piece(scope, "desk/wallets.html", place="settings", **shown | more)
    return html(text, status=error.status)


async def _shown(scope: OrgScope, *, before: uuid.UUID | None) -> dict[str, object]:
    prices = await wallet_queries.prices(scope)
    entries = await wallet_queries.entries(scope, before=before, rows_max=ENTRIES_MAX + 1)
    return {
        "wallets": await wallet_queries.list_wallets(scope),
        "members": await job_queries.member_names(scope),
        "priced": PRICED,
        "deliverables": DELIVERABLES,
        "prices": {number: amount_text(cents) for number, cents in prices.items()},
        "entries": entries[:ENTRIES_MAX],
        "older": entries[ENTRIES_MAX - 1].id if len(entries) > ENTRIES_MAX else None,
        "before": before,
        "kinds": KINDS,
        "problem": "",
        "wrong": None,
        "typed": {},
    }
