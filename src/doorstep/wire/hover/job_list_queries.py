"""All SQL of which jobs a list holds: the ids of one stretch, and how many there are.

What there is of each kind is known without looking at the jobs. The kinds that a list is about
are walked along an index each, in the order that is asked for, and the walks are merged.
"""

from collections.abc import Sequence

import asyncpg

from doorstep.jobs import count_queries, terms
from doorstep.jobs.shelves import MIXED
from doorstep.kit.pages import Stretch, nearer
from doorstep.orgs.model import OrgScope
from doorstep.wire.hover import job_search_queries
from doorstep.wire.hover.job_filter import Filter, Statement

FEW = 5000
"""So many jobs are sorted as quickly as they are walked along an index."""


async def count(scope: OrgScope, wanted: Filter) -> int:
    """How many jobs pass the filter."""
    total = _total(await _kinds(scope, wanted))
    if wanted.search is None or total == 0:
        return total
    sought = await terms.seek(scope, text=wanted.search)
    if sought is None:
        return 0
    making = Statement([scope.org_id])
    sql = job_search_queries.count(making, wanted, sought=sought)
    number: int = await scope.tx.fetchval(f"{sql}  -- org_id = $1", *making.values)
    return number


async def page(scope: OrgScope, wanted: Filter, *, start: int, rows_max: int) -> list[int]:
    """The ids of a stretch of the jobs that pass the filter."""
    kinds = await _kinds(scope, wanted)
    if not kinds:
        return []
    if wanted.search is not None:
        return await _search(scope, wanted, kinds=kinds, start=start, rows_max=rows_max)
    if wanted.sort == ("completed_at", "DESC") and _total(kinds) > FEW:
        return await _completed_first(scope, wanted, kinds=kinds, start=start, rows_max=rows_max)
    if wanted.updated_since is not None:
        stretch = Stretch(skipped=start, taken=rows_max, backwards=False)
    else:
        stretch = nearer(start=start, rows_max=rows_max, total=_total(kinds))
    return await _walk(scope, wanted, kinds=kinds, stretch=stretch)


async def _search(
    scope: OrgScope, wanted: Filter, *, kinds: Sequence[asyncpg.Record], start: int, rows_max: int
) -> list[int]:
    assert wanted.search is not None
    sought = await terms.seek(scope, text=wanted.search)
    if sought is None:
        return []
    making = Statement([scope.org_id])
    walks = "" if sought.rarest else _walks(making, wanted, kinds=kinds, end=wanted.clause())
    sql = job_search_queries.page(making, wanted, sought=sought, walks=walks)
    rows = await scope.tx.fetch(
        f"{sql} LIMIT {rows_max:d} OFFSET {start:d}  -- org_id = $1", *making.values
    )
    return [row["id"] for row in rows]


async def _completed_first(
    scope: OrgScope, wanted: Filter, *, kinds: Sequence[asyncpg.Record], start: int, rows_max: int
) -> list[int]:
    """Those that were never completed come last, though an index has them first."""
    stretch = Stretch(skipped=start, taken=rows_max, backwards=False)
    ids = await _walk(
        scope, wanted, kinds=kinds, stretch=stretch, narrow="completed_at IS NOT NULL"
    )
    if len(ids) == rows_max:
        return ids
    completed = start + len(ids)
    if start and not ids:
        making = Statement([scope.org_id])
        walks = _walks(making, wanted, kinds=kinds, narrow="completed_at IS NOT NULL")
        completed = await scope.tx.fetchval(
            f"SELECT count(*) FROM ({walks}) walks  -- org_id = $1 in each", *making.values
        )
    stretch = Stretch(skipped=max(0, start - completed), taken=rows_max - len(ids), backwards=False)
    return ids + await _walk(
        scope, wanted, kinds=kinds, stretch=stretch, narrow="completed_at IS NULL"
    )


async def _walk(
    scope: OrgScope,
    wanted: Filter,
    *,
    kinds: Sequence[asyncpg.Record],
    stretch: Stretch,
    narrow: str | None = None,
) -> list[int]:
    # Downwards an index has its nulls first: a walk of one kind of rows does not speak of them.
    order = wanted.clause(backwards=stretch.backwards, nulls=narrow is None)
    making = Statement([scope.org_id])
    end = f"{order} LIMIT {stretch.skipped + stretch.taken:d}"
    walks = _walks(making, wanted, kinds=kinds, narrow=narrow, end=end)
    rows = await scope.tx.fetch(
        f"SELECT id FROM ({walks}) walks ORDER BY {order} "
        f"LIMIT {stretch.taken:d} OFFSET {stretch.skipped:d}  -- org_id = $1 in each",
        *making.values,
    )
    ids = [row["id"] for row in rows]
    return ids[::-1] if stretch.backwards else ids


def _walks(
    making: Statement,
    wanted: Filter,
    *,
    kinds: Sequence[asyncpg.Record],
    narrow: str | None = None,
    end: str = "id",
) -> str:
    """(id, at) of each kind, in the words of the index that has its order.

    Each is put in order by itself: row security hides from the planner that it could be.
    """
    # allow: org_scope SQL only, whose $1 is the organization of the scope that runs it
    by_kind = wanted.column == "created_at" or _total(kinds) <= FEW
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
            f"AND {' AND '.join(parts)} ORDER BY {end})"
        )
    return " UNION ALL ".join(walks)


async def _kinds(scope: OrgScope, wanted: Filter) -> list[asyncpg.Record]:
    return await count_queries.kinds(
        scope,
        archived=wanted.archived,
        states=wanted.states,
        deliverable_ids=wanted.deliverable_ids,
    )


def _total(kinds: Sequence[asyncpg.Record]) -> int:
    total: int = sum(kind["jobs"] for kind in kinds)
    return total
