"""The scorecard of the vendors, as a page and as a table for a spreadsheet."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from litestar import Response, get, post
from litestar.params import QueryParameter
from litestar.response import Redirect

from doorstep.kit.errors import Invalid, NotFound
from doorstep.leads import costs, scorecard
from doorstep.leads import queries as leads
from doorstep.leads.costs import month_in
from doorstep.leads.export import csv_text
from doorstep.leads.scorecard import MONTHS_MAX, Card, Months, month_on
from doorstep.orgs.model import OrgScope, Right
from doorstep.orgs.money import amount_text
from doorstep.web.desk.forms import Form
from doorstep.web.desk.screens import Page, Query, html, piece, screen, see
from doorstep.web.desk.words import duration

NOTHING = "\N{EN DASH}"

Since = Annotated[str, QueryParameter(name="from", required=False)]
Until = Annotated[str, QueryParameter(name="to", required=False)]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A heading, and what stands under it."""

    label: str
    cell: Callable[[Card], str]
    of_posts: bool = False


def _of_posts(label: str, name: str) -> Column:
    return Column(
        label=label,
        cell=lambda card: NOTHING if card.posts is None else str(getattr(card.posts, name)),
        of_posts=True,
    )


def _of_leads(label: str, name: str) -> Column:
    return Column(label=label, cell=lambda card: str(card.dispositions[name]))


def share(part: int, whole: int) -> str:
    """Percent with one digit; a dash of nothing."""
    return f"{100 * part / whole:.1f}%" if whole else NOTHING


def each(cents: int | None, count: int) -> str:
    """What one of so many cost, rounded to a cent; a dash where that is unknown."""
    if cents is None or not count:
        return NOTHING
    return amount_text((2 * cents + count) // (2 * count))


COLUMNS = (
    _of_posts("Posts", "posts"),
    _of_posts("Accepted", "accepted"),
    _of_posts("Repeated", "repeated"),
    _of_posts("Refused", "refused"),
    Column(
        label="Refused share",
        cell=lambda card: share(card.posts.refused, card.posts.posts) if card.posts else NOTHING,
        of_posts=True,
    ),
    Column(label="Leads", cell=lambda card: str(card.leads)),
    Column(label="Duplicates", cell=lambda card: str(card.duplicates)),
    Column(label="Contactable", cell=lambda card: share(card.contactable, card.leads)),
    Column(
        label="Median first touch",
        cell=lambda card: NOTHING if card.waited is None else duration(card.waited),
    ),
    _of_leads("Contacted", "contacted"),
    _of_leads("Qualified", "qualified"),
    _of_leads("Signed", "signed"),
    _of_leads("Rejected", "rejected"),
    _of_leads("Marked duplicate", "duplicate"),
    _of_leads("Returned", "returned"),
    Column(
        label="Return share",
        cell=lambda card: share(card.dispositions["returned"], card.leads),
    ),
    Column(
        label="Cost", cell=lambda card: NOTHING if card.cents is None else amount_text(card.cents)
    ),
    Column(label="Cost per lead", cell=lambda card: each(card.cents, card.leads)),
    Column(
        label="Cost per signed case",
        cell=lambda card: each(card.cents, card.dispositions["signed"]),
    ),
)
OF_LEADS = tuple(column for column in COLUMNS if not column.of_posts)


@get("/sources/quality")
async def quality(
    page: OrgScope, *, since: Since = "", until: Until = "", said: Query = ""
) -> Page:
    """How good each vendor's leads are, in a range of months."""
    page.require(Right.READ)
    shown = await _shown(page, since=since, until=until)
    return await screen(page, "desk/quality.html", place="vendors", said=said, **shown)


@get("/sources/quality.csv")
async def table(
    page: OrgScope, *, since: Since = "", until: Until = "", by: Query = ""
) -> Response[str]:
    """The same lines, by vendor or by case type, for a spreadsheet."""
    page.require(Right.READ)
    months = await _months(page, since=since, until=until)
    card = await scorecard.read(page, months=months)
    if by not in ("", "type"):
        raise NotFound
    columns, lines = (OF_LEADS, card.case_types) if by else (COLUMNS, card.sources)
    head = ["Case type" if by else "Vendor", *(column.label for column in columns)]
    rows = [
        [line.name, *(_plain(column.cell(line)) for column in columns)]
        for line in (*lines, card.overall)
    ]
    return Response(
        csv_text(head, rows),
        media_type="text/csv",
        headers={
            "Content-Disposition": 'attachment; filename="vendors.csv"',
            "Cache-Control": "no-store",
        },
    )


@post("/sources/costs", status_code=200)
async def enter(page: OrgScope, *, form: Form) -> Page | Redirect:
    """What a vendor cost in a month."""
    page.require(Right.INVITE)
    source_id = _id(form.get("source", ""))
    try:
        await costs.record_month(
            page, source_id=source_id, month=form.get("month", ""), amount=form.get("amount", "")
        )
    except Invalid as invalid:
        problem = " ".join(line for lines in invalid.fields.values() for line in lines)
        typed = dict.fromkeys(("source", "month", "amount"), "") | form
        return await _again(page, {"problem": problem, "typed": typed})
    return see("/sources/quality?said=cost")


@post("/sources/costs/list", status_code=200)
async def enter_list(page: OrgScope, *, form: Form) -> Page | Redirect:
    """What many leads, or vendors in many months, cost; all of them or none."""
    text = form.get("list", "")
    try:
        await costs.take(page, text=text)
    except Invalid as invalid:
        return await _again(page, {"listed": text, "line_problems": invalid.fields})
    return see("/sources/quality?said=costs")


async def _again(scope: OrgScope, wrong: dict[str, object]) -> Page:
    shown = await _shown(scope, since="", until="")
    text = await piece(scope, "desk/quality.html", place="vendors", said="", **shown | wrong)
    return html(text, status=422)


async def _shown(scope: OrgScope, *, since: str, until: str) -> dict[str, object]:
    months = await _months(scope, since=since, until=until)
    today = (await scorecard.months_of(scope, since=None, until=None)).last
    choices = {month_on(today, -back) for back in range(MONTHS_MAX)}
    sources = await leads.list_sources(scope)
    return {
        "card": await scorecard.read(scope, months=months),
        "columns": COLUMNS,
        "of_leads": OF_LEADS,
        "since": months.since,
        "until": months.last,
        "choices": sorted(choices | {months.since, months.last}, reverse=True),
        "sources": [(str(row["id"]), row["name"]) for row in sources],
        "problem": "",
        "typed": {"source": "", "month": f"{months.last:%Y-%m}", "amount": ""},
        "listed": "",
        "line_problems": {},
    }


async def _months(scope: OrgScope, *, since: str, until: str) -> Months:
    return await scorecard.months_of(scope, since=_month(since), until=_month(until))


def _month(text: str) -> date | None:
    """A month of an address; one that cannot be is not found."""
    try:
        return month_in(text) if text else None
    except Invalid as invalid:
        raise NotFound from invalid


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise NotFound from error


def _plain(cell: str) -> str:
    """A cell without what a spreadsheet would not count with: commas and the dash."""
    return "" if cell == NOTHING else cell.replace(",", "")
