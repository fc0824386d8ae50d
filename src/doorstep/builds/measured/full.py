"""`full_json`: everything of an exterior, facade by facade, with where its pictures are.

Lists hold what was measured: openings are those that were found, and there may be others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from doorstep.builds.measured.record import Opening, Record, Wall
from doorstep.builds.measured.summarized import (
    SIDING_WASTE,
    edge_length,
    pitches,
    roof_area,
    summarized,
)
from doorstep.builds.measured.units import feet, inches, pitch, square_feet
from doorstep.builds.measured.walls import level_top, sloped_top

ELEVATIONS = ("front", "right", "left", "back")
SIDES = ("front", "front_right", "right", "right_back", "back", "back_left", "left", "left_front")

Shape = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What the file says of the job. `pictures` are the names of those that lie at `artifacts`."""

    job_id: int
    address: str
    external_identifier: str
    artifacts: str
    pictures: frozenset[str]
    captured_images: Sequence[str]


def full(record: Record, *, of: Subject) -> Shape:
    """The documented object."""
    return {
        "version": 1,
        "summary": {
            **summarized(record),
            "address": of.address,
            "property_id": of.job_id,
            "external_identifier": of.external_identifier,
        },
        "footprint": _footprint(record, of=of),
        "elevations": {"sides": {side: _elevation(record, side) for side in ELEVATIONS}},
        "facades": {"siding": [_facade(wall) for wall in record.walls]},
        "openings": _openings(record),
        "roof": _roof(record, of=of),
        "wireframes": {side: _wireframes(of, side) for side in SIDES},
        "captured_images": list(of.captured_images),
    }


def sketch(record: Record, *, of: Subject) -> Shape:
    """`sketch_json`: the footprint alone, as `full_json` has it."""
    return {"version": 1, "footprint": _footprint(record, of=of)}


def _footprint(record: Record, *, of: Subject) -> Shape:
    return {
        "stories": None,
        "perimeter": feet(record.perimeter.value) if record.perimeter else None,
        "area": square_feet(record.footprint.value) if record.footprint else None,
        "wireframe_url": _picture(of, "footprint"),
    }


def _elevation(record: Record, side: str) -> Shape:
    walls = [wall for wall in record.walls if wall.side == side]
    return {"total": None, "area_per_label": [{wall.id: None} for wall in walls]}


def _facade(wall: Wall) -> Shape:
    """`area` leaves openings out and is unknown; `area_with_openings` is a key of ours."""
    return {
        "facade": wall.id,
        "area": None,
        "area_with_openings": square_feet(wall.area.value) if wall.area else None,
        "shutters": None,
        "vents": None,
        "area_with_waste_factor_calculation": dict.fromkeys(SIDING_WASTE),
        "trim": dict.fromkeys(("level_starter", "sloped", "vertical")),
        "corners": dict.fromkeys(
            ("inside_number", "inside_length", "outside_number", "outside_length")
        ),
        "roofline": {
            "level_frieze_board": feet(level_top(wall)),
            "sloped_frieze_board": feet(sloped_top(wall)),
        },
        "openings": dict.fromkeys(("tops", "sills", "sides", "openings_total")),
    }


def _openings(record: Record) -> Shape:
    """Windows, and doors with garage doors among them."""
    windows = [one for one in record.openings if one.kind == "window"]
    doors = [one for one in record.openings if one.kind != "window"]
    return {
        "windows": [
            _size(one) | {"united_inches": f'{inches(one.width.value) + inches(one.height.value)}"'}
            for one in windows
        ],
        "window_groups": [],
        "doors": [_size(one) for one in doors],
    }


def _size(opening: Opening) -> Shape:
    width, height = opening.width.value, opening.height.value
    return {
        "opening": opening.id,
        "width_x_height": f'{inches(width)}" x {inches(height)}"',
        "area": square_feet(width * height),
    }


def _roof(record: Record, *, of: Subject) -> Shape:
    return {
        "measurements": {
            "ridges": feet(edge_length(record, "ridge")),
            "hips": feet(edge_length(record, "hip")),
            "valleys": None,
            "rakes": feet(edge_length(record, "rake")),
            "gutters_eaves": feet(edge_length(record, "eave")),
            "flashing": None,
            "step_flashing": None,
        },
        "facets": [
            {
                "facet": slope.id,
                "area": square_feet(slope.area.value) if slope.area else None,
                "pitch": pitch(slope.over_12),
            }
            for slope in record.roof
        ],
        "area": {
            "facets": len(record.roof) if record.roof_is_whole else None,
            "total": square_feet(roof_area(record)),
        },
        "pitch": [
            {
                "roof_pitch": name,
                "area": square_feet(area),
                "percentage": None if share is None else f"{share:.2f}%",
            }
            for name, area, share in pitches(record)
        ],
        "wireframe_facets_url": _picture(of, "roof"),
        "wireframe_measurements_url": _picture(of, "roof", version="lengths"),
        "wireframe_areas_url": _picture(of, "roof", version="areas"),
        "wireframe_pitches_url": _picture(of, "roof", version="pitches"),
    }


def _wireframes(of: Subject, side: str) -> Shape:
    return {
        "wireframe_url": _picture(of, side),
        "compass_url": _picture(of, side, version="compass"),
        "top_url": _picture(of, side, version="top"),
        "metadata": {"version": 1},
    }


def _picture(of: Subject, name: str, *, version: str | None = None) -> str | None:
    if name not in of.pictures:
        return None
    query = f"?version={version}" if version else ""
    return f"{of.artifacts}/wireframe_{name}.png{query}"
