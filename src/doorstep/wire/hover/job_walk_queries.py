"""SQL of the walks that a list is merged of: one along an index for each kind of job that there is.

What there is of each kind is known without looking at the jobs.
"""

from collections.abc import Sequence

import asyncpg

from doorstep.jobs import count_queries
from doorstep.jobs.shelves import MIXED
from doorstep.kit.statements import Statement
from doorstep.orgs.model import OrgScope
from doorstep.wire.hover.job_filter import Filter

FEW = 5000
"""So many jobs are sorted as quickly as they are walked along an index."""
Kinds = Sequence[asyncpg.Record]
"""(shelf, deliverable_id, jobs) of each."""


async def kinds_of(scope: OrgScope, wanted: Filter) -> Kinds:
    """What there is for the list."""
    return await count_queries.kinds(
        scope,
        archived=wanted.archived,
        states=wanted.states,
        deliverable_ids=wanted.deliverable_ids,
    )


def total_of(kinds: Kinds) -> int:
    """How many jobs these are."""
    total: int = sum(kind["jobs"] for kind in kinds)
    return total


def walks_of(
    making: Statement,
    wanted: Filter,
    *,
    kinds: Kinds,
    narrow: str | None = None,
    end: str = "",
) -> str:
    """(id, at) of each kind, in the words of the index that has its order.

    Each is put in order by itself: row security hides from the planner that it could be. `end`
    is that order, with a limit or without; none where no order is wanted.
    """
    # allow: org_scope SQL only, whose $1 is the organization of the scope that runs it
    by_kind = wanted.column == "created_at" or total_of(kinds) <= FEW
    chosen = {(kind["shelf"], kind["deliverable_id"] if by_kind else None) for kind in kinds}
    always = []
    if wanted.updated_since is not None:
        always.append(f"updated_at >= {making.value(wanted.updated_since)}")
    if narrow is not None:
        always.append(narrow)
    walks = []
    for shelf, deliverable_id in sorted(chosen, key=str):
        parts = [*always, f"shelf = {making.value(shelf)}"]
        if by_kind:
            parts.append(f"deliverable_id = {making.value(deliverable_id)}")
        elif wanted.deliverable_ids is not None:
            parts.append(f"deliverable_id = ANY ({making.value(wanted.deliverable_ids)}::int[])")
        if wanted.states is not None and shelf in MIXED:
            parts.append(f"state = ANY ({making.value(wanted.states)}::text[])")
        walks.append(
            f"(SELECT id, {wanted.column} AS at FROM jobs WHERE org_id = $1 "
            f"AND {' AND '.join(parts)} {end})"
        )
    return " UNION ALL ".join(walks)
