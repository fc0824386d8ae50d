"""The points of a run, turned so that the house's walls run along x and y and its ground is z = 0."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.cameras import View, read_views
from doorstep.reconstruction.geometry.planes import Cloud, find_walls, find_yaw, left_to_turn
from doorstep.reconstruction.workspace import DENSE_POINTS, POINTS, SCALE, read_arrays, read_json

Matrix = NDArray[np.float64]

# Sparse points that so many photos show are precise. This near to a sheet of markers, in units, they lie
# on it: it hangs up to 3 cm before its wall, and on lap siding shows more of them than the wall does.
PRECISE_PHOTOS_MIN, SHEET_REACH = 3, 0.45


@dataclass(frozen=True)
class Squared:
    """Dense and precise sparse points, and how they came to be so.

    `turn` (3 x 3) and then `ground` lead there from the frame of the cameras. A pixel covers
    `pixel` of a wall, and a point is usually off by `blur` across it; both in units of the model.
    """

    cloud: Cloud
    sparse: Matrix
    turn: Matrix
    ground: float
    blur: float
    pixel: float


def read_squared(workspace: Path, *, unit: float) -> Squared:
    """Normals of dense points say roughly how the house is turned, precise points on its walls exactly."""
    dense = read_arrays(workspace / DENSE_POINTS)
    sparse = read_arrays(workspace / POINTS)
    normal = dense["normal"].astype(np.float64)
    views = read_views(workspace)
    precise = sparse["xyz"][sparse["photos"] >= PRECISE_PHOTOS_MIN]
    for sheet in read_json(workspace / SCALE).get("places", {}).values():
        precise = precise[np.linalg.norm(precise - sheet, axis=1) > SHEET_REACH * unit]
    xyz = dense["xyz"].astype(np.float64)
    cell = (float(dense["voxel"]) / unit) ** 2
    turn = _turn_back(find_yaw(normal))
    walls = find_walls(Cloud(xyz @ turn.T, normal @ turn.T, cell=cell), unit)
    turn = _turn_back(left_to_turn(walls, precise @ turn.T, unit=unit)) @ turn
    xyz = xyz @ turn.T
    ground = _ground(xyz, normal[:, 2])
    xyz[:, 2] -= ground
    return Squared(
        Cloud(xyz, normal @ turn.T, cell=cell),
        precise @ turn.T - np.array([0, 0, ground]),
        turn,
        ground,
        _pixel(views) * float(np.median(sparse["error_px"])),
        _pixel(views),
    )


def _turn_back(yaw: float) -> Matrix:
    """Rotation (3 x 3) by which what is turned by an angle about the vertical comes back."""
    cosine, sine = np.cos(yaw), np.sin(yaw)
    return np.array([[cosine, sine, 0], [-sine, cosine, 0], [0, 0, 1]])


def _pixel(views: Sequence[View]) -> float:
    """How much of a wall a pixel covers, in units of the model."""
    return float(np.median([np.linalg.norm(view.centre) / view.matrix[0, 0] for view in views]))


def _ground(points: Matrix, up: Matrix) -> float:
    """Height of level ground about the house: where most low, level points lie."""
    low = points[:, 2] < np.percentile(points[:, 2], 20)
    level = points[low & (up > 0.9), 2]
    if len(level) < 30:
        return float(np.percentile(points[:, 2], 1))
    return float(np.median(level))
