"""Make rules, try them on the last weeks, switch them; and follow them, lead by lead.

A rule is looked at in the background when a lead has arrived, so that a post costs nothing.
What it is about to do shows on the lead and can be undone until it is done.
"""

import uuid
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from doorstep.captures import actions as captures
from doorstep.events.actions import record
from doorstep.kit.errors import Conflict, Invalid, NotFound
from doorstep.kit.ids import uuid7
from doorstep.kit.tasks import Task, enqueue_many
from doorstep.leads import queries as leads
from doorstep.leads.zones import zones_at
from doorstep.messages import rules as message_rules
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope, Right
from doorstep.rules import queries
from doorstep.rules.model import (
    DELAY_MINUTES_MAX,
    RULES_MAX,
    Rule,
    Trial,
    Tried,
    reason_to_leave,
)

ACT = "rules.act"
TRIAL_SINCE = timedelta(weeks=4)
TRIAL_LEADS_MAX = 300
TRIAL_SHOWN_MAX = 20
NOT_ASKED = "could_not_ask"


async def add(
    scope: OrgScope,
    *,
    source_id: uuid.UUID | None,
    case_type_id: uuid.UUID | None,
    delay_minutes: int,
    requesting_user_id: int,
) -> uuid.UUID:
    """A new rule, switched off; its id. Invalid for a vendor, type or member that is not there."""
    scope.require(Right.ADMINISTER)
    fields: dict[str, list[str]] = {}
    if source_id is not None and await leads.find_source(scope, source_id=source_id) is None:
        fields["source_id"] = ["is not one of your vendors"]
    types = {row["id"] for row in await leads.list_case_types(scope)}
    if case_type_id is not None and case_type_id not in types:
        fields["case_type_id"] = ["is not one of your case types"]
    if not 0 <= delay_minutes <= DELAY_MINUTES_MAX:
        fields["delay_minutes"] = [f"is from 0 to {DELAY_MINUTES_MAX}"]
    if await orgs.find_member(scope, user_id=requesting_user_id) is None:
        fields["requesting_user_id"] = ["is not an active user of this organization"]
    if fields:
        raise Invalid(fields=fields)
    if len(await queries.list_rules(scope)) >= RULES_MAX:
        raise Conflict(f"There are {RULES_MAX} rules already.")
    values = {
        "source_id": source_id,
        "case_type_id": case_type_id,
        "delay_minutes": delay_minutes,
        "requesting_user_id": requesting_user_id,
    }
    rule_id = uuid7()
    await queries.insert(scope, rule_id=rule_id, values=values)
    await _told(scope, rule_id, change="added")
    return rule_id


async def find(scope: OrgScope, *, rule_id: uuid.UUID) -> Rule:
    """The rule; NotFound when it is not there or not this organization's."""
    found = await queries.find(scope, rule_id=rule_id)
    if found is None:
        raise NotFound
    return found


async def attempt(scope: OrgScope, *, rule_id: uuid.UUID) -> Trial:
    """What the rule would have done with the leads of the last weeks; nothing is sent."""
    scope.require(Right.ADMINISTER)
    rule = await find(scope, rule_id=rule_id)
    rows = await queries.facts_lately(scope, rule=rule, since=TRIAL_SINCE, rows_max=TRIAL_LEADS_MAX)
    tried = [
        Tried(
            lead_id=row["id"],
            lead=row["name"],
            received_at=row["received_at"],
            # A request that somebody made by hand is what the rule would have done.
            reason=reason_to_leave(row | {"asked": False, "disposed": False}),
        )
        for row in rows
    ]
    await queries.note_trial(scope, rule_id=rule_id)
    left = Counter(one.reason for one in tried if one.reason)
    return Trial(
        leads=len(tried),
        asked=sum(one.reason is None for one in tried),
        left=dict(left.most_common()),
        newest=tuple(tried[:TRIAL_SHOWN_MAX]),
    )


async def switch_on(scope: OrgScope, *, rule_id: uuid.UUID) -> None:
    """Follow the rule from the next lead on; Conflict before anybody saw what it would do."""
    scope.require(Right.ADMINISTER)
    rule = await find(scope, rule_id=rule_id)
    if not await queries.switch(scope, rule_id=rule_id, on=True):
        raise Conflict(
            "The rule is on already."
            if rule.enabled_at
            else "Try the rule on the last weeks first."
        )
    await _told(scope, rule_id, change="on")


async def switch_off(scope: OrgScope, *, rule_id: uuid.UUID) -> None:
    """Follow the rule no more; what waits for its time is left alone too."""
    scope.require(Right.ADMINISTER)
    await find(scope, rule_id=rule_id)
    if not await queries.switch(scope, rule_id=rule_id, on=False):
        raise Conflict("The rule is off already.")
    await _told(scope, rule_id, change="off")


async def remove(scope: OrgScope, *, rule_id: uuid.UUID) -> None:
    """End the rule for good; what it did stays."""
    scope.require(Right.ADMINISTER)
    if not await queries.remove(scope, rule_id=rule_id):
        raise NotFound
    await _told(scope, rule_id, change="removed")


async def consider(scope: OrgScope, *, lead_id: uuid.UUID) -> None:
    """A lead arrived: plan what a rule wants, in the hours of its house; once a lead."""
    rule = await queries.find_for_lead(scope, lead_id=lead_id)
    facts = await queries.facts_of(scope, lead_id=lead_id) if rule else None
    if rule is None or facts is None:
        return
    now = await queries.now(scope)
    zones = await _zones(scope, facts)
    hours = await message_rules.find(scope)
    due = hours.opening(now + timedelta(minutes=rule.delay_minutes), zones=zones)
    reason = reason_to_leave(facts)
    if not await queries.plan(scope, lead_id=lead_id, rule_id=rule.id, due_at=due, reason=reason):
        return
    if reason is None:
        payload = {"org_id": scope.org_id, "lead_id": str(lead_id)}
        await enqueue_many(scope.tx, [Task(name=ACT, payload=payload, delay=due - now)])
        await record(scope, "lead.photos_planned", lead_id=lead_id, rule_id=str(rule.id))


async def act(scope: OrgScope, *, lead_id: uuid.UUID) -> None:
    """The time has come: ask, unless something speaks against it by now; once a lead."""
    rule_id = await queries.settle(scope, lead_id=lead_id, state="asked")
    if rule_id is None:
        return
    rule = await queries.find_for_lead(scope, lead_id=lead_id)
    facts = await queries.facts_of(scope, lead_id=lead_id)
    assert facts is not None
    reason = "rule_off" if rule is None or rule.id != rule_id else reason_to_leave(facts)
    if rule is None or reason is not None:
        await queries.leave(scope, lead_id=lead_id, reason=reason or "rule_off")
        return
    lead = await leads.find(scope, lead_id=lead_id)
    assert lead is not None
    request = await captures.ask_for_photos(
        scope,
        lead=lead,
        requesting_user_id=rule.requesting_user_id,
        zones=await _zones(scope, facts),
    )
    await queries.note_request(scope, lead_id=lead_id, request_id=request.id)


async def give_up(scope: OrgScope, *, lead_id: uuid.UUID) -> None:
    """The lead could not be asked, as when the wallet is empty: a person sees to it."""
    await queries.settle(scope, lead_id=lead_id, state="skipped", reason=NOT_ASKED)


async def undo(scope: OrgScope, *, lead_id: uuid.UUID) -> None:
    """Do not ask this lead; NotFound without a plan, Conflict when it is too late."""
    scope.require(Right.INVITE)
    rule_id = await queries.settle(scope, lead_id=lead_id, state="undone")
    if rule_id is not None:
        await record(scope, "lead.photos_unplanned", lead_id=lead_id, rule_id=str(rule_id))
        return
    if not await queries.list_acts(scope, lead_id=lead_id):
        raise NotFound
    raise Conflict("The rule is done with this lead; there is nothing to undo.")


async def _zones(scope: OrgScope, facts: Mapping[str, Any]) -> tuple[str, ...]:
    return await zones_at(scope, region=facts["region"], postal_code=facts["postal_code"])


async def _told(scope: OrgScope, rule_id: uuid.UUID, *, change: str) -> None:
    await record(scope, "rule.changed", rule_id=str(rule_id), change=change)
