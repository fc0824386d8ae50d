"""Calls from a tracking vendor, and the lead that each belongs to.

A call belongs to the lead of the same organization with the same number that came
nearest to it in time, from a day before to three days after, unless a person said
otherwise. A call without a lead is no error: the lead may be typed in after the call.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from doorstep.kit.errors import NotFound
from doorstep.leads import call_queries
from doorstep.orgs.model import OrgScope, Right

SAME_TIME = timedelta(seconds=30)
HOUR_MINUTES = 60
DAY_HOURS = 24
CANDIDATES_MAX = 10


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call with the lead that it belongs to, and why."""

    id: uuid.UUID
    called_at: datetime
    name: str
    ani: str
    vendor_call_id: str | None
    extra: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    lead_id: uuid.UUID | None
    lead_name: str | None
    lead_received_at: datetime | None
    joined_by: str | None
    joined_at: datetime | None

    @property
    def reason(self) -> str | None:
        """Why this lead, in words."""
        if self.lead_received_at is None:
            return None
        if self.joined_by is not None:
            return "A person said so"
        return f"Same number; {distance(self.called_at, self.lead_received_at)}"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A lead that a call may belong to; `parted_by` said that it does not."""

    id: uuid.UUID
    name: str
    source: str
    received_at: datetime
    same_number: bool
    called_at: datetime
    parted_by: str | None

    @property
    def reason(self) -> str:
        """Why it may be this lead, in words."""
        number = "Same number" if self.same_number else "Another number"
        return f"{number}; {distance(self.called_at, self.received_at)}"


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """Where a page of calls ends and the next one goes on."""

    called_at: datetime
    id: uuid.UUID


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A page of calls, and where older ones begin; None after the last call."""

    calls: list[Call]
    older: Anchor | None


def distance(called_at: datetime, received_at: datetime) -> str:
    """How far the call was from the lead: `the call came 3 minutes before the lead`."""
    apart = received_at - called_at
    if abs(apart) < SAME_TIME:
        return "the call and the lead came at the same time"
    when = "before" if apart >= timedelta(0) else "after"
    return f"the call came {_long(abs(apart))} {when} the lead"


async def page(
    scope: OrgScope,
    *,
    matched: bool | None = None,
    before: Anchor | None = None,
    rows_max: int = 50,
) -> Shown:
    """Calls newest first, those before the anchor; with or without a lead, or both.

    With a choice it looks through so many calls and stops: `older` is where to go on.
    """
    scan = rows_max + 1 if matched is None else call_queries.SCANNED_MAX
    rows = await call_queries.list_calls(
        scope, before=(before.called_at, before.id) if before else None, scan=scan
    )
    found = [Call(**row) for row in rows]
    kept = [one for one in found if matched is None or (one.lead_id is not None) is matched]
    shown = kept[:rows_max]
    if len(kept) > rows_max:
        last = shown[-1]
    elif len(found) == scan:
        last = found[-1]
    else:
        return Shown(calls=shown, older=None)
    return Shown(calls=shown, older=Anchor(called_at=last.called_at, id=last.id))


async def find(scope: OrgScope, *, call_id: uuid.UUID) -> Call:
    """One call; NotFound when it is not there or not this organization's."""
    row = await call_queries.find(scope, call_id=call_id)
    if row is None:
        raise NotFound
    return Call(**row)


async def of_lead(scope: OrgScope, *, lead_id: uuid.UUID) -> list[Call]:
    """The calls that belong to a lead, newest first."""
    return [Call(**row) for row in await call_queries.list_of_lead(scope, lead_id=lead_id)]


async def candidates(scope: OrgScope, *, call: Call) -> list[Candidate]:
    """Other leads that the call may belong to: the same number first, then the nearest in time."""
    rows = await call_queries.list_candidates(
        scope, call_id=call.id, but=call.lead_id, rows_max=CANDIDATES_MAX
    )
    return [Candidate(**row) for row in rows]


async def join(scope: OrgScope, *, call_id: uuid.UUID, lead_id: uuid.UUID) -> None:
    """Say that the call is this lead's, whatever its number and time."""
    scope.require(Right.INVITE)
    if not await call_queries.insert_join(scope, call_id=call_id, lead_id=lead_id):
        raise NotFound
    await call_queries.delete_parting(scope, call_id=call_id, lead_id=lead_id)


async def part(scope: OrgScope, *, call_id: uuid.UUID, lead_id: uuid.UUID) -> None:
    """Say that the call is not this lead's; it goes to the next best lead, or to none."""
    scope.require(Right.INVITE)
    if not await call_queries.insert_parting(scope, call_id=call_id, lead_id=lead_id):
        raise NotFound
    await call_queries.delete_join(scope, call_id=call_id, lead_id=lead_id)


async def rejoin(scope: OrgScope, *, call_id: uuid.UUID, lead_id: uuid.UUID) -> None:
    """Take a parting back; NotFound when there is none."""
    scope.require(Right.INVITE)
    if not await call_queries.delete_parting(scope, call_id=call_id, lead_id=lead_id):
        raise NotFound


def _long(span: timedelta) -> str:
    minutes = max(1, round(span.total_seconds() / 60))
    hours = round(minutes / HOUR_MINUTES)
    if minutes < 2 * HOUR_MINUTES:
        return _count(minutes, "minute")
    if hours < 2 * DAY_HOURS:
        return _count(hours, "hour")
    return _count(round(hours / DAY_HOURS), "day")


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
