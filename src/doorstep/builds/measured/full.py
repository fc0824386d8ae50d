"""`full_json`: everything of an exterior, facade by facade, with where its pictures are.

Lists hold what was measured: openings are those that were found, and there may be others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from doorstep.builds.measured.openings import (
    area_of,
    net_square_feet,
    openings_on,
    sides_of,
    sills_of,
    tops_of,
)
from doorstep.builds.measured.record import Opening, Record, Wall
from doorstep.builds.measured.summarized import (
    edge_length,
    pitches,
    roof_area,
    siding_waste,
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
        "facades": _facades(record),
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
    """Areas without openings; their sum is known if each of them is."""
    areas = {wall.id: net_square_feet(record, [wall]) for wall in record.walls if wall.side == side}
    known = [area for area in areas.values() if area is not None]
    whole = record.walls_are_all_there and len(known) == len(areas)
    return {
        "total": sum(known) if whole else None,
        "area_per_label": [{name: area} for name, area in areas.items()],
    }


def _facades(record: Record) -> Shape:
    """By material, siding first; a wall of which none is known is among the siding."""
    found: dict[str, list[Shape]] = {"siding": []}
    for wall in record.walls:
        if wall.is_siding:
            found["siding"].append(_facade(record, wall))
        else:
            found.setdefault(wall.material, []).append(_bare_facade(record, wall))
    return found


def _bare_facade(record: Record, wall: Wall) -> Shape:
    """Of what is not ordered like siding: `area` leaves openings out, `area_with_openings` is ours."""
    found = openings_on(record, [wall])
    return {
        "facade": wall.id,
        "area": net_square_feet(record, [wall]),
        "area_with_openings": square_feet(wall.area.value) if wall.area else None,
        "shutters": None,
        "vents": None,
        "openings": {"openings_total": None if found is None else len(found)},
    }


def _facade(record: Record, wall: Wall) -> Shape:
    bare, found = _bare_facade(record, wall), openings_on(record, [wall])
    sizes = dict.fromkeys(("tops", "sills", "sides"))
    if found is not None:
        sizes = {
            "tops": feet(tops_of(found)),
            "sills": feet(sills_of(found)),
            "sides": feet(sides_of(found)),
        }
    return bare | {
        "area_with_waste_factor_calculation": siding_waste(record, [wall]),
        "trim": dict.fromkeys(("level_starter", "sloped", "vertical")),
        "corners": dict.fromkeys(
            ("inside_number", "inside_length", "outside_number", "outside_length")
        ),
        "roofline": {
            "level_frieze_board": feet(level_top(wall)),
            "sloped_frieze_board": feet(sloped_top(wall)),
        },
        "openings": sizes | bare["openings"],
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
        "area": round(area_of(opening).value),
    }


def _roof(record: Record, *, of: Subject) -> Shape:
    return {
        "measurements": {
            "ridges": feet(edge_length(record, "ridge")),
            "hips": feet(edge_length(record, "hip")),
            "valleys": feet(edge_length(record, "valley")) if record.valleys_are_known else None,
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
