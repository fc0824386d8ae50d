"""Roof slopes as planes that fall along x or y; directions and units as with walls."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.planes import (
    DIRECTIONS,
    LAYER,
    ROUNDS,
    SHARP_POINTS_MIN,
    Cloud,
    along,
    middle_of,
)

Matrix = NDArray[np.float64]

ROOF_UP_MIN, ROOF_UP_MAX, ROOF_FACING_MIN = 0.35, 0.98, 0.85
ROOF_AREA_MIN = 1.2
SLOPE_RANGE = (0.08, 1.9)
# In units: flat roofs this near to each other's height are one.
SAME_HEIGHT = 0.12


@dataclass(frozen=True)
class Slope:
    """A roof plane: z = top - tangent * (p . direction).

    `hidden` is not None for a flat roof, which no photo shows: the tangent up to which slopes in
    its place would be hidden behind their eaves as well.
    """

    facing: int
    top: float
    tangent: float
    sigma: float
    span: tuple[float, float]
    reach: tuple[float, float]
    area: float
    hidden: float | None = None

    def height(self, flat: Matrix, /) -> Matrix:
        """Height above points on the plan (n x 2)."""
        return np.asarray(self.top - self.tangent * (flat @ DIRECTIONS[self.facing]))


def are_one_roof(one: tuple[Slope, ...], other: tuple[Slope, ...], *, unit: float) -> bool:
    """Whether both are flat, and as high."""
    both = [*one, *other]
    if not one or not other or any(slope.hidden is None for slope in both):
        return False
    return bool(np.ptp([slope.top for slope in both]) < SAME_HEIGHT * unit)


def find_slopes(cloud: Cloud, unit: float, *, above: float) -> list[Slope]:
    """Roof planes above a height, as lines in the plane of slope and up."""
    slopes: list[Slope] = []
    up = cloud.normal[:, 2]
    tilted = (up > ROOF_UP_MIN) & (up < ROOF_UP_MAX) & (cloud.xyz[:, 2] > above)
    flat = cloud.normal[:, :2] / np.maximum(
        np.linalg.norm(cloud.normal[:, :2], axis=1, keepdims=True), 1e-9
    )
    for facing, direction in enumerate(DIRECTIONS):
        chosen = tilted & (flat @ direction > ROOF_FACING_MIN)
        slopes += _slopes_facing(cloud.xyz[chosen], facing, unit=unit, cell=cloud.cell)
    return sorted(slopes, key=lambda slope: -slope.area)


def _slopes_facing(points: Matrix, facing: int, *, unit: float, cell: float) -> list[Slope]:
    found = []
    left = points
    chance = np.random.default_rng(facing)
    for _ in range(3):
        if len(left) * cell < ROOF_AREA_MIN:
            break
        out = left[:, :2] @ DIRECTIONS[facing]
        line = _best_line(out, left[:, 2], chance=chance, reach=LAYER * unit)
        if line is None:
            break
        top, tangent, sigma = line
        distance = np.abs(left[:, 2] - top + tangent * out) / np.hypot(1, tangent)
        layer = distance < LAYER * unit
        parts = _parts(left[layer], facing, gap=1.2 * unit) if layer.any() else []
        # The line may have come to lie along a wall whose points have poor normals.
        for part in parts if SLOPE_RANGE[0] < tangent < SLOPE_RANGE[1] else []:
            slope = _slope(part, facing, line=(top, tangent, sigma), cell=cell)
            if slope.area > ROOF_AREA_MIN:
                found.append(slope)
        left = left[distance > 1.5 * LAYER * unit]
    return found


def _parts(points: Matrix, facing: int, *, gap: float) -> list[Matrix]:
    """Points split where nothing lies for `gap` along the roof."""
    sideways = points[:, :2] @ along(facing)
    order = np.argsort(sideways)
    cuts = np.flatnonzero(np.diff(sideways[order]) > gap) + 1
    return [points[part] for part in np.split(order, cuts)]


def _slope(points: Matrix, facing: int, *, line: tuple[float, float, float], cell: float) -> Slope:
    sideways = points[:, :2] @ along(facing)
    out = points[:, :2] @ DIRECTIONS[facing]
    start, end = np.percentile(sideways, [0.5, 99.5])
    near, far = np.percentile(out, [0.5, 99.5])
    return Slope(
        facing=facing,
        top=line[0],
        tangent=line[1],
        sigma=line[2],
        span=(float(start), float(end)),
        reach=(float(near), float(far)),
        area=len(points) * cell,
    )


def _best_line(
    out: Matrix, height: Matrix, *, chance: np.random.Generator, reach: float
) -> tuple[float, float, float] | None:
    """Height at zero, tangent and spread of the line most points lie on; falls outwards."""
    sample = chance.choice(len(out), min(len(out), 3000), replace=False)
    best, best_count = None, 0
    for one, other in chance.choice(sample, (600, 2)):
        run = out[other] - out[one]
        if abs(run) < 6 * reach:
            continue
        tangent = (height[one] - height[other]) / run
        if not SLOPE_RANGE[0] < tangent < SLOPE_RANGE[1]:
            continue
        rest = np.abs(height[sample] - height[one] + tangent * (out[sample] - out[one]))
        count = int((rest < reach * 0.6 * np.hypot(1, tangent)).sum())
        if count > best_count:
            best, best_count = (float(height[one] + tangent * out[one]), float(tangent)), count
    return None if best is None else _fit_line(out, height, start=best, reach=reach)


def _fit_line(
    out: Matrix, height: Matrix, *, start: tuple[float, float], reach: float
) -> tuple[float, float, float]:
    top, tangent = start
    spread = reach / 2
    for _ in range(2 * ROUNDS):
        rest = (height - top + tangent * out) / np.hypot(1, tangent)
        near = np.abs(rest) < min(reach, 3 * spread)
        trust = near / (1 + (rest / spread) ** 2)
        middle = np.average(out, weights=trust)
        level = np.average(height, weights=trust)
        lean = (trust * (out - middle) * (height - level)).sum()
        # Both coordinates carry error, so the line is the main axis and not a regression.
        wide, tall = (trust * (out - middle) ** 2).sum(), (trust * (height - level) ** 2).sum()
        angle = 0.5 * np.arctan2(2 * lean, wide - tall)
        tangent = float(-np.tan(angle))
        top = float(level + tangent * middle)
        spread = max(1.4826 * float(np.median(np.abs(rest[near]))), reach / 50)
    return top, tangent, spread


def sharpen_slope(slope: Slope, points: Matrix, *, unit: float) -> Slope:
    """The slope raised or lowered to where precise sparse points (n x 3) lie on it.

    Dense depth of a roof seen at a slant lies a little low, and an eave found on the slope then
    lies three times as far inside.
    """
    out = points[:, :2] @ DIRECTIONS[slope.facing]
    sideways = points[:, :2] @ along(slope.facing)
    rise = (points[:, 2] - slope.top + slope.tangent * out) / np.hypot(1, slope.tangent)
    inside = (sideways > slope.span[0]) & (sideways < slope.span[1])
    inside &= (out > slope.reach[0]) & (out < slope.reach[1])
    near = rise[inside & (np.abs(rise) < 0.8 * LAYER * unit)]
    if len(near) < SHARP_POINTS_MIN:
        return slope
    middle, spread = middle_of(near, float(np.median(near)), reach=0.5 * LAYER * unit)
    return replace(slope, top=slope.top + middle * float(np.hypot(1, slope.tangent)), sigma=spread)
