"""Reminders of homeowners: when each is due, and whether it still goes.

A reminder goes at its time, moved into the hours that the organization's rules give the
property; where its address tells no time zone, the organization's zone counts. One that is
a day late is skipped, and two never go within a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from doorstep.captures import invitations, queries
from doorstep.captures import reminder_queries as reminders
from doorstep.captures.model import RequestState
from doorstep.kit.tasks import Task, enqueue_many
from doorstep.leads.zones import zones_at
from doorstep.messages import rules as message_rules
from doorstep.orgs.model import OrgScope

REMIND = "captures.remind"
LATE_MAX = timedelta(hours=24)
APART_MIN = timedelta(hours=24)
OPEN = (RequestState.NEW, RequestState.CONNECTED)


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """One row of `reminders`, at the database's time `now`."""

    kind: str
    state: str
    due_at: datetime
    settled_at: datetime | None
    now: datetime


def tasks(scope: OrgScope, *, request_id: int, days: Sequence[int]) -> list[Task]:
    """What comes back to a new request after so many days each."""
    return [
        _task(scope, request_id=request_id, kind=f"{day}_days", delay=timedelta(days=day))
        for day in days
    ]


async def cancel(scope: OrgScope, *, request_id: int) -> None:
    """No reminder of this request after this."""
    await reminders.cancel(scope, request_id=request_id)


async def remind(scope: OrgScope, *, request_id: int, kind: str) -> None:
    """Send one reminder, at most once; or come back later, or skip it and say so."""
    found = {
        one.kind: one
        for one in [Reminder(**row) for row in await reminders.lock(scope, request_id=request_id)]
    }
    mine = found.get(kind)
    if mine is None or mine.state != "scheduled":
        return
    request = await queries.find(scope, request_id=request_id)
    assert request is not None
    if request.state not in OPEN or mine.now > request.expires_at:
        await cancel(scope, request_id=request_id)
        return
    zones = await zones_at(
        scope, region=request.location_region, postal_code=request.location_postal_code
    )
    sent = [one.settled_at for one in found.values() if one.state == "sent" and one.settled_at]
    last = max(sent, default=None)
    due, goes = await _times(scope, zones, mine=mine, last=last)
    if goes > due + LATE_MAX:
        await reminders.settle(scope, request_id=request_id, kind=kind, state="skipped_late")
    elif goes > mine.now:
        await reminders.move(scope, request_id=request_id, kind=kind, due_at=due)
        delay = goes - mine.now
        await enqueue_many(scope.tx, [_task(scope, request_id=request_id, kind=kind, delay=delay)])
    else:
        await reminders.settle(scope, request_id=request_id, kind=kind, state="sent")
        await invitations.remind(scope, request=request, zones=zones, until=due + LATE_MAX)


async def _times(
    scope: OrgScope, zones: Sequence[str], *, mine: Reminder, last: datetime | None
) -> tuple[datetime, datetime]:
    """(when it is due, when it may go): both in the hours, the second not before now."""
    rules = await message_rules.find(scope)
    wanted = max(mine.due_at, last + APART_MIN) if last else mine.due_at
    due = rules.opening(wanted, zones=zones)
    return due, rules.opening(max(due, mine.now), zones=zones)


def _task(scope: OrgScope, *, request_id: int, kind: str, delay: timedelta) -> Task:
    payload = {"org_id": scope.org_id, "request_id": request_id, "kind": kind}
    return Task(name=REMIND, payload=payload, delay=delay)
