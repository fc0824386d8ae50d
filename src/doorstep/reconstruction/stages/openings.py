"""Windows, doors and garage doors, as rectangles on the walls, and what these are covered with."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from doorstep.reconstruction.cameras import read_views
from doorstep.reconstruction.geometry.measuring import Found
from doorstep.reconstruction.geometry.openings import find_openings
from doorstep.reconstruction.geometry.texturing import Shot
from doorstep.reconstruction.geometry.tracing import Tracer
from doorstep.reconstruction.options import Options, StructureOptions
from doorstep.reconstruction.photos import read_colour, used_photos
from doorstep.reconstruction.progress import Step
from doorstep.reconstruction.reports import StageReport
from doorstep.reconstruction.stages.texture import triangles
from doorstep.reconstruction.structure import Structure, Surface, read_structure
from doorstep.reconstruction.workspace import OPENINGS, SCALE, read_json, write_json

NAME = "openings"
VERSION = 14
TITLE = "Looking for windows and doors"
OUTPUTS = (OPENINGS,)

# In metres: what stands on the ground is a garage door from this width on.
GARAGE_DOOR_WIDTH_MIN = 2.2


def options_of(options: Options) -> StructureOptions:
    """The part of the options that this stage depends on."""
    return options.structure


def run(workspace: Path, options: Options, *, step: Step) -> StageReport:
    """Write `openings.json`; without a scale nobody can tell a window from a door by its size."""
    structure = read_structure(workspace)
    scale = read_json(workspace / SCALE)
    metres = scale["metres_per_unit"]
    found: list[dict[str, Any]] = []
    complete: list[str] = []
    glimpses: list[dict[str, Any]] = []
    materials: dict[str, dict[str, Any]] = {}
    if structure is not None and metres:
        photos = {photo.file: photo for photo in used_photos(workspace)}
        shots = [
            Shot(structure.moved(view), read_colour(workspace, photos[view.file]))
            for view in read_views(workspace)
        ]
        sheets = [
            structure.turn @ np.array(place) + structure.shift
            for place in scale.get("places", {}).values()
        ]
        tracer = Tracer(*triangles([surface.corners for surface in structure.surfaces]))
        walls = _walls(structure, seen_min=options.structure.seen_share_min)
        for number, wall in enumerate(walls):
            step(number / len(walls), TITLE)
            looked = find_openings(
                wall.corners, shots, tracer=tracer, sheets=sheets, unit=1 / metres
            )
            found += [_plain(wall, each, metres=metres) for each in looked.found]
            complete += [wall.id] if looked.complete else []
            glimpses += [{"wall": wall.id, "corners": each.tolist()} for each in looked.glimpses]
            materials |= {wall.id: asdict(looked.material)} if looked.material else {}
    write_json(
        workspace / OPENINGS,
        {
            "version": 1,
            "openings": _numbered(found),
            "complete_walls": complete,
            "glimpses": glimpses,
            "materials": materials,
        },
    )
    kinds = [each["kind"] for each in found]
    counts = {kind: kinds.count(kind) for kind in sorted(set(kinds))}
    return StageReport(
        NAME,
        {
            **counts,
            "glimpses": len(glimpses),
            "complete_walls": len(complete),
            "materials": len(materials),
        },
    )


def _walls(structure: Structure, *, seen_min: float) -> list[Surface]:
    return [s for s in structure.surfaces if s.kind == "wall" and s.seen >= seen_min]


def _plain(wall: Surface, found: Found, *, metres: float) -> dict[str, Any]:
    width = (found.right - found.left) * metres
    kind = "window"
    if found.grounded:
        kind = "garage_door" if width >= GARAGE_DOOR_WIDTH_MIN else "door"
    return {
        "id": "",
        "wall": wall.id,
        "kind": kind,
        "width": found.right - found.left,
        "height": found.top - found.bottom,
        "width_sigma": found.width_sigma,
        "height_sigma": found.height_sigma,
        "corners": found.corners.tolist(),
        "photos": list(found.photos),
    }


def _numbered(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Windows as W-1, W-2, ..., doors of both kinds as D-1, D-2, ..., the lowest first."""
    counts = {"W": 0, "D": 0}
    result = []
    for each in sorted(found, key=lambda one: round(one["corners"][0][2], 1)):
        prefix = "W" if each["kind"] == "window" else "D"
        counts[prefix] += 1
        result.append({**each, "id": f"{prefix}-{counts[prefix]}"})
    return result
