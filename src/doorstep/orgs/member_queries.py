"""All SQL that changes members."""

from doorstep.orgs.model import OrgScope


async def invite(scope: OrgScope, *, email: str, name: str, role: str) -> int | None:
    """The id of a new or returning member; None when an active one has the address."""
    user_id: int | None = await scope.tx.fetchval(
        """
        INSERT INTO users (org_id, email, name, role, invited_at) VALUES ($1, $2, $3, $4, now())
        ON CONFLICT (org_id, lower(email)) DO UPDATE
            SET name = $3, role = $4, invited_at = now(), disabled_at = NULL,
                require_job_approval = false
            WHERE users.disabled_at IS NOT NULL
        RETURNING id
        """,
        scope.org_id,
        email,
        name,
        role,
    )
    return user_id


async def note_signed_in(scope: OrgScope, *, user_id: int) -> None:
    """An invited member has come."""
    await scope.tx.execute(
        "UPDATE users SET invited_at = NULL "
        "WHERE org_id = $1 AND id = $2 AND invited_at IS NOT NULL",
        scope.org_id,
        user_id,
    )


async def set_role(scope: OrgScope, *, user_id: int, role: str) -> None:
    """Write a member's role."""
    await scope.tx.execute(
        "UPDATE users SET role = $3 WHERE org_id = $1 AND id = $2", scope.org_id, user_id, role
    )


async def set_require_approval(scope: OrgScope, *, user_id: int, required: bool) -> None:
    """Write whether a member's jobs wait for approval."""
    await scope.tx.execute(
        "UPDATE users SET require_job_approval = $3 WHERE org_id = $1 AND id = $2",
        scope.org_id,
        user_id,
        required,
    )


async def disable(scope: OrgScope, *, user_id: int) -> None:
    """Mark a member as gone."""
    await scope.tx.execute(
        "UPDATE users SET disabled_at = now() "
        "WHERE org_id = $1 AND id = $2 AND disabled_at IS NULL",
        scope.org_id,
        user_id,
    )


async def lock_admins(scope: OrgScope) -> list[int]:
    """The ids of the active admins, whom nobody else changes until this transaction ends."""
    rows = await scope.tx.fetch(
        "SELECT id FROM users WHERE org_id = $1 AND role = 'admin' AND disabled_at IS NULL "
        "ORDER BY id FOR UPDATE",
        scope.org_id,
    )
    return [row["id"] for row in rows]
