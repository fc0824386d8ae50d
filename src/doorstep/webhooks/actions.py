"""Register endpoints, tell them of events, send again."""

import os
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from doorstep.events.actions import record
from doorstep.events.model import Event
from doorstep.kit.errors import Conflict, Invalid, NotFound, TransportError
from doorstep.kit.outbound import Egress
from doorstep.kit.tasks import Task, enqueue_many
from doorstep.orgs.model import OrgScope, Right
from doorstep.webhooks import delivery_queries, queries
from doorstep.webhooks.model import (
    ENDPOINTS_MAX,
    OLD_SECRET_LIFE,
    SALT_BYTES,
    SAME_URL_MAX,
    STANDARD,
    TEST_EVENT,
    VENDOR,
    Delivery,
    Endpoint,
    body_of,
)

DELIVER = "webhooks.deliver"
REPLAY_MAX = 1000
YEAR_MIN, YEAR_MAX = 2000, 9000
"""Outside, a moment cannot be told in every time zone."""

REFUSALS = {
    "bad_url": "is not a URL that we can call",
    "not_https": "must be https",
    "port_not_allowed": "must use port 443 or 8443",
    "private_address": "leads to a private address",
}


async def register(
    scope: OrgScope, *, url: str, egress: Egress, dialect: str = STANDARD
) -> Endpoint:
    """A new endpoint, which hears of everything from now on; Invalid says what is wrong."""
    scope.require(Right.ADMINISTER)
    await check_url(url, egress=egress)
    await queries.lock_registration(scope)
    every, same = await queries.counts(scope, url=url)
    if same >= SAME_URL_MAX:
        raise Invalid(fields={"url": [f"is registered {SAME_URL_MAX} times already"]})
    if every >= ENDPOINTS_MAX:
        raise Invalid(fields={"url": [f"is too much: there are {ENDPOINTS_MAX} already"]})
    return await insert(scope, url=url, dialect=dialect)


async def check_url(url: str, *, egress: Egress) -> None:
    """Invalid, with the reason, when we may not call this URL."""
    try:
        await egress.check(url)
    except TransportError as error:
        text = REFUSALS.get(error.code, "cannot be reached")
        raise Invalid(fields={"url": [text]}) from error


async def insert(scope: OrgScope, *, url: str, dialect: str) -> Endpoint:
    """A new endpoint at a URL that was checked, with a secret of its own."""
    made = await queries.insert(
        scope, url=url, secret_sealed=os.urandom(SALT_BYTES), dialect=dialect
    )
    await record(
        scope,
        "webhook_endpoint.created",
        endpoint_id=made.id,
        host=urlsplit(url).hostname,
    )
    return made


async def find(scope: OrgScope, *, endpoint_id: int) -> Endpoint:
    """The endpoint; NotFound when it is not there or not this organization's."""
    found = await queries.find(scope, endpoint_id=endpoint_id)
    if found is None:
        raise NotFound
    return found


async def find_listed(scope: OrgScope, *, endpoint_id: int) -> Endpoint:
    """As `find`, but a vendor's is NotFound: it belongs to its source, and no list shows it."""
    found = await find(scope, endpoint_id=endpoint_id)
    if found.dialect == VENDOR:
        raise NotFound
    return found


async def remove(scope: OrgScope, *, endpoint_id: int) -> None:
    """Delete an endpoint and everything that was on its way to it."""
    scope.require(Right.ADMINISTER)
    if not await queries.delete(scope, endpoint_id=endpoint_id):
        raise NotFound


async def enable(scope: OrgScope, *, endpoint_id: int) -> None:
    """Switch an endpoint on again, with a clean record."""
    scope.require(Right.ADMINISTER)
    if not await queries.enable(scope, endpoint_id=endpoint_id):
        raise NotFound


async def rotate_secret(scope: OrgScope, *, endpoint_id: int) -> Endpoint:
    """Give an endpoint a new secret; for a day deliveries carry both signatures."""
    scope.require(Right.ADMINISTER)
    rotated = await queries.rotate(
        scope,
        endpoint_id=endpoint_id,
        secret_sealed=os.urandom(SALT_BYTES),
        old_life=OLD_SECRET_LIFE,
    )
    if rotated is None:
        raise NotFound
    return rotated


async def ping(scope: OrgScope, *, endpoint_id: int) -> uuid.UUID:
    """Send a test event to one endpoint; the event's id, which is its webhook-id."""
    scope.require(Right.ADMINISTER)
    endpoint = await find(scope, endpoint_id=endpoint_id)
    if endpoint.disabled_at is not None:
        raise Conflict("The endpoint is switched off.")
    return await record(scope, TEST_EVENT, endpoint_id=endpoint_id)


async def fan_out(scope: OrgScope, event: Event) -> None:
    """One delivery for each endpoint that is on; telling twice changes nothing."""
    listening = await queries.listening(scope)
    if event.name == TEST_EVENT:
        listening = [one for one in listening if one == event.payload["endpoint_id"]]
    if not listening:
        return
    sequence = None
    if event.job_id is not None:
        sequence = await delivery_queries.sequence(scope, job_id=event.job_id, event_id=event.id)
    made = await delivery_queries.insert_many(
        scope,
        endpoint_ids=listening,
        event_id=event.id,
        event_name=event.name,
        body=body_of(event, sequence=sequence),
    )
    await enqueue_many(
        scope.tx,
        [
            deliver_task(scope.org_id, delivery_id, endpoint_id=endpoint_id, number=1)
            for delivery_id, endpoint_id in made
        ],
    )


async def find_delivery(scope: OrgScope, *, delivery_id: uuid.UUID) -> Delivery:
    """The delivery; NotFound when it is not there or not this organization's."""
    found = await delivery_queries.find(scope, delivery_id=delivery_id)
    if found is None:
        raise NotFound
    return found


async def send_again(scope: OrgScope, delivery_id: uuid.UUID) -> None:
    """Send a delivery now, the same bytes under the same id, with a fresh round of tries."""
    scope.require(Right.ADMINISTER)
    delivery = await find_delivery(scope, delivery_id=delivery_id)
    endpoint = await find(scope, endpoint_id=delivery.endpoint_id)
    if endpoint.disabled_at is not None:
        raise Conflict("The endpoint is switched off.")
    await _start_rounds(scope, [delivery_id], endpoint_id=delivery.endpoint_id)


async def replay(
    scope: OrgScope, *, endpoint_id: int, since: datetime, until: datetime, also_taken: bool
) -> int:
    """Send again what was made in this time and not taken, or all of it; how many deliveries.

    At most REPLAY_MAX, oldest first. What is still being tried is left alone.
    """
    scope.require(Right.ADMINISTER)
    endpoint = await find(scope, endpoint_id=endpoint_id)
    if endpoint.disabled_at is not None:
        raise Conflict("The endpoint is switched off.")
    _refuse_no_range(since, until)
    chosen = await delivery_queries.ended_between(
        scope,
        endpoint_id=endpoint_id,
        since=since,
        until=until,
        states=("failed", "delivered") if also_taken else ("failed",),
        rows_max=REPLAY_MAX,
    )
    await _start_rounds(scope, chosen, endpoint_id=endpoint_id)
    return len(chosen)


def _refuse_no_range(since: datetime, until: datetime) -> None:
    for name, moment in (("since", since), ("until", until)):
        if not YEAR_MIN <= moment.year <= YEAR_MAX:
            raise Invalid(fields={name: [f"must lie between {YEAR_MIN} and {YEAR_MAX}"]})
    if since >= until:
        raise Invalid(fields={"until": ["must be later than the start"]})


def deliver_task(
    org_id: int,
    delivery_id: uuid.UUID,
    *,
    endpoint_id: int,
    number: int,
    delay: timedelta = timedelta(0),
    insist: bool = False,
) -> Task:
    """The task that makes try `number`; `insist` also while the endpoint is left alone."""
    return Task(
        name=DELIVER,
        payload={
            "org_id": org_id,
            "delivery_id": str(delivery_id),
            "endpoint_id": endpoint_id,
            "number": number,
            "insist": insist,
        },
        delay=delay,
    )


async def _start_rounds(
    scope: OrgScope, delivery_ids: Sequence[uuid.UUID], *, endpoint_id: int
) -> None:
    started = await delivery_queries.start_rounds(scope, delivery_ids=delivery_ids)
    await enqueue_many(
        scope.tx,
        [
            deliver_task(
                scope.org_id, delivery_id, endpoint_id=endpoint_id, number=number, insist=True
            )
            for delivery_id, number in started
        ],
    )
