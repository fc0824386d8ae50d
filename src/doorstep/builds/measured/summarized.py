"""`summarized_json`: the published summary of an exterior, its keys all there.

What was not measured is null, and a sum of which a part is not known. Openings are those that were
found; an area without openings is known only where none of them can be hidden. Walls of which the
record knows no material count as siding, and `other` is then unknown.
"""

from collections.abc import Callable, Sequence
from typing import Any

from doorstep.builds.measured.openings import (
    SMALL_SQUARE_FEET,
    area_of,
    areas_of,
    net_square_feet,
    openings_on,
    perimeter_of,
    sides_of,
    sills_of,
    tops_of,
    whole_square_feet,
)
from doorstep.builds.measured.record import Measure, Opening, Record, Wall, total
from doorstep.builds.measured.units import feet, pitch, square_feet
from doorstep.builds.measured.walls import tops

WASTE_SHARES = {"zero": 0, "plus_5_percent": 5, "plus_10_percent": 10, "plus_15_percent": 15,
                "plus_20_percent": 20}  # fmt: skip
SIDING_WASTE = (
    *("zero", "plus_10_percent", "plus_18_percent"),
    *("with_openings", "openings_plus_10_percent", "openings_plus_18_percent"),
)
WALL_WASTE = (0, 10, 18)
TRIM = ("level_starter", "sloped_trim", "vertical_trim")
ACCESSORIES = ("shutter_qty", "shutter_area", "vents_qty", "vents_area")

Shape = dict[str, Any]
OfWalls = Callable[[Sequence[Wall]], float | None]


def summarized(record: Record) -> Shape:
    """The documented object."""
    return {
        "area": _areas(record),
        "openings": _openings(record),
        "siding_waste": _waste(record),
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


def split(record: Record, found: OfWalls, /, *, whole: bool) -> Shape:
    """A figure of the walls with siding, and of the others where the record tells them apart.

    `whole` says whether all that it is a figure of is there.
    """
    siding = [wall for wall in record.walls if wall.is_siding]
    other = [wall for wall in record.walls if not wall.is_siding]
    tells = any(wall.material for wall in record.walls)
    return {
        "siding": found(siding) if whole else None,
        "other": found(other) if whole and tells else None,
    }


def siding_waste(record: Record, walls: Sequence[Wall]) -> dict[str, int | None]:
    """What to order for these walls: their area without openings, with waste; and with small ones."""
    area, found = net_square_feet(record, walls), openings_on(record, walls)
    if area is None or found is None:
        return dict.fromkeys(SIDING_WASTE)
    sizes = [round(area_of(one).value) for one in found]
    covered = area + sum(size for size in sizes if size < SMALL_SQUARE_FEET)
    values = [
        round(start * (100 + waste) / 100) for start in (area, covered) for waste in WALL_WASTE
    ]
    return dict(zip(SIDING_WASTE, values, strict=True))


def _waste(record: Record) -> dict[str, int | None]:
    """Of all walls with siding together."""
    walls = [wall for wall in record.walls if wall.is_siding]
    return siding_waste(record, walls) if record.walls_are_whole else dict.fromkeys(SIDING_WASTE)


def _areas(record: Record) -> Shape:
    def taken(walls: Sequence[Wall]) -> int | None:
        found = openings_on(record, walls)
        return None if found is None else round(areas_of(found).value)

    whole = record.walls_are_whole
    return {
        "facades": split(record, lambda walls: net_square_feet(record, walls), whole=whole),
        "openings": split(record, taken, whole=record.openings_are_all_there),
        "unknown": _siding(None),
        "total": split(record, whole_square_feet, whole=whole),
    }


def _openings(record: Record) -> Shape:
    figures: dict[str, Callable[[Sequence[Opening]], float | None]] = {
        "quantity": len,
        "tops_length": lambda found: feet(tops_of(found)),
        "sills_length": lambda found: feet(sills_of(found)),
        "sides_length": lambda found: feet(sides_of(found)),
        "total_perimeter": lambda found: feet(perimeter_of(found)),
    }

    def on(figure: Callable[[Sequence[Opening]], float | None]) -> OfWalls:
        def known(walls: Sequence[Wall]) -> float | None:
            found = openings_on(record, walls)
            return None if found is None else figure(found)

        return known

    whole = record.openings_are_all_there
    return {name: split(record, on(figure), whole=whole) for name, figure in figures.items()}


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
        "valleys": _valleys(record),
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


def _valleys(record: Record) -> Shape:
    if not record.valleys_are_known:
        return {"area": None, "total": None, "length": None}
    return _edges(record, "valley")


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
