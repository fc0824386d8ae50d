"""When a message that goes by itself may leave: in its reader's hours, and not after its time.

What plans it keeps to them too. But a mail server or provider that is down, or a worker that
was off, moves the leaving, and nobody is to be woken by a reminder that waited.
"""

from datetime import timedelta

from doorstep.messages import queries, rules
from doorstep.messages.model import Message
from doorstep.orgs.model import OrgScope


async def wait_of(scope: OrgScope, *, message: Message) -> timedelta | None:
    """How long this message is to wait, nothing if it may leave now; None when it is too late."""
    if message.zones is None:
        return timedelta()
    now = await queries.now(scope)
    opens = (await rules.find(scope)).opening(now, zones=message.zones)
    if message.goes_until is not None and opens > message.goes_until:
        return None
    return opens - now
