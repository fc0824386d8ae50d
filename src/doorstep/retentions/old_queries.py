"""All SQL that says what is old enough, not worked on, and not kept for good."""

from datetime import timedelta
from typing import Any

from doorstep.orgs.model import OrgScope

CLOSED = "('complete', 'failed', 'cancelled')"
"""The states of a job that nothing is done with any more."""

# A request with its job that is worked on or kept. Everything about it stays too.
_BUSY = f"""FROM capture_requests r JOIN jobs j ON j.org_id = r.org_id AND j.id = r.job_id
    WHERE r.org_id = $1 AND (j.state NOT IN {CLOSED} OR EXISTS (SELECT FROM keeps k
        WHERE k.org_id = $1 AND k.subject IN ('job:' || j.id, 'lead:' || r.lead_id)))"""

OLD = {
    "photos": f"""FROM capture_requests o JOIN jobs b ON b.org_id = o.org_id AND b.id = o.job_id
        WHERE o.org_id = $1 AND b.state IN {CLOSED} AND b.updated_at < now() - $2::interval
        AND NOT EXISTS (SELECT {_BUSY} AND r.id = o.id)
        AND NOT EXISTS (SELECT FROM erasures e
            WHERE e.org_id = $1 AND e.capture_request_id = o.id)""",
    "leads": f"""FROM leads o WHERE o.org_id = $1 AND o.received_at < now() - $2::interval
        AND o.erased_at IS NULL AND NOT EXISTS (SELECT {_BUSY} AND r.lead_id = o.id)
        AND NOT EXISTS (SELECT FROM keeps k
            WHERE k.org_id = $1 AND k.subject = 'lead:' || o.id)""",
    # A post goes after its lead; a refused one belongs to nobody.
    "posts": """FROM lead_posts o WHERE o.org_id = $1 AND o.received_at < now() - $2::interval
        AND octet_length(o.body) > 0 AND (o.lead_id IS NULL OR EXISTS (SELECT FROM leads l
            WHERE l.org_id = $1 AND l.id = o.lead_id AND l.erased_at IS NOT NULL))""",
    "calls": """FROM calls o WHERE o.org_id = $1 AND o.received_at < now() - $2::interval
        AND octet_length(o.body) > 0""",
    "refused_calls": """FROM refused_calls o WHERE o.org_id = $1
        AND o.received_at < now() - $2::interval AND octet_length(o.body) > 0""",
    "messages": f"""FROM messages o WHERE o.org_id = $1 AND o.created_at < now() - $2::interval
        AND o.text_body <> '' AND o.state NOT IN ('queued', 'sending')
        AND NOT EXISTS (SELECT {_BUSY} AND (
            r.id = CASE WHEN o.subject_ref ~ '^capture_request:[0-9]+$'
                THEN split_part(o.subject_ref, ':', 2)::bigint END
            OR r.job_id = CASE WHEN o.subject_ref ~ '^job:[0-9]+$'
                THEN split_part(o.subject_ref, ':', 2)::bigint END))""",
    "deliveries": """FROM webhook_deliveries o WHERE o.org_id = $1
        AND o.created_at < now() - $2::interval AND o.state IN ('delivered', 'failed')""",
    "sessions": f"""FROM capture_sessions o WHERE o.org_id = $1
        AND o.expires_at < now() - $2::interval AND o.user_agent <> ''
        AND NOT EXISTS (SELECT {_BUSY} AND r.id = o.capture_request_id)""",
}


async def count(scope: OrgScope, *, what: str, age: timedelta, at_most: int) -> int:
    """How many are so old, up to `at_most`."""
    number: int = await scope.tx.fetchval(
        f"SELECT count(*) FROM (SELECT {OLD[what]} LIMIT $3) old  -- of one org_id",
        scope.org_id,
        age,
        at_most,
    )
    return number


async def list_ids(scope: OrgScope, *, what: str, age: timedelta, rows_max: int) -> list[Any]:
    """The ids of the oldest."""
    rows = await scope.tx.fetch(
        f"SELECT o.id {OLD[what]} ORDER BY o.id LIMIT $3 FOR UPDATE OF o  -- of one org_id",
        scope.org_id,
        age,
        rows_max,
    )
    return [row["id"] for row in rows]
