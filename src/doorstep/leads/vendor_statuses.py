"""How a source's leads stand, for its vendor: ids, times and one word, and nothing of the person."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from doorstep.leads import vendor_post_queries
from doorstep.orgs.model import OrgScope

LEADS_MAX = 50


@dataclass(frozen=True, kw_only=True)
class LeadStatus:
    """How one lead stands: `received`, or its newest disposition, `since` when."""

    lead_id: uuid.UUID
    vendor_lead_id: str | None
    keyword: str | None
    received_at: datetime
    status: str
    reason: str | None
    since: datetime


async def newest(scope: OrgScope, *, source_id: uuid.UUID) -> list[LeadStatus]:
    """The source's last leads, newest first."""
    rows = await vendor_post_queries.list_statuses(scope, source_id=source_id, rows_max=LEADS_MAX)
    return [LeadStatus(**row) for row in rows]


async def find(scope: OrgScope, *, source_id: uuid.UUID, lead_id: uuid.UUID) -> LeadStatus | None:
    """One lead; None when it is not of this source."""
    row = await vendor_post_queries.find_status(scope, source_id=source_id, lead_id=lead_id)
    return LeadStatus(**row) if row else None
