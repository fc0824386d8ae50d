"""`/api/desk/rules`: ask for photos by themselves, and what came of it."""

import uuid
from datetime import datetime

import msgspec
from litestar import delete, get, post
from litestar.params import JSONBody

from doorstep.api.desk.answers import Made, RowId, problems
from doorstep.orgs.model import OrgScope, Right
from doorstep.rules import actions, queries

TAG = ["Rules"]


class NewRule(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Null for any vendor, or any case type; `requesting_user_id` is who asks."""

    source_id: uuid.UUID | None = None
    case_type_id: uuid.UUID | None = None
    delay_minutes: int = 5
    requesting_user_id: RowId


class RuleLine(msgspec.Struct, kw_only=True):
    """A rule; it cannot be switched on before it was tried."""

    id: uuid.UUID
    source_id: uuid.UUID | None
    source: str | None
    case_type_id: uuid.UUID | None
    case_type: str | None
    delay_minutes: int
    requesting_user_id: int
    requester: str
    tried_at: datetime | None
    enabled_at: datetime | None


class RuleList(msgspec.Struct, kw_only=True):
    """Every rule, oldest first; at most 50."""

    rules: list[RuleLine]


class TriedLead(msgspec.Struct, kw_only=True):
    """What a rule would have made of a lead; `reason` is null where it would have asked."""

    lead_id: uuid.UUID
    lead: str
    received_at: datetime
    reason: str | None


class TrialResult(msgspec.Struct, kw_only=True):
    """What a rule would have done with the leads of the last four weeks, the newest 300."""

    leads: int
    asked: int
    left: dict[str, int]
    newest: list[TriedLead]


class ActLine(msgspec.Struct, kw_only=True):
    """What a rule made of a lead: `waiting`, `asked`, `undone` or `skipped`, with the reason."""

    lead_id: uuid.UUID
    lead: str
    rule_id: uuid.UUID
    state: str
    reason: str | None
    due_at: datetime
    settled_at: datetime | None
    capture_request_id: int | None
    job_id: int | None
    created_at: datetime


class ActList(msgspec.Struct, kw_only=True):
    """The newest 50."""

    acts: list[ActLine]


@get("/rules", tags=TAG, responses=problems())
async def list_rules(api: OrgScope) -> RuleList:
    """Every rule."""
    api.require(Right.READ)
    found = await queries.list_rules(api)
    return RuleList(rules=[msgspec.convert(one, RuleLine, from_attributes=True) for one in found])


@post("/rules", tags=TAG, responses=problems(409, 422))
async def add_rule(api: OrgScope, *, data: JSONBody[NewRule]) -> Made:
    """A new rule, switched off."""
    rule_id = await actions.add(
        api,
        source_id=data.source_id,
        case_type_id=data.case_type_id,
        delay_minutes=data.delay_minutes,
        requesting_user_id=data.requesting_user_id,
    )
    return Made(id=rule_id)


@post("/rules/{rule_id:uuid}/trial", status_code=200, tags=TAG, responses=problems(404))
async def try_rule(api: OrgScope, *, rule_id: uuid.UUID) -> TrialResult:
    """What the rule would have done; nothing is sent."""
    found = await actions.attempt(api, rule_id=rule_id)
    return msgspec.convert(found, TrialResult, from_attributes=True)


@post("/rules/{rule_id:uuid}/enable", status_code=204, tags=TAG, responses=problems(404, 409))
async def enable_rule(api: OrgScope, *, rule_id: uuid.UUID) -> None:
    """Follow the rule from the next lead on, once it was tried."""
    await actions.switch_on(api, rule_id=rule_id)


@post("/rules/{rule_id:uuid}/disable", status_code=204, tags=TAG, responses=problems(404, 409))
async def disable_rule(api: OrgScope, *, rule_id: uuid.UUID) -> None:
    """Follow the rule no more; what waits is left alone too."""
    await actions.switch_off(api, rule_id=rule_id)


@delete("/rules/{rule_id:uuid}", tags=TAG, responses=problems(404))
async def remove_rule(api: OrgScope, *, rule_id: uuid.UUID) -> None:
    """End the rule for good."""
    await actions.remove(api, rule_id=rule_id)


@get("/rules/acts", tags=TAG, responses=problems())
async def list_acts(api: OrgScope) -> ActList:
    """What rules made of leads, newest first."""
    api.require(Right.READ)
    found = await queries.list_acts(api)
    return ActList(acts=[msgspec.convert(one, ActLine, from_attributes=True) for one in found])


@delete("/leads/{lead_id:uuid}/plan", tags=TAG, responses=problems(404, 409))
async def undo_plan(api: OrgScope, *, lead_id: uuid.UUID) -> None:
    """Undo what a rule is about to do with a lead."""
    await actions.undo(api, lead_id=lead_id)


ROUTES = [
    list_rules,
    add_rule,
    try_rule,
    enable_rule,
    disable_rule,
    remove_rule,
    list_acts,
    undo_plan,
]
