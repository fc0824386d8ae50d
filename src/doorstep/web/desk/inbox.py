"""The inbox: leads newest first, with their age, and one click to ask for photos."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Annotated

from litestar import Response, get, post
from litestar.params import QueryParameter
from litestar.response import Redirect

from doorstep.captures import actions as captures
from doorstep.kit.clock import iso_millis
from doorstep.kit.errors import NotFound
from doorstep.leads import alerts
from doorstep.leads import queries as leads
from doorstep.leads.dispositions import REASONS
from doorstep.leads.export import csv_text
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk import consent, inbox_queries, posts_queries
from doorstep.web.desk.inbox_queries import Looking
from doorstep.web.desk.lead_words import TAGS
from doorstep.web.desk.live import fingerprint
from doorstep.web.desk.looking import DISPOSED, address_of
from doorstep.web.desk.screens import (
    AnyRequest,
    Page,
    Query,
    by_script,
    html,
    member_id,
    nothing_new,
    piece,
    screen,
    see,
)

ROWS_MAX = 50
EXPORT_ROWS_MAX = 10_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HEAD = (
    "id",
    "received_at",
    "source",
    "case_type",
    "tags",
    "vendor_lead_id",
    "first_name",
    "last_name",
    "primary_phone",
    "secondary_phone",
    "email",
    "address",
    "city",
    "region",
    "postal_code",
    "county",
    "best_time",
    "details",
    "keyword",
    "referring_keyword",
    "conversion",
    "tracking",
    "consent",
    "trustedform",
    "jornaya",
    "disposition",
    "reason",
    "note",
    "disposed_at",
)

Before = Annotated[str, QueryParameter(required=False, max_length=60)]


@get("/inbox")
async def inbox(page: OrgScope, *, looking: Looking, before: Before = "", said: Query = "") -> Page:
    """One page of leads, newest first."""
    page.require(Right.READ)
    return await screen(
        page,
        "desk/inbox.html",
        place="inbox",
        said=said,
        alerts=await alerts.list_open(page),
        refused=await posts_queries.refused_this_week(page),
        sources=await leads.list_sources(page),
        case_types=await leads.list_case_types(page),
        tags=TAGS,
        disposed=DISPOSED,
        reasons=REASONS,
        **await _leads(page, looking=looking, before=before),
    )


@get("/inbox/rows")
async def rows(page: OrgScope, *, looking: Looking, seen: Query = "") -> Page:
    """The newest page's rows again if anything has happened since `seen`."""
    page.require(Right.READ)
    if await fingerprint(page) == seen:
        return nothing_new()
    shown = await _leads(page, looking=looking, before="")
    return html(await piece(page, "desk/inbox_rows.html", **shown))


@get("/inbox/leads.csv")
async def table(page: OrgScope, *, looking: Looking) -> Response[str]:
    """The newest leads that are looked for, as a table that a spreadsheet opens safely."""
    page.require(Right.INVITE)
    found = await inbox_queries.export(page, looking=looking, rows_max=EXPORT_ROWS_MAX)
    told = (row | consent.cells(row) for row in map(dict, found))
    text = csv_text(HEAD, ([_cell(one[name]) for name in HEAD] for one in told))
    return Response(
        text,
        media_type="text/csv",
        headers={
            "Content-Disposition": 'attachment; filename="leads.csv"',
            "Cache-Control": "no-store",
        },
    )


@post("/leads/{lead_id:uuid}/capture-request")
async def ask_for_photos(
    request: AnyRequest, *, page: OrgScope, lead_id: uuid.UUID
) -> Response[str] | Redirect:
    """Ask the person of a lead for photos; the changed row, or the new job's page."""
    page.require(Right.INVITE)
    lead = await leads.find(page, lead_id=lead_id)
    if lead is None:
        raise NotFound
    made = await captures.ask_for_photos(page, lead=lead, requesting_user_id=member_id(page))
    if not by_script(request):
        return see(f"/jobs/{made.job_id}?said=asked")
    return await changed_row(page, lead_id, told="The invitation to {} is on its way.")


async def changed_row(
    scope: OrgScope, lead_id: uuid.UUID, *, told: str, undo: str | None = None
) -> Response[str]:
    """A lead's line after a change, with what is said of it; `undo` is where to take it back."""
    row = await inbox_queries.find(scope, lead_id=lead_id)
    assert row is not None
    answer = html(await piece(scope, "desk/inbox_row.html", row=row))
    said = {"value": told.format(row.name), "undo": undo, "row": f"lead-{lead_id}"}
    answer.headers["HX-Trigger"] = json.dumps({"say": said if undo else said["value"]})
    return answer


async def _leads(scope: OrgScope, *, looking: Looking, before: str) -> dict[str, object]:
    seen = await fingerprint(scope)
    anchor = _anchor(before) if before else None
    found = await inbox_queries.page(scope, looking=looking, before=anchor, rows_max=ROWS_MAX + 1)
    shown = found.rows[:ROWS_MAX]
    older = (shown[-1].received_at, shown[-1].id) if len(found.rows) > ROWS_MAX else None
    if older is None and looking.narrow and not found.complete:
        older = await inbox_queries.end_of_scan(scope, before=anchor)
    return {
        "seen": seen,
        "looking": looking,
        "address": address_of(looking),
        "everybody": address_of(looking, show=""),
        "waiting": address_of(looking, show="waiting"),
        "before": before,
        "rows": shown,
        "older": _spelled(older) if older else None,
        "scanned": inbox_queries.SCANNED_MAX,
    }


def _cell(value: object) -> object:
    if isinstance(value, list):
        return " ".join(value)
    if isinstance(value, datetime):
        return iso_millis(value)
    return str(value) if isinstance(value, uuid.UUID) else value


def _spelled(last: tuple[datetime, uuid.UUID]) -> str:
    """An anchor as it stands in an address: microseconds and id of the last row."""
    received_at, lead_id = last
    micros = (received_at - EPOCH) // timedelta(microseconds=1)
    return f"{micros}.{lead_id.hex}"


def _anchor(text: str) -> tuple[datetime, uuid.UUID]:
    micros, _, lead_id = text.partition(".")
    try:
        seconds, rest = divmod(int(micros), 1_000_000)
        at = datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
        return at, uuid.UUID(hex=lead_id)
    except (ValueError, OverflowError, OSError) as error:
        raise NotFound from error
