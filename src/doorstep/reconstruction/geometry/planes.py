"""Walls as upright planes in a cloud whose walls run along x and y.

Directions are numbered 0 to 3 for +x, +y, -x, -y: the way a wall or slope faces. `unit` is about
a metre, exactly so where the scale is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

DIRECTIONS = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])

WALL_TILT_MAX, WALL_FACING_MIN = 0.3, 0.9
# In units: how thick a plane's layer of points is, and how near two walls may stand.
LAYER, WALLS_APART = 0.10, 0.45
WALL_AREA_MIN, WALL_HEIGHT_MIN, WALL_WIDTH_MIN = 1.6, 1.3, 1.0
# The share of its box that shows: of a wall of pale siding 0.21, of the boards that climb along a roof 0.13.
WALL_FILLED_MIN = 0.17
# So many sparse points make a wall sharper than the dense cloud does, and, this near to it in units,
# say which way it faces.
SHARP_POINTS_MIN = 25
FACING_NEAR = 0.025
ROUNDS = 8


@dataclass(frozen=True)
class Cloud:
    """Points n x 3 with unit normals; each stands for `cell` of a unit squared of surface."""

    xyz: Matrix
    normal: Matrix
    cell: float


@dataclass(frozen=True)
class Wall:
    """An upright plane: points p with p . direction = offset; `span` is along the wall."""

    facing: int
    offset: float
    sigma: float
    span: tuple[float, float]
    heights: tuple[float, float]
    area: float


def along(facing: int) -> Matrix:
    """Unit vector (2) along a wall, to the right as seen from outside."""
    x, y = DIRECTIONS[facing]
    return np.array([-y, x])


def find_yaw(normal: Matrix) -> float:
    """Angle in radians by which walls are turned from the axes, from normals (n x 3)."""
    upright = normal[np.abs(normal[:, 2]) < WALL_TILT_MAX]
    if len(upright) == 0:
        return 0.0
    angles = np.arctan2(upright[:, 1], upright[:, 0])
    yaw = float(np.angle(np.exp(4j * angles).mean()) / 4)
    for _ in range(ROUNDS):
        rest = (angles - yaw + np.pi / 4) % (np.pi / 2) - np.pi / 4
        near = np.abs(rest) < np.radians(12)
        yaw += float(np.median(rest[near])) if near.any() else 0.0
    return yaw


def left_to_turn(walls: Sequence[Wall], points: Matrix, *, unit: float) -> float:
    """Angle in radians by which walls are still turned, from precise sparse points (n x 3) on them.

    The least squares of one angle for all walls, each with a place of its own. Normals of dense
    points are biased by up to a third of a degree, which over ten metres is six centimetres.
    """
    turn = 0.0
    near = [_points_on(wall, points, unit=unit) for wall in walls]
    for _ in range(ROUNDS):
        against = square = 0.0
        for sideways, rest in near:
            place, _ = middle_of(rest + turn * sideways, 0.0, reach=FACING_NEAR * unit)
            held = np.abs(rest + turn * sideways - place) < FACING_NEAR * unit
            if held.sum() < SHARP_POINTS_MIN:
                continue
            lever = sideways[held] - sideways[held].mean()
            against -= float(lever @ rest[held])
            square += float(lever @ lever)
        turn = against / square if square else 0.0
    return turn


def _points_on(wall: Wall, points: Matrix, *, unit: float) -> tuple[Matrix, Matrix]:
    """Of points about a wall, how far to the right of its middle they are, and how far before it."""
    sideways = points[:, :2] @ along(wall.facing)
    rest = points[:, :2] @ DIRECTIONS[wall.facing] - wall.offset
    inside = (sideways > wall.span[0]) & (sideways < wall.span[1])
    inside &= (points[:, 2] > wall.heights[0]) & (points[:, 2] < wall.heights[1])
    inside &= np.abs(rest) < LAYER * unit
    return sideways[inside] - np.mean(wall.span), rest[inside]


def find_walls(cloud: Cloud, unit: float) -> list[Wall]:
    """Upright planes with enough points, the strongest first."""
    walls: list[Wall] = []
    upright = np.abs(cloud.normal[:, 2]) < WALL_TILT_MAX
    for facing, direction in enumerate(DIRECTIONS):
        chosen = upright & (cloud.normal[:, :2] @ direction > WALL_FACING_MIN)
        walls += _walls_facing(cloud.xyz[chosen], facing, unit=unit, cell=cloud.cell)
    return sorted(walls, key=lambda wall: -wall.area)


def _walls_facing(points: Matrix, facing: int, *, unit: float, cell: float) -> list[Wall]:
    """Peaks of the offsets, the highest first; each takes its layer away."""
    found: list[Wall] = []
    left = points
    for _ in range(ROUNDS):
        if len(left) * cell < WALL_AREA_MIN:
            break
        offsets = left[:, :2] @ DIRECTIONS[facing]
        peak = _peak(offsets, width=0.5 * LAYER * unit)
        offset, sigma = middle_of(offsets, peak, reach=LAYER * unit)
        layer = np.abs(offsets - offset) < LAYER * unit
        wall = _wall(left[layer], facing, offset=offset, sigma=sigma, cell=cell)
        if _is_wall(wall, unit) and _stands_apart(wall, found, unit=unit):
            found.append(wall)
        left = left[np.abs(offsets - offset) > 1.5 * LAYER * unit]
    return found


def _wall(points: Matrix, facing: int, *, offset: float, sigma: float, cell: float) -> Wall:
    low, high = np.percentile(points[:, 2], [3, 99])
    sideways = points[:, :2] @ along(facing)
    start, end = np.percentile(sideways, [0.7, 99.3])
    return Wall(
        facing=facing,
        offset=offset,
        sigma=sigma,
        span=(float(start), float(end)),
        heights=(float(low), float(high)),
        area=len(points) * cell,
    )


def _is_wall(wall: Wall, unit: float) -> bool:
    """Whether it is large, and upright in shape: a board under the eaves is not."""
    tall = wall.heights[1] - wall.heights[0] > WALL_HEIGHT_MIN * unit
    wide = wall.span[1] - wall.span[0] > WALL_WIDTH_MIN * unit
    filled = wall.area * unit**2 / ((wall.heights[1] - wall.heights[0]) * np.ptp(wall.span) + 1e-9)
    return bool(tall and wide and wall.area > WALL_AREA_MIN and filled > WALL_FILLED_MIN)


def _stands_apart(wall: Wall, others: list[Wall], *, unit: float) -> bool:
    return all(
        abs(wall.offset - other.offset) > WALLS_APART * unit
        or wall.span[1] < other.span[0]
        or wall.span[0] > other.span[1]
        for other in others
    )


def _peak(values: Matrix, *, width: float) -> float:
    """Where most values lie within a window of `width`."""
    low = values.min()
    count = np.bincount(((values - low) / (width / 4)).astype(int))
    smooth = np.convolve(count, np.hanning(11)[1:-1], mode="same")
    return float(low + (smooth.argmax() + 0.5) * width / 4)


def middle_of(values: Matrix, start: float, *, reach: float) -> tuple[float, float]:
    """Robust mean near `start` and the standard deviation of single values about it."""
    middle, spread = start, reach / 2
    for _ in range(ROUNDS):
        near = values[np.abs(values - middle) < min(reach, 3 * spread)]
        if len(near) < 5:
            break
        middle = float(np.median(near))
        spread = max(1.4826 * float(np.median(np.abs(near - middle))), reach / 50)
    near = values[np.abs(values - middle) < 2 * spread]
    return (float(near.mean()) if len(near) else middle), spread


def sharpen(wall: Wall, points: Matrix, *, unit: float) -> Wall:
    """The wall moved to where precise sparse points (n x 3) lie, if enough of them do.

    They are truer than dense depth but also lie on windows, which stand back: so only the
    outermost layer counts, and never one behind the dense plane.
    """
    offset = points[:, :2] @ DIRECTIONS[wall.facing] - wall.offset
    sideways = points[:, :2] @ along(wall.facing)
    inside = (sideways > wall.span[0]) & (sideways < wall.span[1])
    inside &= (points[:, 2] > wall.heights[0]) & (points[:, 2] < wall.heights[1])
    near = offset[inside & (offset > -0.03 * unit) & (offset < LAYER * unit)]
    if len(near) < SHARP_POINTS_MIN:
        return wall
    grid = np.arange(-0.03, LAYER, 0.005) * unit
    count = np.array([(np.abs(near - place) < 0.02 * unit).sum() for place in grid])
    strong = np.flatnonzero(count >= 0.6 * count.max())
    start = grid[strong[-1]] - 0.012 * unit
    layer = near[np.abs(near - start) < 0.025 * unit]
    if len(layer) < SHARP_POINTS_MIN:
        return wall
    middle = float(np.median(layer))
    spread = 1.4826 * float(np.median(np.abs(layer - middle)))
    return replace(wall, offset=wall.offset + middle, sigma=max(spread, 0.004 * unit))
