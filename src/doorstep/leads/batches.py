"""The hot write: posts, leads, events and their task in one statement and one commit."""

import secrets
from collections.abc import Sequence

import msgspec

from doorstep.kit import crash
from doorstep.kit.db import Database, Role, Tx
from doorstep.kit.ids import uuid7
from doorstep.leads.model import COLUMNS, Entry, NewLead, Written

_FIXED = (
    "post_id",
    "org_id",
    "source_id",
    "peer",
    "headers",
    "outcome",
    "error",
    "lead_id",
    "case_type_id",
    "extra",
    "warnings",
    "repeat",
    "contacts",
    "tags",
    "event_id",
)
_NAMES = ", ".join(column.name for column in COLUMNS)
_VALUES = ", ".join(f"f[{len(_FIXED) + i}]" for i in range(1, len(COLUMNS) + 1))


def _field(name: str, kind: str = "text") -> str:
    return f"f[{_FIXED.index(name) + 1}]::{kind}"


# A row comes as one text, cut at a mark that no sender can know: an array for each of its
# 32 columns takes the driver and the database twice as long.
#
# Data-modifying CTEs all see the snapshot from before the statement; what one of them
# writes reaches the others only by RETURNING. `lead_keys` decides who is first: a
# concurrent batch with the same key waits on its row and then gets the winner's id.
# Rows are keyed in one order, so that two batches cannot wait for each other.
STATEMENT = f"""
WITH entry AS MATERIALIZED (
    SELECT number, body, key, f, {_field("org_id", "bigint")} AS org_id,
        {_field("source_id", "uuid")} AS source_id, {_field("lead_id", "uuid")} AS lead_id
    FROM (
        SELECT number, body, key, string_to_array(line, $4, $5) AS f
        FROM unnest($1::text[], $2::bytea[], $3::bytea[])
            WITH ORDINALITY AS t(line, body, key, number)
        OFFSET 0
    ) cut
), keyed AS (
    INSERT INTO lead_keys AS held (org_id, source_id, key, lead_id, expires_at)
    SELECT DISTINCT ON (org_id, source_id, key)
        org_id, source_id, key, lead_id, now() + {_field("repeat", "interval")}
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
    SELECT org_id, {_field("post_id", "uuid")}, source_id, {_field("peer")},
        {_field("headers", "jsonb")}, body,
        CASE WHEN repeated THEN 'repeated' ELSE {_field("outcome")} END, {_field("error")}, kept_id
    FROM settled
), created AS (
    INSERT INTO leads (org_id, id, post_id, source_id, case_type_id, extra, warnings,
        contacts, tags, {_NAMES})
    SELECT org_id, lead_id, {_field("post_id", "uuid")}, source_id,
        {_field("case_type_id", "uuid")}, {_field("extra", "jsonb")}, {_field("warnings", "jsonb")},
        string_to_array({_field("contacts")}, ' '), string_to_array({_field("tags")}, ' '),
        {_VALUES}
    FROM settled WHERE kept_id = lead_id
), told AS (
    INSERT INTO events (org_id, id, name, lead_id, actor, payload)
    SELECT org_id, {_field("event_id", "uuid")}, 'lead.received', lead_id,
        'source:' || {_field("source_id")},
        jsonb_build_object('source_id', source_id, 'test', {_field("tags")} LIKE '%test%')
    FROM settled WHERE kept_id = lead_id
), queued AS (
    INSERT INTO pgqueuer (priority, entrypoint, payload, status)
    SELECT 0, 'events.fan_out', convert_to(
        jsonb_build_object('org_id', org_id, 'event_ids', jsonb_agg({_field("event_id")}))::text,
        'UTF8'), 'queued'
    FROM settled WHERE kept_id = lead_id GROUP BY org_id
)
SELECT kept_id, repeated FROM settled ORDER BY number
"""

_NOTHING = secrets.token_hex(8)
_CUT = f"\x1f{_NOTHING}"
_NO_LEAD = (_NOTHING,) * (len(_FIXED) - 7 + len(COLUMNS))
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
    lines, bodies, keys = zip(*(_row(entry) for entry in entries), strict=True)
    rows = await tx.fetch(STATEMENT, lines, bodies, keys, _CUT, _NOTHING)
    return [Written(lead_id=row["kept_id"], repeated=row["repeated"]) for row in rows]


def _row(entry: Entry) -> tuple[str, bytes, bytes | None]:
    post, lead = entry.post, entry.lead
    fields = (
        str(post.id),
        str(post.org_id),
        _NOTHING if post.source_id is None else str(post.source_id),
        post.peer,
        _encode(post.headers).decode(),
        post.outcome,
        post.error,
        *(_NO_LEAD if lead is None else _fields_of(lead)),
    )
    return _CUT.join(fields), post.body, None if lead is None else lead.key


def _fields_of(lead: NewLead) -> tuple[str, ...]:
    return (
        str(lead.id),
        _NOTHING if lead.case_type_id is None else str(lead.case_type_id),
        _encode(lead.extra).decode() if lead.extra else "{}",
        _encode(lead.warnings).decode() if lead.warnings else "[]",
        f"{lead.repeat.total_seconds()} s",
        " ".join(lead.contacts),
        " ".join(lead.tags),
        str(uuid7()),
        *[_NOTHING if text is None else text for text in lead.columns],
    )
