"""Several writes in one round trip, each kept by the slice whose rows it writes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from doorstep.kit.db import Tx

STATEMENTS_KEPT_MAX = 256

_value = re.compile(r"\$(\d+)")


@dataclass(frozen=True)
class Write:
    """A statement that writes rows, and its values: `$1` is the first of them."""

    sql: str
    values: tuple[object, ...]


async def write_together(tx: Tx, writes: Sequence[Write]) -> None:
    """All or none of them, as one statement.

    They see what was there before, and nothing of each other: a row that others refer to
    brings an id that is known beforehand. Foreign keys are looked at when all are done.
    """
    if not writes:
        return
    statement = _joined(tuple((write.sql, len(write.values)) for write in writes))
    await tx.fetch(statement, *(value for write in writes for value in write.values))


@lru_cache(STATEMENTS_KEPT_MAX)
def _joined(parts: tuple[tuple[str, int], ...]) -> str:
    """One statement, always in the same words for the same parts, so that it is prepared once."""
    if len(parts) == 1:
        return parts[0][0]
    named, before = [], 0
    for number, (sql, values) in enumerate(parts):
        named.append(f"write_{number} AS ({_shifted(sql, by=before)})")
        before += values
    return f"WITH {', '.join(named)} SELECT 1"


def _shifted(sql: str, *, by: int) -> str:
    return _value.sub(lambda found: f"${int(found[1]) + by}", sql)
