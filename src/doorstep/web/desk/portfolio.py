"""The portfolio: every job by shelf, as a grid of houses, a table or a list."""

from datetime import datetime
from typing import Annotated

from litestar import Response, get
from litestar.params import QueryParameter

from doorstep.jobs import count_queries, views
from doorstep.jobs.shelves import LABELS, Shelf
from doorstep.kit.clock import iso_millis
from doorstep.leads.export import csv_text
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk import portfolio_queries
from doorstep.web.desk.batches import told_of
from doorstep.web.desk.live import fingerprint
from doorstep.web.desk.portfolio_looking import LOOKS, address_of, anchor, spelled
from doorstep.web.desk.portfolio_queries import ORDERS, Looking
from doorstep.web.desk.screens import Page, Query, html, member_id, nothing_new, piece, screen

CARDS_MAX = 48
EXPORT_ROWS_MAX = 10_000
HEAD = (
    "id",
    "shelf",
    "name",
    "address",
    "city",
    "region",
    "postal_code",
    "customer_name",
    "customer_email",
    "customer_phone",
    "external_identifier",
    "member",
    "created_at",
    "link_opened_at",
    "photos",
    "photos_done_at",
    "completed_at",
    "updated_at",
)

After = Annotated[str, QueryParameter(required=False, max_length=40)]


@get("/jobs")
async def portfolio(
    page: OrgScope, *, portfolio: Looking, after: After = "", batch: Query = "", said: Query = ""
) -> Page:
    """One page of jobs, with the filters, the saved views and what was just done to many."""
    page.require(Right.READ)
    me = member_id(page)
    return await screen(
        page,
        "desk/jobs.html",
        place="jobs",
        said=said,
        told=await told_of(page, batch),
        views=await views.visible(page, user_id=me),
        members=await orgs.list_members(page),
        me=me,
        **await _shelf(page, looking=portfolio, after=after),
    )


@get("/jobs/grid")
async def grid(page: OrgScope, *, portfolio: Looking, seen: Query = "") -> Page:
    """The first page's jobs again if anything has happened since `seen`."""
    page.require(Right.READ)
    if await fingerprint(page) == seen:
        return nothing_new()
    shown = await _shelf(page, looking=portfolio, after="")
    return html(await piece(page, "desk/jobs_grid.html", **shown))


@get("/jobs/jobs.csv")
async def table(page: OrgScope, *, portfolio: Looking) -> Response[str]:
    """The jobs that are looked for, as a table that a spreadsheet opens safely."""
    page.require(Right.INVITE)
    found = await portfolio_queries.export(page, looking=portfolio, rows_max=EXPORT_ROWS_MAX)
    text = csv_text(HEAD, ([_cell(row[name]) for name in HEAD] for row in found))
    return Response(
        text,
        media_type="text/csv",
        headers={
            "Content-Disposition": 'attachment; filename="jobs.csv"',
            "Cache-Control": "no-store",
        },
    )


async def _shelf(scope: OrgScope, *, looking: Looking, after: str) -> dict[str, object]:
    seen = await fingerprint(scope)
    start = await anchor(scope, after, looking=looking)
    houses = await portfolio_queries.page(
        scope, looking=looking, after=start, rows_max=CARDS_MAX + 1
    )
    shown = houses[:CARDS_MAX]
    counts = await count_queries.by_shelf(scope)
    listed = sum(n for shelf, n in counts.items() if shelf != Shelf.ARCHIVED)
    return {
        "seen": seen,
        "houses": shown,
        "next": spelled(shown[-1], looking) if len(houses) > CARDS_MAX else None,
        "after": after,
        "looking": looking,
        "address": address_of(looking),
        "everything": address_of(looking, shelf=None),
        "shelves": [
            (name, label, counts.get(name, 0), address_of(looking, shelf=name))
            for name, label in LABELS.items()
        ],
        "looks": [(name, text, address_of(looking, look=name)) for name, text in LOOKS.items()],
        "orders": {name: order.label for name, order in ORDERS.items()},
        "total": listed,
    }


def _cell(value: object) -> object:
    return iso_millis(value) if isinstance(value, datetime) else value
