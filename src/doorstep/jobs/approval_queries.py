"""All SQL of approval."""

from doorstep.orgs.model import OrgScope


async def is_needed(scope: OrgScope, *, job_id: int) -> bool:
    """Whether the organization or the job's member wants approval and nobody has given it."""
    found: bool = await scope.tx.fetchval(
        """
        SELECT j.approved_at IS NULL AND (o.require_job_approval OR u.require_job_approval)
        FROM jobs j
        JOIN orgs o ON o.id = j.org_id
        JOIN users u ON u.org_id = j.org_id AND u.id = j.user_id
        WHERE j.org_id = $1 AND j.id = $2
        """,
        scope.org_id,
        job_id,
    )
    return found


async def note_approved(scope: OrgScope, *, job_id: int, user_id: int) -> None:
    """Write down who approved a job; the first one stays."""
    await scope.tx.execute(
        "UPDATE jobs SET approved_at = now(), approving_user_id = $3 "
        "WHERE org_id = $1 AND id = $2 AND approved_at IS NULL",
        scope.org_id,
        job_id,
        user_id,
    )
