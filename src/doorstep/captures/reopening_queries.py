"""All SQL of captures that were opened again."""

from collections.abc import Sequence

from doorstep.captures.model import LINK_LIFE
from doorstep.kit.ids import uuid7
from doorstep.orgs.model import OrgScope


async def reopen(scope: OrgScope, *, request_id: int) -> bool:
    """Whether the request was complete, and takes photos again now."""
    found = await scope.tx.fetchval(
        """
        UPDATE capture_requests
        SET state = 'connected', completed_at = NULL, captured_user_id = NULL,
            expires_at = now() + $3::interval
        WHERE org_id = $1 AND id = $2 AND state = 'complete' RETURNING 1
        """,
        scope.org_id,
        request_id,
        LINK_LIFE,
    )
    return found is not None


async def insert(scope: OrgScope, *, request_id: int, spots: Sequence[str], note: str) -> None:
    """What is wanted."""
    await scope.tx.execute(
        "INSERT INTO reopenings (org_id, id, capture_request_id, spots, note, actor) "
        "VALUES ($1, $2, $3, $4, $5, $6)",
        scope.org_id,
        uuid7(),
        request_id,
        list(spots),
        note,
        str(scope.actor),
    )
