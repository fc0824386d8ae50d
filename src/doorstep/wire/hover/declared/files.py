"""Measurement files and pictures: their addresses, and which of them is wanted."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from doorstep.wire.hover.declared.values import Acting, Moment

Address = Annotated[str, Meta(description="Where it is served; null while it is not.")] | None


class MeasurementFiles(msgspec.Struct, kw_only=True):
    """The measurements as files."""

    pdf: Address
    json: Address
    xlsx: Address


class Image(msgspec.Struct, kw_only=True):
    """A photo."""

    id: Annotated[int, Meta(examples=[166283885])]
    url: str
    created_at: Moment


class WantedMeasurements(Acting, kw_only=True):
    """Which version."""

    version: Annotated[
        Literal[
            "summarized_json",
            "full_json",
            "sketch_json",
            "roof_lines",
            "paint_measurements",
            "record",
        ],
        Meta(description="What is in it.", examples=["summarized_json"]),
    ] = "summarized_json"


class WantedFile(Acting, kw_only=True):
    """For whom."""


class WantedPicture(Acting, kw_only=True):
    """Which drawing of it; sides and roof have different ones."""

    version: Literal["url", "compass", "top", "lengths", "areas", "pitches"] = "url"


class WantedImage(Acting, kw_only=True):
    """How large."""

    version: Literal["medium", "large", "thumbnail"] = "medium"
