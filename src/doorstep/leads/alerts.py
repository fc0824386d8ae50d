"""Notice that a vendor's posts are refused, or that a busy vendor has fallen silent.

Both are looked for every minute in the background, so that a post costs nothing. Each alert
is told once, and again only after its source had recovered.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from doorstep.events.actions import record
from doorstep.kit.clock import iso_millis
from doorstep.kit.ids import uuid7
from doorstep.leads import alert_queries
from doorstep.messages import actions as messages
from doorstep.messages import texts
from doorstep.messages.values import moment
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope

WATCH = "sources.watch"
REFUSING = "refusing"

REFUSALS = 3
"""In a row, with no post between them that was taken."""
REFUSED_LATELY = timedelta(days=1)

BUSY_POSTS = 20
"""In the seven days before the last post; fewer have no rhythm that could break."""
SILENCE_MIN = timedelta(hours=2)
SILENCE_MAX = timedelta(days=7)
OVERDUE = timedelta(hours=1)
QUARTERS_MISSED = 8
"""Quarters of an hour in which a post was due. If posts came at random, one gap in three
thousand would be as long, and a list that is sent at once counts as one post."""

SHOWN_MAX = 20


@dataclass(frozen=True, kw_only=True)
class Alert:
    """Something that is or was wrong with a source."""

    id: uuid.UUID
    source_id: uuid.UUID
    source: str
    kind: str
    since: datetime
    began_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A source's newest posts, and what is known to be wrong with it."""

    source_id: uuid.UUID
    name: str
    watched: bool
    refused: int
    newest_refused: bool
    since: datetime | None
    newest_at: datetime | None
    now: datetime
    refusing_id: uuid.UUID | None
    silent_id: uuid.UUID | None
    silent_since: datetime | None

    @property
    def refuses(self) -> bool:
        """Whether nothing but refusals came lately."""
        return (
            self.watched
            and self.refused == REFUSALS
            and self.newest_at is not None
            and self.now - self.newest_at <= REFUSED_LATELY
        )

    @property
    def may_be_silent(self) -> bool:
        """Whether it is quiet for long enough to look at its rhythm."""
        return (
            self.watched
            and self.silent_id is None
            and self.newest_at is not None
            and SILENCE_MIN <= self.now - self.newest_at <= SILENCE_MAX
        )

    def over(self) -> Iterator[tuple[uuid.UUID, str]]:
        """(id, kind) of the open alerts that hold no longer."""
        if self.refusing_id is not None and not (self.watched and self.newest_refused):
            yield self.refusing_id, "refusing"
        posted = self.newest_at is not None and self.newest_at != self.silent_since
        if self.silent_id is not None and (posted or not self.watched):
            yield self.silent_id, "silent"


async def check(scope: OrgScope) -> None:
    """Open the alerts of this organization that are due, and end those that are over."""
    rows = await alert_queries.standing(scope, posts=REFUSALS)
    found = [Standing(**row) for row in rows]
    for one in found:
        for alert_id, kind in one.over():
            await _end(scope, one, alert_id=alert_id, kind=kind)
        if one.refuses and one.refusing_id is None:
            await _begin(scope, one, kind=REFUSING, since=one.since)
    for one in await _fallen_silent(scope, [one for one in found if one.may_be_silent]):
        await _begin(scope, one, kind="silent", since=one.newest_at)


async def list_open(scope: OrgScope) -> list[Alert]:
    """What is wrong now, newest first; at most 20."""
    return [Alert(**row) for row in await alert_queries.list_open(scope, rows_max=SHOWN_MAX)]


async def list_of_source(scope: OrgScope, *, source_id: uuid.UUID) -> list[Alert]:
    """What is and was wrong with a source, newest first; at most 20."""
    rows = await alert_queries.list_of_source(scope, source_id=source_id, rows_max=SHOWN_MAX)
    return [Alert(**row) for row in rows]


async def _fallen_silent(scope: OrgScope, quiet: Sequence[Standing]) -> list[Standing]:
    """Those that would have posted by now, going by the day and by the week before."""
    last = [(one.source_id, one.newest_at) for one in quiet if one.newest_at is not None]
    if not last:
        return []
    rows = await alert_queries.rhythm(scope, last=last, busy_posts=BUSY_POSTS, overdue=OVERDUE)
    missed = {
        row["source_id"]
        for row in rows
        if row["busy"]
        and row["day"] >= QUARTERS_MISSED
        and (row["week"] is None or row["week"] >= QUARTERS_MISSED)
    }
    return [one for one in quiet if one.source_id in missed]


async def _begin(scope: OrgScope, one: Standing, *, kind: str, since: datetime | None) -> None:
    assert since is not None
    alert_id = uuid7()
    if not await alert_queries.begin(
        scope, alert_id=alert_id, source_id=one.source_id, kind=kind, since=since
    ):
        return
    await record(
        scope,
        f"source.{kind}",
        source_id=str(one.source_id),
        alert_id=str(alert_id),
        since=iso_millis(since),
    )
    values = {
        "source": one.name,
        "since": moment(since),
        "refusals": str(REFUSALS),
    }
    await _tell(scope, one, kind=kind, values=values)


async def _end(scope: OrgScope, one: Standing, *, alert_id: uuid.UUID, kind: str) -> None:
    if not await alert_queries.end(scope, alert_id=alert_id):
        return
    await record(
        scope,
        "source.recovered",
        source_id=str(one.source_id),
        alert_id=str(alert_id),
        kind=kind,
        watched=one.watched,
    )


async def _tell(scope: OrgScope, one: Standing, *, kind: str, values: Mapping[str, str]) -> None:
    words = await texts.compose(scope, kind=f"source_{kind}", values=values)
    for member in await orgs.list_members(scope):
        if member.role != "admin":
            continue
        await messages.queue(
            scope,
            channel="email",
            kind=f"source_{kind}",
            to_name=member.name,
            to_address=member.email,
            subject=words.subject,
            text_body=words.text,
            html_body=words.html,
            subject_ref=f"source:{one.source_id}",
            link_ref="posts:" if kind == REFUSING else f"source:{one.source_id}",
        )
