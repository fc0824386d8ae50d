"""All SQL of marks and of pairs that look alike."""

import uuid
from collections.abc import Collection

import asyncpg

from doorstep.leads.model import Lead
from doorstep.leads.queries import VIEW
from doorstep.orgs.model import OrgScope

# A pair `p` that a person has still to look at.
OPEN_PAIR = """p.parted_at IS NULL AND NOT EXISTS (
    SELECT FROM lead_merges m WHERE m.org_id = p.org_id AND m.lead_id IN (p.lead_id, p.other_id))"""


async def lock_marks(scope: OrgScope, *, keys: Collection[int]) -> None:
    """Wait for whoever looks for leads with one of these marks now, until this commits.

    Without it, two leads of one person that come at once would not see each other.
    """
    await scope.tx.execute(
        "SELECT pg_advisory_xact_lock(key) FROM unnest($1::bigint[]) AS key", sorted(keys)
    )


async def insert_marks(scope: OrgScope, *, lead_id: uuid.UUID, marks: Collection[bytes]) -> None:
    """By what the lead is known again."""
    await scope.tx.execute(
        "INSERT INTO lead_marks (org_id, mark, lead_id) SELECT $1, mark, $2 "
        "FROM unnest($3::bytea[]) AS mark ON CONFLICT DO NOTHING",
        scope.org_id,
        lead_id,
        list(marks),
    )


async def list_sharing(
    scope: OrgScope, *, lead_id: uuid.UUID, marks: Collection[bytes], each_max: int
) -> list[asyncpg.Record]:
    """(mark, other_id): the newest other leads that have one of the marks."""
    return await scope.tx.fetch(
        """
        SELECT own.mark, other.lead_id AS other_id FROM unnest($3::bytea[]) AS own (mark)
        CROSS JOIN LATERAL (
            SELECT lead_id FROM lead_marks
            WHERE org_id = $1 AND mark = own.mark AND lead_id <> $2
            ORDER BY lead_id DESC LIMIT $4
        ) other
        """,
        scope.org_id,
        lead_id,
        list(marks),
        each_max,
    )


async def insert_pairs(
    scope: OrgScope, *, lead_id: uuid.UUID, other_ids: Collection[uuid.UUID]
) -> None:
    """The lead looks like each of these, and they like it; what is known already stays."""
    await scope.tx.execute(
        """
        INSERT INTO lead_pairs (org_id, lead_id, other_id)
        SELECT $1, pair.one, pair.two FROM unnest($3::uuid[]) AS other_id
        CROSS JOIN LATERAL (VALUES ($2::uuid, other_id), (other_id, $2)) AS pair (one, two)
        ON CONFLICT DO NOTHING
        """,
        scope.org_id,
        lead_id,
        list(other_ids),
    )


async def list_open(scope: OrgScope, *, lead_id: uuid.UUID, rows_max: int) -> list[Lead]:
    """The leads that this one looks like and that a person has still to look at, newest first."""
    rows = await scope.tx.fetch(
        f"""
        {VIEW} JOIN lead_pairs p ON p.org_id = l.org_id AND p.other_id = l.id
        WHERE l.org_id = $1 AND p.lead_id = $2 AND {OPEN_PAIR}
        ORDER BY l.received_at DESC, l.id DESC LIMIT $3
        """,
        scope.org_id,
        lead_id,
        rows_max,
    )
    return [Lead(**row) for row in rows]


async def list_open_ids(scope: OrgScope, *, lead_id: uuid.UUID) -> set[uuid.UUID]:
    """The same by their ids; at most 100."""
    rows = await scope.tx.fetch(
        "SELECT p.other_id FROM lead_pairs p WHERE p.org_id = $1 AND p.lead_id = $2 "
        f"AND {OPEN_PAIR} LIMIT 100",
        scope.org_id,
        lead_id,
    )
    return {row["other_id"] for row in rows}


async def is_parted(scope: OrgScope, *, lead_id: uuid.UUID, other_id: uuid.UUID) -> bool:
    """Whether somebody said that these are two people."""
    found: bool = await scope.tx.fetchval(
        "SELECT EXISTS (SELECT FROM lead_pairs WHERE org_id = $1 AND lead_id = $2 "
        "AND other_id = $3 AND parted_at IS NOT NULL)",
        scope.org_id,
        lead_id,
        other_id,
    )
    return found


async def set_parted(
    scope: OrgScope, *, lead_id: uuid.UUID, other_id: uuid.UUID, parted: bool
) -> None:
    """Say of two leads that they are two people, or take that back."""
    await scope.tx.execute(
        """
        INSERT INTO lead_pairs AS p (org_id, lead_id, other_id, parted_by, parted_at)
        SELECT $1, pair.one, pair.two, $4, CASE WHEN $4::text IS NOT NULL THEN now() END
        FROM (VALUES ($2::uuid, $3::uuid), ($3, $2)) AS pair (one, two)
        ON CONFLICT (org_id, lead_id, other_id) DO UPDATE
            SET parted_by = excluded.parted_by, parted_at = excluded.parted_at
        """,
        scope.org_id,
        lead_id,
        other_id,
        str(scope.actor) if parted else None,
    )
