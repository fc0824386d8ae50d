"""What vendors send and get, as types for the description; the doors are more lenient than this."""

import uuid
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from doorstep.api.description.calls import Reply
from doorstep.wire.captorra.answers import CONTENT_TYPE

TAG = "Vendors"
ANSWER_TYPE = CONTENT_TYPE[1].decode()

CaptorraId = Annotated[str, Meta(description="Id of the organization.", examples=["123456"])]
Text = str | int | float | bool | None
"""What is not text is taken as its digits."""


class LeadPost(msgspec.Struct, kw_only=True):
    """A lead. Keys of the vendor's own are kept as they are."""

    captorra_id: CaptorraId = msgspec.field(name="CaptorraId")
    first: Annotated[str, Meta(examples=["John"])] = msgspec.field(name="First")
    last: Annotated[str, Meta(examples=["Smith"])] = msgspec.field(name="Last")
    referrer: Annotated[uuid.UUID, Meta(description="The source's entrance.")] = msgspec.field(
        name="Referrer"
    )
    type: Annotated[uuid.UUID, Meta(description="What the lead is about.")] | None = msgspec.field(
        name="Type", default=None
    )
    primary: Annotated[Text, Meta(examples=["5555555555"])] = msgspec.field(
        name="Primary", default=None
    )
    secondary: Text = msgspec.field(name="Secondary", default=None)
    email: Annotated[Text, Meta(examples=["john@example.com"])] = msgspec.field(
        name="Email", default=None
    )
    address: Annotated[Text, Meta(examples=["123 Main St."])] = msgspec.field(
        name="Address", default=None
    )
    city: Annotated[Text, Meta(examples=["Philadelphia"])] = msgspec.field(
        name="City", default=None
    )
    state: Annotated[Text, Meta(examples=["PA"])] = msgspec.field(name="State", default=None)
    zip: Annotated[Text, Meta(examples=["19146"])] = msgspec.field(name="Zip", default=None)
    county: Text = msgspec.field(name="County", default=None)
    best_time: Text = msgspec.field(name="BestTime", default=None)
    details: Annotated[Text, Meta(examples=["The storm took some shingles."])] = msgspec.field(
        name="Details", default=None
    )
    keyword: Text = msgspec.field(name="Keyword", default=None)
    id: Annotated[Text, Meta(description="The vendor's own id.")] = msgspec.field(
        name="ID", default=None
    )


class FormPost(msgspec.Struct, kw_only=True):
    """The spaced keys of the old form wire; the vendor's id is the first key that ends in Id."""

    captorra_id: CaptorraId = msgspec.field(name="CaptorraId")
    first: Annotated[str, Meta(examples=["John"])] = msgspec.field(name="First Name")
    last: Annotated[str, Meta(examples=["Smith"])] = msgspec.field(name="Last Name")
    referrer: Annotated[uuid.UUID, Meta(description="The source's entrance.")] = msgspec.field(
        name="Referrer"
    )
    type: str | None = msgspec.field(name="Type of Case", default=None)
    primary: str | None = msgspec.field(name="Telephone Number", default=None)
    secondary: str | None = msgspec.field(name="Alt Telephone Number", default=None)
    email: str | None = msgspec.field(name="Email Address", default=None)
    zip: str | None = msgspec.field(name="Zip Code", default=None)
    details: str | None = msgspec.field(name="Case Details", default=None)


class CallPost(msgspec.Struct, kw_only=True):
    """A call from a tracking vendor; `String01` to `String20` and `Multi01` are kept too."""

    captorra_id: CaptorraId = msgspec.field(name="CaptorraId")
    name: Annotated[str, Meta(examples=["Bright Calls"])] = msgspec.field(name="Name")
    ani: Annotated[str, Meta(description="The caller's number.", examples=["5555555555"])] = (
        msgspec.field(name="ANI")
    )
    date: Annotated[Text, Meta(examples=["03/05/2020 10:00:00 AM"])] = msgspec.field(
        name="Date", default=None
    )
    id: Text = msgspec.field(name="ID", default=None)


class LeadTaken(msgspec.Struct, kw_only=True):
    """The lead is on the disk; one of the two keys, or both, as the source is set."""

    success: Literal[True]
    intake_id: uuid.UUID | msgspec.UnsetType = msgspec.field(name="IntakeID", default=msgspec.UNSET)
    intake_id_too: uuid.UUID | msgspec.UnsetType = msgspec.field(
        name="IntakeId", default=msgspec.UNSET
    )


class CallTaken(msgspec.Struct, kw_only=True):
    """The call is on the disk."""

    success: Literal[True]
    call_id: uuid.UUID = msgspec.field(name="CallID")


class LeadRefused(msgspec.Struct, kw_only=True):
    """Word for word as the wire documents, and kept for the organization to see."""

    success: Literal[False]
    error: Annotated[str, Meta(examples=["Please provide the CaptorraId"])]


class OfferedRow(msgspec.Struct, kw_only=True):
    """The answer to one of many leads."""

    success: bool
    intake_id: uuid.UUID | msgspec.UnsetType = msgspec.field(name="IntakeID", default=msgspec.UNSET)
    intake_id_too: uuid.UUID | msgspec.UnsetType = msgspec.field(
        name="IntakeId", default=msgspec.UNSET
    )
    error: str | msgspec.UnsetType = msgspec.UNSET


class ManyTaken(msgspec.Struct, kw_only=True):
    """An answer for each, in their order."""

    results: list[OfferedRow]


class StandIns(msgspec.Struct, kw_only=True):
    """For rows that lack these keys."""

    captorra_id: str = msgspec.field(name="X-Captorra-Id", default="")
    referrer: str = msgspec.field(name="X-Referrer", default="")


class Asking(msgspec.Struct, kw_only=True):
    """The source's secret, in a header since addresses are written into logs."""

    referrer: str = msgspec.field(name="Referrer", default="")


class LeadStatus(msgspec.Struct, kw_only=True):
    """How the lead stands, in the words that the organization chose."""

    success: Literal[True]
    intake_id: uuid.UUID = msgspec.field(name="IntakeID")
    id: Annotated[str, Meta(description="The vendor's own.")] = msgspec.field(name="ID")
    status: Annotated[str, Meta(examples=["received"])]
    since: Annotated[str, Meta(examples=["2026-03-16T23:55:50.094Z"])]


def statuses() -> dict[int, Reply]:
    """The answers of the door to ask at."""
    again = {"Retry-After": "integer"}
    told = (LeadStatus, LeadRefused)
    return {
        200: Reply(description="Found, or refused.", shape=told, media_type=ANSWER_TYPE),
        429: Reply(
            description="Too many.", shape=LeadRefused, media_type=ANSWER_TYPE, headers=again
        ),
        503: Reply(
            description="Not read; try again.",
            shape=LeadRefused,
            media_type=ANSWER_TYPE,
            headers=again,
        ),
    }


def replies(taken: Any) -> dict[int, Reply]:
    """The answers of a door: 200 for both ends, unless the source asks for statuses."""
    refused = Reply(description="Refused.", shape=LeadRefused, media_type=ANSWER_TYPE)
    again = {"Retry-After": "integer"}
    return {
        200: Reply(
            description="LeadTaken, or refused.", shape=(taken, LeadRefused), media_type=ANSWER_TYPE
        ),
        201: Reply(
            description="Taken; for sources that ask for statuses.",
            shape=taken,
            media_type=ANSWER_TYPE,
        ),
        400: refused,
        408: Reply(description="Too slow.", shape=LeadRefused, media_type=ANSWER_TYPE),
        413: refused,
        422: refused,
        429: Reply(
            description="Too many.", shape=LeadRefused, media_type=ANSWER_TYPE, headers=again
        ),
        503: Reply(
            description="Not stored; try again.",
            shape=LeadRefused,
            media_type=ANSWER_TYPE,
            headers=again,
        ),
    }
