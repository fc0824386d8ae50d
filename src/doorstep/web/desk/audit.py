"""The audit log: everything that happened, who read measurements, who asked for which change."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import asyncpg
from litestar import Response, get
from litestar.params import QueryParameter

from doorstep.events import audit, audit_queries
from doorstep.kit.clock import iso_millis
from doorstep.kit.errors import NotFound
from doorstep.leads.export import csv_text
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk import job_queries
from doorstep.web.desk.screens import BIGINT_MAX, Page, Query, screen

ROWS_MAX = 50
LOOKED_THROUGH_MAX = 20_000
EXPORT_ROWS_MAX = 10_000
EXPORT_LOOKED_THROUGH_MAX = 200_000
GROUPS = {
    "": "Everything",
    "access": "Reads of measurements and requests",
    "job": "Jobs",
    "lead": "Leads",
    "capture_request": "Requests for photos",
    "build": "Builds",
    "message": "Messages",
    "user": "Members",
    "retention": "Old data",
    "keep": "What is kept for good",
    "integration": "Integrations",
    "wallet": "Wallets",
    "price": "Prices",
    "source": "Vendors",
    "vendor_page": "Vendors' pages",
    "webhook_endpoint": "Webhooks",
}
HEAD = (
    *("link", "id", "occurred_at", "actor", "name", "lead_id", "capture_request_id", "job_id"),
    "payload",
)

Member = Annotated[int | None, QueryParameter(ge=1, le=BIGINT_MAX, required=False)]
Day = Annotated[str, QueryParameter(required=False, max_length=10)]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which entries are asked for; days are those of the organization's place."""

    member: int | None = None
    group: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def address(self) -> str:
        """As it stands in an address."""
        values = {
            "member": str(self.member or ""),
            "group": self.group,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
        }
        return urlencode({key: text for key, text in values.items() if text})


def read_asked(
    *, member: Member = None, group: Query = "", since: Day = "", until: Day = ""
) -> Asked:
    """The filters of an address; one that cannot be is not found."""
    if group not in GROUPS:
        raise NotFound
    return Asked(member=member, group=group, since=_day(since), until=_day(until))


@get("/audit")
async def audit_page(page: OrgScope, *, asked: Asked, before: Query = "") -> Page:
    """One page of entries, newest first."""
    page.require(Right.ADMINISTER)
    start = _before(before)
    rows = await find(page, asked, before=start, rows_max=ROWS_MAX + 1)
    shown = rows[:ROWS_MAX]
    older = shown[-1]["id"] if len(rows) > ROWS_MAX else None
    if older is None and asked.address:
        after, until = await _bounds(page, asked, before=start)
        older = await audit_queries.end_of_look(
            page, after=after, before=until, looked_through_max=LOOKED_THROUGH_MAX
        )
    return await screen(
        page,
        "desk/audit.html",
        place="settings",
        rows=shown,
        older=older,
        before=before,
        asked=asked,
        groups=GROUPS,
        people=await orgs.list_members(page),
        members=await job_queries.member_names(page),
        head=await audit_queries.last_link(page),
        looked_through=LOOKED_THROUGH_MAX,
    )


@get("/audit/audit.csv")
async def audit_table(page: OrgScope, *, asked: Asked) -> Response[str]:
    """The newest entries that are asked for, as a table that a spreadsheet opens safely."""
    page.require(Right.ADMINISTER)
    rows = await find(
        page,
        asked,
        before=audit.LAST,
        rows_max=EXPORT_ROWS_MAX,
        looked_through_max=EXPORT_LOOKED_THROUGH_MAX,
    )
    text = csv_text(HEAD, ([_cell(name, row) for name in HEAD] for row in rows))
    return Response(
        text,
        media_type="text/csv",
        headers={
            "Content-Disposition": 'attachment; filename="audit.csv"',
            "Cache-Control": "no-store",
        },
    )


async def find(
    scope: OrgScope,
    asked: Asked,
    *,
    before: uuid.UUID,
    rows_max: int,
    looked_through_max: int = LOOKED_THROUGH_MAX,
) -> Sequence[asyncpg.Record]:
    """The entries that are asked for, newest first."""
    after, until = await _bounds(scope, asked, before=before)
    return await audit_queries.page(
        scope,
        actor=f"user:{asked.member}" if asked.member else None,
        group=asked.group or None,
        after=after,
        before=until,
        looked_through_max=looked_through_max,
        rows_max=rows_max,
    )


async def _bounds(
    scope: OrgScope, asked: Asked, *, before: uuid.UUID
) -> tuple[uuid.UUID, uuid.UUID]:
    """Ids are made of their moment, so days are bounds of ids."""
    zone = ZoneInfo((await orgs.find_org(scope)).time_zone)
    after, until = audit.FIRST, before
    if asked.since:
        after = audit.earliest_id(_midnight(asked.since, zone))
    if asked.until:
        until = min(until, audit.earliest_id(_midnight(asked.until + timedelta(days=1), zone)))
    return after, until


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError as error:
        raise NotFound from error
    if found and not date(1970, 1, 2) <= found <= date(9000, 1, 1):
        raise NotFound
    return found


def _before(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text) if text else audit.LAST
    except ValueError as error:
        raise NotFound from error


def _cell(name: str, row: asyncpg.Record) -> Any:
    value = row["number" if name == "link" else name]
    if name == "payload":
        return json.dumps(value, sort_keys=True)
    if isinstance(value, datetime):
        return iso_millis(value)
    return str(value) if isinstance(value, uuid.UUID) else value
