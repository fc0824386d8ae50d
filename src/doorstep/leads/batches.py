"""The hot write: posts, leads, events and their task in one statement and one commit."""

from collections.abc import Sequence

import msgspec

from doorstep.kit import crash
from doorstep.kit.db import Database, Role, Tx
from doorstep.kit.ids import uuid7
from doorstep.leads.model import COLUMNS, Entry, NewLead, Written

_POST = 9
_LEAD = 8
_NAMES = ", ".join(column.name for column in COLUMNS)
_ARRAYS = ", ".join(f"${_POST + _LEAD + i + 1}::text[]" for i in range(len(COLUMNS)))

# Data-modifying CTEs all see the snapshot from before the statement; what one of them
# writes reaches the others only by RETURNING. `lead_keys` decides who is first: a
# concurrent batch with the same key waits on its row and then gets the winner's id.
# Rows are keyed in one order, so that two batches cannot wait for each other.
STATEMENT = f"""
WITH entry AS (
    SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::text[],
        $6::bytea[], $7::text[], $8::text[], $9::uuid[], $10::uuid[], $11::text[], $12::text[],
        $13::bytea[], $14::interval[], $15::text[], $16::text[], $17::uuid[], {_ARRAYS})
    WITH ORDINALITY AS t(post_id, org_id, source_id, peer, headers, body, outcome, error, lead_id,
        case_type_id, extra, warnings, key, repeat, contacts, tags, event_id, {_NAMES}, number)
), keyed AS (
    INSERT INTO lead_keys AS held (org_id, source_id, key, lead_id, expires_at)
    SELECT DISTINCT ON (org_id, source_id, key)
        org_id, source_id, key, lead_id, now() + repeat
    FROM entry WHERE lead_id IS NOT NULL ORDER BY org_id, source_id, key, number
    ON CONFLICT (org_id, source_id, key) DO UPDATE SET
        lead_id = CASE WHEN held.expires_at > now() THEN held.lead_id ELSE excluded.lead_id END,
        expires_at = CASE WHEN held.expires_at > now() THEN held.expires_at
            ELSE excluded.expires_at END
    RETURNING org_id, source_id, key, lead_id
), settled AS (
    SELECT e.*, k.lead_id AS kept_id, coalesce(k.lead_id <> e.lead_id, false) AS repeated
    FROM entry e LEFT JOIN keyed k USING (org_id, source_id, key)
), posted AS (
    INSERT INTO lead_posts
        (org_id, id, source_id, peer, headers, body, outcome, error, lead_id)
    SELECT org_id, post_id, source_id, peer, headers::jsonb, body,
        CASE WHEN repeated THEN 'repeated' ELSE outcome END, error, kept_id
    FROM settled
), created AS (
    INSERT INTO leads (org_id, id, post_id, source_id, case_type_id, extra, warnings,
        contacts, tags, {_NAMES})
    SELECT org_id, lead_id, post_id, source_id, case_type_id, extra::jsonb, warnings::jsonb,
        string_to_array(contacts, ' '), string_to_array(tags, ' '), {_NAMES}
    FROM settled WHERE kept_id = lead_id
), told AS (
    INSERT INTO events (org_id, id, name, lead_id, actor, payload)
    SELECT org_id, event_id, 'lead.received', lead_id, 'source:' || source_id,
        jsonb_build_object('source_id', source_id, 'test', tags LIKE '%test%')
    FROM settled WHERE kept_id = lead_id
), queued AS (
    INSERT INTO pgqueuer (priority, entrypoint, payload, status)
    SELECT 0, 'events.fan_out', convert_to(
        jsonb_build_object('org_id', org_id, 'event_ids', jsonb_agg(event_id))::text, 'UTF8'),
        'queued'
    FROM settled WHERE kept_id = lead_id GROUP BY org_id
)
SELECT kept_id, repeated FROM settled ORDER BY number
"""

_NO_LEAD = (None,) * (_LEAD + 1 + len(COLUMNS))
_encode = msgspec.json.encode


async def write(db: Database, entries: Sequence[Entry]) -> list[Written]:
    """Commit the entries durably; what became of each, in their order."""
    async with db.batch(Role.INGEST) as connection:
        crash.point("lead.before_commit")
        written = await write_in(connection, entries)
    crash.point("lead.after_commit")
    return written


async def write_in(tx: Tx, entries: Sequence[Entry]) -> list[Written]:
    """The same in somebody's transaction, or by one statement that commits itself."""
    columns = zip(*(_row(entry) for entry in entries), strict=True)
    rows = await tx.fetch(STATEMENT, *columns)
    return [Written(lead_id=row["kept_id"], repeated=row["repeated"]) for row in rows]


def _row(entry: Entry) -> tuple[object, ...]:
    post, lead = entry.post, entry.lead
    fixed = (
        post.id,
        post.org_id,
        post.source_id,
        post.peer,
        _encode(post.headers).decode(),
        post.body,
        post.outcome,
        post.error,
    )
    if lead is None:
        return (*fixed, *_NO_LEAD)
    return (*fixed, *_lead_part(lead), uuid7(), *lead.columns)


def _lead_part(lead: NewLead) -> tuple[object, ...]:
    return (
        lead.id,
        lead.case_type_id,
        _encode(lead.extra).decode() if lead.extra else "{}",
        _encode(lead.warnings).decode() if lead.warnings else "[]",
        lead.key,
        lead.repeat,
        " ".join(lead.contacts),
        " ".join(lead.tags),
    )
