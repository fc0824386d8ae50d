"""What one source has posted, as its vendor sees it, and a refused post taken after all."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from doorstep.kit.errors import Conflict, NotFound
from doorstep.leads import batches, journal_queries, vendor_post_queries
from doorstep.leads.dry_runs import OneSource
from doorstep.leads.model import Entry, Written
from doorstep.leads.throttle import THROTTLED
from doorstep.orgs.model import OrgScope

POSTS_MAX = 50
REPLAYED_FROM = "replayed-from"
TAKEN = ("accepted", "repeated")


@dataclass(frozen=True, kw_only=True)
class VendorPost:
    """A post of the source; `released_lead_id` is the lead that a refused one became later."""

    id: uuid.UUID
    received_at: datetime
    outcome: str
    error: str
    lead_id: uuid.UUID | None
    size: int
    replayed_from: str | None
    released_lead_id: uuid.UUID | None
    peer: str = ""
    headers: Mapping[str, Any] = field(default_factory=dict)
    body: bytes = b""

    @property
    def taken(self) -> bool:
        """Whether it became a lead at once."""
        return self.outcome in TAKEN

    @property
    def replayable(self) -> bool:
        """Whether it may still become one."""
        return not (self.taken or self.released_lead_id or self.outcome == THROTTLED)

    @property
    def content_type(self) -> bytes:
        """How its sender labelled it."""
        return str(self.headers.get("content-type", "")).encode()


async def newest(scope: OrgScope, *, source_id: uuid.UUID) -> list[VendorPost]:
    """The source's last posts, newest first, without their bodies."""
    rows = await vendor_post_queries.list_posts(scope, source_id=source_id, rows_max=POSTS_MAX)
    return [VendorPost(**row) for row in rows]


async def find(scope: OrgScope, *, source_id: uuid.UUID, post_id: uuid.UUID) -> VendorPost:
    """One post; NotFound when it is not of this source."""
    row = await vendor_post_queries.find_post(scope, source_id=source_id, post_id=post_id)
    if row is None:
        raise NotFound
    return VendorPost(**row)


class Replay(OneSource):
    """Takes the edited body of a refused post as a new post of the same source, once.

    What would be refused again is not written: its vendor is told at once and goes on editing.
    """

    def __init__(self, scope: OrgScope, *, source_id: uuid.UUID, post: VendorPost) -> None:
        """Conflict when there is nothing to replay."""
        if not post.replayable:
            raise Conflict("This post cannot be replayed: it is a lead, or never was a post.")
        super().__init__(scope, source_id=source_id)
        self._post_id = post.id
        self._lost = False

    async def write(self, entry: Entry) -> Written:
        """See Taker."""
        self.entry = entry
        if entry.lead is None:
            return Written(lead_id=None, repeated=False)
        headers = {**entry.post.headers, REPLAYED_FROM: str(self._post_id)}
        tagged = replace(entry, post=replace(entry.post, headers=headers))
        (written,) = await batches.write_in(self._scope.tx, [tagged])
        assert written.lead_id is not None
        self.repeated = written.repeated
        self._lost = not await journal_queries.insert_release(
            self._scope, post_id=self._post_id, lead_id=written.lead_id
        )
        return written

    def settle(self) -> None:
        """Conflict, which takes the new post back, when somebody else was faster."""
        if self._lost:
            raise Conflict("This post is a lead already.")
