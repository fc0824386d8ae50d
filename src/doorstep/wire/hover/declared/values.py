"""What the shapes are made of: numbers and truths that may be text, moments, pages."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from doorstep.wire.hover.asking import TEXT_CHARACTERS_MAX
from doorstep.wire.hover.paging import PAGE_MAX, PER_DEFAULT, PER_MAX

Moment = Annotated[
    str,
    Meta(
        extra_json_schema={"format": "date-time"},
        description="UTC with milliseconds.",
        examples=["2026-03-16T23:55:50.094Z"],
    ),
]
Degrees = (
    Annotated[
        str,
        Meta(
            pattern=r"^-?[0-9]{1,3}(\.[0-9]+)?$",
            description="Where the house stands, once the organization has said so.",
            examples=["33.6189"],
        ),
    ]
    | None
)
Line = Annotated[str, Meta(max_length=TEXT_CHARACTERS_MAX)]
Id = Annotated[int, Meta(ge=1, le=2**59)]
Digits = Annotated[str, Meta(pattern=r"^[0-9]{1,17}$")]
Whole = Id | Digits
"""A number, also as text."""
Flag = bool | Literal["true", "false", "1", "0", "yes", "no", "on", "off"]
UserId = Annotated[Whole, Meta(description="A member of the organization, by number.")]
UserEmail = Annotated[
    str, Meta(description="A member of the organization.", examples=["ben@harbor.example"])
]
DELIVERABLE = "What is made: 2 roof, 3 complete, 5 and 6 living area, 7 photos only, 8 interiors."
Deliverable = Annotated[Literal[2, 3, 5, 6, 7, 8], Meta(description=DELIVERABLE, examples=[3])]
WantedDeliverable = (
    Annotated[Literal[2, 3, 5, 6, 7, 8], Meta(description=DELIVERABLE, examples=[3])]
    | Literal["2", "3", "5", "6", "7", "8"]
    | None
)


class Acting(msgspec.Struct, kw_only=True):
    """Who of the organization's people acts: one of the two."""

    current_user_email: UserEmail | None = None
    current_user_id: UserId | None = None


class Paged(Acting, kw_only=True):
    """A page of a list."""

    page: Annotated[int, Meta(ge=1, le=PAGE_MAX)] = 1
    per: Annotated[int, Meta(ge=1, le=PER_MAX)] = PER_DEFAULT


class Pagination(msgspec.Struct, kw_only=True):
    """Where a page stands."""

    current_page: Annotated[int, Meta(ge=1)]
    total_pages: Annotated[int, Meta(ge=1)]
    total: Annotated[int, Meta(ge=0)]


class Preferences(msgspec.Struct, kw_only=True):
    """What clients of the organization must know."""

    external_identifier_label: Annotated[str, Meta(examples=["Lead Number"])]
    external_identifier_required: bool


class DisplayName(msgspec.Struct, kw_only=True):
    """The organization as outsiders see it."""

    customer_display_name: Annotated[str, Meta(examples=["Bluth Company"])]


class PayingWallet(msgspec.Struct, kw_only=True):
    """What pays."""

    id: Annotated[int, Meta(examples=[492767])]
    org: DisplayName
