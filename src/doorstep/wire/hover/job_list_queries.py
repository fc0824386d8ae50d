"""All SQL of which jobs a list holds: the ids of one stretch, and how many there are.

The kinds of jobs that a list is about are walked along an index each, in the order that is asked
for, and the walks are merged.
"""

from doorstep.kit.pages import Stretch, nearer
from doorstep.kit.statements import Statement
from doorstep.orgs.model import OrgScope
from doorstep.wire.hover import job_search_queries, job_walk_queries
from doorstep.wire.hover.job_filter import Filter
from doorstep.wire.hover.job_walk_queries import Kinds, kinds_of, total_of, walks_of


async def page(scope: OrgScope, wanted: Filter, *, start: int, rows_max: int) -> list[int]:
    """The ids of a stretch of the jobs that pass the filter."""
    kinds = await kinds_of(scope, wanted)
    if wanted.search is not None:
        search = await job_search_queries.begin(scope, wanted, kinds=kinds)
        return await search.page(start=start, rows_max=rows_max) if search else []
    return await _page(scope, wanted, kinds=kinds, start=start, rows_max=rows_max)


async def page_and_total(
    scope: OrgScope, wanted: Filter, *, start: int, rows_max: int
) -> tuple[list[int], int]:
    """(the ids of a stretch, how many jobs pass the filter)."""
    kinds = await kinds_of(scope, wanted)
    if wanted.search is None:
        ids = await _page(scope, wanted, kinds=kinds, start=start, rows_max=rows_max)
        return ids, total_of(kinds)
    search = await job_search_queries.begin(scope, wanted, kinds=kinds)
    return await search.page_and_total(start=start, rows_max=rows_max) if search else ([], 0)


async def _page(
    scope: OrgScope, wanted: Filter, *, kinds: Kinds, start: int, rows_max: int
) -> list[int]:
    if not kinds:
        return []
    total = total_of(kinds)
    if wanted.sort == ("completed_at", "DESC") and total > job_walk_queries.FEW:
        return await _completed_first(scope, wanted, kinds=kinds, start=start, rows_max=rows_max)
    if wanted.updated_since is not None:
        stretch = Stretch(skipped=start, taken=rows_max, backwards=False)
    else:
        stretch = nearer(start=start, rows_max=rows_max, total=total)
    return await _walk(scope, wanted, kinds=kinds, stretch=stretch)


async def _completed_first(
    scope: OrgScope, wanted: Filter, *, kinds: Kinds, start: int, rows_max: int
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
        walks = walks_of(making, wanted, kinds=kinds, narrow="completed_at IS NOT NULL")
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
    kinds: Kinds,
    stretch: Stretch,
    narrow: str | None = None,
) -> list[int]:
    # Downwards an index has its nulls first: a walk of one kind of rows does not speak of them.
    order = wanted.clause(backwards=stretch.backwards, nulls=narrow is None)
    making = Statement([scope.org_id])
    end = f"ORDER BY {order} LIMIT {stretch.skipped + stretch.taken:d}"
    walks = walks_of(making, wanted, kinds=kinds, narrow=narrow, end=end)
    rows = await scope.tx.fetch(
        f"SELECT id FROM ({walks}) walks ORDER BY {order} "
        f"LIMIT {stretch.taken:d} OFFSET {stretch.skipped:d}  -- org_id = $1 in each",
        *making.values,
    )
    ids = [row["id"] for row in rows]
    return ids[::-1] if stretch.backwards else ids
