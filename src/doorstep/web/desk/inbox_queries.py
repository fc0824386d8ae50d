"""What the inbox shows: leads with their source and what became of them, in one query a page."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from doorstep.leads import term_queries, terms
from doorstep.leads.disposition_queries import CURRENT, FIRST_TOUCHED_AT
from doorstep.leads.duplicate_queries import OPEN_PAIR
from doorstep.leads.term_queries import TEXTS
from doorstep.leads.terms import fold, folded, phone_in
from doorstep.orgs.model import OrgScope
from doorstep.web.desk import lead_words, words

OPEN, EVERY = "open", "all"
"""What a disposition is looked for by, besides its name; `all` shows merged leads too."""
SUSPECTED = "possible_duplicate"
"""A tag that is not stored with the lead: it looks like another one."""

COLUMNS = f"""l.id, l.first_name || ' ' || l.last_name AS name, l.email,
    coalesce(l.primary_phone, l.secondary_phone) AS phone,
    concat_ws(', ', nullif(l.address, ''), nullif(l.city, ''), nullif(l.region, '')) AS address,
    s.name AS source, t.name AS case_type, l.warnings, l.tags, l.received_at,
    now() AS now, coalesce(d.number, 0) AS number, d.disposition, d.reason,
    {FIRST_TOUCHED_AT} AS first_touched_at,
    EXISTS (SELECT FROM lead_pairs p WHERE p.org_id = l.org_id AND p.lead_id = l.id
        AND {OPEN_PAIR}) AS suspected,
    EXISTS (SELECT FROM lead_merges WHERE org_id = l.org_id AND lead_id = l.id) AS merged,
    r.id AS request_id, r.state AS request_state, r.job_id, j.state AS job_state"""

# A withdrawn request leaves the lead free to be asked again, so it is left out.
JOINS = f"""
    {CURRENT}
    JOIN sources s ON s.org_id = l.org_id AND s.id = l.source_id
    LEFT JOIN case_types t ON t.org_id = l.org_id AND t.id = l.case_type_id
    LEFT JOIN LATERAL (
        SELECT id, state, job_id FROM capture_requests
        WHERE org_id = l.org_id AND lead_id = l.id AND state <> 'deleted'
        ORDER BY id DESC LIMIT 1
    ) r ON true
    LEFT JOIN jobs j ON j.org_id = l.org_id AND j.id = r.job_id"""

SCANNED_MAX = 50_000
_BEFORE = """org_id = $1 AND (received_at, id) < (coalesce($2::timestamptz, 'infinity'),
    coalesce($3, '00000000-0000-0000-0000-000000000000'::uuid))"""

DISPOSITION = """(SELECT disposition FROM lead_dispositions
    WHERE org_id = newest.org_id AND lead_id = newest.id ORDER BY number DESC LIMIT 1)"""

# What no rare word narrows reads the newest leads along `leads_newest` and stops after so many,
# where the next search goes on.
NEWEST = f"""
    SELECT * FROM leads WHERE {_BEFORE} ORDER BY received_at DESC, id DESC LIMIT $4"""

# With a rare word only the leads are read that may have it, and those that came since words
# were written.
LISTED = f"""
    (SELECT * FROM leads WHERE {_BEFORE} AND (received_at, id) > ($13::timestamptz, $14::uuid)
    ORDER BY received_at DESC, id DESC LIMIT $4)
    UNION ALL
    SELECT * FROM leads WHERE {_BEFORE} AND (received_at, id) <= ($13, $14)
        AND id = ANY ($15::uuid[])"""

FOUND = f"""
    SELECT * FROM ({{leads}}) newest
    WHERE ($5 = false OR ({DISPOSITION} IS NULL AND NOT EXISTS (
            SELECT 1 FROM capture_requests
            WHERE org_id = newest.org_id AND lead_id = newest.id AND state <> 'deleted'
        )))
        AND ($6::uuid IS NULL OR source_id = $6)
        AND ($7::uuid IS NULL OR case_type_id = $7)
        AND ($8::text IS NULL OR tags @> ARRAY[$8] OR ($8 = '{SUSPECTED}' AND EXISTS (
            SELECT FROM lead_pairs p
            WHERE p.org_id = newest.org_id AND p.lead_id = newest.id AND {OPEN_PAIR})))
        AND ($9::text[] IS NULL OR (
                SELECT {folded("text")} FROM (
                    SELECT concat_ws(' ', {", ".join(TEXTS)}) AS text
                ) joined
            ) LIKE ALL ($9)
            OR ($10::text IS NOT NULL AND array_to_string(contacts, ' ') LIKE $10))
        AND ($12::text IS NULL OR $12 = '{EVERY}' OR coalesce({DISPOSITION}, '{OPEN}') = $12)
        AND (coalesce($12, '') IN ('{EVERY}', 'duplicate') OR NOT EXISTS (
            SELECT FROM lead_merges WHERE org_id = newest.org_id AND lead_id = newest.id))
    ORDER BY received_at DESC, id DESC LIMIT $11"""

EXPORTED = """l.id, l.received_at, s.name AS source, t.name AS case_type, l.tags,
    l.vendor_lead_id, l.first_name, l.last_name, l.primary_phone, l.secondary_phone, l.email,
    l.address, l.city, l.region, l.postal_code, l.county, l.best_time, l.details, l.keyword,
    l.referring_keyword, l.conversion, l.tracking, d.disposition, d.reason, d.note,
    CASE WHEN d.disposition IS NOT NULL THEN d.created_at END AS disposed_at, l.extra, (
        SELECT given FROM consents c WHERE c.org_id = l.org_id AND c.lead_id = l.id
        ORDER BY c.id DESC LIMIT 1
    ) AS consent_noted"""


@dataclass(frozen=True, kw_only=True)
class Looking:
    """Which leads are asked for; what is None or empty leaves none out."""

    waiting_only: bool = False
    source_id: uuid.UUID | None = None
    case_type_id: uuid.UUID | None = None
    tag: str | None = None
    text: str = ""
    disposition: str | None = None

    @property
    def narrow(self) -> bool:
        """Whether it leaves any lead out."""
        return self != Looking()

    @property
    def patterns(self) -> list[str] | None:
        """Each word must be in the name, the e-mail or the address."""
        words = fold(self.text).split()
        return [f"%{_literal(word)}%" for word in words] or None

    @property
    def phone_pattern(self) -> str | None:
        """The digits of something that looks like a phone number."""
        return f"%p%{self.phone}%" if self.phone else None

    @property
    def phone(self) -> str:
        """Those digits; empty when it does not."""
        return phone_in(self.text)


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


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
    number: int
    disposition: str | None
    reason: str | None
    first_touched_at: datetime | None
    suspected: bool
    merged: bool
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
        """Whether nobody has decided anything or asked for photos: its age counts."""
        return self.request_id is None and self.disposition is None

    @property
    def touched_minutes(self) -> int | None:
        """How long it waited for its first touch."""
        if self.first_touched_at is None:
            return None
        return words.minutes_between(self.received_at, self.first_touched_at)

    @property
    def obstacle(self) -> str | None:
        """Why nobody can be asked, or None."""
        if self.email:
            return None
        return "No e-mail" if self.phone else "No contact"

    @property
    def pills(self) -> list[tuple[str, str]]:
        """(words, tone) of where it stands, and of its tags."""
        found = [lead_words.DISPOSITIONS[self.disposition]] if self.disposition else []
        if self.request_id is not None or self.disposition is None:
            found.append(self._request)
        tags = [*self.tags, SUSPECTED] if self.suspected else self.tags
        return found + [lead_words.tag_label(tag) for tag in tags]

    @property
    def _request(self) -> tuple[str, str]:
        if self.job_state in ("complete", "failed", "working", "processing_upload"):
            return words.state_label(self.job_state), words.TONES[self.job_state]
        if self.request_state == "connected":
            return "Link opened", "work"
        return ("New", "wait") if self.waiting else ("Asked", "work")


@dataclass(frozen=True, kw_only=True)
class Hits:
    """Leads that were found; `complete` is whether every lead was looked through for them."""

    rows: list[LeadRow]
    complete: bool


async def page(
    scope: OrgScope,
    *,
    looking: Looking,
    before: tuple[datetime, uuid.UUID] | None,
    rows_max: int,
) -> Hits:
    """Leads newest first, those received before the anchor."""
    listed = await _listed(scope, looking)
    rows = await scope.tx.fetch(
        f"""
        SELECT {COLUMNS} FROM ({FOUND.format(leads=LISTED if listed else NEWEST)}) l {JOINS}
        WHERE l.org_id = $1
        ORDER BY l.received_at DESC, l.id DESC
        """,
        *_arguments(scope, looking, before=before, rows_max=rows_max),
        *listed,
    )
    return Hits(rows=[LeadRow(**row) for row in rows], complete=bool(listed))


async def export(scope: OrgScope, *, looking: Looking, rows_max: int) -> list[asyncpg.Record]:
    """Every column that leaves the house, newest first; the columns' names are the table's head."""
    listed = await _listed(scope, looking)
    return await scope.tx.fetch(
        f"""
        SELECT {EXPORTED} FROM ({FOUND.format(leads=LISTED if listed else NEWEST)}) l {CURRENT}
        JOIN sources s ON s.org_id = l.org_id AND s.id = l.source_id
        LEFT JOIN case_types t ON t.org_id = l.org_id AND t.id = l.case_type_id
        WHERE l.org_id = $1
        ORDER BY l.received_at DESC, l.id DESC
        """,
        *_arguments(scope, looking, before=None, rows_max=rows_max),
        *listed,
    )


async def end_of_scan(
    scope: OrgScope, *, before: tuple[datetime, uuid.UUID] | None
) -> tuple[datetime, uuid.UUID] | None:
    """Where a search that looked through SCANNED_MAX leads has stopped; None at the last lead."""
    received_at, lead_id = before or (None, None)
    row = await scope.tx.fetchrow(
        """
        SELECT received_at, id FROM leads
        WHERE org_id = $1 AND ($2::timestamptz IS NULL OR (received_at, id) < ($2, $3::uuid))
        ORDER BY received_at DESC, id DESC OFFSET $4 LIMIT 1
        """,
        scope.org_id,
        received_at,
        lead_id,
        SCANNED_MAX - 1,
    )
    return (row["received_at"], row["id"]) if row else None


Listed = tuple[datetime, uuid.UUID, list[uuid.UUID]] | tuple[()]


async def _listed(scope: OrgScope, looking: Looking) -> Listed:
    """The mark up to which a word leads to leads, and to which; empty without a rare word."""
    words = terms.words_of(looking.text)
    mark = await term_queries.mark_within(scope, rows_max=SCANNED_MAX) if words else None
    if mark is None:
        return ()
    ids = await terms.candidates(scope, words=words, phone=looking.phone)
    return () if ids is None else (*mark, ids)


def _arguments(
    scope: OrgScope,
    looking: Looking,
    *,
    before: tuple[datetime, uuid.UUID] | None,
    rows_max: int,
) -> list[object]:
    received_at, lead_id = before or (None, None)
    return [
        scope.org_id,
        received_at,
        lead_id,
        SCANNED_MAX,
        looking.waiting_only,
        looking.source_id,
        looking.case_type_id,
        looking.tag,
        looking.patterns,
        looking.phone_pattern,
        rows_max,
        looking.disposition,
    ]


async def find(scope: OrgScope, *, lead_id: uuid.UUID) -> LeadRow | None:
    """One line."""
    row = await scope.tx.fetchrow(
        f"SELECT {COLUMNS} FROM leads l {JOINS} WHERE l.org_id = $1 AND l.id = $2",
        scope.org_id,
        lead_id,
    )
    return LeadRow(**row) if row else None


async def find_many(scope: OrgScope, *, lead_ids: list[uuid.UUID]) -> list[LeadRow]:
    """The lines of these leads, oldest first."""
    rows = await scope.tx.fetch(
        f"SELECT {COLUMNS} FROM leads l {JOINS} WHERE l.org_id = $1 AND l.id = ANY($2) "
        "ORDER BY l.received_at, l.id",
        scope.org_id,
        lead_ids,
    )
    return [LeadRow(**row) for row in rows]
