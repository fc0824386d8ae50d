"""The chain over an organization's events and accesses, written in batches by the worker.

Whatever is recorded is one insert, which waits for nobody; a link comes within a minute. Link n
has the SHA-256 of link n - 1's hash and of what its entry says, so that an entry which is changed,
gone, or put in later under an old time is found, and with it the place where it stands.
"""

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from doorstep.events import audit_queries as queries
from doorstep.events.model import AnyOrgScope

LINK = "events.link"
ENTRIES_AT_ONCE_MAX = 1000
LINKS_AT_ONCE = 5000
LATE = timedelta(minutes=2)
"""An entry may become visible so long after its id was made: then its transaction has ended."""
NOTHING = bytes(32)
"""What the first link stands on."""

FIRST, LAST = uuid.UUID(int=0), uuid.UUID(int=2**128 - 1)
FIELDS = (
    "id",
    "name",
    "actor",
    "lead_id",
    "capture_request_id",
    "job_id",
    "payload",
    "occurred_at",
)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a walk along the chain has found; `broken` is None for a whole one."""

    links: int
    head: str
    broken: str | None


async def link_next(scope: AnyOrgScope) -> bool:
    """Link the next entries to the chain; whether there may be more of them."""
    if not await queries.lock_chain(scope):
        return False
    last = await queries.last_link(scope)
    entries = await queries.unlinked(
        scope,
        after=_earlier(last["entry_id"]) if last else FIRST,
        before=LAST,
        rows_max=ENTRIES_AT_ONCE_MAX,
    )
    number, current = (last["number"], last["hash"]) if last else (0, NOTHING)
    hashes = []
    for entry in entries:
        current = hash_of(current, entry)
        hashes.append(current)
    await queries.insert_links(
        scope, first=number + 1, entry_ids=[entry["id"] for entry in entries], hashes=hashes
    )
    return len(entries) == ENTRIES_AT_ONCE_MAX


async def verify(scope: AnyOrgScope) -> Verdict:
    """Walk along the whole chain and say where it is broken first."""
    number, current, entry_id = 0, NOTHING, None
    while links := await queries.links_after(scope, number=number, rows_max=LINKS_AT_ONCE):
        for link in links:
            problem = _problem(link, after=number, before=current)
            if problem:
                return Verdict(links=number, head=current.hex(), broken=problem)
            number, current, entry_id = link["number"], link["hash"], link["entry_id"]
    stranger = await _stranger(scope, before=_earlier(entry_id)) if entry_id else None
    broken = f"entry {stranger} stands in no link: it was put in later" if stranger else None
    return Verdict(links=number, head=current.hex(), broken=broken)


def hash_of(before: bytes, entry: asyncpg.Record) -> bytes:
    """The hash of the link that stands for this entry after the link with that hash."""
    said = json.dumps([_plain(entry[name]) for name in FIELDS], separators=(",", ":"))
    return hashlib.sha256(before + said.encode()).digest()


def earliest_id(moment: datetime) -> uuid.UUID:
    """No id that was made from this moment on is smaller."""
    millis = max(0, (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1))
    return uuid.UUID(int=min(millis, 2**48 - 1) << 80)


async def _stranger(scope: AnyOrgScope, *, before: uuid.UUID) -> uuid.UUID | None:
    """The first entry without a link among those that must have one."""
    after = FIRST
    while True:
        row = await queries.stranger(
            scope, after=after, before=before, looked_through_max=LINKS_AT_ONCE
        )
        if row is None or row["stranger"] or row["last"] is None:
            return row["stranger"] if row else None
        after = row["last"]


def _earlier(entry_id: uuid.UUID) -> uuid.UUID:
    """No entry that becomes visible later than this one has a smaller id."""
    millis = max(0, (entry_id.int >> 80) - LATE // timedelta(milliseconds=1))
    return uuid.UUID(int=millis << 80)


def _problem(link: asyncpg.Record, *, after: int, before: bytes) -> str | None:
    number = link["number"]
    if number != after + 1:
        return f"link {after + 1} is gone"
    if link["id"] is None:
        return f"link {number}: its entry {link['entry_id']} is gone"
    if hash_of(before, link) != link["hash"]:
        return f"link {number}: its entry {link['id']} ({link['name']}) was changed"
    return None


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, uuid.UUID):
        return value.hex
    return json.dumps(value, sort_keys=True) if isinstance(value, dict) else value
