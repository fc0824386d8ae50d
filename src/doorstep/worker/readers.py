"""Who reads which event: the one place where a change on the left reaches the right."""

from collections.abc import Awaitable, Callable

from doorstep.builds import actions as builds
from doorstep.builds import coverage
from doorstep.captures import expiry
from doorstep.captures import notices as capture_notices
from doorstep.events.model import Event
from doorstep.leads import duplicates
from doorstep.orgs.model import OrgScope
from doorstep.rules import actions as rules
from doorstep.webhooks import actions as webhooks
from doorstep.webhooks import postbacks
from doorstep.webhooks import wire_actions as wire_webhooks
from doorstep.wire.hover import forgetting

Reader = Callable[[OrgScope, Event], Awaitable[object]]


async def order_build(scope: OrgScope, event: Event) -> None:
    """Photos are in, or something was ordered of them: build the model."""
    assert event.job_id is not None
    await builds.order(scope, job_id=event.job_id)


async def find_duplicates(scope: OrgScope, event: Event) -> None:
    """A lead is there: see which others look like it."""
    assert event.lead_id is not None
    await duplicates.look(scope, lead_id=event.lead_id)


async def consider_rules(scope: OrgScope, event: Event) -> None:
    """A lead is there, and it is known whom it looks like: see whether a rule asks its person."""
    assert event.lead_id is not None
    await rules.consider(scope, lead_id=event.lead_id)


READERS: dict[str, tuple[Reader, ...]] = {
    "lead.received": (find_duplicates, consider_rules),
    "capture_request.completed": (capture_notices.photos_in, coverage.ask_at_finish, order_build),
    "capture_request.erased": (forgetting.forget,),
    "job.deliverable_changed": (order_build,),
    "job.approved": (order_build,),
    "wallet.held": (expiry.watch,),
}


def readers_of(name: str) -> tuple[Reader, ...]:
    """Everybody who wants to hear of an event of this name; webhooks hear of all."""
    return (*READERS.get(name, ()), webhooks.fan_out, wire_webhooks.fan_out, postbacks.fan_out)
