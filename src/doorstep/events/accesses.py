"""Who read measurements and who asked for a change: kept for the audit log, told to nobody."""

from doorstep.events import audit_queries as queries
from doorstep.events.model import AnyOrgScope
from doorstep.kit.ids import uuid7

PATH_CHARACTERS_MAX = 300


async def note_read(scope: AnyOrgScope, *, job_id: int, what: str) -> None:
    """Somebody reads a job's measurements; `what` says in which form."""
    await queries.insert_access(scope, access_id=uuid7(), kind="read", what=what, job_id=job_id)


async def note_write(scope: AnyOrgScope, *, method: str, path: str) -> None:
    """Somebody asked for a change and it was done, in the transaction of the change."""
    what = f"{method} {path[:PATH_CHARACTERS_MAX]}"
    await queries.insert_access(scope, access_id=uuid7(), kind="write", what=what, job_id=None)
