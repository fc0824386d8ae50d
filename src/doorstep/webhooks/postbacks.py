"""Postbacks: tell a source's vendor how its leads stand, by an endpoint of its own.

Deliveries, signatures, tries and the fence against private addresses are those of every
other endpoint; who hears of what, and in which body, is said here.
"""

import uuid
from collections.abc import Collection

from doorstep.events.model import Event
from doorstep.kit.errors import Invalid, NotFound
from doorstep.kit.outbound import Egress
from doorstep.kit.tasks import enqueue_many
from doorstep.leads import sources, vendor_pages, vendor_statuses
from doorstep.leads.vendor_pages import RECEIVED, STATUSES
from doorstep.orgs.model import OrgScope, Right
from doorstep.webhooks import actions, delivery_queries, postback_bodies, queries
from doorstep.webhooks import postback_queries as own
from doorstep.webhooks.model import TEST_EVENT, VENDOR, Postback
from doorstep.webhooks.postback_bodies import Told

TOLD = ("lead.received", "lead.disposed")


async def save(
    scope: OrgScope,
    *,
    source_id: uuid.UUID,
    url: str,
    events: Collection[str],
    template: str,
    egress: Egress,
) -> None:
    """Tell the source's vendor of these events from now on; Invalid says what is wrong."""
    scope.require(Right.ADMINISTER)
    await sources.find(scope, source_id=source_id)
    if not events or not set(events) <= set(STATUSES):
        raise Invalid(fields={"events": ["Choose at least one."]})
    if template:
        postback_bodies.check(template)
    await actions.check_url(url, egress=egress)
    await queries.lock_registration(scope)
    held = await own.find(scope, source_id=source_id)
    if held is None:
        endpoint_id = (await actions.insert(scope, url=url, dialect=VENDOR)).id
    else:
        endpoint_id = held.endpoint_id
        await own.move(scope, endpoint_id=endpoint_id, url=url)
    await own.save(
        scope,
        source_id=source_id,
        endpoint_id=endpoint_id,
        events=[one for one in STATUSES if one in events],
        template=template,
    )


async def find(scope: OrgScope, *, source_id: uuid.UUID) -> Postback:
    """The source's postback; NotFound when it has none."""
    found = await own.find(scope, source_id=source_id)
    if found is None:
        raise NotFound
    return found


async def fan_out(scope: OrgScope, event: Event) -> None:
    """One delivery to the vendor whose lead it is; telling twice changes nothing."""
    if event.name == TEST_EVENT:
        await _test(scope, event)
    if event.name not in TOLD or event.lead_id is None:
        return
    source_id = uuid.UUID(event.payload["source_id"])
    # A decision that was taken back is told as what stands again.
    status = event.payload.get("disposition") or RECEIVED
    postback = await own.find_listening(scope, source_id=source_id, event=status)
    if postback is None:
        return
    lead = await vendor_statuses.find(scope, source_id=source_id, lead_id=event.lead_id)
    assert lead is not None
    page = await vendor_pages.find(scope, source_id=source_id)
    told = Told(status=status, reason=event.payload.get("reason"), at=event.occurred_at)
    body = postback_bodies.body_of(
        postback_bodies.values_of(told, lead=lead, page=page), template=postback.template
    )
    await _deliver(scope, event, postback=postback, name=f"lead.{status}", body=body)


async def _test(scope: OrgScope, event: Event) -> None:
    endpoint_id = event.payload["endpoint_id"]
    postback = await own.find_by_endpoint(scope, endpoint_id=endpoint_id)
    if postback is None:
        return
    page = await vendor_pages.find(scope, source_id=postback.source_id)
    values = postback_bodies.sample_values(page)
    body = postback_bodies.body_of(values, template=postback.template)
    await _deliver(scope, event, postback=postback, name=TEST_EVENT, body=body)


async def _deliver(
    scope: OrgScope, event: Event, *, postback: Postback, name: str, body: bytes
) -> None:
    made = await delivery_queries.insert_many(
        scope,
        endpoint_ids=[postback.endpoint_id],
        event_id=event.id,
        event_name=name,
        body=body,
    )
    await enqueue_many(
        scope.tx,
        [
            actions.deliver_task(scope.org_id, delivery_id, endpoint_id=endpoint_id, number=1)
            for delivery_id, endpoint_id in made
        ],
    )
