"""Merge a lead into another one of the same person, and undo it.

Nothing of either is moved or lost: the merged lead keeps its post, its source and its
requests for photos, gets the disposition `duplicate` and points to the lead that is kept.
"""

import uuid

from doorstep.events.actions import record
from doorstep.kit.errors import Conflict, Invalid, NotFound
from doorstep.leads import disposition_queries, dispositions, duplicate_queries, merge_queries
from doorstep.leads.dispositions import Decided
from doorstep.orgs.model import OrgScope, Right

DUPLICATE = Decided("duplicate", None, None)


async def merge(
    scope: OrgScope, *, lead_id: uuid.UUID, into_id: uuid.UUID, seen: int | None = None
) -> None:
    """Keep `into_id` for both; Conflict when one is merged already or decided on since `seen`."""
    scope.require(Right.INVITE)
    if lead_id == into_id:
        raise Invalid("A lead cannot be merged into itself.")
    # Both in one order, so that two merges cannot wait for each other.
    held = {
        one: await dispositions.hold(scope, lead_id=one, seen=seen if one == lead_id else None)
        for one in sorted((lead_id, into_id))
    }
    merged = held[lead_id]
    await dispositions.append(scope, held=merged, decided=DUPLICATE)
    # Whoever looks like the one that goes must be shown beside the one that stays.
    alike = await duplicate_queries.list_open_ids(scope, lead_id=lead_id)
    await duplicate_queries.insert_pairs(scope, lead_id=into_id, other_ids=alike - {into_id})
    await merge_queries.insert(scope, lead_id=lead_id, into_id=into_id)
    await record(
        scope,
        "lead.merged",
        lead_id=lead_id,
        source_id=str(merged.source_id),
        into_id=str(into_id),
    )


async def undo(scope: OrgScope, *, lead_id: uuid.UUID) -> None:
    """The lead stands for itself again, with the disposition that it had; Conflict if it does."""
    scope.require(Right.INVITE)
    source_id = await disposition_queries.lock(scope, lead_id=lead_id)
    if source_id is None:
        raise NotFound
    into_id = await merge_queries.delete(scope, lead_id=lead_id)
    if into_id is None:
        raise Conflict("The lead is not merged.")
    newest = await dispositions.current(scope, lead_id=lead_id)
    assert newest is not None
    await dispositions.withdraw(scope, lead_id=lead_id, number=newest.number)
    await record(
        scope,
        "lead.unmerged",
        lead_id=lead_id,
        source_id=str(source_id),
        into_id=str(into_id),
    )


async def merged_into(scope: OrgScope, *, lead_id: uuid.UUID) -> uuid.UUID | None:
    """The lead that is kept for this one; None for a lead that stands for itself."""
    return await merge_queries.find_kept(scope, lead_id=lead_id)


async def merged(scope: OrgScope, *, lead_id: uuid.UUID) -> list[uuid.UUID]:
    """The leads for which this one is kept, also by way of others."""
    return await merge_queries.list_merged(scope, lead_id=lead_id)
