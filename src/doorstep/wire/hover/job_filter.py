"""Which jobs a list shows, and in which order."""

from dataclasses import dataclass
from datetime import datetime
from itertools import product

SORTINGS = frozenset(product(("completed_at", "created_at", "updated_at"), ("ASC", "DESC")))


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What is None leaves none out."""

    archived: bool = False
    states: list[str] | None = None
    deliverable_ids: list[int] | None = None
    updated_since: datetime | None = None
    search: str | None = None
    sort: tuple[str, str] = ("created_at", "DESC")

    @property
    def column(self) -> str:
        """What the list is sorted by."""
        return self.sort[0]

    def clause(self, *, backwards: bool = False, nulls: bool = True) -> str:
        """As ORDER BY has it: what was never completed comes last.

        Without nulls they are not spoken of, so that an index is walked.
        """
        down = (self.sort[1] == "DESC") != backwards
        order = "DESC" if down else "ASC"
        place = ""
        if nulls and self.column == "completed_at":
            place = " NULLS FIRST" if backwards else " NULLS LAST"
        return f"at {order}{place}, id {order}"
