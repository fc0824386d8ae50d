"""`/api/desk/quality`, `/alerts` and `/costs`: what each vendor's leads came to, and its worries."""

import uuid
from datetime import date, datetime

import msgspec
from litestar import get, put
from litestar.params import FromQuery, JSONBody

from doorstep.api.desk.answers import problems
from doorstep.leads import alerts, costs, scorecard
from doorstep.leads.costs import month_in
from doorstep.leads.scorecard import Card
from doorstep.orgs.model import OrgScope, Right

TAG = ["Quality"]


class PostCounts(msgspec.Struct, kw_only=True):
    """How posts ended."""

    posts: int
    accepted: int
    repeated: int
    refused: int


class QualityLine(msgspec.Struct, kw_only=True):
    """One vendor, one case type, or everything.

    `posts` is null where posts are not told apart. `first_touch_seconds` is the median wait for
    the first touch, null when nobody did anything. `cents` is null when no cost was entered.
    """

    id: uuid.UUID | None
    name: str
    posts: PostCounts | None
    leads: int
    contactable: int
    duplicates: int
    dispositions: dict[str, int]
    first_touch_seconds: float | None
    cents: int | None


class Quality(msgspec.Struct, kw_only=True):
    """The months from the first to the last, both whole."""

    first_month: date
    last_month: date
    overall: QualityLine
    sources: list[QualityLine]
    case_types: list[QualityLine]


class AlertLine(msgspec.Struct, kw_only=True):
    """A vendor whose posts are refused in a row, or that has fallen silent."""

    source_id: uuid.UUID
    source: str
    kind: str
    since: datetime
    began_at: datetime


class AlertList(msgspec.Struct, kw_only=True):
    """What stands now."""

    alerts: list[AlertLine]


class LeadCost(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What a lead cost, as an amount with up to two decimals: `"42.50"`."""

    amount: str


class MonthCost(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What a vendor's leads of a month cost; `month` is `2026-11`."""

    source_id: uuid.UUID
    month: str
    amount: str


@get("/quality", tags=TAG, responses=problems(409, 422))
async def show_quality(
    api: OrgScope,
    *,
    first_month: FromQuery[str | None] = None,
    last_month: FromQuery[str | None] = None,
) -> Quality:
    """What came of the leads of these months (`2026-11`), by vendor and by case type."""
    api.require(Right.READ)
    months = await scorecard.months_of(
        api,
        since=month_in(first_month) if first_month else None,
        until=month_in(last_month) if last_month else None,
    )
    found = await scorecard.read(api, months=months)
    return Quality(
        first_month=months.since,
        last_month=months.last,
        overall=_line(found.overall),
        sources=[_line(card) for card in found.sources],
        case_types=[_line(card) for card in found.case_types],
    )


@get("/alerts", tags=TAG, responses=problems())
async def list_alerts(api: OrgScope) -> AlertList:
    """Every vendor's alert that stands."""
    api.require(Right.READ)
    return AlertList(
        alerts=[
            msgspec.convert(one, AlertLine, from_attributes=True)
            for one in await alerts.list_open(api)
        ]
    )


@put("/leads/{lead_id:uuid}/cost", status_code=204, tags=TAG, responses=problems(404, 422))
async def put_lead_cost(api: OrgScope, *, lead_id: uuid.UUID, data: JSONBody[LeadCost]) -> None:
    """Say what a lead cost; the former amount stays in the events."""
    await costs.record_lead(api, lead_id=lead_id, amount=data.amount)


@put("/costs", status_code=204, tags=TAG, responses=problems(404, 422))
async def put_month_cost(api: OrgScope, *, data: JSONBody[MonthCost]) -> None:
    """Say what a vendor's leads of a month cost."""
    await costs.record_month(api, source_id=data.source_id, month=data.month, amount=data.amount)


def _line(card: Card) -> QualityLine:
    posts = card.posts
    return QualityLine(
        id=card.id,
        name=card.name,
        posts=None if posts is None else msgspec.convert(posts, PostCounts, from_attributes=True),
        leads=card.leads,
        contactable=card.contactable,
        duplicates=card.duplicates,
        dispositions=dict(card.dispositions),
        first_touch_seconds=card.waited,
        cents=card.cents,
    )


ROUTES = [show_quality, list_alerts, put_lead_cost, put_month_cost]
