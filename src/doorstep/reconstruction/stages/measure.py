"""Numbers in metres with their ranges, and the photos that prove them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction import unseen
from doorstep.reconstruction.cameras import read_views
from doorstep.reconstruction.geometry.coverage import flatten
from doorstep.reconstruction.geometry.shell import area_of
from doorstep.reconstruction.geometry.tracing import Tracer
from doorstep.reconstruction.layout import largest_gap
from doorstep.reconstruction.options import Options, StructureOptions
from doorstep.reconstruction.photos import used_photos
from doorstep.reconstruction.progress import Step
from doorstep.reconstruction.proofs import Details, Witnesses, cameras_of
from doorstep.reconstruction.reports import StageReport
from doorstep.reconstruction.stages.texture import triangles
from doorstep.reconstruction.structure import Edge, Structure, Surface, read_structure
from doorstep.reconstruction.workspace import (
    DENSE_POINTS,
    EVIDENCE,
    MEASUREMENTS,
    OPENINGS,
    PHOTOS_INDEX,
    POINTS,
    SCALE,
    read_arrays,
    read_json,
    write_json,
)

NAME = "measure"
VERSION = 15
TITLE = "Measuring"
OUTPUTS = (MEASUREMENTS, EVIDENCE)

# A 90 % interval of a normal error, in standard deviations.
RANGE_SIGMAS = 1.645
EDGES_OF_ROOF = ("ridge", "hip", "valley", "eave", "rake")

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class _Trust:
    """Standard deviation of the scale as a share."""

    scale_share: float

    def range(self, value: float, sigma: float, /) -> float:
        """Half the width of the 90 % interval: the value's own error and the scale's."""
        return float(RANGE_SIGMAS * np.hypot(sigma, value * self.scale_share))

    def area_range(self, relative: float, /) -> float:
        """The same for an area, as a share of it; `relative` is its own error."""
        return round(RANGE_SIGMAS * float(np.hypot(relative, 2 * self.scale_share)), 4)


def options_of(options: Options) -> StructureOptions:
    """The part of the options that this stage depends on."""
    return options.structure


def run(workspace: Path, options: Options, *, step: Step) -> StageReport:
    """Write `measurements.json` and `evidence.json`; without a scale, shapes and pitches only."""
    structure = read_structure(workspace)
    scale = read_json(workspace / SCALE)
    given = len(read_json(workspace / PHOTOS_INDEX)["photos"])
    views = read_views(workspace)
    step(0.5, TITLE)
    record: dict[str, Any] = {
        "version": 1,
        "scale": {
            "source": scale["source"],
            "relative_uncertainty": scale["relative_uncertainty"],
        },
        "photos": {"given": given, "registered": len(views)},
    }
    evidence: dict[str, Any] = {"version": 1, "proofs": {}}
    if structure is not None:
        trust = _Trust(scale["relative_uncertainty"] or 0.0)
        metres = scale["metres_per_unit"]
        seen_min = options.structure.seen_share_min
        record |= _measured(structure, metres, trust=trust, seen_min=seen_min)
        looked = read_json(workspace / OPENINGS)
        openings = looked["openings"]
        record["openings"] = [_opening(each, metres, trust=trust) for each in openings]
        record["walls"] = [
            _looked_at(wall, looked, openings=record["openings"]) for wall in record["walls"]
        ]
        record["unseen"] += [
            unseen.opening(each, structure, metres=metres) for each in looked["glimpses"]
        ]
        if metres:
            dense = read_arrays(workspace / DENSE_POINTS)["xyz"] @ structure.turn.T
            points = dense + structure.shift
            record["unseen"] += unseen.on_slopes(
                structure, points, metres=metres, seen_min=seen_min
            )
        cameras = cameras_of(structure, views, photos=used_photos(workspace))
        found = read_arrays(workspace / POINTS)
        witnesses = Witnesses(
            structure,
            cameras,
            details=Details(found["xyz"] @ structure.turn.T + structure.shift, found["seen"]),
            tracer=Tracer(*triangles([surface.corners for surface in structure.surfaces])),
        )
        evidence["proofs"] = _proofs(record, structure, openings=openings, witnesses=witnesses)
    else:
        record |= {"walls": [], "roof": [], "edges": [], "openings": []}
        record["unseen"] = [unseen.SHAPE]
    used = {photo.file: photo.number for photo in used_photos(workspace)}
    gap = largest_gap({view.file for view in views}, used)
    if gap:
        record["unseen"].append(unseen.broken_chain(gap, left_out=len(used) - len(views)))
    if "missing" in scale:
        record["unseen"].append(scale["missing"])
    write_json(workspace / MEASUREMENTS, record)
    write_json(workspace / EVIDENCE, evidence)
    return StageReport(
        NAME, {name: len(record[name]) for name in ("walls", "roof", "edges", "unseen")}
    )


def _measured(
    structure: Structure, metres: float | None, *, trust: _Trust, seen_min: float
) -> dict[str, Any]:
    seen = [s for s in structure.surfaces if s.is_shown(seen_min)]
    hardly = [s for s in structure.surfaces if not s.is_shown(seen_min)]
    hidden = [s for s in hardly if s.hidden_tangent is not None]
    roofed = {s.block for s in [*seen, *hidden] if s.kind == "roof"}
    walls = [_wall(s, metres, trust=trust) for s in seen if s.kind == "wall"]
    roof = [_slope(s, metres, trust=trust) for s in seen if s.kind == "roof"]
    record: dict[str, Any] = {"walls": walls, "roof": roof, "edges": [], "openings": []}
    if metres:
        record["footprint"] = _footprint(structure, metres, trust=trust)
        if 0 in roofed and not _is_flat(structure, block=0):
            ridge = structure.ridge_height * metres
            record["ridge_height_m"] = round(ridge, 3)
            sigma = structure.ridge_sigma * metres
            record["ridge_height_range_m"] = round(trust.range(ridge, sigma), 3)
    doubtful = _doubtful_blocks(structure)
    walled = {s.block for s in seen if s.kind == "wall"}
    record["edges"] = [
        _edge(edge, metres, trust=trust)
        for edge in structure.edges
        if _is_supported(edge, roofed=roofed, walled=walled)
        and not (edge.block in doubtful and edge.kind in EDGES_OF_ROOF)
    ]
    record["unseen"] = [
        unseen.face(s) if s.hidden_tangent is None else unseen.hidden_roof(s)
        for s in hardly
        if s.hidden_tangent is None or s.block not in doubtful
    ]
    bare = sorted({s.block for s in structure.surfaces if s.kind == "wall"} - roofed)
    record["unseen"] += [unseen.roof(structure, block) for block in bare]
    record["unseen"] += [unseen.reach(structure, block) for block in sorted(doubtful & roofed)]
    record["unseen"] += [
        unseen.cut_slope(s) for s in seen if s.doubtful and s.block not in doubtful
    ]
    return record


def _is_flat(structure: Structure, *, block: int) -> bool:
    """Whether its roof has no ridge."""
    return any(s.hidden_tangent is not None for s in structure.surfaces if s.block == block)


def _doubtful_blocks(structure: Structure) -> set[int]:
    """Those of whose roof no slope's reach is known."""
    roofs = [s for s in structure.surfaces if s.kind == "roof"]
    return {s.block for s in roofs} - {s.block for s in roofs if not s.doubtful}


def _footprint(structure: Structure, metres: float, *, trust: _Trust) -> dict[str, float]:
    area, around = structure.footprint_area, structure.footprint_perimeter * metres
    sigma = structure.footprint_perimeter_sigma * metres
    return {
        "area_m2": round(area * metres**2, 2),
        "range": trust.area_range(structure.footprint_area_sigma / area),
        "perimeter_m": round(around, 3),
        "perimeter_range_m": round(trust.range(around, sigma), 3),
    }


def _is_supported(edge: Edge, *, roofed: set[int], walled: set[int]) -> bool:
    return edge.block in (walled if edge.kind == "base" else roofed)


def _wall(surface: Surface, metres: float | None, *, trust: _Trust) -> dict[str, Any]:
    result = _about(surface)
    if not metres:
        return result
    width = float(np.ptp(flatten(surface.corners)[:, 0])) * metres
    result |= {
        "width_m": round(width, 3),
        "width_range_m": round(trust.range(width, surface.width_sigma * metres), 3),
    }
    if not surface.roofed:
        return result
    eave = float(min(surface.corners[2, 2], surface.corners[-1, 2])) * metres
    area = area_of(surface.corners) * metres**2
    sigma = surface.height_sigma * metres
    return result | {
        "height_m": round(eave, 3),
        "height_range_m": round(trust.range(eave, sigma), 3),
        "area_m2": round(area, 2),
        "range": trust.area_range(surface.area_sigma * metres**2 / area),
        "polygon": np.round(surface.corners * metres, 3).tolist(),
    }


def _slope(surface: Surface, metres: float | None, *, trust: _Trust) -> dict[str, Any]:
    pitch = float(np.degrees(np.arctan(surface.tangent)))
    sigma = float(np.degrees(surface.tangent_sigma)) / (1 + surface.tangent**2)
    # How low a roof is that hides behind its eaves has an end, but no distribution.
    hidden = surface.hidden_tangent or 0.0
    result = _about(surface) | {
        "pitch_deg": round(pitch, 2),
        "pitch_range_deg": round(RANGE_SIGMAS * sigma + float(np.degrees(np.arctan(hidden))), 2),
        "pitch_over_12": round(12 * surface.tangent, 2),
    }
    if not metres or surface.doubtful:
        return result
    area = area_of(surface.corners) * metres**2
    larger = float(np.hypot(1, hidden)) - 1
    return result | {
        "area_m2": round(area, 2),
        "range": round(trust.area_range(surface.area_sigma * metres**2 / area) + larger, 4),
        "polygon": np.round(surface.corners * metres, 3).tolist(),
    }


def _opening(each: dict[str, Any], metres: float, *, trust: _Trust) -> dict[str, Any]:
    width, height = each["width"] * metres, each["height"] * metres
    ranges = (
        trust.range(width, each["width_sigma"] * metres),
        trust.range(height, each["height_sigma"] * metres),
    )
    return {
        "id": each["id"],
        "wall": each["wall"],
        "kind": each["kind"],
        "width_m": round(width, 3),
        "height_m": round(height, 3),
        "range_m": round(max(ranges), 3),
        "width_range_m": round(ranges[0], 3),
        "height_range_m": round(ranges[1], 3),
        "photos": each["photos"],
        "polygon": np.round(np.array(each["corners"]) * metres, 3).tolist(),
    }


def _looked_at(
    wall: dict[str, Any], looked: dict[str, Any], *, openings: list[dict[str, Any]]
) -> dict[str, Any]:
    """The wall with its covering, and with the area that its openings leave if that is known."""
    material = looked["materials"].get(wall["id"], {"kind": None, "confidence": None})
    result = wall | {"material": material["kind"], "material_confidence": material["confidence"]}
    if "area_m2" not in wall or wall["id"] not in looked["complete_walls"]:
        return result
    taken = sum(o["width_m"] * o["height_m"] for o in openings if o["wall"] == wall["id"])
    return result | {"net_area_m2": round(wall["area_m2"] - taken, 2)}


def _about(surface: Surface) -> dict[str, Any]:
    return {
        "id": surface.id,
        "side": surface.side,
        "seen": surface.seen,
        "photos": list(surface.photos),
    }


def _edge(edge: Edge, metres: float | None, *, trust: _Trust) -> dict[str, Any]:
    result: dict[str, Any] = {"id": edge.id, "type": edge.kind, "photos": list(edge.photos)}
    if not metres:
        return result
    length = float(np.linalg.norm(edge.ends[1] - edge.ends[0])) * metres
    return result | {
        "length_m": round(length, 3),
        "range_m": round(trust.range(length, edge.sigma * metres), 3),
        "ends": np.round(edge.ends * metres, 3).tolist(),
    }


def _proofs(
    record: dict[str, Any],
    structure: Structure,
    *,
    openings: Sequence[dict[str, Any]],
    witnesses: Witnesses,
) -> dict[str, list[dict[str, Any]]]:
    """By part that is reported, the photos that show it best."""
    reported = {row["id"] for name in ("walls", "roof", "edges") for row in record[name]}
    faces = {s.id: (s.corners, ()) for s in structure.surfaces if s.id in reported}
    faces |= {each["id"]: (np.array(each["corners"]), each["photos"]) for each in openings}
    edges = {edge.id: edge.ends for edge in structure.edges if edge.id in reported}
    return {name: witnesses.of_edge(ends) for name, ends in edges.items()} | {
        name: witnesses.of_outline(corners, known=known) for name, (corners, known) in faces.items()
    }
