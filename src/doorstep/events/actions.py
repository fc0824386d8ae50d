"""Record what happened, in the transaction of the change, and see that readers hear of it."""

import json
import uuid
from collections.abc import Iterable
from typing import Any

from doorstep.events import queries
from doorstep.events.model import EVENTS, AnyOrgScope, Event
from doorstep.kit.ids import uuid7
from doorstep.kit.tasks import Task, enqueuing
from doorstep.kit.writes import Write, write_together

FAN_OUT = "events.fan_out"


class Changes:
    """What one verb changes: rows of several slices, events that tell of it, and tasks.

    They go to the database in one round trip; nothing is written until `apply`.
    """

    def __init__(self, scope: AnyOrgScope) -> None:
        """Everything belongs to the scope's organization, and is its actor's doing."""
        self.scope = scope
        self._writes: list[Write] = []
        self._tasks: list[Task] = []
        self._events: list[uuid.UUID] = []

    def write(self, *writes: Write) -> None:
        """Rows that need none of the others'."""
        self._writes += writes

    def enqueue(self, tasks: Iterable[Task]) -> None:
        """Tasks for when the transaction commits."""
        self._tasks += tasks

    def record(
        self,
        name: str,
        *,
        lead_id: uuid.UUID | None = None,
        capture_request_id: int | None = None,
        job_id: int | None = None,
        **payload: Any,
    ) -> uuid.UUID:
        """An event; its id. Its readers hear of it once it is committed."""
        assert name in EVENTS, name
        event_id = uuid7()
        self._events.append(event_id)
        self.write(
            queries.inserting(
                self.scope,
                event_id=event_id,
                name=name,
                lead_id=lead_id,
                capture_request_id=capture_request_id,
                job_id=job_id,
                payload=json.dumps(payload),
            )
        )
        return event_id

    async def apply(self) -> None:
        """Write everything."""
        telling = [fan_out_task(self.scope.org_id, self._events)] if self._events else []
        tasks = [*telling, *self._tasks]
        await write_together(self.scope.tx, [*self._writes, *([enqueuing(tasks)] if tasks else [])])


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
    changes = Changes(scope)
    event_id = changes.record(
        name, lead_id=lead_id, capture_request_id=capture_request_id, job_id=job_id, **payload
    )
    await changes.apply()
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
