"""All SQL of pictures as views of a house that are compared with each other."""

import uuid
from collections.abc import Sequence

import asyncpg

from doorstep.orgs.model import OrgScope
from doorstep.photos.queries import TAKEN_ORDER


async def waiting(scope: OrgScope, *, capture_request_id: int) -> asyncpg.Record:
    """(count, age_seconds) of the files of a request that the check has not seen, the newest's age."""
    found = await scope.tx.fetchrow(
        """
        SELECT count(*), extract(epoch FROM now() - max(created_at))::float8 AS age_seconds
        FROM photos WHERE org_id = $1 AND capture_request_id = $2 AND state = 'stored'
        """,
        scope.org_id,
        capture_request_id,
    )
    assert found is not None, "an aggregate has a row"
    return found


async def taken(scope: OrgScope, *, capture_request_id: int) -> list[asyncpg.Record]:
    """(id) of a request's pictures whose details are known, as they were taken."""
    return await scope.tx.fetch(
        f"""
        SELECT id FROM photos
        WHERE org_id = $1 AND capture_request_id = $2 AND kind IN ('photo', 'frame')
          AND structure = 'house' AND state = 'ready' AND details_key IS NOT NULL
        ORDER BY {TAKEN_ORDER}
        """,
        scope.org_id,
        capture_request_id,
    )


async def by_id(scope: OrgScope, *, photo_ids: Sequence[uuid.UUID]) -> list[asyncpg.Record]:
    """(id, session_id, spot, details_key) of these pictures, in their order, if they are here."""
    return await scope.tx.fetch(
        """
        SELECT p.id, p.session_id, p.spot, p.details_key
        FROM unnest($2::uuid[]) WITH ORDINALITY AS asked (id, number)
        JOIN photos p ON p.org_id = $1 AND p.id = asked.id
        WHERE p.details_key IS NOT NULL ORDER BY asked.number
        """,
        scope.org_id,
        list(photo_ids),
    )


async def spots(scope: OrgScope, *, photo_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str | None]:
    """Where these pictures were taken, as far as they are here and somebody said it."""
    rows = await scope.tx.fetch(
        "SELECT id, spot FROM photos WHERE org_id = $1 AND id = ANY($2::uuid[])",
        scope.org_id,
        list(photo_ids),
    )
    return {row["id"]: row["spot"] for row in rows}
