"""The house's dimensions and cameras as JSON, in the form of the other houses with a truth."""

from math import cos, radians, tan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.houses import textures
from tests.houses.cameras import Lens, Pose
from tests.houses.plan import HIPPED, House, Opening, Wall, Wing
from tests.houses.scene import DECK_M, roof_slopes

Vector = NDArray[np.float64]


def truth(
    house: House, lens: Lens, *, poses: list[Pose], names: list[str], marker: bool
) -> dict[str, Any]:
    wing = house.wing
    area = house.length * house.depth + (wing.width * wing.depth if wing else 0)
    around = 2 * (house.length + house.depth + (wing.depth if wing else 0))
    over_eave = house.depth + house.overhang if house.kind == "shed" else house.depth / 2
    ridge = house.eave + DECK_M + over_eave * tan(radians(house.pitch_deg))
    return {
        "units": "metres, degrees",
        "kind": house.kind,
        "footprint": {"area_m2": round(area, 4), "perimeter_m": round(around, 4)},
        "ridge_height_m": round(ridge, 4),
        "walls": [_wall(house, wall) for wall in house.walls],
        "roof": _roof(house),
        "edges": _edges(house),
        "openings": [_opening(wall, opening) for wall in house.walls for opening in wall.openings],
        "known_lengths": _known_lengths(house),
        "marker": _marker() if marker else None,
        "cameras": {
            "K": lens.matrix.tolist(),
            "distortion_k1_k2": [lens.k1, lens.k2],
            "size": list(lens.size),
            "poses": [
                {"photo": name, "R": pose.rotation.tolist(), "centre_m": pose.centre.tolist()}
                for name, pose in zip(names, poses, strict=True)
            ],
        },
    }


def _opening(wall: Wall, opening: Opening) -> dict[str, Any]:
    """The hole in the wall; a casing's boards lie beside it."""
    found = {
        "wall": wall.name,
        "kind": opening.kind,
        "width_m": opening.width,
        "height_m": opening.height,
        "x_m": opening.x,
        "z_m": opening.z,
    }
    deep = {"depth_m": opening.depth, "casing_m": opening.casing} if opening.depth else {}
    return found | deep


def _wall(house: House, wall: Wall) -> dict[str, Any]:
    area = wall.width * (wall.height + (wall.peak - wall.height) / 2)
    exposed = area - _covered_by_wing(house, wall)
    net = exposed - sum(opening.width * opening.height for opening in wall.openings)
    return {
        "name": wall.name,
        "side": wall.side,
        "width_m": round(wall.width, 4),
        "eave_height_m": wall.height,
        "area_m2": round(area, 4),
        "exposed_area_m2": round(exposed, 4),
        "net_area_m2": round(net, 4),
        "finish": wall.finish,
    }


def _covered_by_wing(house: House, wall: Wall) -> float:
    wing = house.wing
    if wing is None or wall.name != "front":
        return 0.0
    if house.kind == "tshape":
        return wing.width * wing.eave
    return wing.width * (wing.eave + wing.width / 4 * tan(radians(wing.pitch_deg)))


def _roof(house: House) -> list[dict[str, Any]]:
    names = {
        "hip": ["roof_front", "roof_right", "roof_back", "roof_left"],
        "pyramid": ["roof_front", "roof_right", "roof_back", "roof_left"],
        "shed": ["roof_front"],
        "flat": ["roof_flat"],
    }.get(house.kind, ["roof_front", "roof_back"])
    pitches = [house.pitch_deg] * len(names)
    if house.wing:
        wing = ["wroof_flat"] if house.kind == "flat" else ["wroof_left", "wroof_right"]
        names, pitches = names + wing, pitches + [house.wing.pitch_deg] * len(wing)
    return [
        {
            "name": name,
            "area_m2": round(polygon_area(slope) - _under_wing(house, name), 4),
            "pitch_deg": pitch,
            "pitch_over_12": round(12 * tan(radians(pitch)), 3),
        }
        for name, pitch, slope in zip(names, pitches, roof_slopes(house), strict=True)
    ]


def _under_wing(house: House, slope: str) -> float:
    """The part of the front slope that a wing's roof as high as it covers."""
    if house.wing is None or house.kind != "tshape" or slope != "roof_front":
        return 0.0
    run = house.wing.width / 2 + house.overhang
    return run**2 / cos(radians(house.pitch_deg))


def polygon_area(corners: Vector) -> float:
    """Area of a flat polygon (n x 3) in space."""
    around = np.cross(corners, np.roll(corners, -1, axis=0)).sum(axis=0)
    return float(np.linalg.norm(around) / 2)


def _edges(house: House) -> list[dict[str, Any]]:
    over = house.overhang
    long, short = house.length + 2 * over, house.depth + 2 * over
    half = short / 2 / cos(radians(house.pitch_deg))
    edges: list[tuple[str, str, float]]
    if house.kind in HIPPED:
        hip = float(np.sqrt(half**2 + (short / 2) ** 2))
        edges = [("ridge", "main", long - short)] if long > short else []
        edges += [("eave", "main", long), ("eave", "main", short)] * 2
        edges += [("hip", "main", hip)] * 4
    elif house.kind == "flat":
        edges = [("eave", "main", long), ("eave", "main", short)] * 2
        if house.wing and house.wing.eave == house.eave:
            edges[0] = ("eave", "main", house.length - house.wing.width)
    elif house.kind == "shed":
        edges = [("ridge", "main", long), ("eave", "main", long)]
        edges += [("rake", "main", 2 * half)] * 2
    else:
        edges = [("ridge", "main", long), ("eave", "main", long)]
        edges += [("rake", "main", half)] * 4
        if house.kind != "tshape":
            edges.append(("eave", "main", long))
    if house.wing:
        edges += _wing_edges(house, house.wing)
    if house.kind == "shed":
        high = house.eave + house.depth * tan(radians(house.pitch_deg))
        edges += [("outside_corner", "main", height) for height in (house.eave, high)] * 2
    else:
        # The wall of a flat wing as high runs on in line with that of the house.
        corners = 3 if house.wing and house.kind == "flat" and house.wing.eave == house.eave else 4
        edges += [("outside_corner", "main", house.eave)] * corners
    return [{"type": kind, "of": of, "length_m": round(length, 4)} for kind, of, length in edges]


def _wing_edges(house: House, wing: Wing) -> list[tuple[str, str, float]]:
    over, pitch = house.overhang, radians(wing.pitch_deg)
    run = wing.width / 2 + over
    if house.kind == "flat":
        reach = wing.depth + (0.0 if wing.eave == house.eave else over)
        edges = [("eave", "wing", 2 * run)] + [("eave", "wing", reach)] * 2
        edges += [("outside_corner", "wing", wing.eave)] * 2
        return [*edges, ("inside_corner", "wing", wing.eave)]
    edges = [("rake", "wing", run / cos(pitch)), ("outside_corner", "wing", wing.eave)] * 2
    if house.kind != "tshape":
        edges += [("ridge", "wing", wing.depth + over), ("inside_corner", "wing", wing.eave)]
        return edges + [("eave", "wing", wing.depth + over)] * 2
    edges += [("eave", "main", wing.x), ("eave", "main", house.length - wing.x - wing.width)]
    edges += [("eave", "wing", wing.depth), ("inside_corner", "wing", wing.eave)] * 2
    edges += [("valley", "wing", run * (2 + tan(pitch) ** 2) ** 0.5)] * 2
    return [*edges, ("ridge", "wing", wing.depth + over + wing.width / 2)]


def _known_lengths(house: House) -> list[dict[str, Any]]:
    """Lengths that somebody may know, with both ends."""
    front = next(wall for wall in house.walls if wall.name == "front")
    lengths = [_length("front wall width", front, ((0.0, 0.0), (front.width, 0.0)))]
    for door in [one for one in front.openings if one.kind == "door"][:1]:
        ends = ((door.x, 0.0), (door.x, door.height))
        lengths.append(_length("front door height", front, ends))
    for wall in house.walls:
        for door in [one for one in wall.openings if one.kind == "garage_door"]:
            ends = ((door.x, door.height), (door.x + door.width, door.height))
            lengths.append(_length("garage door width", wall, ends))
    return lengths


def _length(
    name: str, wall: Wall, ends: tuple[tuple[float, float], tuple[float, float]]
) -> dict[str, Any]:
    """Between places on a wall: from its left end, and above the ground."""
    start, end = np.array([*wall.start, 0.0]), np.array([*wall.end, 0.0])
    along = (end - start) / wall.width
    points = np.array([start + x * along + np.array([0.0, 0.0, z]) for x, z in ends])
    metres = round(float(np.linalg.norm(points[1] - points[0])), 4)
    return {"name": name, "metres": metres, "ends_m": np.round(points, 4).tolist()}


def _marker() -> dict[str, Any]:
    return {
        "dictionary": textures.DICTIONARY,
        "grid": list(textures.SHEET_GRID),
        "marker_m": textures.MARKER_M,
        "gap_m": textures.GAP_M,
        "ids": textures.SHEET_IDS,
    }
