"""A capture request: somebody is asked to photograph a house."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from doorstep.jobs.model import Property
from doorstep.kit.ids import public_name
from doorstep.messages.texts import Words


class RequestState(StrEnum):
    """As on the wire. `connected`: the link was opened and accepted."""

    NEW = "new"
    CONNECTED = "connected"
    COMPLETE = "complete"
    DELETED = "deleted"


LINK_LIFE = timedelta(days=14)
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

HOUSE = "house"
STRUCTURE_TEXTS = {HOUSE: "House", "garage": "Garage", "shed": "Shed", "other": "Other building"}
"""The buildings of one plot; each has spots of its own, and a model."""
STRUCTURES = tuple(STRUCTURE_TEXTS)


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What a new request says; everything is checked already."""

    name: str
    email: str
    phone: str | None
    place: Property
    deliverable_id: int
    client_identifier: uuid.UUID
    may_be_repetition: bool = False
    """Whether the client chose the identifier, and so may send the same one again."""
    wallet_id: int | None
    signup_type: str = "homeowner"
    claim_number: str | None = None
    inspection_workflow_id: int | None = None
    requires_reconstruction_capture: bool = True
    suppress_text_messages: bool = False
    lead_id: uuid.UUID | None = None
    language: str | None = None
    """Of the messages to the homeowner; None is the organization's first."""
    zones: Sequence[str] | None = None
    """Of the house, where no person but a rule asks: messages keep to its hours."""
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
    language: str | None
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


@dataclass(frozen=True, kw_only=True)
class Link:
    """Whether a link has ended, at the database's time `now`."""

    ended: bool
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What a new request stands on: its ids, who asks for whom, what pays and how much."""

    request_id: int
    job_id: int
    model_id: int
    now: datetime
    requester_name: str
    requester_email: str
    org_name: str
    customer_display_name: str
    external_identifier_label: str
    external_identifier_required: bool
    names_requester: bool
    invites_by_email: bool
    invites_by_text: bool
    wallet_id: int | None
    cents: int
    remind_days: list[int]
    invitation: Words


def new_request(
    asking: Asking, ground: Ground, *, org_id: int, requesting_user_id: int
) -> CaptureRequest:
    """The request as its row, and what it is joined with, will say it."""
    return CaptureRequest(
        id=ground.request_id,
        identifier=public_name(),
        state=RequestState.NEW.value,
        capturing_user_name=asking.name,
        capturing_user_email=asking.email,
        capturing_user_phone=asking.phone,
        capturing_user_id=None,
        captured_user_id=None,
        requesting_user_id=requesting_user_id,
        signup_type=asking.signup_type,
        claim_number=asking.claim_number,
        inspection_workflow_id=asking.inspection_workflow_id,
        requires_reconstruction_capture=asking.requires_reconstruction_capture,
        suppress_text_messages=asking.suppress_text_messages,
        job_id=ground.job_id,
        lead_id=asking.lead_id,
        language=asking.language,
        link_version=1,
        expires_at=ground.now + LINK_LIFE,
        created_at=ground.now,
        job_name=asking.place.name,
        location_line_1=asking.place.line_1,
        location_line_2=asking.place.line_2,
        location_city=asking.place.city,
        location_region=asking.place.region,
        location_postal_code=asking.place.postal_code,
        external_identifier=asking.place.external_identifier,
        deliverable_id=asking.deliverable_id,
        client_identifier=asking.client_identifier,
        wallet_id=ground.wallet_id,
        requester_name=ground.requester_name,
        requester_email=ground.requester_email,
        org_id=org_id,
        org_name=ground.org_name,
        customer_display_name=ground.customer_display_name,
        external_identifier_label=ground.external_identifier_label,
        external_identifier_required=ground.external_identifier_required,
        names_requester=ground.names_requester,
        invites_by_email=ground.invites_by_email,
        invites_by_text=ground.invites_by_text,
    )
