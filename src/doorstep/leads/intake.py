"""Take a vendor's post in: find where it belongs, write it, say what became of it."""

import asyncio
import time
import uuid
from collections import OrderedDict
from typing import Protocol

from doorstep.kit.coalesce import Coalescer
from doorstep.kit.db import Database, Role
from doorstep.leads import batches, queries, referrer_queries
from doorstep.leads.model import Entry, Origin, Written
from doorstep.leads.throttle import Throttle

ORIGINS_KEPT_MAX = 2000
ORIGIN_SECONDS_MAX = 2.0
ANSWER_SECONDS_MAX = 4.5
"""Vendors wait for 5. A statement ends after 4 by itself, its commit on a slow disk does not."""
WRITERS_MAX = 2

OriginKey = tuple[str, uuid.UUID | None, uuid.UUID | None]


class Gate(Protocol):
    """How many posts come through; TooMany for one too many."""

    def admit(self, origin: Origin) -> None:
        """Count a post of the origin's source."""

    def admit_stranger(self, origin: Origin, *, peer: str, captorra_id: str) -> None:
        """Count a post of a sender who has no source that we may know."""


class Taker(Protocol):
    """What a door asks: where a post belongs, whether it may come now, what became of it."""

    @property
    def throttle(self) -> Gate:
        """Whether another post may come."""

    async def origin(
        self, *, captorra_id: str, referrer: uuid.UUID | None, case_type: uuid.UUID | None
    ) -> Origin:
        """Where the post belongs, and whether all of its ids are known there."""

    async def write(self, entry: Entry) -> Written:
        """What became of the entry."""


class Intake:
    """The intake desk of one process."""

    def __init__(self, db: Database, *, strangers_per_second_max: int) -> None:
        """Everything it writes goes through one coalescer."""
        self._db = db
        self._origins: OrderedDict[OriginKey, tuple[float, Origin]] = OrderedDict()
        self._writes: Coalescer[Entry, Written] = Coalescer(
            lambda entries: batches.write(db, entries),
            writers_max=WRITERS_MAX,
            seconds_max=ANSWER_SECONDS_MAX,
        )
        self.throttle = Throttle(self.write, strangers_per_second_max=strangers_per_second_max)

    async def origin(
        self, *, captorra_id: str, referrer: uuid.UUID | None, case_type: uuid.UUID | None
    ) -> Origin:
        """Where the post belongs, and whether all of its ids are known there.

        A good answer is kept for two seconds, so a changed source takes at most that long.
        """
        held = self.known_origin(captorra_id=captorra_id, referrer=referrer, case_type=case_type)
        if held is not None:
            return held
        async with self._db.batch(Role.INGEST) as connection:
            found = await queries.find_origin(
                connection, captorra_id=captorra_id, referrer=referrer, case_type=case_type
            )
            # A refusal takes the same time whether its Referrer ever worked or not.
            if found.known and found.former and referrer is not None:
                await referrer_queries.touch(connection, org_id=found.org_id, referrer=referrer)
        self._keep((captorra_id, referrer, case_type), found)
        return found

    def known_origin(
        self, *, captorra_id: str, referrer: uuid.UUID | None, case_type: uuid.UUID | None
    ) -> Origin | None:
        """The good answer of the last two seconds, if there was one."""
        held = self._origins.get((captorra_id, referrer, case_type))
        return held[1] if held is not None and held[0] > time.monotonic() else None

    async def write(self, entry: Entry) -> Written:
        """What became of the entry, once it is on the disk."""
        return await self.put(entry)

    def put(self, entry: Entry) -> asyncio.Future[Written]:
        """The same for who cannot wait; Unavailable when too many wait already."""
        return self._writes.put(entry)

    async def close(self) -> None:
        """Wait for the writes in hand."""
        await self.throttle.close()
        await self._writes.close()

    def _keep(self, key: OriginKey, found: Origin) -> None:
        self._origins.pop(key, None)
        if not found.known:
            return
        self._origins[key] = (time.monotonic() + ORIGIN_SECONDS_MAX, found)
        if len(self._origins) > ORIGINS_KEPT_MAX:
            self._origins.popitem(last=False)
