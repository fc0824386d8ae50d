"""All SQL of builds and their files."""

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from doorstep.builds.model import ATTEMPTS_MAX, Build, BuildFile, BuildPhoto, Claim
from doorstep.captures.model import HOUSE
from doorstep.orgs.model import OrgScope

COLUMNS = """id, job_id, structure, state, stage, done, note, attempts, failure, report, created_at,
    started_at, finished_at"""


async def insert(
    scope: OrgScope, *, build_id: uuid.UUID, job_id: int, structure: str = HOUSE
) -> None:
    """A new build, waiting for a builder."""
    await scope.tx.execute(
        "INSERT INTO builds (org_id, id, job_id, structure) VALUES ($1, $2, $3, $4)",
        scope.org_id,
        build_id,
        job_id,
        structure,
    )


async def insert_complete(
    scope: OrgScope, *, build_id: uuid.UUID, job_id: int, report: Mapping[str, Any]
) -> None:
    """A build that no builder ran: that of a sample."""
    await scope.tx.execute(
        """
        INSERT INTO builds (org_id, id, job_id, state, done, report, started_at, finished_at)
        VALUES ($1, $2, $3, 'complete', 1, $4, now(), now())
        """,
        scope.org_id,
        build_id,
        job_id,
        json.dumps(report),
    )


async def claim(scope: OrgScope, *, build_id: uuid.UUID) -> Claim | None:
    """Take the build, with a new fence; None when it is settled or was tried too often."""
    row = await scope.tx.fetchrow(
        """
        UPDATE builds SET state = 'running', attempts = attempts + 1, fence = nextval('fences'),
            started_at = coalesce(started_at, now())
        WHERE org_id = $1 AND id = $2 AND state IN ('queued', 'running') AND attempts < $3
        RETURNING id AS build_id, job_id, structure, fence, attempts
        """,
        scope.org_id,
        build_id,
        ATTEMPTS_MAX,
    )
    return Claim(**row) if row else None


async def note_progress(
    scope: OrgScope, *, claim: Claim, stage: str, done: float, note: str
) -> bool:
    """Whether the claim still holds; if so its progress is written."""
    held = await scope.tx.fetchval(
        "UPDATE builds SET stage = $4, done = $5, note = $6 "
        "WHERE org_id = $1 AND id = $2 AND fence = $3 AND state = 'running' RETURNING 1",
        scope.org_id,
        claim.build_id,
        claim.fence,
        stage,
        done,
        note,
    )
    return held is not None


async def release(scope: OrgScope, *, claim: Claim) -> None:
    """Give the build back unfinished, as when its builder is told to stop."""
    await scope.tx.execute(
        "UPDATE builds SET state = 'queued', attempts = attempts - 1 "
        "WHERE org_id = $1 AND id = $2 AND fence = $3 AND state = 'running'",
        scope.org_id,
        claim.build_id,
        claim.fence,
    )


async def settle(
    scope: OrgScope,
    *,
    claim: Claim,
    state: str,
    failure: Mapping[str, Any] | None = None,
    report: Mapping[str, Any] | None = None,
) -> bool:
    """Whether the claim still held and the build has ended in `state`."""
    held = await scope.tx.fetchval(
        """
        UPDATE builds SET state = $4, failure = $5, report = $6, finished_at = now(),
            done = CASE WHEN $4 = 'complete' THEN 1 ELSE done END
        WHERE org_id = $1 AND id = $2 AND fence = $3 AND state = 'running' RETURNING 1
        """,
        scope.org_id,
        claim.build_id,
        claim.fence,
        state,
        json.dumps(failure) if failure else None,
        json.dumps(report) if report else None,
    )
    return held is not None


async def park(
    scope: OrgScope, *, build_id: uuid.UUID, failure: Mapping[str, Any]
) -> tuple[int, str] | None:
    """(job, structure) of a build that was tried too often and is parked now; None: settled."""
    row = await scope.tx.fetchrow(
        """
        UPDATE builds SET state = 'parked', failure = $4, finished_at = now()
        WHERE org_id = $1 AND id = $2 AND state IN ('queued', 'running') AND attempts >= $3
        RETURNING job_id, structure
        """,
        scope.org_id,
        build_id,
        ATTEMPTS_MAX,
        json.dumps(failure),
    )
    return (row["job_id"], row["structure"]) if row else None


async def find(scope: OrgScope, *, build_id: uuid.UUID) -> Build | None:
    """One build."""
    row = await scope.tx.fetchrow(
        f"SELECT {COLUMNS} FROM builds WHERE org_id = $1 AND id = $2", scope.org_id, build_id
    )
    return Build(**row) if row else None


async def latest_of_job(scope: OrgScope, *, job_id: int, structure: str = HOUSE) -> Build | None:
    """The newest build of one of a job's structures."""
    row = await scope.tx.fetchrow(
        f"SELECT {COLUMNS} FROM builds WHERE org_id = $1 AND job_id = $2 AND structure = $3 "
        "ORDER BY id DESC LIMIT 1",
        scope.org_id,
        job_id,
        structure,
    )
    return Build(**row) if row else None


async def insert_files(scope: OrgScope, *, build_id: uuid.UUID, files: Sequence[BuildFile]) -> None:
    """What the build published."""
    await scope.tx.executemany(
        "INSERT INTO build_files (org_id, build_id, tree, name, key, bytes, media_type) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7)",
        [(scope.org_id, build_id, f.tree, f.name, f.key, f.bytes, f.media_type) for f in files],
    )


async def insert_photos(
    scope: OrgScope, *, build_id: uuid.UUID, job_id: int, names: Mapping[str, str]
) -> None:
    """Under which name the build had which of the job's photos; `names` leads to originals' keys."""
    await scope.tx.execute(
        """
        INSERT INTO build_photos (org_id, build_id, name, photo_id)
        SELECT p.org_id, $2, n.name, p.id FROM unnest($4::text[], $5::text[]) AS n (name, key)
        JOIN photos p ON p.org_id = $1 AND p.job_id = $3 AND p.original_key = n.key
        """,
        scope.org_id,
        build_id,
        job_id,
        list(names),
        list(names.values()),
    )


async def photos_of_model(scope: OrgScope, *, job_id: int) -> list[BuildPhoto]:
    """The pictures that the house's current model was built from, as far as they are still there."""
    rows = await scope.tx.fetch(
        """
        SELECT u.name, row_number() OVER (ORDER BY u.name) AS number, p.id, p.spot, p.width,
            p.height
        FROM models m
        JOIN builds b ON b.org_id = m.org_id AND b.id = m.build_id
        JOIN build_photos u ON u.org_id = b.org_id AND u.build_id = b.id
        JOIN photos p ON p.org_id = u.org_id AND p.id = u.photo_id
        WHERE m.org_id = $1 AND m.job_id = $2 AND b.structure = $3
            AND p.display_key IS NOT NULL AND p.width IS NOT NULL
        ORDER BY u.name
        """,
        scope.org_id,
        job_id,
        HOUSE,
    )
    return [BuildPhoto(**row) for row in rows]


async def earlier_files(
    scope: OrgScope, *, job_id: int, name: str, rows_max: int
) -> list[tuple[datetime, BuildFile]]:
    """When each build before the house's current model ended, and its file of this name; newest first."""
    rows = await scope.tx.fetch(
        """
        SELECT b.finished_at, f.tree, f.name, f.key, f.bytes, f.media_type
        FROM builds b JOIN build_files f ON f.org_id = b.org_id AND f.build_id = b.id
        WHERE b.org_id = $1 AND b.job_id = $2 AND b.structure = $3 AND b.state = 'complete'
            AND b.finished_at IS NOT NULL AND f.tree = 'org' AND f.name = $4
            AND NOT EXISTS (SELECT 1 FROM models m WHERE m.org_id = b.org_id
                AND m.job_id = b.job_id AND m.build_id = b.id)
        ORDER BY b.id DESC LIMIT $5
        """,
        scope.org_id,
        job_id,
        HOUSE,
        name,
        rows_max,
    )
    return [(row["finished_at"], BuildFile(**dict(list(row.items())[1:]))) for row in rows]


async def published_files(
    scope: OrgScope, *, job_id: int, tree: str, structure: str = HOUSE
) -> list[BuildFile]:
    """The files of the current model of one of a job's structures, of one tree."""
    rows = await scope.tx.fetch(
        """
        SELECT DISTINCT f.tree, f.name, f.key, f.bytes, f.media_type
        FROM models m JOIN build_files f ON f.org_id = m.org_id AND f.build_id = m.build_id
        JOIN builds b ON b.org_id = m.org_id AND b.id = m.build_id
        WHERE m.org_id = $1 AND m.job_id = $2 AND f.tree = $3 AND b.structure = $4
        ORDER BY f.name
        """,
        scope.org_id,
        job_id,
        tree,
        structure,
    )
    return [BuildFile(**row) for row in rows]
