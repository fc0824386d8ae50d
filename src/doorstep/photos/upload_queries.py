"""All SQL of uploads and their pieces."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import asyncpg

from doorstep.kit.db import Tx
from doorstep.orgs.model import OrgScope
from doorstep.photos.model import NewUpload, Upload

COLUMNS = """id, capture_request_id, session_id, kind, spot, structure, filename, sequence, length,
    received, state, photo_id, expires_at, expires_at <= now() AS expired"""


async def find(scope: OrgScope, *, capture_request_id: int, upload_id: uuid.UUID) -> Upload | None:
    """One upload of a request."""
    row = await scope.tx.fetchrow(
        f"SELECT {COLUMNS} FROM uploads WHERE org_id = $1 AND capture_request_id = $2 AND id = $3",
        scope.org_id,
        capture_request_id,
        upload_id,
    )
    return Upload(**row) if row else None


async def totals(scope: OrgScope, *, capture_request_id: int) -> asyncpg.Record:
    """(files, bytes, open) of a request's uploads, ended ones left out."""
    row = await scope.tx.fetchrow(
        """
        SELECT count(*) AS files, coalesce(sum(length), 0)::bigint AS bytes,
            count(*) FILTER (WHERE state = 'open' AND received < length) AS open
        FROM uploads
        WHERE org_id = $1 AND capture_request_id = $2 AND state <> 'terminated'
          AND (state <> 'open' OR expires_at > now())
        """,
        scope.org_id,
        capture_request_id,
    )
    assert row is not None
    return row


async def insert(
    scope: OrgScope,
    *,
    upload_id: uuid.UUID,
    capture_request_id: int,
    session_id: uuid.UUID,
    new: NewUpload,
    life: timedelta,
) -> None:
    """A new, empty upload."""
    await scope.tx.execute(
        """
        INSERT INTO uploads (org_id, id, capture_request_id, session_id, kind, spot, filename,
            sequence, length, claim, structure, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, now() + $12)
        """,
        scope.org_id,
        upload_id,
        capture_request_id,
        session_id,
        str(new.kind),
        new.spot,
        new.filename,
        new.sequence,
        new.length,
        new.claim,
        new.structure,
        life,
    )


async def find_claimed(
    scope: OrgScope, *, session_id: uuid.UUID, new: NewUpload
) -> asyncpg.Record | None:
    """(id, full) of the same announced bytes by the same phone, on their way or here.

    They are here only if the photo made of them has the hash that was announced.
    """
    return await scope.tx.fetchrow(
        """
        SELECT u.id, u.state = 'open' AND u.received = u.length AS full
        FROM uploads u
        LEFT JOIN photos p ON p.org_id = u.org_id AND p.id = u.photo_id
        WHERE u.org_id = $1 AND u.session_id = $2
          AND u.claim = $3 AND u.length = $4 AND u.kind = $5
          AND ((u.state = 'open' AND (u.expires_at > now() OR u.received = u.length))
            OR (u.state = 'stored' AND p.sha256 = $3 AND p.problem IS NULL))
        ORDER BY u.state = 'stored' DESC, u.id LIMIT 1
        """,
        scope.org_id,
        session_id,
        new.claim,
        new.length,
        str(new.kind),
    )


async def advance(
    scope: OrgScope,
    *,
    upload_id: uuid.UUID,
    start: int,
    length: int,
    key: str,
    life: timedelta,
) -> bool:
    """Whether the upload stood at `start`; then it stands `length` further on.

    This compare-and-set is what decides between two senders of one piece.
    """
    moved = await scope.tx.fetchval(
        """
        WITH moved AS (
            UPDATE uploads SET received = received + $4, expires_at = now() + $6
            WHERE org_id = $1 AND id = $2 AND state = 'open' AND received = $3
              AND received + $4 <= length AND expires_at > now()
            RETURNING id
        )
        INSERT INTO upload_pieces (org_id, upload_id, start, length, key)
        SELECT $1, id, $3, $4, $5 FROM moved RETURNING 1
        """,
        scope.org_id,
        upload_id,
        start,
        length,
        key,
        life,
    )
    return moved is not None


async def pieces(scope: OrgScope, *, upload_id: uuid.UUID) -> list[asyncpg.Record]:
    """(start, length, key) of what has arrived, in order."""
    return await scope.tx.fetch(
        "SELECT start, length, key FROM upload_pieces "
        "WHERE org_id = $1 AND upload_id = $2 ORDER BY start",
        scope.org_id,
        upload_id,
    )


async def settle(
    scope: OrgScope,
    *,
    upload_id: uuid.UUID,
    state: str,
    problem: str | None = None,
    photo_id: uuid.UUID | None = None,
) -> bool:
    """Whether this call is the one that ended the open upload; its pieces are forgotten."""
    settled = await scope.tx.fetchval(
        "UPDATE uploads SET state = $3, problem = $4, photo_id = $5 "
        "WHERE org_id = $1 AND id = $2 AND state = 'open' RETURNING 1",
        scope.org_id,
        upload_id,
        state,
        problem,
        photo_id,
    )
    if settled is not None:
        await scope.tx.execute(
            "DELETE FROM upload_pieces WHERE org_id = $1 AND upload_id = $2",
            scope.org_id,
            upload_id,
        )
    return settled is not None


async def idle(
    scope: OrgScope, *, capture_request_id: int, life: timedelta, age: timedelta
) -> list[uuid.UUID]:
    """Open uploads of a request of which nothing arrived for `age`."""
    rows = await scope.tx.fetch(
        """
        SELECT id FROM uploads
        WHERE org_id = $1 AND capture_request_id = $2 AND state = 'open' AND received < length
          AND expires_at <= now() + $3::interval - $4::interval
        """,
        scope.org_id,
        capture_request_id,
        life,
        age,
    )
    return [row["id"] for row in rows]


async def job_of(scope: OrgScope, *, upload_id: uuid.UUID) -> int:
    """The job whose photos an upload brings."""
    found: int = await scope.tx.fetchval(
        """
        SELECT r.job_id FROM uploads u
        JOIN capture_requests r ON r.org_id = u.org_id AND r.id = u.capture_request_id
        WHERE u.org_id = $1 AND u.id = $2
        """,
        scope.org_id,
        upload_id,
    )
    return found


async def expired(scope: OrgScope, *, capture_request_id: int) -> list[uuid.UUID]:
    """Uploads of a request that nobody continued in time."""
    rows = await scope.tx.fetch(
        """
        SELECT id FROM uploads
        WHERE org_id = $1 AND capture_request_id = $2 AND state = 'open' AND received < length
          AND expires_at <= now()
        """,
        scope.org_id,
        capture_request_id,
    )
    return [row["id"] for row in rows]


async def keys_in_use(scope: OrgScope, *, keys: Sequence[str]) -> set[str]:
    """Those of the keys that are pieces of an upload."""
    rows = await scope.tx.fetch(
        "SELECT key FROM upload_pieces WHERE org_id = $1 AND key = ANY ($2::text[])",
        scope.org_id,
        keys,
    )
    return {row["key"] for row in rows}


async def left_whole(scope: OrgScope, *, age: timedelta) -> list[asyncpg.Record]:
    """(id, session_id, capture_request_id) of uploads that are here and became no photo."""
    return await scope.tx.fetch(
        """
        SELECT id, session_id, capture_request_id FROM uploads
        WHERE org_id = $1 AND state = 'open' AND received = length
          AND created_at < now() - $2::interval
        """,
        scope.org_id,
        age,
    )


async def claim_upkeep(tx: Tx, *, name: str, every: timedelta) -> datetime | None:
    """The time, if this housekeeping is due and this call is the one that begins it."""
    begun: datetime | None = await tx.fetchval(
        """
        INSERT INTO upkeep AS u (name) VALUES ($1)
        ON CONFLICT (name) DO UPDATE SET begun_at = now() WHERE u.begun_at <= now() - $2::interval
        RETURNING begun_at
        """,
        name,
        every,
    )
    return begun
