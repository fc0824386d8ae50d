"""Where a wing's roof runs into the main roof: both are cut along the valleys between them."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.planes import DIRECTIONS
from doorstep.reconstruction.geometry.polygons import clip, common, joined, tidy
from doorstep.reconstruction.geometry.shell import (
    Face,
    Roof,
    rectangle_of,
    roof_faces,
    with_side,
)
from doorstep.reconstruction.geometry.slopes import Slope

Matrix = NDArray[np.float64]

# Of a roof's extent: what two roofs share less of is no intersection.
SHARED_MIN = 0.02
SAME_HEIGHT = 1e-6


@dataclass(frozen=True)
class Meeting:
    """The wing's faces up to the valleys, these (2 x 3 each), and what of the slope they cover.

    `stop` is the offset, along the way from the wing to the house, of the line where the wing's
    own eaves end: the wall under the main eave that the wing's roof passes below, or that eave
    itself where both are as high.
    """

    wing: tuple[Face, ...]
    valleys: tuple[Matrix, ...]
    covered: Matrix
    stop: float


def meet(wing: Roof, *, under: Face, plane: Slope, facing: int, block: int) -> Meeting | None:
    """The wing's roof cut along its valleys with a slope; None where it ends below the eave.

    The wing leans with the side that looks in direction `facing` on the house, whose slope `plane`
    with the face `under` falls towards it; `block` is the wing's number.
    """
    inwards = DIRECTIONS[facing]
    floor = under.corners[:, :2]
    reach = floor @ inwards
    longer = with_side(wing, facing, offset=float(reach.max()))
    covered = common(floor, rectangle_of(longer.low, longer.high))
    for slope in wing.slopes:
        if len(covered):
            covered = clip(covered, slope.height(covered) - plane.height(covered))
    covered = tidy(covered)
    if len(covered) < 3 or np.ptp(covered @ inwards) < SHARED_MIN * np.ptp(reach):
        return None
    stop = _stop(wing, plane, facing=facing, eave=float(reach.min()))
    outer = {f.facing: f for f in roof_faces(with_side(wing, facing, offset=stop), block=block)}
    faces = []
    for cell in roof_faces(longer, block=block):
        slope = next(s for s in wing.slopes if s.facing == cell.facing)
        inner = common(cell.corners[:, :2], covered)
        inner = tidy(clip(inner, inner @ inwards - stop)) if len(inner) else inner
        own = outer[cell.facing].corners[:, :2] if cell.facing in outer else np.zeros((0, 2))
        flat = joined(own, inner, inwards=inwards, line=stop)
        faces.append(on_slope(cell, flat, slope=slope))
    return Meeting(tuple(faces), tuple(_valleys(covered, wing, plane=plane)), covered, stop)


def on_slope(face: Face, flat: Matrix, *, slope: Slope) -> Face:
    """The face with other corners, given on the plan (n x 2)."""
    return replace(face, corners=np.column_stack([flat, slope.height(flat)]))


def _stop(wing: Roof, plane: Slope, *, facing: int, eave: float) -> float:
    """Where the wing's own eaves end: under the main eave at the wall, or at that eave."""
    wall = float((wing.high if facing < 2 else wing.low) @ DIRECTIONS[facing])
    moved = with_side(wing, facing, offset=eave)
    corners = rectangle_of(moved.low, moved.high)
    at_eave = corners[np.abs(corners @ DIRECTIONS[facing] - eave) < 1e-9 * (1 + abs(eave))]
    below = plane.height(at_eave) - wing.height(at_eave)
    return wall if below.min() > wing.thickness else min(eave, wall)


def _valleys(covered: Matrix, wing: Roof, *, plane: Slope) -> list[Matrix]:
    """The sides of what both roofs cover along which they are equally high."""
    found = []
    for one, other in zip(covered, np.roll(covered, -1, axis=0), strict=True):
        line = np.array([one, (one + other) / 2, other])
        level = plane.height(line)
        if np.abs(wing.height(line) - level).max() < SAME_HEIGHT * (1 + np.abs(level).max()):
            found.append(np.column_stack([line, level])[[0, 2]])
    return found
