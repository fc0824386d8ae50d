"""What a vendor is told of a lead: our body, or a template with placeholders from a closed list.

A template is JSON, and placeholders stand in its texts. It is filled as values and then
written as JSON, so that nothing in a lead can change its shape.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from doorstep.kit.clock import iso_millis
from doorstep.kit.errors import Invalid
from doorstep.leads.vendor_pages import VendorPage
from doorstep.leads.vendor_statuses import LeadStatus

TEMPLATE_CHARACTERS_MAX = 4000
DEPTH_MAX = 20
PLACEHOLDERS = {
    "IntakeID": "our id of the lead",
    "ID": "the vendor's id of the lead",
    "Keyword": "the vendor's Keyword",
    "status": "how the lead stands, in the vendor's word",
    "event": "the same in ours",
    "reason": "why it was rejected or returned",
    "received": "when the lead came",
    "since": "when this happened",
}
SAMPLE_ID = "00000000-0000-7000-8000-000000000000"

_placeholder = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")

Values = Mapping[str, str | None]


@dataclass(frozen=True, kw_only=True)
class Told:
    """One thing that happened to one lead."""

    status: str
    reason: str | None
    at: datetime


def values_of(told: Told, *, lead: LeadStatus, page: VendorPage) -> Values:
    """What the placeholders stand for."""
    return {
        "IntakeID": str(lead.lead_id),
        "ID": lead.vendor_lead_id,
        "Keyword": lead.keyword,
        "status": page.word(told.status),
        "event": told.status,
        "reason": told.reason,
        "received": iso_millis(lead.received_at),
        "since": iso_millis(told.at),
    }


def sample_values(page: VendorPage) -> Values:
    """Values for a test, which belong to nobody."""
    at = iso_millis(datetime.now(UTC))
    return {
        "IntakeID": SAMPLE_ID,
        "ID": "TEST",
        "Keyword": None,
        "status": page.word("received"),
        "event": "received",
        "reason": None,
        "received": at,
        "since": at,
    }


def body_of(values: Values, *, template: str) -> bytes:
    """The bytes to send; without a template our own body."""
    if template:
        return json.dumps(_filled(_parsed(template), values, depth=0)).encode()
    told = {name: values[name] for name in ("IntakeID", "ID", "status", "reason", "received")}
    body = {"type": f"lead.{values['event']}", "timestamp": values["since"], "data": told}
    return json.dumps(body, separators=(",", ":")).encode()


def check(template: str) -> None:
    """Invalid, with the reason in words, when the template cannot be filled."""
    if len(template) > TEMPLATE_CHARACTERS_MAX:
        raise _invalid(f"It has {len(template)} characters; {TEMPLATE_CHARACTERS_MAX} are allowed.")
    try:
        found = _parsed(template)
    except (ValueError, RecursionError) as error:
        raise _invalid(f"It is no JSON: {error}. Placeholders stand between quotes.") from error
    if not isinstance(found, dict):
        raise _invalid("It must be a JSON object, in braces.")
    _filled(found, dict.fromkeys(PLACEHOLDERS), depth=0)


def _filled(part: Any, values: Values, *, depth: int) -> Any:
    if depth > DEPTH_MAX:
        raise _invalid(f"It is nested more than {DEPTH_MAX} deep.")
    if isinstance(part, dict):
        if any(_placeholder.search(key) for key in part):
            raise _invalid("A placeholder cannot be in a key.")
        return {key: _filled(one, values, depth=depth + 1) for key, one in part.items()}
    if isinstance(part, list):
        return [_filled(one, values, depth=depth + 1) for one in part]
    if not isinstance(part, str):
        return part
    for name in _placeholder.findall(part):
        if name not in values:
            known = ", ".join(PLACEHOLDERS)
            raise _invalid(f"{{{{{name}}}}} is no placeholder. There are: {known}.")
    alone = _placeholder.fullmatch(part)
    if alone:
        return values[alone[1]]
    return _placeholder.sub(lambda found: values[found[1]] or "", part)


def _parsed(template: str) -> Any:
    return json.loads(template, parse_constant=_refuse)


def _refuse(name: str) -> object:
    raise ValueError(f"{name} is not allowed")


def _invalid(text: str) -> Invalid:
    return Invalid(fields={"template": [text]})
