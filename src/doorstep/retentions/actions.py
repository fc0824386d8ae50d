"""Choose how long old data is kept, look at what would go, switch it on; keep things for good."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta

import asyncpg

from doorstep.events.actions import record
from doorstep.jobs import actions as jobs
from doorstep.kit.errors import Conflict, NotFound
from doorstep.leads import queries as leads
from doorstep.orgs.model import OrgScope, Right
from doorstep.retentions import old_queries, queries
from doorstep.retentions.model import KINDS, Retention, checked

COUNTED_MAX = 10_000
KEEPS_MAX = 500
PARTS = {kind: (kind,) for kind in KINDS} | {
    "leads": ("leads", "posts", "calls", "refused_calls"),
}
"""What belongs to each kind, in the order in which it goes."""


async def choose(scope: OrgScope, *, days: Mapping[str, int | None]) -> None:
    """Write it, switched off; Invalid names the kinds whose days are too few or too many."""
    scope.require(Right.ADMINISTER)
    chosen = checked(days)
    await queries.save(scope, days=chosen)
    await record(scope, "retention.changed", enabled=False, days=chosen)


async def preview(scope: OrgScope, chosen: Retention) -> dict[str, int]:
    """How much of each kind would go now, up to COUNTED_MAX."""
    scope.require(Right.ADMINISTER)
    return {
        kind: await old_queries.count(
            scope, what=kind, age=timedelta(days=days), at_most=COUNTED_MAX
        )
        for kind, days in chosen.days.items()
    }


async def switch_on(scope: OrgScope, *, version: int) -> None:
    """Begin to erase, within minutes; Conflict when something else was looked at."""
    scope.require(Right.ADMINISTER)
    if not await queries.enable(scope, version=version):
        raise Conflict("The rules have changed since you looked, or are on already: look again.")
    chosen = await queries.find(scope)
    await record(scope, "retention.changed", enabled=True, days=chosen.days)


async def switch_off(scope: OrgScope) -> None:
    """Erase nothing more."""
    scope.require(Right.ADMINISTER)
    if not await queries.disable(scope):
        raise Conflict("Nothing is being erased.")
    await record(scope, "retention.changed", enabled=False)


async def keep(scope: OrgScope, *, subject: str) -> None:
    """Keep `job:7`, or `lead:` and its id, for good; NotFound when there is no such thing."""
    scope.require(Right.ADMINISTER)
    await _require(scope, subject)
    if await queries.keep(scope, subject=subject):
        await record(scope, "keep.changed", subject=subject, kept=True)


async def end_keep(scope: OrgScope, *, subject: str) -> None:
    """Keep it no longer; NotFound when it was not kept."""
    scope.require(Right.ADMINISTER)
    if not await queries.end_keep(scope, subject=subject):
        raise NotFound
    await record(scope, "keep.changed", subject=subject, kept=False)


async def keeps(scope: OrgScope) -> Sequence[asyncpg.Record]:
    """(subject, kept_at) of what is kept for good, newest first."""
    return await queries.list_keeps(scope, rows_max=KEEPS_MAX)


async def _require(scope: OrgScope, subject: str) -> None:
    kind, _, name = subject.partition(":")
    if kind == "job" and name.isascii() and name.isdecimal() and int(name) < 1 << 63:
        await jobs.find(scope, job_id=int(name))
        return
    try:
        lead_id = uuid.UUID(name) if kind == "lead" else None
    except ValueError:
        raise NotFound from None
    if lead_id is None or str(lead_id) != name or await leads.find(scope, lead_id=lead_id) is None:
        raise NotFound
