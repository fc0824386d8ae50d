"""How far planes may be off, from the scatter of the points that each run measured on them.

Points near each other were seen by the same photos and share their error, so points are not counted
but patches of a face. The larger the patches, the less they share: the most cautious size counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.planes import DIRECTIONS, Cloud, Wall, along
from doorstep.reconstruction.geometry.slopes import Slope

Matrix = NDArray[np.float64]

# Edges of the patches in units, the points that make one, and how many make an estimate.
PATCHES, PATCH_POINTS_MIN, PATCHES_MIN = (1.0, 2.0, 4.0), 4, 4
# All points of a wall are off alike by such a share of what a point is usually off. Of 56 walls of 14
# rendered houses, 98 % were inside their 90 % interval with it, and 80 % without.
ALIKE_SHARE = 0.4
# In units: points within this of a plane lie on it.
NEAR_SPARSE, NEAR_DENSE, NEAR_ROOF = 0.03, 0.06, 0.06
GROUND_UP_MIN, GROUND_NEAR = 0.9, 0.15


@dataclass(frozen=True)
class SlopeDoubt:
    """Standard deviations of a slope's height at its middle and of its tangent; `middle` in units.

    `middle` is counted outwards, along the direction in which the slope falls.
    """

    level: float
    tangent: float
    middle: float


def wall_sigmas(
    found: Sequence[Wall],
    sharpened: Sequence[Wall],
    *,
    cloud: Cloud,
    sparse: Matrix,
    blur: float,
    unit: float,
) -> list[float]:
    """Standard deviation of each wall's place, apart from what all walls share.

    `blur` is how far a point is usually off, in units of the model.
    Where precise points moved a wall from where dense ones had it, there are two readings of one
    place. Where nothing could, the dense reading is as wrong as it was on the run's other walls.
    """
    moves = [after.offset - before.offset for before, after in zip(found, sharpened, strict=True)]
    moved = [move for move in moves if move != 0]
    usual = float(np.sqrt(np.mean(np.square(moved)))) if moved else 0.0
    sigmas = []
    for before, after, move in zip(found, sharpened, moves, strict=True):
        points, reach = (sparse, NEAR_SPARSE) if move else (cloud.xyz, NEAR_DENSE)
        own = _wall_scatter(after if move else before, points, reach=reach * unit, unit=unit)
        moved_by = move / 2 if move else usual
        sigmas.append(float(np.linalg.norm([own, moved_by, ALIKE_SHARE * blur])))
    return sigmas


def slope_doubt(slope: Slope, found: Slope | None, *, cloud: Cloud, unit: float) -> SlopeDoubt:
    """A slope's, from the points about it and how far it was moved from where they had it."""
    basis = found or slope
    middle = float(np.mean(basis.reach))
    places, rest = _on_slope(basis, cloud.xyz, unit=unit)
    level = tangent = 0.0
    for size in PATCHES:
        middles, centres = _patches(rest, places, size=size * unit)
        if len(middles) < PATCHES_MIN:
            continue
        spread = float(middles.std(ddof=2))
        level = max(level, spread / float(np.sqrt(len(middles))))
        lever = float(np.linalg.norm(centres[:, 0] - centres[:, 0].mean()))
        if lever > 0.5 * size * unit:
            tangent = max(tangent, spread / lever)
    if level == 0.0:
        level = NEAR_ROOF * unit / 2
        tangent = 2 * level / max(float(np.ptp(basis.reach)), unit)
    lean = float(np.hypot(1, basis.tangent))
    apart = (slope.top - basis.top) - (slope.tangent - basis.tangent) * middle
    return SlopeDoubt(
        level=float(np.hypot(level * lean, apart / 2)),
        tangent=tangent * lean**2,
        middle=middle,
    )


def _on_slope(slope: Slope, points: Matrix, *, unit: float) -> tuple[Matrix, Matrix]:
    """Places (n x 2, outwards and sideways) of the points on a slope, and how far above it (n)."""
    out = points[:, :2] @ DIRECTIONS[slope.facing]
    sideways = points[:, :2] @ along(slope.facing)
    rest = (points[:, 2] - slope.top + slope.tangent * out) / np.hypot(1, slope.tangent)
    inside = (sideways > slope.span[0]) & (sideways < slope.span[1])
    inside &= (out > slope.reach[0]) & (out < slope.reach[1]) & (np.abs(rest) < NEAR_ROOF * unit)
    return np.column_stack([out[inside], sideways[inside]]), rest[inside]


def ground_sigma(cloud: Cloud, *, unit: float) -> float:
    """Of the height of level ground about the house, which lies at nought."""
    level = (cloud.normal[:, 2] > GROUND_UP_MIN) & (np.abs(cloud.xyz[:, 2]) < GROUND_NEAR * unit)
    return mean_sigma(cloud.xyz[level, 2], cloud.xyz[level, :2], unit=unit)


def mean_sigma(residuals: Matrix, places: Matrix, *, unit: float) -> float:
    """Standard deviation of the mean of residuals (n) at places (n x 2) of a face."""
    found = 0.0
    for size in PATCHES:
        middles, _ = _patches(residuals, places, size=size * unit)
        if len(middles) >= PATCHES_MIN:
            found = max(found, float(middles.std(ddof=1)) / float(np.sqrt(len(middles))))
    if found == 0.0 and len(residuals):
        return float(residuals.std()) / float(np.sqrt(max(len(residuals) / PATCH_POINTS_MIN, 1)))
    return found


def _wall_scatter(wall: Wall, points: Matrix, *, reach: float, unit: float) -> float:
    rest = points[:, :2] @ DIRECTIONS[wall.facing] - wall.offset
    sideways = points[:, :2] @ along(wall.facing)
    inside = (sideways > wall.span[0]) & (sideways < wall.span[1]) & (np.abs(rest) < reach)
    inside &= (points[:, 2] > wall.heights[0]) & (points[:, 2] < wall.heights[1])
    places = np.column_stack([sideways[inside], points[inside, 2]])
    return mean_sigma(rest[inside], places, unit=unit)


def _patches(residuals: Matrix, places: Matrix, *, size: float) -> tuple[Matrix, Matrix]:
    """Middle residual (k) and centre (k x 2) of each square patch with points enough."""
    if len(residuals) == 0:
        return np.zeros(0), np.zeros((0, 2))
    cells = np.floor(places / size).astype(np.int64)
    _, patch, count = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
    order = np.argsort(patch.ravel(), kind="stable")
    groups = np.split(order, np.cumsum(count)[:-1])
    kept = [group for group in groups if len(group) >= PATCH_POINTS_MIN]
    middles = np.array([np.median(residuals[group]) for group in kept])
    centres = np.array([places[group].mean(axis=0) for group in kept]).reshape(-1, 2)
    return middles, centres
