"""What leads cost: of one lead, of a source in a month, or many of either from CSV.

Money is whole cents, of no currency in particular. A correction takes the place of what was
there, and its event says what that was.
"""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from doorstep.events.actions import record
from doorstep.kit.errors import Invalid, NotFound
from doorstep.leads import cost_queries
from doorstep.leads.pasted import Faults, read_lines
from doorstep.leads.reading import parse_guid
from doorstep.orgs.model import OrgScope, Right
from doorstep.orgs.money import read_amount

LEAD_HEAD = ("intakeid", "amount")
MONTH_HEAD = ("source", "month", "amount")
LINES_MAX = 500
MONTH_FIRST = date(2000, 1, 1)
MONTH_LAST = date(2100, 1, 1)

_month = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Cost:
    """One good line: of a lead, or of a source in a month."""

    lead_id: uuid.UUID | None = None
    source_id: uuid.UUID | None = None
    month: date | None = None
    cents: int


async def record_lead(scope: OrgScope, *, lead_id: uuid.UUID, amount: str) -> None:
    """Set what a lead cost; an empty amount says that it is unknown."""
    scope.require(Right.INVITE)
    known = await cost_queries.list_leads(scope, among=[lead_id])
    if lead_id not in known:
        raise NotFound
    cents = cents_in(amount) if amount.strip() else None
    source_id, previous = known[lead_id]
    await _put_lead(scope, lead_id=lead_id, source_id=source_id, cents=cents, previous=previous)


async def record_month(scope: OrgScope, *, source_id: uuid.UUID, month: str, amount: str) -> None:
    """Set what a source cost in a month; an empty amount says that it is unknown."""
    scope.require(Right.INVITE)
    if source_id not in dict(await cost_queries.list_sources(scope)):
        raise NotFound
    cents = cents_in(amount) if amount.strip() else None
    await _put_month(scope, source_id=source_id, month=month_in(month), cents=cents)


async def take(scope: OrgScope, *, text: str) -> int:
    """Set every cost on the list, `IntakeID,amount` or `source,month,amount` a line; how many.

    With one line that is wrong none is set: Invalid then has a field for each of them.
    """
    scope.require(Right.INVITE)
    faults = Faults()
    heads = (LEAD_HEAD, MONTH_HEAD)
    lines = list(read_lines(text, heads=heads, lines_max=LINES_MAX, faults=faults))
    sources = await cost_queries.list_sources(scope)
    costs: dict[int, Cost] = {}
    for line, cells in lines:
        try:
            costs[line] = _cost(cells, sources=sources)
        except Invalid as invalid:
            faults.add(line, invalid)
    leads = await cost_queries.list_leads(
        scope, among=[one.lead_id for one in costs.values() if one.lead_id]
    )
    seen: set[tuple[object, ...]] = set()
    for line, one in costs.items():
        about = (one.lead_id, one.source_id, one.month)
        if one.lead_id is not None and one.lead_id not in leads:
            faults.add(line, "There is no lead with this IntakeID.")
        elif about in seen:
            faults.add(line, "This was on an earlier line already.")
        seen.add(about)
    faults.settle()
    for one in costs.values():
        if one.lead_id is not None:
            source_id, previous = leads[one.lead_id]
            await _put_lead(
                scope,
                lead_id=one.lead_id,
                source_id=source_id,
                cents=one.cents,
                previous=previous,
            )
        elif one.source_id is not None and one.month is not None:
            await _put_month(scope, source_id=one.source_id, month=one.month, cents=one.cents)
    return len(costs)


def cents_in(text: str) -> int:
    """`45`, `45.5`, `$1,234.50` in cents; raises Invalid."""
    try:
        return read_amount(text)
    except Invalid as invalid:
        raise Invalid(fields={"amount": [str(invalid)]}) from invalid


def month_in(text: str) -> date:
    """`2026-11` as the first day of the month; raises Invalid."""
    found = _month.fullmatch(text.strip())
    try:
        month = date(int(found[1]), int(found[2]), 1) if found else date.min
    except ValueError:
        month = date.min
    if not MONTH_FIRST <= month < MONTH_LAST:
        raise Invalid(fields={"month": ["The month is one like 2026-11."]})
    return month


def _cost(cells: list[str], *, sources: Sequence[tuple[uuid.UUID, str]]) -> Cost:
    if len(cells) == len(LEAD_HEAD):
        try:
            lead_id = parse_guid(cells[0])
        except ValueError as error:
            raise Invalid(fields={"lead": ["This is no IntakeID."]}) from error
        return Cost(lead_id=lead_id, cents=cents_in(cells[1]))
    if len(cells) != len(MONTH_HEAD):
        raise Invalid(fields={"line": ["A line is IntakeID,amount or source,month,amount."]})
    named = [source_id for source_id, name in sources if name.lower() == cells[0].lower()]
    if len(named) != 1:
        sentence = (
            "Several sources have this name." if named else "There is no source of this name."
        )
        raise Invalid(fields={"source": [sentence]})
    return Cost(source_id=named[0], month=month_in(cells[1]), cents=cents_in(cells[2]))


async def _put_lead(
    scope: OrgScope,
    *,
    lead_id: uuid.UUID,
    source_id: uuid.UUID,
    cents: int | None,
    previous: int | None,
) -> None:
    if cents == previous:
        return
    await cost_queries.put_lead(scope, lead_id=lead_id, cents=cents)
    await record(
        scope,
        "lead.cost_recorded",
        lead_id=lead_id,
        source_id=str(source_id),
        cents=cents,
        previous=previous,
    )


async def _put_month(
    scope: OrgScope, *, source_id: uuid.UUID, month: date, cents: int | None
) -> None:
    previous = await cost_queries.of_month(scope, source_id=source_id, month=month)
    if cents == previous:
        return
    await cost_queries.put_month(scope, source_id=source_id, month=month, cents=cents)
    await record(
        scope,
        "source.cost_recorded",
        source_id=str(source_id),
        month=f"{month:%Y-%m}",
        cents=cents,
        previous=previous,
    )
