"""Where a wing's flat roof runs on into that of the house: one roof, without an eave between."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.blocks import Block
from doorstep.reconstruction.geometry.eaves import Edges, is_told
from doorstep.reconstruction.geometry.planes import DIRECTIONS
from doorstep.reconstruction.geometry.shell import Face, Roof, roof_faces, with_side

Matrix = NDArray[np.float64]

NEAR = 1e-6


@dataclass(frozen=True)
class Seam:
    """Both roofs up to the line (2 x 3) between them, which is no edge.

    The house's has corners where the wing's begins and ends. `place` is the line's offset, along the
    way from the wing to the house.
    """

    wing: tuple[Face, ...]
    house: Face
    line: Matrix
    place: float


def built_alike(wing: Edges, block: Block, *, house: Edges, inner: set[int]) -> Edges:
    """A wing's roof out to boards like those of the house; on its `inner` sides it ends at the wall."""
    sides = {f: replace(b, photos=()) for f, b in house.sides.items() if f not in inner}
    roof = replace(wing.roof, thickness=house.roof.thickness)
    for facing, board in sides.items():
        roof = with_side(roof, facing, offset=block.edge(facing) + board.out)
    told = frozenset(s.facing for s in roof.slopes if is_told(s))
    return Edges(roof, sides, outlined=told)


def seam_of(wing: Roof, house: Face, *, facing: int, block: int) -> Seam:
    """The wing, number `block`, leans with the side that looks in direction `facing` on the house."""
    towards = DIRECTIONS[facing]
    floor = house.corners[:, :2]
    place = float((floor @ towards).min())
    faces = tuple(roof_faces(with_side(wing, facing, offset=place), block=block))
    sideways = np.array([-towards[1], towards[0]])
    ends = np.array([wing.low, wing.high]) @ sideways
    reach = floor @ sideways
    ends = np.clip(np.sort(ends), reach.min(), reach.max())
    flat = place * towards + ends[:, None] * sideways
    line = np.column_stack([flat, np.full(2, house.corners[0, 2])])
    return Seam(faces, _with_corners(house, line), line, place)


def _with_corners(face: Face, points: Matrix) -> Face:
    """The face with points on its outline (n x 3) as corners too."""
    corners = []
    for one, other in zip(face.corners, np.roll(face.corners, -1, axis=0), strict=True):
        length = float(np.linalg.norm(other - one))
        shares = (points - one) @ (other - one) / length**2
        off = np.linalg.norm(points - one - shares[:, None] * (other - one), axis=1)
        inside = (off < NEAR * length) & (shares > NEAR) & (shares < 1 - NEAR)
        corners += [one, *points[inside][np.argsort(shares[inside])]]
    return replace(face, corners=np.array(corners))
