"""What becomes of a lead in its organization's hands: dispose of it, and take a mistake back.

Each decision is a row of its own and none is ever changed. Withdrawing one adds a row that
says again what stood before; where nothing did, its disposition is None: the lead is open.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from doorstep.events.actions import record
from doorstep.kit.errors import Conflict, Invalid, NotFound
from doorstep.leads import disposition_queries, merge_queries
from doorstep.orgs.model import OrgScope, Right

DISPOSITIONS = ("contacted", "qualified", "signed", "rejected", "duplicate", "returned")
REASONED = ("rejected", "returned")
"""Those that need a reason."""
REASONS = {
    "unreachable": "Cannot be reached",
    "wrong_contact": "Wrong phone or e-mail",
    "not_interested": "Not interested",
    "outside_area": "Outside our area",
    "wrong_work": "Not our kind of work",
    "not_owner": "Not the owner",
    "fake": "Fake or spam",
    "other": "Something else",
}
OTHER = "other"
NOTE_CHARACTERS_MAX = 1000
ROWS_MAX = 200


@dataclass(frozen=True, kw_only=True)
class Disposition:
    """One decision about a lead, or the withdrawal of the one with the number `withdraws`."""

    number: int
    disposition: str | None
    reason: str | None
    note: str | None
    withdraws: int | None
    actor: str
    created_at: datetime


class Decided(NamedTuple):
    """What a row says; all None for an open lead."""

    disposition: str | None
    reason: str | None
    note: str | None


@dataclass(frozen=True, kw_only=True)
class Held:
    """A lead that nobody else decides on before this transaction ends."""

    lead_id: uuid.UUID
    source_id: uuid.UUID
    newest: Disposition | None


async def dispose(
    scope: OrgScope,
    *,
    lead_id: uuid.UUID,
    disposition: str,
    reason: str | None = None,
    note: str | None = None,
    seen: int | None = None,
) -> Disposition:
    """Decide what became of a lead; Conflict when somebody decided otherwise since `seen`.

    `seen` is the number of the newest row that the caller knows, 0 for none; None overrules
    whatever is there.
    """
    scope.require(Right.INVITE)
    decided = Decided(disposition, reason or None, (note or "").strip() or None)
    _check(decided)
    held = await hold(scope, lead_id=lead_id, seen=seen)
    if held.newest and _decided(held.newest) == decided:
        raise Conflict(f"The lead was marked as {disposition} already.")
    return await append(scope, held=held, decided=decided)


async def withdraw(scope: OrgScope, *, lead_id: uuid.UUID, number: int) -> Disposition:
    """Take the decision of this number back; Conflict when another one was made since."""
    scope.require(Right.INVITE)
    held = await hold(scope, lead_id=lead_id)
    rows = await disposition_queries.list_standing(scope, lead_id=lead_id, rows_max=2)
    standing = [Disposition(**row) for row in rows]
    if not standing or standing[0].number != number:
        raise Conflict("This is not the lead's last decision any more; nothing was changed.")
    earlier = _decided(standing[1]) if standing[1:] else Decided(None, None, None)
    return await append(scope, held=held, decided=earlier, withdraws=number)


async def current(scope: OrgScope, *, lead_id: uuid.UUID) -> Disposition | None:
    """The newest row; None for a lead that nobody has decided on."""
    rows = await disposition_queries.list_of_lead(scope, lead_id=lead_id, rows_max=1)
    return Disposition(**rows[0]) if rows else None


async def history(scope: OrgScope, *, lead_id: uuid.UUID) -> list[Disposition]:
    """Everything that was decided about a lead, newest first."""
    rows = await disposition_queries.list_of_lead(scope, lead_id=lead_id, rows_max=ROWS_MAX)
    return [Disposition(**row) for row in rows]


def standing(rows: Sequence[Disposition]) -> Disposition | None:
    """The decision that holds, of a lead's rows newest first: the one that can be withdrawn."""
    withdrawn = {row.withdraws for row in rows}
    return next(
        (row for row in rows if row.withdraws is None and row.number not in withdrawn), None
    )


async def first_touch(scope: OrgScope, *, lead_id: uuid.UUID) -> timedelta | None:
    """From the lead's arrival to its first decision that stands, or request for photos."""
    return await disposition_queries.first_touch(scope, lead_id=lead_id)


async def hold(scope: OrgScope, *, lead_id: uuid.UUID, seen: int | None = None) -> Held:
    """The lead, locked; NotFound without one, Conflict when it is merged or not as `seen`."""
    source_id = await disposition_queries.lock(scope, lead_id=lead_id)
    if source_id is None:
        raise NotFound
    if await merge_queries.find_kept(scope, lead_id=lead_id):
        raise Conflict("The lead was merged into another one. Undo that first.")
    newest = await current(scope, lead_id=lead_id)
    if seen is not None and seen != (newest.number if newest else 0):
        raise Conflict(f"In the meantime the lead was {_became(newest)}; nothing was changed.")
    return Held(lead_id=lead_id, source_id=source_id, newest=newest)


async def append(
    scope: OrgScope, *, held: Held, decided: Decided, withdraws: int | None = None
) -> Disposition:
    """The next row of the lead, and its event."""
    row = await disposition_queries.insert(
        scope,
        lead_id=held.lead_id,
        number=held.newest.number + 1 if held.newest else 1,
        decided=decided,
        withdraws=withdraws,
    )
    await record(
        scope,
        "lead.disposed",
        lead_id=held.lead_id,
        source_id=str(held.source_id),
        number=row["number"],
        disposition=decided.disposition,
        reason=decided.reason,
        previous=held.newest.disposition if held.newest else None,
        withdrawn=withdraws is not None,
    )
    return Disposition(**row)


def _check(decided: Decided) -> None:
    disposition, reason, note = decided
    problems: dict[str, list[str]] = {}
    if disposition not in DISPOSITIONS:
        problems["disposition"] = [f"is not one of {', '.join(DISPOSITIONS)}"]
    if reason is None and disposition in REASONED:
        problems["reason"] = ["is missing: say why"]
    if reason is not None and (reason not in REASONS or disposition not in REASONED):
        problems["reason"] = [
            f"is not one of {', '.join(REASONS)}"
            if disposition in REASONED
            else f"goes only with {' and '.join(REASONED)}"
        ]
    if reason == OTHER and note is None:
        problems["note"] = ["is missing: say what else it is"]
    if note is not None and len(note) > NOTE_CHARACTERS_MAX:
        problems["note"] = [f"has {len(note)} characters; {NOTE_CHARACTERS_MAX} fit"]
    if problems:
        told = "; ".join(f"{name} {texts[0]}" for name, texts in problems.items())
        raise Invalid(f"{told[0].upper()}{told[1:]}.", fields=problems)


def _decided(row: Disposition) -> Decided:
    return Decided(row.disposition, row.reason, row.note)


def _became(newest: Disposition | None) -> str:
    if newest is None or newest.disposition is None:
        return "opened again"
    return f"marked as {newest.disposition}"
