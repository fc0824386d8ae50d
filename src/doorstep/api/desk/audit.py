"""`/api/desk/audit`: the audit log for programs of an admin."""

import uuid
from datetime import datetime
from typing import Any

import msgspec
from litestar import get
from litestar.params import FromQuery

from doorstep.api.desk.answers import PAGE_ROWS, Limit, problems
from doorstep.events import audit
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk.audit import Asked, find

TAG = ["Audit"]


class AuditEntry(msgspec.Struct, kw_only=True):
    """What happened; `access.read` and `access.write` say `what` in their payload.

    `number` is that of the entry's link in the chain, null until it is linked.
    """

    id: uuid.UUID
    number: int | None
    name: str
    occurred_at: datetime
    actor: str
    lead_id: uuid.UUID | None
    capture_request_id: int | None
    job_id: int | None
    payload: dict[str, Any]


class AuditPage(msgspec.Struct, kw_only=True):
    """Newest first; `next` is what `before` asks for the page after this one with."""

    entries: list[AuditEntry]
    next: uuid.UUID | None


@get("/audit", tags=TAG, responses=problems(404))
async def list_audit(
    api: OrgScope,
    *,
    asked: Asked,
    before: FromQuery[uuid.UUID | None] = None,
    limit: Limit = PAGE_ROWS,
) -> AuditPage:
    """Entries by `member`, `group` (the first part of a name) and days, among the newest 20,000."""
    api.require(Right.ADMINISTER)
    rows = await find(api, asked, before=before or audit.LAST, rows_max=limit + 1)
    shown = rows[:limit]
    return AuditPage(
        entries=[
            AuditEntry(**{name: row[name] for name in AuditEntry.__struct_fields__})
            for row in shown
        ],
        next=shown[-1]["id"] if len(rows) > limit else None,
    )


ROUTES = [list_audit]
