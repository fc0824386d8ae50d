"""A rule, what it made of a lead, and why a lead is left to a person."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from doorstep.leads import consent
from doorstep.leads.model import TEST
from doorstep.messages.model import Channel, checked_address

DELAY_MINUTES_MAX = 1440
RULES_MAX = 50


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Ask for photos when a lead comes; None for any vendor, or any case type."""

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


@dataclass(frozen=True, kw_only=True)
class Act:
    """What a rule made of one lead; `reason` is a code of why it was left alone."""

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


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What a rule would have made of one lead; `reason` is None where it would have asked."""

    lead_id: uuid.UUID
    lead: str
    received_at: datetime
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What a rule would have done with the leads of the last weeks."""

    leads: int
    asked: int
    left: dict[str, int]
    """How many were left alone, by reason."""
    newest: tuple[Tried, ...]


def reason_to_leave(facts: Mapping[str, Any]) -> str | None:
    """Why a rule leaves this lead to a person, as a code; None for a lead that it asks."""
    if TEST in facts["tags"]:
        return "test"
    for name in ("merged", "duplicate", "asked", "disposed"):
        if facts[name]:
            return name
    if not (facts["address"] or "").strip():
        return "no_address"
    if checked_address(Channel.EMAIL, facts["email"] or "")[1]:
        return "no_email"
    # The number that a request takes is the first that there is.
    number = facts["primary_phone"] or facts["secondary_phone"] or ""
    if checked_address(Channel.SMS, number)[1]:
        return "no_mobile_number"
    found = consent.of_post(facts, noted=facts["noted"])
    if found.withdrawn:
        return consent.WITHDRAWN
    return None if found.proven else consent.NO_CONSENT
