"""What the inbox shows: leads with their source and what became of them, in one query a page."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from doorstep.orgs.model import OrgScope
from doorstep.web.desk import words

COLUMNS = """l.id, l.first_name || ' ' || l.last_name AS name, l.email,
    coalesce(l.primary_phone, l.secondary_phone) AS phone,
    concat_ws(', ', nullif(l.address, ''), nullif(l.city, ''), nullif(l.region, '')) AS address,
    s.name AS source, t.name AS case_type, l.warnings, l.tags, l.received_at,
    now() AS now,
    r.id AS request_id, r.state AS request_state, r.job_id, j.state AS job_state"""

# A withdrawn request leaves the lead free to be asked again, so it is left out.
JOINS = """
    JOIN sources s ON s.org_id = l.org_id AND s.id = l.source_id
    LEFT JOIN case_types t ON t.org_id = l.org_id AND t.id = l.case_type_id
    LEFT JOIN LATERAL (
        SELECT id, state, job_id FROM capture_requests
        WHERE org_id = l.org_id AND lead_id = l.id AND state <> 'deleted'
        ORDER BY id DESC LIMIT 1
    ) r ON true
    LEFT JOIN jobs j ON j.org_id = l.org_id AND j.id = r.job_id"""

WAITING = """AND NOT EXISTS (
                SELECT 1 FROM capture_requests
                WHERE org_id = leads.org_id AND lead_id = leads.id AND state <> 'deleted'
            )"""


@dataclass(frozen=True, kw_only=True)
class LeadRow:
    """One line of the inbox."""

    id: uuid.UUID
    name: str
    email: str | None
    phone: str | None
    address: str
    source: str
    case_type: str | None
    warnings: list[str]
    tags: list[str]
    received_at: datetime
    now: datetime
    request_id: int | None
    request_state: str | None
    job_id: int | None
    job_state: str | None

    @property
    def minutes(self) -> int:
        """The lead's age."""
        return words.minutes_between(self.received_at, self.now)

    @property
    def waiting(self) -> bool:
        """Whether nobody has asked for photos yet."""
        return self.request_id is None

    @property
    def obstacle(self) -> str | None:
        """Why nobody can be asked, or None."""
        if self.email:
            return None
        return "No e-mail" if self.phone else "No contact"

    @property
    def tag(self) -> tuple[str, str]:
        """(where it stands, tone)."""
        if self.job_state in ("complete", "failed", "working", "processing_upload"):
            return words.state_label(self.job_state), words.TONES[self.job_state]
        if self.request_state == "connected":
            return "Link opened", "work"
        return ("New", "wait") if self.waiting else ("Asked", "work")


async def page(
    scope: OrgScope,
    *,
    waiting_only: bool,
    before: tuple[datetime, uuid.UUID] | None,
    rows_max: int,
) -> list[LeadRow]:
    """Leads newest first, those received before the anchor."""
    received_at, lead_id = before or (None, None)
    rows = await scope.tx.fetch(
        f"""
        SELECT {COLUMNS} FROM (
            SELECT * FROM leads
            WHERE org_id = $1 {WAITING if waiting_only else ""}
                AND ($2::timestamptz IS NULL OR (received_at, id) < ($2, $3::uuid))
            ORDER BY received_at DESC, id DESC LIMIT $4
        ) l {JOINS}
        WHERE l.org_id = $1
        ORDER BY l.received_at DESC, l.id DESC
        """,
        scope.org_id,
        received_at,
        lead_id,
        rows_max,
    )
    return [LeadRow(**row) for row in rows]


async def find(scope: OrgScope, *, lead_id: uuid.UUID) -> LeadRow | None:
    """One line."""
    row = await scope.tx.fetchrow(
        f"SELECT {COLUMNS} FROM leads l {JOINS} WHERE l.org_id = $1 AND l.id = $2",
        scope.org_id,
        lead_id,
    )
    return LeadRow(**row) if row else None
