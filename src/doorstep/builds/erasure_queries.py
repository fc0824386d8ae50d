"""All SQL of deleting what was built from a homeowner's photos."""

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from doorstep.orgs.model import OrgScope


async def end_open(scope: OrgScope, *, job_id: int, failure: Mapping[str, Any]) -> None:
    """End the builds that wait or run; who runs one finds the claim lost."""
    await scope.tx.execute(
        """
        UPDATE builds SET state = 'failed', failure = $3, finished_at = now()
        WHERE org_id = $1 AND job_id = $2 AND state IN ('queued', 'running')
        """,
        scope.org_id,
        job_id,
        json.dumps(failure),
    )


async def ids(scope: OrgScope, *, job_id: int) -> list[uuid.UUID]:
    """Every build of a job."""
    rows = await scope.tx.fetch(
        "SELECT id FROM builds WHERE org_id = $1 AND job_id = $2", scope.org_id, job_id
    )
    return [row["id"] for row in rows]


async def kept_keys(scope: OrgScope, *, job_id: int, name: str) -> set[str]:
    """Keys of the files of this name."""
    rows = await scope.tx.fetch(
        """
        SELECT f.key FROM build_files f
        JOIN builds b ON b.org_id = f.org_id AND b.id = f.build_id
        WHERE b.org_id = $1 AND b.job_id = $2 AND f.name = $3
        """,
        scope.org_id,
        job_id,
        name,
    )
    return {row["key"] for row in rows}


async def forget(scope: OrgScope, *, build_ids: Sequence[uuid.UUID], but: str) -> None:
    """Delete the rows of the builds' files but those of this name."""
    await scope.tx.execute(
        "DELETE FROM build_files WHERE org_id = $1 AND build_id = ANY ($2) AND name <> $3",
        scope.org_id,
        list(build_ids),
        but,
    )
