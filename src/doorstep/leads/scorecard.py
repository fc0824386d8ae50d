"""How good each source's leads are, and what they cost, in the months in which they came."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from doorstep.kit.errors import Conflict
from doorstep.leads import scorecard_queries
from doorstep.leads.dispositions import DISPOSITIONS
from doorstep.leads.scorecard_queries import BY_CASE_TYPE, BY_SOURCE, OVERALL
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope, Right

MONTHS_MAX = 24
MONTHS_SHOWN = 3
MONTHS_A_YEAR = 12
LEADS_MAX = 200_000
"""More would take longer than a statement may."""


@dataclass(frozen=True, kw_only=True)
class Posts:
    """How a source's posts ended."""

    posts: int
    accepted: int
    repeated: int
    refused: int


@dataclass(frozen=True, kw_only=True)
class Card:
    """One line: of a source, of a case type, or of everything."""

    name: str
    id: uuid.UUID | None = None
    posts: Posts | None = None
    """None where posts are not told apart: a refused one has no case type."""
    leads: int = 0
    contactable: int = 0
    duplicates: int = 0
    """Merged into another lead, or found to be a duplicate."""
    dispositions: Mapping[str, int]
    waited: float | None = None
    """Median seconds until somebody first did something; None when nobody did."""
    cents: int | None = None
    """None when nothing was entered."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.leads or (self.posts and self.posts.posts)) and self.cents is None


@dataclass(frozen=True, kw_only=True)
class Scorecard:
    """Every line of the months."""

    overall: Card
    sources: list[Card]
    case_types: list[Card]


@dataclass(frozen=True, kw_only=True)
class Months:
    """From the first day of a month until the first day of the month after the last one."""

    since: date
    until: date

    @property
    def last(self) -> date:
        """The last month."""
        return month_on(self.until, -1)


async def read(scope: OrgScope, *, months: Months) -> Scorecard:
    """The scorecard of these months at the organization's place; Conflict for too many leads."""
    scope.require(Right.READ)
    zone = ZoneInfo((await orgs.find_org(scope)).time_zone)
    since, until = (
        datetime(day.year, day.month, 1, tzinfo=zone) for day in (months.since, months.until)
    )
    if await scorecard_queries.exceeds(scope, since=since, until=until, leads_max=LEADS_MAX):
        raise Conflict(f"These months hold more than {LEADS_MAX:,} leads. Choose fewer months.")
    posts = await scorecard_queries.posts(scope, since=since, until=until)
    rows = await scorecard_queries.leads(scope, since=since, until=until)
    leads = [dict(row) for row in rows]
    monthly = {
        row["source_id"]: row["cents"]
        for row in await scorecard_queries.monthly(scope, since=months.since, until=months.until)
    }
    of_source = {row["source_id"]: row for row in leads if row["grouped"] == BY_SOURCE}
    sources = [
        replace(
            _card(of_source.get(row["id"]), name=row["name"]),
            id=row["id"],
            posts=Posts(**{name: row[name] for name in Posts.__annotations__}),
            cents=_sum(of_source.get(row["id"], {}).get("cents"), monthly.get(row["id"])),
        )
        for row in posts
    ]
    overall = next((row for row in leads if row["grouped"] == OVERALL), None)
    return Scorecard(
        overall=replace(
            _card(overall, name="All vendors"),
            posts=_all(sources),
            cents=_sum(*(one.cents for one in sources)),
        ),
        sources=[one for one in sources if not one.empty],
        case_types=[
            _card(row, name=row["case_type"] or "None")
            for row in leads
            if row["grouped"] == BY_CASE_TYPE
        ],
    )


async def months_of(scope: OrgScope, *, since: date | None, until: date | None) -> Months:
    """The months from one to another, both of them; by default this one and the two before.

    The wrong way round is turned; more than 24 are cut to the last 24.
    """
    zone = (await orgs.find_org(scope)).time_zone
    last = until or max(since or date.min, (await scorecard_queries.today(scope, zone=zone)))
    last = last.replace(day=1)
    first = since or month_on(last, 1 - MONTHS_SHOWN)
    first, last = min(first, last), max(first, last)
    return Months(since=max(first, month_on(last, 1 - MONTHS_MAX)), until=month_on(last, 1))


def month_on(day: date, months: int) -> date:
    """The first day of the month that comes so many after this one."""
    number = day.year * MONTHS_A_YEAR + day.month - 1 + months
    return date(number // MONTHS_A_YEAR, number % MONTHS_A_YEAR + 1, 1)


def _card(row: Mapping[str, Any] | None, *, name: str) -> Card:
    if row is None:
        return Card(name=name, dispositions=dict.fromkeys(DISPOSITIONS, 0))
    return Card(
        name=name,
        leads=row["leads"],
        contactable=row["contactable"],
        duplicates=row["duplicates"],
        dispositions={one: row[one] for one in DISPOSITIONS},
        waited=row["waited"],
        cents=row["cents"],
    )


def _all(sources: list[Card]) -> Posts:
    every = [one.posts for one in sources if one.posts]
    return Posts(
        **{name: sum(getattr(one, name) for one in every) for name in Posts.__annotations__}
    )


def _sum(*cents: int | None) -> int | None:
    """None only when nothing is known."""
    known = [one for one in cents if one is not None]
    return sum(known) if known else None
