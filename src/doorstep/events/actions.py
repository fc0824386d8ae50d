"""Record what happened, in the transaction of the change, and see that readers hear of it."""

import json
import uuid
from typing import Any

from doorstep.events import queries
from doorstep.events.model import EVENTS, AnyOrgScope, Event
from doorstep.kit.ids import uuid7
from doorstep.kit.tasks import Task, enqueue_many

FAN_OUT = "events.fan_out"


async def record(
    scope: AnyOrgScope,
    name: str,
    *,
    lead_id: uuid.UUID | None = None,
    capture_request_id: int | None = None,
    job_id: int | None = None,
    **payload: Any,
) -> uuid.UUID:
    """Append the event and enqueue its telling; the new event's id."""
    assert name in EVENTS, name
    event_id = uuid7()
    await queries.insert(
        scope,
        event_id=event_id,
        name=name,
        lead_id=lead_id,
        capture_request_id=capture_request_id,
        job_id=job_id,
        payload=json.dumps(payload),
    )
    await enqueue_many(scope.tx, [fan_out_task(scope.org_id, [event_id])])
    return event_id


def fan_out_task(org_id: int, event_ids: list[uuid.UUID]) -> Task:
    """The task that tells the readers of events of one organization."""
    return Task(
        name=FAN_OUT, payload={"org_id": org_id, "event_ids": [str(one) for one in event_ids]}
    )


async def mark_told(scope: AnyOrgScope, *, event_id: uuid.UUID) -> bool:
    """Whether this transaction is the one that tells the event's readers."""
    return await queries.insert_told(scope, event_id=event_id)


async def find(scope: AnyOrgScope, *, event_id: uuid.UUID) -> Event:
    """The event; it exists whenever its task does."""
    found = await queries.find(scope, event_id=event_id)
    assert found is not None, event_id
    return found
