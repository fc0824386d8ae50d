"""All SQL of calls."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import asyncpg

from doorstep.kit.db import Tx
from doorstep.orgs.model import OrgScope

if TYPE_CHECKING:
    from doorstep.leads.calls import NewCall

COLUMNS = """c.id, c.called_at, c.name, c.ani, c.vendor_call_id, c.extra, c.warnings,
    l.id AS lead_id, l.first_name || ' ' || l.last_name AS lead_name,
    l.received_at AS lead_received_at"""

# Nearest in time; of two that are equally near, the earlier one.
NEAREST = """
    LEFT JOIN LATERAL (
        SELECT id, first_name, last_name, received_at FROM leads
        WHERE org_id = c.org_id AND contacts @> ARRAY[c.contact]
            AND received_at BETWEEN c.called_at - interval '24 hours'
                AND c.called_at + interval '72 hours'
            AND NOT EXISTS (SELECT FROM call_partings p
                WHERE p.org_id = c.org_id AND p.call_id = c.id AND p.lead_id = leads.id)
        ORDER BY abs(extract(epoch FROM received_at - c.called_at)), received_at, id LIMIT 1
    ) l ON c.contact IS NOT NULL
"""


async def insert(  # allow: org_scope ingest
    tx: Tx, *, call: "NewCall", peer: str, headers: Mapping[str, str], body: bytes
) -> uuid.UUID | None:
    """The call's id, in the ingest role: an older one for the same ID and number; None for no org_id."""
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
    scope: OrgScope,
    *,
    unmatched_only: bool,
    before: tuple[datetime, uuid.UUID] | None,
    rows_max: int,
) -> list[asyncpg.Record]:
    """Calls newest first, each with its lead."""
    called_at, call_id = before or (None, None)
    return await scope.tx.fetch(
        f"""
        SELECT {COLUMNS} FROM calls c {NEAREST}
        WHERE c.org_id = $1 AND (NOT $2 OR l.id IS NULL)
            AND ($3::timestamptz IS NULL OR (c.called_at, c.id) < ($3, $4::uuid))
        ORDER BY c.called_at DESC, c.id DESC LIMIT $5
        """,
        scope.org_id,
        unmatched_only,
        called_at,
        call_id,
        rows_max,
    )


async def list_of_lead(scope: OrgScope, *, lead_id: uuid.UUID) -> list[asyncpg.Record]:
    """The calls whose nearest lead this is; at most 100."""
    return await scope.tx.fetch(
        f"""
        SELECT {COLUMNS} FROM leads own
        JOIN calls c ON c.org_id = own.org_id AND c.contact = ANY(own.contacts) {NEAREST}
        WHERE own.org_id = $1 AND own.id = $2 AND l.id = own.id
        ORDER BY c.called_at DESC, c.id DESC LIMIT 100
        """,
        scope.org_id,
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


async def delete_parting(scope: OrgScope, *, call_id: uuid.UUID, lead_id: uuid.UUID) -> None:
    """Take a parting back."""
    await scope.tx.execute(
        "DELETE FROM call_partings WHERE org_id = $1 AND call_id = $2 AND lead_id = $3",
        scope.org_id,
        call_id,
        lead_id,
    )
