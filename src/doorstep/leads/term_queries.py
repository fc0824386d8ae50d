"""All SQL of the words that leads are found by."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import asyncpg

from doorstep.orgs.model import OrgScope

Mark = tuple[datetime, uuid.UUID]

TEXTS = ("first_name", "last_name", "email", "address", "city", "region", "postal_code")
LAST_CHARACTER = "\U0010ffff"


async def lock_mark(scope: OrgScope) -> Mark | None:
    """How far the organization's leads have their terms; None while another task is at it."""
    await scope.tx.execute(
        "INSERT INTO lead_term_marks (org_id, received_at, lead_id) "
        "VALUES ($1, '1970-01-01Z', '00000000-0000-0000-0000-000000000000') ON CONFLICT DO NOTHING",
        scope.org_id,
    )
    row = await scope.tx.fetchrow(
        "SELECT received_at, lead_id FROM lead_term_marks WHERE org_id = $1 FOR UPDATE SKIP LOCKED",
        scope.org_id,
    )
    return (row["received_at"], row["lead_id"]) if row else None


async def list_after(
    scope: OrgScope, *, mark: Mark, settled: timedelta, rows_max: int
) -> list[asyncpg.Record]:
    """The next leads that are older than `settled`, with what their terms are made of."""
    return await scope.tx.fetch(
        f"""
        SELECT id, received_at, contacts, {", ".join(TEXTS)} FROM leads
        WHERE org_id = $1 AND (received_at, id) > ($2, $3::uuid) AND received_at < now() - $4::interval
        ORDER BY received_at, id LIMIT $5
        """,
        scope.org_id,
        *mark,
        settled,
        rows_max,
    )


async def insert(scope: OrgScope, *, terms: Sequence[tuple[str, uuid.UUID]]) -> None:
    """Write these (term, lead_id)."""
    await scope.tx.execute(
        "INSERT INTO lead_terms (org_id, term, lead_id) "
        "SELECT $1, * FROM unnest($2::text[], $3::uuid[])",
        scope.org_id,
        [term for term, _ in terms],
        [lead_id for _, lead_id in terms],
    )


async def move_mark(scope: OrgScope, *, mark: Mark) -> None:
    """All leads up to this one have their terms."""
    await scope.tx.execute(
        "UPDATE lead_term_marks SET received_at = $2, lead_id = $3 WHERE org_id = $1",
        scope.org_id,
        *mark,
    )


async def mark_within(scope: OrgScope, *, rows_max: int) -> Mark | None:
    """The mark, if fewer than `rows_max` leads are newer."""
    row = await scope.tx.fetchrow(
        """
        SELECT m.received_at, m.lead_id FROM lead_term_marks m
        WHERE m.org_id = $1 AND NOT EXISTS (
            SELECT FROM leads l
            WHERE l.org_id = $1 AND (l.received_at, l.id) > (m.received_at, m.lead_id)
            ORDER BY l.received_at DESC, l.id DESC OFFSET $2 LIMIT 1
        )
        """,
        scope.org_id,
        rows_max,
    )
    return (row["received_at"], row["lead_id"]) if row else None


async def list_with(scope: OrgScope, *, beginning: str, rows_max: int) -> list[uuid.UUID]:
    """Leads that have a term which begins so, in no order; at most so many."""
    rows = await scope.tx.fetch(
        "SELECT DISTINCT lead_id FROM (SELECT lead_id FROM lead_terms "
        "WHERE org_id = $1 AND term >= $2 AND term < $3 LIMIT $4) found",
        scope.org_id,
        beginning,
        beginning + LAST_CHARACTER,
        rows_max,
    )
    return [row["lead_id"] for row in rows]
