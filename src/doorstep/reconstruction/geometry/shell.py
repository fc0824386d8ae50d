"""A house as flat faces: walls up to the roof, roof slopes out to their edges."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.blocks import Block
from doorstep.reconstruction.geometry.planes import DIRECTIONS, along
from doorstep.reconstruction.geometry.polygons import clip, tidy
from doorstep.reconstruction.geometry.slopes import Slope

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Roof:
    """The slopes over one block and the rectangle that their edges keep to."""

    slopes: tuple[Slope, ...]
    low: Matrix
    high: Matrix
    thickness: float

    def height(self, flat: Matrix, /) -> Matrix:
        """Upper side of the roof above points on the plan (n x 2)."""
        return np.asarray(np.min([slope.height(flat) for slope in self.slopes], axis=0))


@dataclass(frozen=True)
class Face:
    """A flat polygon, its corners (n x 3) anticlockwise as seen from outside."""

    kind: str
    corners: Matrix
    facing: int
    tangent: float = 0.0
    block: int = 0


def roof_faces(roof: Roof, *, block: int) -> list[Face]:
    """Each slope where it is the lowest of all, inside the edges of the roof."""
    faces = []
    rectangle = rectangle_of(roof.low, roof.high)
    for index, slope in enumerate(roof.slopes):
        flat = rectangle
        for other_index, other in enumerate(roof.slopes):
            if other_index != index:
                flat = clip(flat, other.height(flat) - slope.height(flat))
        flat = tidy(flat)
        if len(flat) >= 3:
            corners = np.column_stack([flat, slope.height(flat)])
            faces.append(Face("roof", corners, slope.facing, slope.tangent, block=block))
    return faces


def rectangle_of(low: Matrix, high: Matrix) -> Matrix:
    """Corners of an upright rectangle (4 x 2), anticlockwise."""
    return np.array([low, (high[0], low[1]), high, (low[0], high[1])])


def with_side(roof: Roof, facing: int, *, offset: float) -> Roof:
    """The roof with the side that looks this way moved to an offset along that way."""
    axis, sign = facing % 2, 1 if facing < 2 else -1
    low, high = roof.low.copy(), roof.high.copy()
    (high if sign > 0 else low)[axis] = sign * offset
    return replace(roof, low=low, high=high)


def wall_face(block: Block, facing: int, *, roof: Roof | None, base: float, top: float) -> Face:
    """One side of a block from the ground to the underside of its roof, or to `top`."""
    ends = side_ends(block, facing)
    places = ends
    if roof is not None:
        share = np.linspace(0, 1, 401)
        line = ends[0] + share[:, None] * (ends[1] - ends[0])
        height = roof.height(line) - roof.thickness
        breaks = [0, *_kinks(height), len(line) - 1]
        places, heights = line[breaks], height[breaks]
    else:
        heights = np.full(2, top)
    upper = np.column_stack([places, heights])[::-1]
    lower = np.column_stack([ends, np.full(2, base)])
    return Face("wall", np.concatenate([lower, upper]), facing)


def side_ends(block: Block, facing: int) -> Matrix:
    """Both ends (2 x 2) of a block's side, left one first as seen from outside."""
    right = along(facing)
    edge = block.edge(facing) * DIRECTIONS[facing]
    corners = rectangle_of(np.array(block.low), np.array(block.high)) @ right
    return np.array([edge + corners.min() * right, edge + corners.max() * right])


def _kinks(height: Matrix) -> list[int]:
    """Inner places where a sampled line of heights bends."""
    bend = np.abs(np.diff(height, 2))
    strong = np.flatnonzero(bend > 1e-6 + 0.25 * bend.max()) + 1
    kinks: list[int] = []
    for place in strong:
        if not kinks or place - kinks[-1] > 3:
            kinks.append(int(place))
    return kinks


def area_of(corners: Matrix) -> float:
    """Area of a flat polygon (n x 3)."""
    around = np.cross(corners, np.roll(corners, -1, axis=0)).sum(axis=0)
    return float(np.linalg.norm(around) / 2)
