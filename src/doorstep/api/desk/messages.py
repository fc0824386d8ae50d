"""`/api/desk/message-rules`: when homeowners are reminded, and at which hours."""

import msgspec
from litestar import get, put
from litestar.params import JSONBody

from doorstep.api.desk.answers import problems
from doorstep.messages import rules
from doorstep.messages.rules import Rules
from doorstep.orgs.model import OrgScope, Right

TAG = ["Messages"]


class MessageRules(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Days after the invitation, and hours of the property's own day."""

    remind_days: list[int]
    from_hour: int
    until_hour: int


@get("/message-rules", tags=TAG, responses=problems())
async def show_rules(api: OrgScope) -> MessageRules:
    """When homeowners are reminded."""
    api.require(Right.READ)
    return _shown(await rules.find(api))


@put("/message-rules", tags=TAG, responses=problems(422))
async def change_rules(api: OrgScope, *, data: JSONBody[MessageRules]) -> MessageRules:
    """Remind homeowners so from now on; requests that are there keep their days."""
    wanted = Rules(
        remind_days=tuple(data.remind_days), from_hour=data.from_hour, until_hour=data.until_hour
    )
    await rules.change(api, rules=wanted)
    return _shown(await rules.find(api))


def _shown(found: Rules) -> MessageRules:
    return MessageRules(
        remind_days=list(found.remind_days),
        from_hour=found.from_hour,
        until_hour=found.until_hour,
    )


ROUTES = [show_rules, change_rules]
