"""All SQL of jobs that are searched for, in the order of their list.

1. A rare word leads to few jobs, whose rows decide about everything else.
2. Words that most jobs have are found among the first jobs of the list.
3. Where they are not, each word's jobs are looked up by their terms and compared, without rows.
"""

from dataclasses import dataclass

from doorstep.jobs import found_queries, terms
from doorstep.jobs.terms import Sought
from doorstep.kit.statements import Statement
from doorstep.orgs.model import OrgScope
from doorstep.wire.hover.job_filter import Filter
from doorstep.wire.hover.job_walk_queries import Kinds, walks_of

LOOKED_THROUGH_MAX = 5000
"""So many jobs of a list are read before terms are compared."""


async def begin(scope: OrgScope, wanted: Filter, *, kinds: Kinds) -> "Search | None":
    """A search among jobs of these kinds; None when nothing can be found."""
    assert wanted.search is not None
    if not kinds:
        return None
    sought = await terms.seek(scope, text=wanted.search, place_only=True)
    return Search(scope=scope, wanted=wanted, kinds=kinds, sought=sought) if sought else None


@dataclass(frozen=True, kw_only=True)
class Search:
    """What is looked for in one organization."""

    scope: OrgScope
    wanted: Filter
    kinds: Kinds
    sought: Sought

    async def page(self, *, start: int, rows_max: int) -> list[int]:
        """The ids of a stretch of what is found."""
        ids, _ = await self._page(start=start, rows_max=rows_max)
        return ids

    async def page_and_total(self, *, start: int, rows_max: int) -> tuple[list[int], int]:
        """The same, and how many are found in all."""
        ids, total = await self._page(start=start, rows_max=rows_max)
        if total is None and (0 < len(ids) < rows_max or (start == 0 and not ids)):
            total = start + len(ids)
        return ids, await self._count() if total is None else total

    async def _page(self, *, start: int, rows_max: int) -> tuple[list[int], int | None]:
        """(the ids, the total if it was counted on the way)."""
        making = Statement([self.scope.org_id])
        stretch = f"LIMIT {rows_max:d} OFFSET {start:d}  -- org_id = $1"
        if self.sought.rarest is not None:
            rows = await self.scope.tx.fetch(f"{self._led(making)} {stretch}", *making.values)
            return [row["id"] for row in rows], None
        first = Statement([self.scope.org_id])
        rows = await self.scope.tx.fetch(f"{self._looked_through(first)} {stretch}", *first.values)
        if len(rows) == rows_max or self.sought.mark is None:
            return [row["id"] for row in rows], None
        await found_queries.make_room(self.scope)
        sql = f"SELECT id, at, count(*) OVER () AS total FROM ({self._looked_up(making)}) found"
        rows = await self.scope.tx.fetch(
            f"{sql} ORDER BY {self.wanted.clause()} {stretch}", *making.values
        )
        return [row["id"] for row in rows], rows[0]["total"] if rows else None

    async def _count(self) -> int:
        making = Statement([self.scope.org_id])
        if self.sought.rarest is not None:
            fitting = f"{self._filter(making)} AND {self._fits(making)}"
            sql = _fitting(found_queries.led(making, sought=self.sought), fitting)
        elif self.sought.mark is None:
            sql = self._all(making)
        else:
            await found_queries.make_room(self.scope)
            sql = self._looked_up(making)
        number: int = await self.scope.tx.fetchval(
            f"SELECT count(*) FROM ({sql}) found  -- org_id = $1", *making.values
        )
        return number

    def _led(self, making: Statement) -> str:
        """(id, at) of those that a rare word leads to: who takes the first reads no more."""
        column = self.wanted.column
        places = f"({found_queries.led(making, sought=self.sought)})"
        if column == "created_at":
            places = f"SELECT id, created_at AS at FROM {places} led"
        else:
            places = (
                f"SELECT j.id, j.{column} AS at FROM {places} led "
                "JOIN jobs j ON j.org_id = $1 AND j.id = led.id"
            )
        fitting = f"{self._filter(making)} AND {self._fits(making)}"
        order = f"ORDER BY {self.wanted.clause()}"
        return f"{_fitting(f'{places} {order}', fitting)} {order}"

    def _looked_through(self, making: Statement) -> str:
        """Those among the first of the list; among all of it while too many have no terms."""
        everywhere, narrow = self.sought.mark is None, None
        if self.wanted.sort == ("completed_at", "DESC") and not everywhere:
            narrow = "completed_at IS NOT NULL"
        order = f"ORDER BY {self.wanted.clause(nulls=narrow is None)}"
        walks = walks_of(making, self.wanted, kinds=self.kinds, narrow=narrow, end=order)
        limit = "" if everywhere else f"LIMIT {LOOKED_THROUGH_MAX:d}"
        places = f"SELECT id, at FROM ({walks}) walks {order} {limit}"
        return f"{_fitting(places, self._fits(making))} {order}"

    def _looked_up(self, making: Statement) -> str:
        """(id, at) of all of them, in no order: up to the mark by their terms alone."""
        # allow: org_scope SQL only, whose $1 is the organization of the scope that runs it
        walks = walks_of(making, self.wanted, kinds=self.kinds)
        return f"""
            SELECT id, at FROM ({walks}) walks
            WHERE {found_queries.settled(making, sought=self.sought)}
            UNION ALL SELECT id, {self.wanted.column} AS at FROM jobs WHERE org_id = $1
                AND {found_queries.newer(making, sought=self.sought)} AND {self._filter(making)}"""

    def _all(self, making: Statement) -> str:
        """All of them, in no order, read from their rows."""
        # allow: org_scope as above
        conditions = f"{self._filter(making)} AND {self._fits(making)}"
        return f"SELECT FROM jobs WHERE org_id = $1 AND {conditions}"

    def _fits(self, making: Statement) -> str:
        return found_queries.fits(making, sought=self.sought)

    def _filter(self, making: Statement) -> str:
        conditions = [f"archived_at IS {'NOT ' if self.wanted.archived else ''}NULL"]
        for text, value in (
            ("state = ANY (%s::text[])", self.wanted.states),
            ("deliverable_id = ANY (%s::int[])", self.wanted.deliverable_ids),
            ("updated_at >= %s", self.wanted.updated_since),
        ):
            if value is not None:
                conditions.append(text % making.value(value))
        return " AND ".join(conditions)


def _fitting(places: str, fitting: str) -> str:
    """Of these places those whose job fits; each is read by itself, in the order of the places."""
    # allow: org_scope as above
    return f"""
        SELECT place.* FROM ({places}) place CROSS JOIN LATERAL (
            SELECT FROM jobs WHERE org_id = $1 AND id = place.id AND {fitting} LIMIT 1
        ) fitting"""
