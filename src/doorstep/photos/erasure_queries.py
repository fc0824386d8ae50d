"""All SQL of deleting what a homeowner's phones brought in."""

import uuid
from collections.abc import Sequence

import asyncpg

from doorstep.orgs.model import OrgScope
from doorstep.photos.model import DAMAGED


async def stop(scope: OrgScope, *, request_id: int) -> None:
    """Nothing that is on its way, or under check, becomes a picture that is shown."""
    await scope.tx.execute(
        "UPDATE uploads SET state = 'terminated' "
        "WHERE org_id = $1 AND capture_request_id = $2 AND state = 'open'",
        scope.org_id,
        request_id,
    )
    await scope.tx.execute(
        "UPDATE photos SET state = 'rejected', problem = 'erased' "
        "WHERE org_id = $1 AND capture_request_id = $2 AND state = 'stored'",
        scope.org_id,
        request_id,
    )


async def stored(scope: OrgScope, *, request_id: int) -> list[asyncpg.Record]:
    """(id, bytes, keys) of the files; an original that another job has as well is left out.

    What the disk lost of an original goes with it.
    """
    return await scope.tx.fetch(
        """
        SELECT p.id, p.bytes, array_remove(ARRAY[p.display_key, p.thumbnail_key, p.details_key,
            CASE WHEN NOT EXISTS (SELECT 1 FROM photos o WHERE o.org_id = p.org_id
                AND o.sha256 = p.sha256 AND o.job_id <> p.job_id) THEN p.original_key END,
            CASE WHEN p.problem = 'lost' OR p.scrubbed_at IS NOT NULL
                THEN p.original_key || $3 END],
            NULL) AS keys
        FROM photos p WHERE p.org_id = $1 AND p.capture_request_id = $2 ORDER BY p.id
        """,
        scope.org_id,
        request_id,
        DAMAGED,
    )


async def pieces(scope: OrgScope, *, request_id: int) -> list[str]:
    """Keys of pieces that are in no file yet."""
    rows = await scope.tx.fetch(
        """
        SELECT e.key FROM upload_pieces e
        JOIN uploads u ON u.org_id = e.org_id AND u.id = e.upload_id
        WHERE u.org_id = $1 AND u.capture_request_id = $2
        """,
        scope.org_id,
        request_id,
    )
    return [row["key"] for row in rows]


async def forget(scope: OrgScope, *, request_id: int, photo_ids: Sequence[uuid.UUID]) -> None:
    """Delete these rows, with the marks on the photos and the notes of their uploads."""
    for sql in (
        "DELETE FROM measure_ends WHERE org_id = $1 AND photo_id = ANY ($2)",
        "DELETE FROM photos WHERE org_id = $1 AND id = ANY ($2)",
    ):
        await scope.tx.execute(sql, scope.org_id, list(photo_ids))
    await scope.tx.execute(
        """
        DELETE FROM upload_pieces e USING uploads u
        WHERE e.org_id = $1 AND u.org_id = $1 AND u.id = e.upload_id AND u.capture_request_id = $2
        """,
        scope.org_id,
        request_id,
    )
    await scope.tx.execute(
        "DELETE FROM uploads WHERE org_id = $1 AND capture_request_id = $2",
        scope.org_id,
        request_id,
    )
