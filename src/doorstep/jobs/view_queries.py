"""All SQL of saved views."""

import uuid
from dataclasses import dataclass

from doorstep.orgs.model import OrgScope


@dataclass(frozen=True, kw_only=True)
class SavedView:
    """A portfolio's filters with a name, and whose they are."""

    id: uuid.UUID
    user_id: int
    author: str
    name: str
    address: str
    shared: bool


async def lock(scope: OrgScope) -> None:
    """Let one member save a view at a time, so that the limit holds."""
    await scope.tx.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('saved_views', $1))  -- org_id", scope.org_id
    )


async def visible(scope: OrgScope, *, user_id: int | None, rows_max: int) -> list[SavedView]:
    """The shared views and a member's own, by name."""
    rows = await scope.tx.fetch(
        """
        SELECT v.id, v.user_id, u.name AS author, v.name, v.address, v.shared
        FROM saved_views v JOIN users u ON u.org_id = v.org_id AND u.id = v.user_id
        WHERE v.org_id = $1 AND (v.shared OR v.user_id = $2)
        ORDER BY lower(v.name), v.id LIMIT $3
        """,
        scope.org_id,
        user_id,
        rows_max,
    )
    return [SavedView(**row) for row in rows]


async def count(scope: OrgScope, *, user_id: int) -> int:
    """How many views a member has saved."""
    found: int = await scope.tx.fetchval(
        "SELECT count(*) FROM saved_views WHERE org_id = $1 AND user_id = $2",
        scope.org_id,
        user_id,
    )
    return found


async def insert(
    scope: OrgScope, *, view_id: uuid.UUID, user_id: int, name: str, address: str, shared: bool
) -> None:
    """A new view."""
    await scope.tx.execute(
        "INSERT INTO saved_views (org_id, id, user_id, name, address, shared) "
        "VALUES ($1, $2, $3, $4, $5, $6)",
        scope.org_id,
        view_id,
        user_id,
        name,
        address,
        shared,
    )


async def delete(scope: OrgScope, *, view_id: uuid.UUID) -> None:
    """Remove a view."""
    await scope.tx.execute(
        "DELETE FROM saved_views WHERE org_id = $1 AND id = $2", scope.org_id, view_id
    )


async def find(scope: OrgScope, *, view_id: uuid.UUID) -> SavedView | None:
    """One view."""
    row = await scope.tx.fetchrow(
        """
        SELECT v.id, v.user_id, u.name AS author, v.name, v.address, v.shared
        FROM saved_views v JOIN users u ON u.org_id = v.org_id AND u.id = v.user_id
        WHERE v.org_id = $1 AND v.id = $2
        """,
        scope.org_id,
        view_id,
    )
    return SavedView(**row) if row else None
