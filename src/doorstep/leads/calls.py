"""Calls from a tracking vendor: read them, keep them, and find the lead that each belongs to.

A call belongs to the lead of the same organization with the same number that came
nearest to it in time, from a day before to three days after. A call without a lead is
no error: the lead may be typed in after the call.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from doorstep.kit.errors import NotFound
from doorstep.leads import call_queries
from doorstep.leads.model import ten_digits
from doorstep.orgs.model import OrgScope, Right

LIMITS = {
    "Name": 100,
    "ANI": 20,
    "ID": 100,
    **{f"String{number:02}": 500 for number in range(1, 6)},
    **{f"String{number:02}": 300 for number in range(6, 11)},
    **{f"String{number:02}": 100 for number in range(11, 21)},
    "Multi01": 100,
}
OWN_KEYS = frozenset(("CaptorraId", "Captorrald", "Name", "ANI", "Date", "ID"))
FORMATS = ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y")
NO_DATE = "No readable Date: taken as the moment of the post"

_epoch = re.compile(r"\d{9,10}(\.\d+)?")


@dataclass(frozen=True, kw_only=True)
class NewCall:
    """A call about to be written; without an offset its time is the organization's."""

    id: uuid.UUID
    captorra_id: str
    called_at: datetime | None
    name: str
    ani: str
    vendor_call_id: str | None
    extra: Mapping[str, str]
    warnings: tuple[str, ...]

    @property
    def contact(self) -> str | None:
        """The number as leads' contacts have it."""
        digits = ten_digits(self.ani)
        return f"p{digits}" if digits else None


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

    @property
    def reason(self) -> str | None:
        """Why this lead."""
        if self.lead_received_at is None:
            return None
        minutes = round((self.lead_received_at - self.called_at).total_seconds() / 60)
        when = "before" if minutes >= 0 else "after"
        return f"Same number; the call came {abs(minutes)} minutes {when} the lead"


def new_call(call_id: uuid.UUID, values: Mapping[str, str]) -> NewCall:
    """The call that these values describe."""
    warnings = [
        f"{key} has {len(values[key])} characters; {limit} fit"
        for key, limit in LIMITS.items()
        if len(values.get(key, "")) > limit
    ]
    called_at = parse_date(values.get("Date", ""))
    if called_at is None:
        warnings.append(NO_DATE)
    vendor_call_id = values.get("ID")
    return NewCall(
        id=call_id,
        captorra_id=values["CaptorraId"].strip(),
        called_at=called_at,
        name=values["Name"][: LIMITS["Name"]],
        ani=values["ANI"][: LIMITS["ANI"]],
        vendor_call_id=vendor_call_id[: LIMITS["ID"]] if vendor_call_id else None,
        extra={key: text for key, text in values.items() if key not in OWN_KEYS},
        warnings=tuple(warnings),
    )


def parse_date(text: str) -> datetime | None:
    """The moment, naive when no offset is given; None when it cannot be read."""
    text = text.strip()
    if _epoch.fullmatch(text):
        return datetime.fromtimestamp(float(text), UTC)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for form in FORMATS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007  the organization's zone comes later
        except ValueError:
            continue
    return None


async def page(
    scope: OrgScope, *, unmatched_only: bool = False, before: Call | None = None, rows_max: int = 50
) -> list[Call]:
    """Calls newest first, those before this one."""
    rows = await call_queries.list_calls(
        scope,
        unmatched_only=unmatched_only,
        before=(before.called_at, before.id) if before else None,
        rows_max=rows_max,
    )
    return [Call(**row) for row in rows]


async def of_lead(scope: OrgScope, *, lead_id: uuid.UUID) -> list[Call]:
    """The calls that belong to a lead, newest first."""
    return [Call(**row) for row in await call_queries.list_of_lead(scope, lead_id=lead_id)]


async def part(scope: OrgScope, *, call_id: uuid.UUID, lead_id: uuid.UUID) -> None:
    """Say that the call is not this lead's; it goes to the next best lead, or to none."""
    scope.require(Right.INVITE)
    if not await call_queries.insert_parting(scope, call_id=call_id, lead_id=lead_id):
        raise NotFound


async def rejoin(scope: OrgScope, *, call_id: uuid.UUID, lead_id: uuid.UUID) -> None:
    """Take a parting back."""
    scope.require(Right.INVITE)
    await call_queries.delete_parting(scope, call_id=call_id, lead_id=lead_id)
