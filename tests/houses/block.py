"""A small gabled house of round numbers, as the engine would publish it: model, record, poses.

8 m along the front, 5 m deep, eaves at 3 m, ridge at 5 m, no overhangs; a window in the front.
Each face has a colour of its own, so that a picture of the model says what it shows.
"""

import io
import json
from typing import Any

import numpy as np
from PIL import Image

from doorstep.reconstruction.geometry.gltf import Part, write_glb

FRONT, RIGHT, BACK, LEFT = (200, 40, 30), (40, 160, 60), (40, 70, 200), (220, 190, 40)
ROOF = (120, 40, 140)
A, B, C, D = [-4.0, -2.5], [4.0, -2.5], [4.0, 2.5], [-4.0, 2.5]
RIDGE = ([4.0, 0.0, 5.0], [-4.0, 0.0, 5.0])

Corners = list[list[float]]

WALLS: dict[str, tuple[str, tuple[int, int, int], Corners]] = {
    "SI-1": ("front", FRONT, [[*A, 0.0], [*B, 0.0], [*B, 3.0], [*A, 3.0]]),
    "SI-2": ("right", RIGHT, [[*B, 0.0], [*C, 0.0], [*C, 3.0], RIDGE[0], [*B, 3.0]]),
    "SI-3": ("back", BACK, [[*C, 0.0], [*D, 0.0], [*D, 3.0], [*C, 3.0]]),
    "SI-4": ("left", LEFT, [[*D, 0.0], [*A, 0.0], [*A, 3.0], RIDGE[1], [*D, 3.0]]),
}
SLOPES: dict[str, tuple[str, tuple[int, int, int], Corners]] = {
    "RF-1": ("front", ROOF, [[*A, 3.0], [*B, 3.0], *RIDGE]),
    "RF-2": ("back", ROOF, [[*C, 3.0], [*D, 3.0], RIDGE[1], RIDGE[0]]),
}
EDGES: dict[str, tuple[str, float, Corners]] = {
    "E-1": ("base", 8.0, [[*A, 0.0], [*B, 0.0]]),
    "E-2": ("outside_corner", 3.0, [[*B, 0.0], [*B, 3.0]]),
    "E-3": ("ridge", 8.0, [RIDGE[0], RIDGE[1]]),
    "E-4": ("eave", 8.0, [[*A, 3.0], [*B, 3.0]]),
}
WINDOW: Corners = [[1.0, -2.5, 1.0], [2.2, -2.5, 1.0], [2.2, -2.5, 2.0], [1.0, -2.5, 2.0]]
PHOTO_SIZE = (400, 300)
PHOTOS = {"0000.jpg": (0.0, -14.0), "0001.jpg": (16.0, 0.0)}
"""Where each photo was taken: before the front, and off the right end."""


def files(*, scale: str = "marker") -> dict[str, bytes]:
    """What a build of this house publishes to the organization."""
    return {
        "model.glb": model(),
        "measurements.json": json.dumps(record(scale=scale)).encode(),
        "poses.json": json.dumps(poses()).encode(),
    }


def photos() -> dict[str, bytes]:
    """A picture for each name: the front is red, the right end green."""
    return {name: _picture(colour) for name, colour in zip(PHOTOS, (FRONT, RIGHT), strict=True)}


def model() -> bytes:
    """The house in glTF's frame, y up: walls, then slopes."""
    faces = [*WALLS.values(), *SLOPES.values()]
    return write_glb([_part(corners, colour) for _, colour, corners in faces])


def record(*, scale: str = "marker") -> dict[str, Any]:
    """The measurements; without a scale sides and pitches alone, as the engine writes them."""
    known = scale != "none"
    walls = [
        {"id": name, "side": side, "seen": 1.0, "photos": ["0000.jpg"]}
        | (_wall_sizes(corners) if known else {})
        for name, (side, _, corners) in WALLS.items()
    ]
    slopes = [
        {"id": name, "side": side, "seen": 1.0, "pitch_deg": 38.66, "pitch_range_deg": 0.25}
        | ({"area_m2": 25.61, "range": 0.01, "polygon": corners} if known else {})
        for name, (side, _, corners) in SLOPES.items()
    ]
    edges = [
        {"id": name, "type": kind}
        | ({"length_m": m, "range_m": 0.06, "ends": ends} if known else {})
        for name, (kind, m, ends) in EDGES.items()
    ]
    return {
        "version": 1,
        "scale": {"source": scale, "relative_uncertainty": 0.004 if known else None},
        "photos": {"given": 2, "registered": 2},
        "walls": walls,
        "roof": slopes,
        "edges": edges,
        "openings": [_window()] if known else [],
        "unseen": [],
    }


def poses() -> dict[str, Any]:
    """Level cameras, 1.6 m above the ground, that look at the house's middle."""
    views = [
        {
            "photo": name,
            "size": list(PHOTO_SIZE),
            "focal_px": 400.0,
            "centre": [x, 1.6, -y],
            "up": [0.0, 1.0, 0.0],
            "looks": [-1.0, 0.0, 0.0] if x else [0.0, 0.0, -1.0],
        }
        for name, (x, y) in PHOTOS.items()
    ]
    return {"version": 1, "frame": "that of model.glb: y up", "views": views}


def _wall_sizes(corners: Corners) -> dict[str, Any]:
    width = float(np.linalg.norm(np.subtract(corners[1], corners[0])))
    return {
        "width_m": width,
        "width_range_m": 0.06,
        "height_m": 3.0,
        "area_m2": width * 3.0,
        "range": 0.02,
        "polygon": corners,
    }


def _window() -> dict[str, Any]:
    return {
        "id": "W-1",
        "wall": "SI-1",
        "kind": "window",
        "width_m": 1.2,
        "height_m": 1.0,
        "width_range_m": 0.04,
        "height_range_m": 0.04,
        "range_m": 0.04,
        "photos": ["0000.jpg"],
        "polygon": WINDOW,
    }


def _part(corners: Corners, colour: tuple[int, int, int]) -> Part:
    points = np.array(corners)[:, [0, 2, 1]] * np.array([1.0, 1.0, -1.0])
    fans = [(0, k, k + 1) for k in range(1, len(corners) - 1)]
    rgb = np.tile(np.array(colour, np.uint8), (len(corners), 1))
    return Part(points.astype(np.float32), np.array(fans), rgb=rgb)


def _picture(colour: tuple[int, int, int]) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", PHOTO_SIZE, colour).save(made, "JPEG")
    return made.getvalue()
