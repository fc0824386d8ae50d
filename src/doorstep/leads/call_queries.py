"""All SQL of calls and of what people say about them."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime

import asyncpg

from doorstep.kit.db import Tx
from doorstep.leads.call_reading import NewCall
from doorstep.orgs.model import OrgScope

SCANNED_MAX = 500
"""A list of calls with or without a lead looks through so many, and the next one goes on."""

# A call's lead is a person's word or else the nearest in time; of two that are equally near,
# the earlier one. The leads of the whole span are read once, along `leads_newest`, and joined
# by their numbers: row security keeps an index of contacts from being used by this role.
MATCHED = """
    WITH shown AS MATERIALIZED ({shown}),
    span AS MATERIALIZED (
        SELECT id, received_at, unnest(contacts) AS contact FROM leads
        WHERE org_id = $1
            AND received_at >= (SELECT min(called_at) - interval '24 hours' FROM shown)
            AND received_at <= (SELECT max(called_at) + interval '72 hours' FROM shown)
    ), near AS (
        SELECT DISTINCT ON (c.id) c.id AS call_id, s.id AS lead_id
        FROM shown c JOIN span s ON s.contact = c.contact
            AND s.received_at BETWEEN c.called_at - interval '24 hours'
                AND c.called_at + interval '72 hours'
        WHERE NOT EXISTS (SELECT FROM call_partings p
            WHERE p.org_id = $1 AND p.call_id = c.id AND p.lead_id = s.id)
        ORDER BY c.id, abs(extract(epoch FROM s.received_at - c.called_at)), s.received_at, s.id
    )
    SELECT c.id, c.called_at, c.name, c.ani, c.vendor_call_id, c.extra, c.warnings,
        l.id AS lead_id, l.first_name || ' ' || l.last_name AS lead_name,
        l.received_at AS lead_received_at, j.actor AS joined_by, j.joined_at
    FROM shown c
    LEFT JOIN call_joins j ON j.org_id = $1 AND j.call_id = c.id
    LEFT JOIN near n ON n.call_id = c.id
    LEFT JOIN leads l ON l.org_id = $1 AND l.id = coalesce(j.lead_id, n.lead_id)
    WHERE {kept} ORDER BY c.called_at DESC, c.id DESC
"""


async def insert(  # allow: org_scope ingest, and members who mend
    tx: Tx, *, call: NewCall, peer: str, headers: Mapping[str, str], body: bytes
) -> uuid.UUID | None:
    """The call's id: an older one for the same ID and number; None for no such org_id."""
    moment = call.called_at
    found: uuid.UUID | None = await tx.fetchval(
        """
        INSERT INTO calls AS held (org_id, id, called_at, name, ani, contact, vendor_call_id,
            extra, warnings, peer, headers, body)
        SELECT o.id, $2, coalesce($3, $4::timestamp AT TIME ZONE o.time_zone, now()), $5, $6, $7,
            $8, $9, $10, $11, $12, $13
        FROM orgs o WHERE o.captorra_id = $1
        ON CONFLICT (org_id, vendor_call_id, ani) WHERE vendor_call_id IS NOT NULL
            DO UPDATE SET called_at = excluded.called_at, name = excluded.name,
                extra = excluded.extra, warnings = excluded.warnings, body = excluded.body
        RETURNING id
        """,
        call.captorra_id,
        call.id,
        moment if moment and moment.tzinfo else None,
        moment if moment and not moment.tzinfo else None,
        call.name,
        call.ani,
        call.contact,
        call.vendor_call_id,
        json.dumps(dict(call.extra)),
        json.dumps(list(call.warnings)),
        peer,
        json.dumps(dict(headers)),
        body,
    )
    return found


async def list_calls(
    scope: OrgScope, *, before: tuple[datetime, uuid.UUID] | None, scan: int
) -> list[asyncpg.Record]:
    """Calls newest first, each with its lead."""
    called_at, call_id = before or (None, None)
    shown = """
        SELECT * FROM calls WHERE org_id = $1
            AND ($2::timestamptz IS NULL OR (called_at, id) < ($2, $3::uuid))
        ORDER BY called_at DESC, id DESC LIMIT $4
    """
    return await scope.tx.fetch(
        MATCHED.format(shown=shown, kept="true"), scope.org_id, called_at, call_id, scan
    )


async def find(scope: OrgScope, *, call_id: uuid.UUID) -> asyncpg.Record | None:
    """One call with its lead."""
    shown = "SELECT * FROM calls WHERE org_id = $1 AND id = $2"
    return await scope.tx.fetchrow(MATCHED.format(shown=shown, kept="true"), scope.org_id, call_id)


async def list_of_lead(scope: OrgScope, *, lead_id: uuid.UUID) -> list[asyncpg.Record]:
    """The calls that belong to this lead, among the 100 newest that might."""
    shown = """
        SELECT * FROM calls c WHERE c.org_id = $1 AND (
            c.id IN (SELECT call_id FROM call_joins WHERE org_id = $1 AND lead_id = $2)
            OR c.id IN (SELECT near.id FROM leads own JOIN calls near
                ON near.org_id = own.org_id AND near.contact = ANY (own.contacts)
                    AND near.called_at BETWEEN own.received_at - interval '72 hours'
                        AND own.received_at + interval '24 hours'
                WHERE own.org_id = $1 AND own.id = $2))
        ORDER BY c.called_at DESC, c.id DESC LIMIT 100
    """
    return await scope.tx.fetch(
        MATCHED.format(shown=shown, kept="l.id = $2"), scope.org_id, lead_id
    )


async def list_candidates(
    scope: OrgScope, *, call_id: uuid.UUID, but: uuid.UUID | None, rows_max: int
) -> list[asyncpg.Record]:
    """Leads with the call's number from 30 days around it, any from half an hour, and parted ones."""
    return await scope.tx.fetch(
        """
        WITH near AS (
            SELECT l.id FROM calls c JOIN leads l ON l.org_id = c.org_id
                AND l.received_at BETWEEN c.called_at - interval '30 days'
                    AND c.called_at + interval '30 days'
                AND (c.contact = ANY (l.contacts)
                    OR l.received_at BETWEEN c.called_at - interval '30 minutes'
                        AND c.called_at + interval '30 minutes')
            WHERE c.org_id = $1 AND c.id = $2
            UNION SELECT lead_id FROM call_partings WHERE org_id = $1 AND call_id = $2
        )
        SELECT l.id, l.first_name || ' ' || l.last_name AS name, s.name AS source, l.received_at,
            coalesce(c.contact = ANY (l.contacts), false) AS same_number, c.called_at,
            p.actor AS parted_by
        FROM near n
        JOIN leads l ON l.org_id = $1 AND l.id = n.id AND l.id IS DISTINCT FROM $3::uuid
        JOIN calls c ON c.org_id = $1 AND c.id = $2
        JOIN sources s ON s.org_id = l.org_id AND s.id = l.source_id
        LEFT JOIN call_partings p ON p.org_id = $1 AND p.call_id = c.id AND p.lead_id = l.id
        ORDER BY p.actor IS NULL, same_number DESC,
            abs(extract(epoch FROM l.received_at - c.called_at)), l.id
        LIMIT $4
        """,
        scope.org_id,
        call_id,
        but,
        rows_max,
    )


async def find_post(scope: OrgScope, *, call_id: uuid.UUID) -> asyncpg.Record:
    """(received_at, peer, headers, body) of a call that is there, as it came."""
    row = await scope.tx.fetchrow(
        "SELECT received_at, peer, headers, body FROM calls WHERE org_id = $1 AND id = $2",
        scope.org_id,
        call_id,
    )
    assert row is not None
    return row


async def insert_join(scope: OrgScope, *, call_id: uuid.UUID, lead_id: uuid.UUID) -> bool:
    """Whether both are there; the last word counts."""
    found = await scope.tx.fetchval(
        """
        INSERT INTO call_joins (org_id, call_id, lead_id, actor)
        SELECT c.org_id, c.id, l.id, $4 FROM calls c JOIN leads l ON l.org_id = c.org_id
        WHERE c.org_id = $1 AND c.id = $2 AND l.id = $3
        ON CONFLICT (org_id, call_id) DO UPDATE SET lead_id = excluded.lead_id,
            actor = excluded.actor, joined_at = excluded.joined_at
        RETURNING true
        """,
        scope.org_id,
        call_id,
        lead_id,
        str(scope.actor),
    )
    return found is not None


async def delete_join(scope: OrgScope, *, call_id: uuid.UUID, lead_id: uuid.UUID) -> None:
    """Take a person's word back."""
    await scope.tx.execute(
        "DELETE FROM call_joins WHERE org_id = $1 AND call_id = $2 AND lead_id = $3",
        scope.org_id,
        call_id,
        lead_id,
    )


async def insert_parting(scope: OrgScope, *, call_id: uuid.UUID, lead_id: uuid.UUID) -> bool:
    """Whether both are there; parting twice is parting once."""
    found = await scope.tx.fetchval(
        """
        INSERT INTO call_partings (org_id, call_id, lead_id, actor)
        SELECT c.org_id, c.id, l.id, $4 FROM calls c JOIN leads l ON l.org_id = c.org_id
        WHERE c.org_id = $1 AND c.id = $2 AND l.id = $3
        ON CONFLICT (org_id, call_id, lead_id) DO UPDATE SET actor = excluded.actor
        RETURNING true
        """,
        scope.org_id,
        call_id,
        lead_id,
        str(scope.actor),
    )
    return found is not None


async def delete_parting(scope: OrgScope, *, call_id: uuid.UUID, lead_id: uuid.UUID) -> bool:
    """Whether there was one, which is taken back."""
    found = await scope.tx.fetchval(
        "DELETE FROM call_partings WHERE org_id = $1 AND call_id = $2 AND lead_id = $3 "
        "RETURNING true",
        scope.org_id,
        call_id,
        lead_id,
    )
    return found is not None
