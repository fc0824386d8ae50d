"""Give a source another Referrer, while the one before goes on working for a time."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from doorstep.events.actions import record
from doorstep.kit.clock import iso_millis
from doorstep.kit.errors import Conflict, Invalid, NotFound
from doorstep.leads import referrer_queries, vendor_queries
from doorstep.leads.vendors import guid_in
from doorstep.orgs.model import OrgScope, Right

OVERLAP_DAYS = 7
OVERLAP_DAYS_MAX = 90
FORMER_SHOWN_MAX = 20


@dataclass(frozen=True, kw_only=True)
class FormerReferrer:
    """A Referrer that another has taken the place of."""

    referrer: uuid.UUID
    replaced_at: datetime
    ends_at: datetime
    ended: bool
    last_used_at: datetime | None
    """When a post last came in with it after it was replaced, to the minute."""


async def rotate(
    scope: OrgScope, *, source_id: uuid.UUID, referrer: str = "", overlap_days: int = OVERLAP_DAYS
) -> None:
    """Post with a new Referrer, or with this one; the old one works for so many days more."""
    scope.require(Right.ADMINISTER)
    if not 0 <= overlap_days <= OVERLAP_DAYS_MAX:
        raise Invalid(fields={"days": [f"This is a number of days from 0 to {OVERLAP_DAYS_MAX}."]})
    new = guid_in(referrer) or uuid.uuid4()
    await referrer_queries.lock(scope)
    if await vendor_queries.taken_referrers(scope, among=[new]):
        raise Invalid(fields={"guid": ["A vendor here has this Referrer already."]})
    replaced = await referrer_queries.replace(
        scope, source_id=source_id, referrer=new, overlap=timedelta(days=overlap_days)
    )
    if replaced is None:
        raise NotFound
    # No GUID: it is a secret, and events leave the house.
    await record(
        scope,
        "source.referrer_rotated",
        source_id=str(source_id),
        old_ends_at=iso_millis(replaced["ends_at"]),
    )


async def end(scope: OrgScope, *, source_id: uuid.UUID, referrer: str) -> None:
    """Let a former Referrer end before its time; Conflict when it has ended."""
    scope.require(Right.ADMINISTER)
    old = guid_in(referrer)
    known = {one.referrer: one for one in await former(scope, source_id=source_id)}
    if old is None or old not in known:
        raise NotFound
    if not await referrer_queries.end(scope, source_id=source_id, referrer=old):
        raise Conflict("This Referrer has ended already.")
    await record(scope, "source.referrer_ended", source_id=str(source_id))


async def former(scope: OrgScope, *, source_id: uuid.UUID) -> list[FormerReferrer]:
    """What this source posted with before, the last one first; the newest 20."""
    rows = await referrer_queries.list_former(scope, source_id=source_id, rows_max=FORMER_SHOWN_MAX)
    return [FormerReferrer(**row) for row in rows]
