"""The published versions of the measurements in JSON. Feet and square feet; unknown is null."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Feet = Annotated[float, Meta(description="Decimal feet.")] | None
SquareFeet = Annotated[int, Meta(description="Whole square feet.")] | None
Count = int | None


class Split(msgspec.Struct, kw_only=True):
    """By material; `other` is null where materials are not told apart."""

    siding: float | None
    other: float | None


class RooflineEdge(msgspec.Struct, kw_only=True):
    """An edge under or along the roof."""

    length: Feet
    avg_depth: Feet
    soffit_area: SquareFeet


class RoofSum(msgspec.Struct, kw_only=True):
    """Facets, or edges of one kind."""

    area: SquareFeet
    total: Count
    length: Feet


class PitchShare(msgspec.Struct, kw_only=True):
    """How much of the roof has this pitch."""

    roof_pitch: Annotated[str, Meta(examples=["8/12"])]
    area: SquareFeet
    percentage: float | None


def _alike(name: str, fields: str, *, kind: Any) -> Any:
    """A struct whose fields are all of one kind."""
    return msgspec.defstruct(name, [(field, kind) for field in fields.split()], kw_only=True)


Areas: Any = _alike("Areas", "facades openings unknown total", kind=Split)
OpeningSums: Any = _alike(
    "OpeningSums", "quantity tops_length sills_length sides_length total_perimeter", kind=Split
)
SidingWaste: Any = _alike(
    "SidingWaste",
    "zero plus_10_percent plus_18_percent with_openings openings_plus_10_percent "
    "openings_plus_18_percent",
    kind=SquareFeet,
)
Trim: Any = _alike("Trim", "level_starter sloped_trim vertical_trim", kind=Split)
Roofline: Any = _alike(
    "Roofline",
    "eaves_fascia level_frieze_board rakes_fascia sloped_frieze_board",
    kind=RooflineEdge,
)
Corners: Any = _alike(
    "Corners",
    "inside_corners_qty inside_corners_len outside_corners_qty outside_corners_len",
    kind=Split,
)
Accessories: Any = _alike(
    "Accessories", "shutter_qty shutter_area vents_qty vents_area", kind=Split
)
RoofWaste: Any = _alike(
    "RoofWaste",
    "zero plus_5_percent plus_10_percent plus_15_percent plus_20_percent",
    kind=SquareFeet,
)


class WasteFactor(msgspec.Struct, kw_only=True):
    """The roof's area with waste."""

    area: RoofWaste


class RoofSums(msgspec.Struct, kw_only=True):
    """The roof in sums."""

    roof_facets: RoofSum
    ridges_hips: RoofSum
    valleys: RoofSum
    rakes: RoofSum
    gutters_eaves: RoofSum
    flashing: RoofSum
    step_flashing: RoofSum
    pitch: list[PitchShare]
    waste_factor: WasteFactor


class Summarized(msgspec.Struct, kw_only=True):
    """`summarized_json`."""

    area: Areas
    openings: OpeningSums
    siding_waste: SidingWaste
    trim: Trim
    roofline: Roofline
    corners: Corners
    accessories: Accessories
    roof: RoofSums


class RoofLine(msgspec.Struct, kw_only=True):
    """An edge of the roof from above."""

    line: Annotated[str, Meta(examples=["E-9"])]
    type: Literal["ridge", "hip", "valley", "eave", "rake"]
    length: Feet
    points: list[list[float]] | None


class RoofFacet(msgspec.Struct, kw_only=True):
    """A facet of the roof from above."""

    facet: Annotated[str, Meta(examples=["RF-1"])]
    pitch: Count
    area: SquareFeet
    points: list[list[float]] | None


class RoofLines(msgspec.Struct, kw_only=True):
    """`roof_lines`; x runs along the front to the right, y to the back."""

    version: Literal[1]
    lines: list[RoofLine]
    facets: list[RoofFacet]


class Footprint(msgspec.Struct, kw_only=True):
    """Where the walls stand."""

    stories: str | None
    perimeter: Feet
    area: SquareFeet
    wireframe_url: str | None


class Sketch(msgspec.Struct, kw_only=True):
    """`sketch_json`."""

    version: Literal[1]
    footprint: Footprint


class FullMeasurements(msgspec.Struct, kw_only=True):
    """`full_json`: facade by facade, as the reference of measurement files tells."""

    version: Literal[1]
    summary: dict[str, Any]
    footprint: Footprint
    elevations: dict[str, Any]
    facades: dict[str, list[dict[str, Any]]]
    openings: dict[str, list[dict[str, Any]]]
    roof: dict[str, Any]
    wireframes: dict[str, dict[str, Any]]
    captured_images: list[str]


class EngineRecord(msgspec.Struct, kw_only=True, omit_defaults=True):
    """`record`: the engine's own, in metres, with ranges."""

    version: Literal[1]
    scale: dict[str, Any]
    photos: dict[str, Any]
    walls: list[dict[str, Any]]
    roof: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    openings: list[dict[str, Any]]
    unseen: list[dict[str, Any]]
    footprint: dict[str, Any] | None = None
    ridge_height_m: float | None = None
    ridge_height_range_m: float | None = None
    sample: bool = False


EVERY = (Summarized, FullMeasurements, Sketch, RoofLines, EngineRecord)
