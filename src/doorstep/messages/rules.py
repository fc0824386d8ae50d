"""How an organization writes to homeowners: when it reminds them, and at which hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from doorstep.events.actions import record
from doorstep.kit.errors import Invalid
from doorstep.kit.zones import opening
from doorstep.messages import rule_queries as queries
from doorstep.orgs.model import OrgScope, Right

REMINDERS_MAX = 3
REMIND_DAYS_MAX = 13
"""A link lives for 14 days."""
EARLIEST_HOUR, LATEST_HOUR = 8, 21
"""The law's hours for texts; an organization may have fewer, not more."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The days after which a homeowner is reminded, and the hours of the property."""

    remind_days: tuple[int, ...] = (2, 7)
    from_hour: int = EARLIEST_HOUR
    until_hour: int = LATEST_HOUR

    def opening(self, at: datetime, *, zones: Sequence[str]) -> datetime:
        """The first moment from `at` on at which these rules let a message go by itself."""
        return opening(at, zones=tuple(zones), from_hour=self.from_hour, until_hour=self.until_hour)


async def find(scope: OrgScope) -> Rules:
    """The rules of this organization."""
    row = await queries.find(scope)
    if row is None:
        return Rules()
    return Rules(
        remind_days=tuple(row["remind_days"]),
        from_hour=row["from_hour"],
        until_hour=row["until_hour"],
    )


async def change(scope: OrgScope, *, rules: Rules) -> None:
    """Follow these rules from now on; Invalid for days and hours that cannot be.

    Requests that are there keep the reminders that they have; the hours count for all.
    """
    scope.require(Right.ADMINISTER)
    fields: dict[str, list[str]] = {}
    days = rules.remind_days
    if len(days) > REMINDERS_MAX or any(not 1 <= day <= REMIND_DAYS_MAX for day in days):
        fields["remind_days"] = [
            f"are at most {REMINDERS_MAX} days from 1 to {REMIND_DAYS_MAX} after the invitation"
        ]
    if len(set(days)) != len(days):
        fields["remind_days"] = ["names a day twice"]
    if not EARLIEST_HOUR <= rules.from_hour < rules.until_hour <= LATEST_HOUR:
        fields["from_hour"] = [f"and until_hour lie between {EARLIEST_HOUR} and {LATEST_HOUR}"]
    if fields:
        raise Invalid(fields=fields)
    values: dict[str, Any] = {
        "remind_days": sorted(days),
        "from_hour": rules.from_hour,
        "until_hour": rules.until_hour,
    }
    await queries.save(scope, values=values)
    await record(scope, "message_rules.changed", **values)
