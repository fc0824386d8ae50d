"""All SQL of consent: where its proof may be, and what people noted."""

import uuid
from collections.abc import Mapping
from typing import Any

import asyncpg

from doorstep.orgs.model import OrgScope

CUT = "length(l.details) >= 4000 OR length(l.tracking) >= 4000"
"""Whether the columns may hold less than the post."""


async def find(scope: OrgScope, *, lead_id: uuid.UUID) -> asyncpg.Record | None:
    """(extra, details, tracking, headers, body) of a lead; the last two where a text was cut."""
    return await scope.tx.fetchrow(
        f"""
        SELECT l.extra, l.details, l.tracking, p.headers, p.body
        FROM leads l
        LEFT JOIN lead_posts p ON p.org_id = l.org_id AND p.id = l.post_id AND ({CUT})
        WHERE l.org_id = $1 AND l.id = $2
        """,
        scope.org_id,
        lead_id,
    )


async def list_notes(scope: OrgScope, *, lead_id: uuid.UUID) -> list[asyncpg.Record]:
    """What was noted about a lead, newest first; at most 100."""
    return await scope.tx.fetch(
        "SELECT id, given, how, note, actor, recorded_at FROM consents "
        "WHERE org_id = $1 AND lead_id = $2 ORDER BY id DESC LIMIT 100",
        scope.org_id,
        lead_id,
    )


async def insert(scope: OrgScope, *, lead_id: uuid.UUID, note: Mapping[str, Any]) -> bool:
    """Whether there is such a lead, which has this note now."""
    made = await scope.tx.fetchval(
        """
        INSERT INTO consents (org_id, id, lead_id, given, how, note, actor)
        SELECT org_id, $3, id, $4, $5, $6, $7 FROM leads WHERE org_id = $1 AND id = $2
        RETURNING true
        """,
        scope.org_id,
        lead_id,
        note["id"],
        note["given"],
        note["how"],
        note["note"],
        str(scope.actor),
    )
    return made is not None


async def evidence(scope: OrgScope, *, lead_id: uuid.UUID) -> asyncpg.Record | None:
    """Who, from whom and what: the lead's facts with its post as it came."""
    return await scope.tx.fetchrow(
        """
        SELECT l.id, l.received_at, l.first_name, l.last_name, l.primary_phone, l.secondary_phone,
            l.email, l.vendor_lead_id, s.name AS source, p.received_at AS posted_at, p.peer,
            p.headers, p.body
        FROM leads l
        JOIN sources s ON s.org_id = l.org_id AND s.id = l.source_id
        LEFT JOIN lead_posts p ON p.org_id = l.org_id AND p.id = l.post_id
        WHERE l.org_id = $1 AND l.id = $2
        """,
        scope.org_id,
        lead_id,
    )
