"""`summarized_json`: the published summary of an exterior, its keys all there.

What was not measured is null. There may be openings that no photo shows, and materials are not
told apart: whatever leaves openings out of an area, or belongs to `other`, is unknown.
"""

from typing import Any

from doorstep.builds.measured.record import Measure, Record, total
from doorstep.builds.measured.units import feet, pitch, square_feet
from doorstep.builds.measured.walls import tops

WASTE_SHARES = {"zero": 0, "plus_5_percent": 5, "plus_10_percent": 10, "plus_15_percent": 15,
                "plus_20_percent": 20}  # fmt: skip
SIDING_WASTE = (
    *("zero", "plus_10_percent", "plus_18_percent"),
    *("with_openings", "openings_plus_10_percent", "openings_plus_18_percent"),
)
OPENINGS = ("quantity", "tops_length", "sills_length", "sides_length", "total_perimeter")
TRIM = ("level_starter", "sloped_trim", "vertical_trim")
ACCESSORIES = ("shutter_qty", "shutter_area", "vents_qty", "vents_area")

Shape = dict[str, Any]


def summarized(record: Record) -> Shape:
    """The documented object."""
    return {
        "area": {
            "facades": _siding(None),
            "openings": _siding(None),
            "unknown": _siding(None),
            "total": _siding(square_feet(wall_area(record))),
        },
        "openings": {name: _siding(None) for name in OPENINGS},
        "siding_waste": dict.fromkeys(SIDING_WASTE),
        "trim": {name: _siding(None) for name in TRIM},
        "roofline": {
            "eaves_fascia": _line(feet(edge_length(record, "eave"))),
            "level_frieze_board": _line(feet(tops(record, level=True))),
            "rakes_fascia": _line(feet(edge_length(record, "rake"))),
            "sloped_frieze_board": _line(feet(tops(record, level=False))),
        },
        "corners": {
            **_corners(record, "inside"),
            **_corners(record, "outside"),
        },
        "accessories": {name: _siding(None) for name in ACCESSORIES},
        "roof": _roof(record),
    }


def wall_area(record: Record) -> float | None:
    """Square metres of all walls, windows and doors included."""
    return total(wall.area for wall in record.walls) if record.walls_are_whole else None


def roof_area(record: Record) -> float | None:
    """Square metres of all slopes."""
    return total(slope.area for slope in record.roof) if record.roof_is_whole else None


def edge_length(record: Record, *kinds: str) -> float | None:
    """Metres of all edges of the roof of these kinds."""
    if not record.roof_is_whole or not record.scale:
        return None
    return total(edge.length for edge in record.edges_of(*kinds))


def edge_count(record: Record, *kinds: str) -> int | None:
    """How many edges of the roof are of these kinds."""
    return len(record.edges_of(*kinds)) if record.roof_is_whole else None


def pitches(record: Record) -> list[tuple[str, float | None, float | None]]:
    """(name of the pitch, square metres, per cent of the whole roof), the largest first."""
    whole = roof_area(record)
    found = []
    for rise in sorted({pitch(slope.over_12) for slope in record.roof} - {None}, key=str):
        alike = [slope.area for slope in record.roof if pitch(slope.over_12) == rise]
        area = total(alike)
        share = None if area is None or not whole else 100 * area / whole
        found.append((f"{rise}/12", area, share))
    return sorted(found, key=lambda one: -(one[1] or 0))


def with_waste(area: int | None) -> dict[str, int | None]:
    """The area with the usual shares of waste on top."""
    return {
        name: None if area is None else round(area * (100 + share) / 100)
        for name, share in WASTE_SHARES.items()
    }


def _roof(record: Record) -> Shape:
    area = square_feet(roof_area(record))
    count = len(record.roof) if record.roof_is_whole else None
    return {
        "roof_facets": {"area": area, "total": count, "length": None},
        "ridges_hips": _edges(record, "ridge", "hip"),
        "valleys": {"area": None, "total": None, "length": None},
        "rakes": _edges(record, "rake"),
        "gutters_eaves": _edges(record, "eave"),
        "flashing": {"area": None, "total": None, "length": None},
        "step_flashing": {"area": None, "total": None, "length": None},
        "pitch": [
            {
                "roof_pitch": name,
                "area": square_feet(one),
                "percentage": None if share is None else round(share, 2),
            }
            for name, one, share in pitches(record)
        ],
        "waste_factor": {"area": with_waste(area)},
    }


def _edges(record: Record, *kinds: str) -> Shape:
    length = feet(edge_length(record, *kinds))
    return {"area": None, "total": edge_count(record, *kinds), "length": length}


def _corners(record: Record, name: str) -> Shape:
    edges = record.edges_of(f"{name}_corner")
    whole = record.walls_are_whole and bool(record.scale)
    lengths: list[Measure | None] = [edge.length for edge in edges]
    return {
        f"{name}_corners_qty": _siding(len(edges) if record.walls_are_whole else None),
        f"{name}_corners_len": _siding(feet(total(lengths)) if whole else None),
    }


def _siding(value: float | None) -> Shape:
    return {"siding": value, "other": None}


def _line(length: float | None) -> Shape:
    return {"length": length, "avg_depth": None, "soffit_area": None}
