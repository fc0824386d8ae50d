"""A page of a long list, read from whichever end of the list is nearer."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Rows to skip and to take, from the front of the list or, `backwards`, from its end."""

    skipped: int
    taken: int
    backwards: bool


def nearer(*, start: int, rows_max: int, total: int) -> Stretch:
    """How to reach the rows from `start` on of a list of so many."""
    taken = max(0, min(rows_max, total - start))
    behind = total - start - taken
    if taken and behind < start:
        return Stretch(skipped=behind, taken=taken, backwards=True)
    return Stretch(skipped=start, taken=taken, backwards=False)
