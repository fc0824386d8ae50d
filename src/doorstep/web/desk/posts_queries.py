"""How many posts were refused lately, for the inbox."""

from doorstep.orgs.model import OrgScope

COUNTED_MAX = 1000
"""More than anybody looks through; the newest ones are read along an index."""


async def refused_this_week(scope: OrgScope) -> int:
    """Posts of the last seven days that were refused, 1000 at most."""
    count: int = await scope.tx.fetchval(
        """
        SELECT count(*) FROM (
            SELECT received_at FROM lead_posts
            WHERE org_id = $1 AND outcome NOT IN ('accepted', 'repeated')
            ORDER BY id DESC LIMIT $2
        ) newest WHERE received_at > now() - interval '7 days'
        """,
        scope.org_id,
        COUNTED_MAX,
    )
    return count
