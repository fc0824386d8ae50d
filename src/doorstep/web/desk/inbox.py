"""The inbox: leads newest first, with their age, and one click to ask for photos."""

import json
import uuid
from datetime import UTC, datetime
from typing import Annotated

from litestar import Response, get, post
from litestar.params import QueryParameter
from litestar.response import Redirect

from doorstep.captures import actions as captures
from doorstep.kit.errors import NotFound
from doorstep.leads import queries as leads
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk import inbox_queries, posts_queries
from doorstep.web.desk.inbox_queries import LeadRow
from doorstep.web.desk.live import fingerprint
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
SHOWN = ("", "waiting")

Before = Annotated[str, QueryParameter(required=False, max_length=60)]


@get("/inbox")
async def inbox(page: OrgScope, *, show: Query = "", before: Before = "", said: Query = "") -> Page:
    """One page of leads, newest first."""
    page.require(Right.READ)
    return await screen(
        page,
        "desk/inbox.html",
        place="inbox",
        said=said,
        refused=await posts_queries.refused_this_week(page),
        **await _leads(page, show=show, before=before),
    )


@get("/inbox/rows")
async def rows(page: OrgScope, *, seen: Query = "", show: Query = "") -> Page:
    """The newest page's rows again if anything has happened since `seen`."""
    page.require(Right.READ)
    if await fingerprint(page) == seen:
        return nothing_new()
    return html(
        await piece(page, "desk/inbox_rows.html", **await _leads(page, show=show, before=""))
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
    return await _changed_row(page, lead_id)


async def _changed_row(scope: OrgScope, lead_id: uuid.UUID) -> Response[str]:
    row = await inbox_queries.find(scope, lead_id=lead_id)
    assert row is not None
    answer = html(await piece(scope, "desk/inbox_row.html", row=row))
    told = f"The invitation to {row.name} is on its way."
    answer.headers["HX-Trigger"] = json.dumps({"say": told})
    return answer


async def _leads(scope: OrgScope, *, show: str, before: str) -> dict[str, object]:
    if show not in SHOWN:
        raise NotFound
    seen = await fingerprint(scope)
    found = await inbox_queries.page(
        scope,
        waiting_only=show == "waiting",
        before=_anchor(before) if before else None,
        rows_max=ROWS_MAX + 1,
    )
    shown = found[:ROWS_MAX]
    return {
        "seen": seen,
        "show": show,
        "before": before,
        "rows": shown,
        "older": _spelled(shown[-1]) if len(found) > ROWS_MAX else None,
    }


def _spelled(row: LeadRow) -> str:
    """An anchor as it stands in an address: microseconds and id of the last row."""
    micros = int(row.received_at.timestamp() * 1_000_000)
    return f"{micros}.{row.id.hex}"


def _anchor(text: str) -> tuple[datetime, uuid.UUID]:
    micros, _, lead_id = text.partition(".")
    try:
        seconds, rest = divmod(int(micros), 1_000_000)
        at = datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
        return at, uuid.UUID(hex=lead_id)
    except (ValueError, OverflowError, OSError) as error:
        raise NotFound from error
