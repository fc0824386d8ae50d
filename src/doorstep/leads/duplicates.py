"""Leads of one person: find those that look alike, and keep what people say of them.

A lead is known again by its marks. They are compared once, in the background, when the
lead arrives; the pairs that come of it stay until a person merges or parts them.
"""

import hashlib
import uuid
from dataclasses import dataclass

from doorstep.events.actions import record
from doorstep.kit.errors import Conflict, NotFound
from doorstep.leads import disposition_queries, duplicate_queries, merge_queries, queries
from doorstep.leads.model import TEST, Lead, contacts
from doorstep.orgs.model import OrgScope, Right

CANDIDATES_MAX = 20
SAME_ID_MAX = 5
"""An ID that its vendor has sent with more leads than these is a constant and tells nothing."""
VENDOR_NUMBER = "v"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A lead that looks like another one, and why, in words."""

    lead: Lead
    reasons: tuple[str, ...]


async def look(scope: OrgScope, *, lead_id: uuid.UUID) -> None:
    """Find the leads that a new one looks like; a test lead is like no other."""
    lead = await queries.find(scope, lead_id=lead_id)
    assert lead is not None, lead_id
    marks = hashed_marks(lead, org_id=scope.org_id)
    if not marks or TEST in lead.tags:
        return
    keys = {int.from_bytes(mark[:8], signed=True) for mark in marks}
    await duplicate_queries.lock_marks(scope, keys=keys)
    await duplicate_queries.insert_marks(scope, lead_id=lead_id, marks=marks)
    rows = await duplicate_queries.list_sharing(
        scope, lead_id=lead_id, marks=marks, each_max=CANDIDATES_MAX
    )
    found: dict[str, list[uuid.UUID]] = {}
    for row in rows:
        found.setdefault(marks[row["mark"]], []).append(row["other_id"])
    others = {
        other
        for mark, ids in found.items()
        if not (mark.startswith(VENDOR_NUMBER) and len(ids) > SAME_ID_MAX)
        for other in ids
    }
    if others:
        await duplicate_queries.insert_pairs(scope, lead_id=lead_id, other_ids=others)
        await record(
            scope,
            "lead.duplicate_suspected",
            lead_id=lead_id,
            source_id=str(lead.source_id),
            other_ids=[str(one) for one in sorted(others)],
        )


def hashed_marks(lead: Lead, *, org_id: int) -> dict[bytes, str]:
    """By what a lead is known again, as it is kept, and in plain words."""
    return {_hashed(mark, org_id=org_id): mark for mark in marks_of(lead)}


async def candidates(scope: OrgScope, *, lead: Lead) -> list[Candidate]:
    """The leads that this one looks like and that nobody merged or parted, newest first."""
    found = await duplicate_queries.list_open(scope, lead_id=lead.id, rows_max=CANDIDATES_MAX)
    return [Candidate(lead=other, reasons=reasons(lead, other)) for other in found]


async def parted(scope: OrgScope, *, lead_id: uuid.UUID, other_id: uuid.UUID) -> bool:
    """Whether somebody said that they are two people."""
    return await duplicate_queries.is_parted(scope, lead_id=lead_id, other_id=other_id)


async def part(scope: OrgScope, *, lead_id: uuid.UUID, other_id: uuid.UUID) -> None:
    """They are two people: the pair is not offered again."""
    await _part(scope, lead_id, other_id, parted=True)


async def rejoin(scope: OrgScope, *, lead_id: uuid.UUID, other_id: uuid.UUID) -> None:
    """Take a parting back."""
    await _part(scope, lead_id, other_id, parted=False)


def reasons(lead: Lead, other: Lead) -> tuple[str, ...]:
    """Why two leads look alike, in words; empty for those that were merged with a third one."""
    shared = marks_of(lead).keys() & marks_of(other).keys()
    found = [words for mark, words in marks_of(lead).items() if mark in shared]
    if any(mark.startswith(VENDOR_NUMBER) for mark in shared):
        same = _letters(lead.name) == _letters(other.name)
        found[-1] += "" if same else ", another name"
    return tuple(found)


def marks_of(lead: Lead) -> dict[str, str]:
    """By what the lead is known again, each with its words; the vendor's number is the last."""
    values = {"Primary": lead.primary_phone, "Secondary": lead.secondary_phone, "Email": lead.email}
    found = {
        one: f"Same {'phone' if one.startswith('p') else 'e-mail'}, {one[1:]}"
        for one in contacts({key: text for key, text in values.items() if text})
    }
    address = _letters(lead.address or "")
    if address:
        found[f"a{_letters(lead.name)} {address}"] = "Same name and address"
    if lead.vendor_lead_id and lead.vendor_lead_id.strip():
        number = lead.vendor_lead_id.strip()
        mark = f"{VENDOR_NUMBER}{lead.source_id} {number.casefold()}"
        found[mark] = f"Same number of the same vendor, {number}"
    return found


async def _part(scope: OrgScope, *ids: uuid.UUID, parted: bool) -> None:
    scope.require(Right.INVITE)
    if len(set(ids)) != len(ids):
        raise NotFound
    for one in sorted(ids):
        if await disposition_queries.lock(scope, lead_id=one) is None:
            raise NotFound
        if await merge_queries.find_kept(scope, lead_id=one):
            raise Conflict("The lead was merged into another one. Undo that first.")
    lead_id, other_id = ids
    await duplicate_queries.set_parted(scope, lead_id=lead_id, other_id=other_id, parted=parted)
    for one, two in ((lead_id, other_id), (other_id, lead_id)):
        await record(scope, "lead.parted", lead_id=one, other_id=str(two), withdrawn=not parted)


def _letters(text: str) -> str:
    return "".join(one for one in text.casefold() if one.isalnum())


def _hashed(mark: str, *, org_id: int) -> bytes:
    return hashlib.blake2b(f"{org_id} {mark}".encode(), digest_size=16).digest()
