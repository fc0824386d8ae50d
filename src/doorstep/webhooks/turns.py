"""Whose turn it is among the deliveries of one job to one endpoint of the older dialect.

Its bodies have no number to sort by, and its receivers keep the state that came last: a job
that is told `completed` before `paying` would stay at `paying` with them. So a first try waits,
for a minute at most, until what happened to the job before has had its own first try. A try
that failed holds up nothing.
"""

import json
from datetime import timedelta

from doorstep.events import queries as events
from doorstep.orgs.model import OrgScope
from doorstep.webhooks import delivery_queries
from doorstep.webhooks.model import Delivery
from doorstep.webhooks.wire_dialect import NOBODY, bodies, delivery_key

KEPT = timedelta(minutes=1)
EVENTS_MAX = 100


async def is_early(scope: OrgScope, *, delivery: Delivery) -> bool:
    """Whether something that happened to the same job before has not been tried yet."""
    job_id = json.loads(delivery.body).get("job_id")
    if job_id is None or delivery.attempts:
        return False
    recent = await events.recent_of_job(scope, job_id=job_id, within=KEPT, rows_max=EVENTS_MAX)
    keys = {
        delivery_key(event.id, body["event"]): event.id
        for event in recent
        for body in bodies(event, subject=NOBODY)
    }
    own = keys.get(delivery.event_id)
    if own is None:
        return False
    return await delivery_queries.any_waits(
        scope,
        endpoint_id=delivery.endpoint_id,
        event_ids=[key for key, event_id in keys.items() if event_id < own],
        untold=[event.id for event in recent if event.id < own],
    )
