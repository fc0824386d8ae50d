"""How much is written to homeowners in a day: to one address, and by one organization.

The first keeps a person from being bombed, by however many organizations of a server. The
second keeps a stolen account or a loop in a program from costing a fortune.
"""

import hashlib
from dataclasses import dataclass

from doorstep.messages import budget_queries as queries
from doorstep.messages.model import TO_HOMEOWNERS, Message
from doorstep.orgs.model import OrgScope


@dataclass(frozen=True, kw_only=True)
class Budgets:
    """Messages in 24 hours to one address, and in a day by one organization on one channel."""

    of_recipient: int = 3
    of_org: int = 2000


async def overdrawn(scope: OrgScope, *, message: Message, budgets: Budgets) -> str | None:
    """Count a message to a homeowner; the code of the budget that it would overdraw, or None.

    A message counts once, however often it is tried.
    """
    if message.kind not in TO_HOMEOWNERS or message.attempts:
        return None
    address = f"{message.channel} {message.to_address.lower()}"
    hashed = hashlib.sha256(address.encode()).digest()
    await queries.lock(scope.tx, address_hash=hashed)
    written = await queries.written_to(scope.tx, address_hash=hashed, besides=message.id)
    if written >= budgets.of_recipient:
        return "recipient_budget"
    if not await queries.count(scope, channel=message.channel, at_most=budgets.of_org):
        return "organization_budget"
    await queries.note(scope.tx, message_id=message.id, address_hash=hashed)
    return None
