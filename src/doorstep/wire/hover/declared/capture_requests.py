"""Capture requests as they are sent and answered."""

import uuid
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from doorstep.wire.hover.declared.values import (
    Acting,
    Deliverable,
    Flag,
    Line,
    Paged,
    Pagination,
    PayingWallet,
    Preferences,
    WantedDeliverable,
    Whole,
)

State = Annotated[Literal["new", "connected", "complete", "deleted"], Meta(examples=["new"])]
Identifier = Annotated[
    str,
    Meta(pattern="^[A-Za-z0-9_-]{6}$", description="Opens nothing by itself.", examples=["XcUUtA"]),
]
Line1 = Annotated[str, Meta(min_length=1, max_length=255, examples=["123 Hover Way"])]
TestState = Annotated[
    Literal["complete", "failed", "no"], Meta(description="Makes a test of it that ends so.")
]


class NewJobAttributes(msgspec.Struct, kw_only=True):
    """The property, and what is made of its photos."""

    location_line_1: Line1
    name: Annotated[Line, Meta(examples=["Vacation Home"])] | None = None
    location_line_2: Line | None = None
    location_city: Annotated[Line, Meta(examples=["Los Angeles"])] | None = None
    location_region: Annotated[Line, Meta(examples=["CA"])] | None = None
    location_postal_code: Annotated[Line, Meta(examples=["90210"])] | None = None
    location_country: Line | None = None
    external_identifier: Annotated[Line, Meta(examples=["8675309"])] | None = None
    deliverable_id: WantedDeliverable = None
    client_identifier: (
        Annotated[
            uuid.UUID, Meta(description="The client's own key: a second call makes no second.")
        ]
        | None
    ) = None
    wallet_id: Whole | None = None
    test_state: TestState | None = None


class NewCaptureRequestFields(msgspec.Struct, kw_only=True):
    """Who is asked, and for what."""

    capturing_user_name: Annotated[
        str, Meta(min_length=1, max_length=255, examples=["Lucille Bluth"])
    ]
    capturing_user_email: Annotated[
        str,
        Meta(
            max_length=255,
            extra_json_schema={"format": "email"},
            examples=["lucille@example.com"],
        ),
    ]
    job_attributes: NewJobAttributes
    capturing_user_phone: (
        Annotated[Line, Meta(description="Adds an SMS.", examples=["5558675309"])] | None
    ) = None
    signup_type: Literal["homeowner", "pro"] | None = None
    claim_number: Line | None = None
    inspection_workflow_id: Whole | None = None
    requires_reconstruction_capture: Flag | None = None
    suppress_text_messages: Flag | None = None
    wallet_id: Whole | None = None


class Withdrawal(Acting, kw_only=True):
    """In whose name; taken, and not needed."""


class NewCaptureRequest(Acting, kw_only=True):
    """A request for photos."""

    capture_request: NewCaptureRequestFields


class JobAttributes(msgspec.Struct, kw_only=True):
    """Always the same nine keys."""

    name: Annotated[str, Meta(examples=["Vacation Home"])]
    location_line_1: Annotated[str, Meta(examples=["123 Hover Way"])] | None
    location_line_2: str | None
    location_city: Annotated[str, Meta(examples=["Los Angeles"])] | None
    location_region: Annotated[str, Meta(examples=["CA"])] | None
    location_postal_code: Annotated[str, Meta(examples=["90210"])] | None
    external_identifier: Annotated[str, Meta(examples=["8675309"])] | None
    deliverable_id: Deliverable
    client_identifier: uuid.UUID


class RequestingOrg(msgspec.Struct, kw_only=True):
    """Whose request it is."""

    id: Annotated[int, Meta(examples=[492855])]
    name: Annotated[str, Meta(examples=["Bluth Company"])]
    preferences: Preferences


class RequestingUser(msgspec.Struct, kw_only=True):
    """Who asked."""

    name: Annotated[str, Meta(examples=["Ben Ruiz"])]
    email: Annotated[str, Meta(examples=["ben@harbor.example"])]
    org: RequestingOrg


class CaptureRequest(msgspec.Struct, kw_only=True):
    """A request for photos; `pending_job_id` is its job from the start."""

    id: Annotated[int, Meta(examples=[1521803])]
    capturing_user_name: Annotated[str, Meta(examples=["Lucille Bluth"])]
    capturing_user_phone: Annotated[str, Meta(examples=["5558675309"])] | None
    capturing_user_email: Annotated[str, Meta(examples=["lucille@example.com"])]
    capturing_user_id: int | None
    requesting_user_id: Annotated[int, Meta(examples=[1153372])]
    identifier: Identifier
    claim_number: str | None
    state: State
    signup_type: Literal["homeowner", "pro"]
    job_attributes: JobAttributes
    captured_user_id: int | None
    pending_job_id: Annotated[int, Meta(examples=[10168587])]
    requesting_user: RequestingUser
    org_id: Annotated[int, Meta(examples=[492855])]
    wallet: PayingWallet | None


class CaptureRequestDetails(CaptureRequest, kw_only=True):
    """The same with everything that was asked; `branch_link` is the homeowner's link."""

    inspection_workflow_id: int | None
    requires_reconstruction_capture: bool
    suppress_text_messages: bool
    branch_link: Annotated[str, Meta(examples=["https://doorstep.example/c/XcUUtA..."])]


class RequestedCaptures(msgspec.Struct, kw_only=True):
    """One page of them."""

    pagination: Pagination
    results: list[CaptureRequest]


class CaptureRequestList(msgspec.Struct, kw_only=True):
    """Newest first."""

    requested_captures: RequestedCaptures


class ListCaptureRequests(Paged, kw_only=True):
    """Which requests: deleted ones only when asked for."""

    state: Literal["new", "connected", "complete", "deleted"] | None = None


class CheckExisting(msgspec.Struct, kw_only=True):
    """Whose requests."""

    email: Annotated[str, Meta(min_length=1, examples=["lucille@example.com"])]


class Existing(msgspec.Struct, kw_only=True):
    """Whether somebody waits for photos of this person."""

    pending_capture_request_exists: bool
    requesting_user_name: Annotated[str, Meta(examples=["Ben Ruiz"])] | None
    capturing_user_exists: bool
