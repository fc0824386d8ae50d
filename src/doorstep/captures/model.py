"""A capture request: somebody is asked to photograph a house."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from doorstep.jobs.model import Property


class RequestState(StrEnum):
    """As on the wire. `connected`: the link was opened and accepted."""

    NEW = "new"
    CONNECTED = "connected"
    COMPLETE = "complete"
    DELETED = "deleted"


PROFESSIONAL = "pro"
SHOWN = frozenset(map(str, RequestState)) - {RequestState.DELETED}
"""The states of requests that lists show unless asked."""
SIGNUP_TYPES = frozenset({"homeowner", PROFESSIONAL})

SPOT_TEXTS = {
    "front": "Front",
    "front-right": "Front right corner",
    "right": "Right side",
    "back-right": "Back right corner",
    "back": "Back",
    "back-left": "Back left corner",
    "left": "Left side",
    "front-left": "Front left corner",
}
SPOTS = tuple(SPOT_TEXTS)


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What a new request says; everything is checked already."""

    name: str
    email: str
    phone: str | None
    place: Property
    deliverable_id: int
    client_identifier: uuid.UUID
    wallet_id: int | None
    signup_type: str = "homeowner"
    claim_number: str | None = None
    inspection_workflow_id: int | None = None
    requires_reconstruction_capture: bool = True
    suppress_text_messages: bool = False
    lead_id: uuid.UUID | None = None
    test_state: str | None = None


@dataclass(frozen=True, kw_only=True)
class CaptureRequest:
    """A request with its job, its requester and its organization, as the wire shows it."""

    id: int
    identifier: str
    state: str
    capturing_user_name: str
    capturing_user_email: str
    capturing_user_phone: str | None
    capturing_user_id: int | None
    captured_user_id: int | None
    requesting_user_id: int
    signup_type: str
    claim_number: str | None
    inspection_workflow_id: int | None
    requires_reconstruction_capture: bool
    suppress_text_messages: bool
    job_id: int
    lead_id: uuid.UUID | None
    link_version: int
    expires_at: datetime
    created_at: datetime
    job_name: str
    location_line_1: str | None
    location_line_2: str | None
    location_city: str | None
    location_region: str | None
    location_postal_code: str | None
    external_identifier: str | None
    deliverable_id: int
    client_identifier: uuid.UUID
    wallet_id: int | None
    requester_name: str
    requester_email: str
    org_id: int
    org_name: str
    customer_display_name: str
    external_identifier_label: str
    external_identifier_required: bool
    names_requester: bool
    invites_by_email: bool
    invites_by_text: bool
