"""All SQL of the audit log: events, accesses, and the chain over both."""

import uuid
from collections.abc import Sequence

import asyncpg

from doorstep.events.model import AnyOrgScope

# One shape for both: an access has the name of its kind, and what was read or asked for.
_EVENTS = """SELECT id, name, actor, lead_id, capture_request_id, job_id, payload, occurred_at
    FROM events"""
_ACCESSES = """SELECT id, 'access.' || kind AS name, actor, NULL::uuid AS lead_id,
    NULL::bigint AS capture_request_id, job_id, jsonb_build_object('what', what) AS payload,
    occurred_at FROM accesses"""


async def insert_access(
    scope: AnyOrgScope, *, access_id: uuid.UUID, kind: str, what: str, job_id: int | None
) -> None:
    """Append one access."""
    await scope.tx.execute(
        "INSERT INTO accesses (org_id, id, kind, actor, what, job_id) "
        "VALUES ($1, $2, $3, $4, $5, $6)",
        scope.org_id,
        access_id,
        kind,
        str(scope.actor),
        what,
        job_id,
    )


async def lock_chain(scope: AnyOrgScope) -> bool:
    """Whether no other task writes links of this organization now, until this one commits."""
    locked: bool = await scope.tx.fetchval(
        "SELECT pg_try_advisory_xact_lock(hashtextextended('audit', $1))  -- by org_id",
        scope.org_id,
    )
    return locked


async def last_link(scope: AnyOrgScope) -> asyncpg.Record | None:
    """(number, hash, entry_id) of the newest link."""
    return await scope.tx.fetchrow(
        "SELECT number, hash, entry_id FROM audit_links WHERE org_id = $1 "
        "ORDER BY number DESC LIMIT 1",
        scope.org_id,
    )


async def unlinked(
    scope: AnyOrgScope, *, after: uuid.UUID, before: uuid.UUID, rows_max: int
) -> list[asyncpg.Record]:
    """Entries between these ids that no link stands for, oldest first."""
    bounds = """id > $2 AND id < $3 AND NOT EXISTS (
        SELECT FROM audit_links l WHERE l.org_id = $1 AND l.entry_id = id)
        ORDER BY id LIMIT $4"""
    return await scope.tx.fetch(
        f"""
        SELECT * FROM (
            ({_EVENTS} WHERE org_id = $1 AND {bounds})
            UNION ALL ({_ACCESSES} WHERE org_id = $1 AND {bounds})
        ) every ORDER BY id LIMIT $4
        """,
        scope.org_id,
        after,
        before,
        rows_max,
    )


async def stranger(
    scope: AnyOrgScope, *, after: uuid.UUID, before: uuid.UUID, looked_through_max: int
) -> asyncpg.Record | None:
    """(last, stranger) of the next entries: the newest of them, and the first without a link."""
    bounds = "org_id = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT $4"
    return await scope.tx.fetchrow(
        f"""
        WITH looked AS MATERIALIZED (
            SELECT id FROM (
                (SELECT id FROM events WHERE {bounds})
                UNION ALL (SELECT id FROM accesses WHERE {bounds})
            ) every ORDER BY id LIMIT $4
        )
        SELECT (SELECT id FROM looked ORDER BY id DESC LIMIT 1) AS last, (
            SELECT id FROM looked WHERE NOT EXISTS (
                SELECT FROM audit_links l WHERE l.org_id = $1 AND l.entry_id = looked.id)
            ORDER BY id LIMIT 1) AS stranger
        """,
        scope.org_id,
        after,
        before,
        looked_through_max,
    )


async def insert_links(
    scope: AnyOrgScope, *, first: int, entry_ids: Sequence[uuid.UUID], hashes: Sequence[bytes]
) -> None:
    """Append links, numbered from `first` on."""
    await scope.tx.execute(
        "INSERT INTO audit_links (org_id, number, entry_id, hash) "
        "SELECT $1, $2 + place - 1, entry_id, hash "
        "FROM unnest($3::uuid[], $4::bytea[]) WITH ORDINALITY AS link (entry_id, hash, place)",
        scope.org_id,
        first,
        entry_ids,
        hashes,
    )


async def links_after(scope: AnyOrgScope, *, number: int, rows_max: int) -> list[asyncpg.Record]:
    """The next links with what they stand for; an entry that is gone has no name."""
    return await scope.tx.fetch(
        f"""
        WITH links AS (
            SELECT number, entry_id, hash FROM audit_links WHERE org_id = $1 AND number > $2
            ORDER BY number LIMIT $3
        )
        SELECT l.number, l.entry_id, l.hash, e.* FROM links l LEFT JOIN (
            {_EVENTS} WHERE org_id = $1 AND id IN (SELECT entry_id FROM links)
            UNION ALL {_ACCESSES} WHERE org_id = $1 AND id IN (SELECT entry_id FROM links)
        ) e ON e.id = l.entry_id ORDER BY l.number
        """,
        scope.org_id,
        number,
        rows_max,
    )


async def page(
    scope: AnyOrgScope,
    *,
    actor: str | None,
    group: str | None,
    after: uuid.UUID,
    before: uuid.UUID,
    looked_through_max: int,
    rows_max: int,
) -> list[asyncpg.Record]:
    """Entries between these ids newest first, with the numbers of their links."""
    bounds = "org_id = $1 AND id > $2 AND id < $3 ORDER BY id DESC LIMIT $4"
    return await scope.tx.fetch(
        f"""
        SELECT newest.*, l.number FROM (
            ({_EVENTS} WHERE {bounds}) UNION ALL ({_ACCESSES} WHERE {bounds})
        ) newest
        LEFT JOIN audit_links l ON l.org_id = $1 AND l.entry_id = newest.id
        WHERE ($5::text IS NULL OR actor = $5)
            AND ($6::text IS NULL OR split_part(name, '.', 1) = $6)
        ORDER BY newest.id DESC LIMIT $7
        """,
        scope.org_id,
        after,
        before,
        looked_through_max,
        actor,
        group,
        rows_max,
    )


async def end_of_look(
    scope: AnyOrgScope, *, after: uuid.UUID, before: uuid.UUID, looked_through_max: int
) -> uuid.UUID | None:
    """Where a look through so many entries has stopped; None when none is left."""
    bounds = "id > $2 AND id < $3 ORDER BY id DESC LIMIT $4"
    found: uuid.UUID | None = await scope.tx.fetchval(
        f"""
        SELECT id FROM (
            (SELECT id FROM events WHERE org_id = $1 AND {bounds}) UNION ALL
            (SELECT id FROM accesses WHERE org_id = $1 AND {bounds})
        ) newest ORDER BY id DESC OFFSET $4 - 1 LIMIT 1
        """,
        scope.org_id,
        after,
        before,
        looked_through_max,
    )
    return found
