"""What was measured of a house before its current model, kept so that a change can be seen."""

from dataclasses import dataclass
from datetime import datetime

from doorstep.builds import queries
from doorstep.builds.measured.record import NAME, Record, read
from doorstep.builds.papers import tables
from doorstep.builds.published import content_of
from doorstep.kit.storage import Storage
from doorstep.orgs.model import OrgScope

BUILDS_MAX = 5
SCALE = "Scale from"


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The house in sums: when each build ended, newest first, and each number then and now.

    The first number of a row is that of the current model.
    """

    at: list[datetime]
    rows: list[tuple[str, list[str]]]


async def compare(scope: OrgScope, storage: Storage, *, job_id: int, now: Record) -> Comparison:
    """The current numbers beside those of the builds before; without rows where there were none."""
    kept = await queries.earlier_files(scope, job_id=job_id, name=NAME, rows_max=BUILDS_MAX)
    known = [(at, read(await content_of(storage, file))) for at, file in kept]
    earlier = [(at, record) for at, record in known if record is not None]
    sums = [_sums(record) for record in (now, *(record for _, record in earlier))]
    return Comparison(
        at=[at for at, _ in earlier],
        rows=[(name, [one[name] for one in sums]) for name in sums[0]] if earlier else [],
    )


def _sums(record: Record) -> dict[str, str]:
    rows = [*tables.roof_rows(record), *tables.wall_rows(record)]
    return {SCALE: record.scale or "none", **{row.name: row.text for row in rows}}
