"""All SQL of stored photos."""

import uuid
from datetime import timedelta

import asyncpg

from doorstep.captures.model import HOUSE
from doorstep.orgs.model import OrgScope
from doorstep.photos.model import Photo

COLUMNS = """id, job_id, capture_request_id, session_id, kind, spot, sequence, sha256, bytes,
    media_type, width, height, original_key, display_key, thumbnail_key, state, problem, hints,
    created_at, structure"""

# The order in which they were taken: the walk of one phone, then that of the next.
TAKEN_ORDER = "session_id, sequence, id"


async def insert(scope: OrgScope, *, photo: Photo) -> uuid.UUID | None:
    """The id of the row, or None when the job has these bytes already.

    One whose original was lost on our side is as new: the phone has brought it again.
    """
    found: uuid.UUID | None = await scope.tx.fetchval(
        """
        INSERT INTO photos (org_id, id, job_id, capture_request_id, session_id, kind, spot,
            sequence, sha256, bytes, media_type, original_key, state, problem,
            structure)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        ON CONFLICT (org_id, job_id, sha256) DO UPDATE SET state = 'stored', problem = NULL
            WHERE photos.problem = 'lost'
        RETURNING id
        """,
        scope.org_id,
        photo.id,
        photo.job_id,
        photo.capture_request_id,
        photo.session_id,
        photo.kind,
        photo.spot,
        photo.sequence,
        photo.sha256,
        photo.bytes,
        photo.media_type,
        photo.original_key,
        photo.state,
        photo.problem,
        photo.structure,
    )
    return found


async def insert_sample(
    scope: OrgScope,
    *,
    photo_id: uuid.UUID,
    job_id: int,
    sequence: int,
    content: tuple[bytes, int],
    size: tuple[int, int],
    keys: tuple[str, str],
) -> None:
    """A photo that no phone sent; `content` is (sha256, bytes), `keys` (original, shown)."""
    await scope.tx.execute(
        """
        INSERT INTO photos (org_id, id, job_id, kind, sequence, sha256, bytes, media_type, width,
            height, original_key, display_key, thumbnail_key, state)
        VALUES ($1, $2, $3, 'photo', $4, $5, $6, 'image/jpeg', $7, $8, $9, $10, $10, 'ready')
        """,
        scope.org_id,
        photo_id,
        job_id,
        sequence,
        *content,
        *size,
        *keys,
    )


async def id_by_hash(scope: OrgScope, *, job_id: int, sha256: bytes) -> uuid.UUID:
    """The photo of a job that has these bytes."""
    found: uuid.UUID = await scope.tx.fetchval(
        "SELECT id FROM photos WHERE org_id = $1 AND job_id = $2 AND sha256 = $3",
        scope.org_id,
        job_id,
        sha256,
    )
    return found


async def find(scope: OrgScope, *, photo_id: uuid.UUID) -> Photo | None:
    """One photo."""
    row = await scope.tx.fetchrow(
        f"SELECT {COLUMNS} FROM photos WHERE org_id = $1 AND id = $2", scope.org_id, photo_id
    )
    return Photo(**row) if row else None


async def find_numbered(scope: OrgScope, *, number: int) -> Photo | None:
    """One photo by its number."""
    row = await scope.tx.fetchrow(
        f"SELECT {COLUMNS} FROM photos WHERE org_id = $1 AND number = $2", scope.org_id, number
    )
    return Photo(**row) if row else None


async def list_of_job(scope: OrgScope, *, job_id: int) -> list[Photo]:
    """Everything stored for a job, in the order in which it was taken."""
    rows = await scope.tx.fetch(
        f"SELECT {COLUMNS} FROM photos WHERE org_id = $1 AND job_id = $2 ORDER BY {TAKEN_ORDER}",
        scope.org_id,
        job_id,
    )
    return [Photo(**row) for row in rows]


async def list_of_request(scope: OrgScope, *, capture_request_id: int) -> list[Photo]:
    """What a request's phones have brought in, frames of videos left out."""
    rows = await scope.tx.fetch(
        f"""
        SELECT {COLUMNS} FROM photos
        WHERE org_id = $1 AND capture_request_id = $2 AND kind <> 'frame' ORDER BY {TAKEN_ORDER}
        """,
        scope.org_id,
        capture_request_id,
    )
    return [Photo(**row) for row in rows]


async def originals_of_job(
    scope: OrgScope, *, job_id: int, structure: str = HOUSE
) -> list[tuple[int, str, str]]:
    """(number, key, media type) of one structure's pictures for a build, as they were taken."""
    rows = await scope.tx.fetch(
        f"""
        SELECT original_key, media_type FROM photos
        WHERE org_id = $1 AND job_id = $2 AND kind IN ('photo', 'frame') AND state <> 'rejected'
          AND structure = $3
        ORDER BY {TAKEN_ORDER}
        """,
        scope.org_id,
        job_id,
        structure,
    )
    return [(n, row["original_key"], row["media_type"]) for n, row in enumerate(rows)]


async def structures_of_job(scope: OrgScope, *, job_id: int) -> list[str]:
    """The structures of which there are pictures that a build may use."""
    rows = await scope.tx.fetch(
        """
        SELECT DISTINCT structure FROM photos
        WHERE org_id = $1 AND job_id = $2 AND kind IN ('photo', 'frame', 'video')
          AND state <> 'rejected' ORDER BY structure
        """,
        scope.org_id,
        job_id,
    )
    return [row["structure"] for row in rows]


async def thumbnails_of_job(scope: OrgScope, *, job_id: int) -> list[str]:
    """Keys of the small copies of a job's photos, as they were taken."""
    rows = await scope.tx.fetch(
        f"""
        SELECT thumbnail_key FROM photos
        WHERE org_id = $1 AND job_id = $2 AND kind IN ('photo', 'frame') AND state = 'ready'
          AND thumbnail_key IS NOT NULL
        ORDER BY {TAKEN_ORDER}
        """,
        scope.org_id,
        job_id,
    )
    return [row["thumbnail_key"] for row in rows]


async def count_unchecked(scope: OrgScope, *, job_id: int) -> int:
    """How many files of a job the check has not seen yet; a build waits for them."""
    found: int = await scope.tx.fetchval(
        "SELECT count(*) FROM photos WHERE org_id = $1 AND job_id = $2 AND state = 'stored'",
        scope.org_id,
        job_id,
    )
    return found


async def hashes_of_request(scope: OrgScope, *, capture_request_id: int) -> list[asyncpg.Record]:
    """(sha256, bytes, state) of what a request's phones have brought in and is still here."""
    return await scope.tx.fetch(
        """
        SELECT sha256, bytes, state FROM photos
        WHERE org_id = $1 AND capture_request_id = $2 AND kind <> 'frame'
            AND problem IS DISTINCT FROM 'lost'
        """,
        scope.org_id,
        capture_request_id,
    )


async def accept(
    scope: OrgScope,
    *,
    photo_id: uuid.UUID,
    width: int,
    height: int,
    keys: tuple[str, str, str | None],
    hints: list[str],
) -> None:
    """Note what the check made of a picture; one that is settled stays as it is.

    `keys` are of its two copies and of its details.
    """
    await scope.tx.execute(
        """
        UPDATE photos SET state = 'ready', width = $3, height = $4, display_key = $5,
            thumbnail_key = $6, details_key = $7, hints = $8
        WHERE org_id = $1 AND id = $2 AND state = 'stored'
        """,
        scope.org_id,
        photo_id,
        width,
        height,
        *keys,
        hints,
    )


async def reject(scope: OrgScope, *, photo_id: uuid.UUID, problem: str) -> None:
    """Note why a picture is of no use; one that is settled stays as it is."""
    await scope.tx.execute(
        "UPDATE photos SET state = 'rejected', problem = $3 "
        "WHERE org_id = $1 AND id = $2 AND state = 'stored'",
        scope.org_id,
        photo_id,
        problem,
    )


async def accept_video(scope: OrgScope, *, photo_id: uuid.UUID) -> bool:
    """Whether this call is the one that settled the video as ready."""
    accepted = await scope.tx.fetchval(
        "UPDATE photos SET state = 'ready' "
        "WHERE org_id = $1 AND id = $2 AND state = 'stored' RETURNING 1",
        scope.org_id,
        photo_id,
    )
    return accepted is not None


async def due_for_scrub(scope: OrgScope, *, age: timedelta, rows_max: int) -> list[Photo]:
    """Stored files whose original nobody has compared with its hash for `age`."""
    rows = await scope.tx.fetch(
        f"""
        SELECT {COLUMNS} FROM photos
        WHERE org_id = $1 AND created_at < now() - $2::interval
          AND (scrubbed_at IS NULL OR scrubbed_at < now() - $2::interval)
          AND coalesce(problem, '') NOT IN ('lost', 'erased')
        ORDER BY scrubbed_at NULLS FIRST, id LIMIT $3
        """,
        scope.org_id,
        age,
        rows_max,
    )
    return [Photo(**row) for row in rows]


async def note_scrub(scope: OrgScope, *, photo_id: uuid.UUID) -> None:
    """The original was read and is what it was."""
    await scope.tx.execute(
        "UPDATE photos SET scrubbed_at = now() WHERE org_id = $1 AND id = $2",
        scope.org_id,
        photo_id,
    )


async def lose(scope: OrgScope, *, original_key: str) -> list[asyncpg.Record]:
    """(id, job_id, capture_request_id) of the photos whose original is not what it was."""
    return await scope.tx.fetch(
        """
        UPDATE photos SET state = 'rejected', problem = 'lost', scrubbed_at = now()
        WHERE org_id = $1 AND original_key = $2 AND problem IS DISTINCT FROM 'lost'
        RETURNING id, job_id, capture_request_id
        """,
        scope.org_id,
        original_key,
    )


async def left_unchecked(scope: OrgScope, *, age: timedelta) -> list[uuid.UUID]:
    """Files that the check should have seen long ago."""
    rows = await scope.tx.fetch(
        "SELECT id FROM photos WHERE org_id = $1 AND state = 'stored' "
        "AND created_at < now() - $2::interval",
        scope.org_id,
        age,
    )
    return [row["id"] for row in rows]
