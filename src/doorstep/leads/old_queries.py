"""All SQL of taking persons out of leads, posts and calls that are too old."""

import uuid
from collections.abc import Sequence

import asyncpg

from doorstep.leads.term_queries import TEXTS
from doorstep.orgs.model import OrgScope


async def texts_of(scope: OrgScope, *, lead_ids: Sequence[uuid.UUID]) -> list[asyncpg.Record]:
    """What the leads' terms are made of."""
    return await scope.tx.fetch(
        f"SELECT id, contacts, {', '.join(TEXTS)} FROM leads WHERE org_id = $1 AND id = ANY ($2)",
        scope.org_id,
        lead_ids,
    )


async def forget_terms(
    scope: OrgScope, *, terms: Sequence[tuple[str, uuid.UUID]], marks: Sequence[bytes]
) -> None:
    """By these words and marks nobody finds these leads any more."""
    lead_ids = [lead_id for _, lead_id in terms]
    await scope.tx.execute(
        """
        DELETE FROM lead_terms t USING unnest($2::text[], $3::uuid[]) AS gone (term, lead_id)
        WHERE t.org_id = $1 AND t.term = gone.term AND t.lead_id = gone.lead_id
        """,
        scope.org_id,
        [term for term, _ in terms],
        lead_ids,
    )
    await scope.tx.execute(
        "DELETE FROM lead_marks WHERE org_id = $1 AND mark = ANY ($2) AND lead_id = ANY ($3)",
        scope.org_id,
        marks,
        lead_ids,
    )


async def forget(scope: OrgScope, *, lead_ids: Sequence[uuid.UUID], name: str) -> None:
    """Take the person out of these leads; vendor, case type, region and times stay."""
    await scope.tx.execute(
        """
        UPDATE leads SET first_name = $3, last_name = '', primary_phone = NULL,
            secondary_phone = NULL, email = NULL, address = NULL, city = NULL, postal_code = NULL,
            county = NULL, best_time = NULL, details = NULL, keyword = NULL,
            referring_keyword = NULL, conversion = NULL, tracking = NULL, extra = '{}',
            warnings = '[]', contacts = '{}', erased_at = now()
        WHERE org_id = $1 AND id = ANY ($2)
        """,
        scope.org_id,
        lead_ids,
        name,
    )


async def forget_posts(scope: OrgScope, *, post_ids: Sequence[uuid.UUID]) -> None:
    """Take bodies, headers and addresses out of these posts."""
    await scope.tx.execute(
        "UPDATE lead_posts SET body = '', headers = '{}', peer = '' "
        "WHERE org_id = $1 AND id = ANY ($2)",
        scope.org_id,
        post_ids,
    )


async def forget_calls(scope: OrgScope, *, call_ids: Sequence[uuid.UUID]) -> None:
    """Take names, numbers and bodies out of these calls."""
    await scope.tx.execute(
        """
        UPDATE calls SET name = '', ani = '', contact = NULL, vendor_call_id = NULL, extra = '{}',
            warnings = '[]', peer = '', headers = '{}', body = ''
        WHERE org_id = $1 AND id = ANY ($2)
        """,
        scope.org_id,
        call_ids,
    )


async def forget_refused_calls(scope: OrgScope, *, call_ids: Sequence[uuid.UUID]) -> None:
    """Take bodies, headers and addresses out of these refused calls."""
    await scope.tx.execute(
        "UPDATE refused_calls SET peer = '', headers = '{}', body = '' "
        "WHERE org_id = $1 AND id = ANY ($2)",
        scope.org_id,
        call_ids,
    )
