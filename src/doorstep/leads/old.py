"""Takes the persons out of leads that are too old, with everything that they are found by."""

import uuid
from collections.abc import Sequence

from doorstep.leads import duplicates, old_queries, queries
from doorstep.leads.terms import terms_of
from doorstep.orgs.model import OrgScope

ERASED_NAME = "Erased"


async def forget(scope: OrgScope, *, lead_ids: Sequence[uuid.UUID]) -> None:
    """What stays of each is its vendor, case type, region, times, and what became of it."""
    rows = await old_queries.texts_of(scope, lead_ids=lead_ids)
    terms = [(term, row["id"]) for row in rows for term in terms_of(dict(row))]
    marks: list[bytes] = []
    for lead_id in lead_ids:
        lead = await queries.find(scope, lead_id=lead_id)
        if lead is not None:
            marks += duplicates.hashed_marks(lead, org_id=scope.org_id)
    await old_queries.forget_terms(scope, terms=terms, marks=marks)
    await old_queries.forget(scope, lead_ids=lead_ids, name=ERASED_NAME)
