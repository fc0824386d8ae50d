"""Openings that are holes: leaves and panes behind the wall's face, reveals, and boards around.

The wall's face is cut into convex pieces around its holes. A window's panes mirror what is before
them. The truth stays the hole in the wall: a casing's boards lie on the wall beside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.houses import textures
from tests.houses.plan import House, Opening, Wall
from tests.houses.scene import Face, Scene, plain_face

Vector = NDArray[np.float64]
Box = tuple[float, float, float, float]
"""Left, right, bottom, top on a wall."""

LEAF_PX_PER_M = 96
DEPTHS_M = (0.06, 0.12)
CASING_M, CASING_OUT_M, CASED_SHARE = 0.09, 0.02, 0.6
PANE_OUT_M = 0.002
CASING_RGB, REVEAL_RGB = (234, 233, 228), (228, 228, 224)


def recessed(house: House, *, seed: int) -> House:
    """The house with its openings behind its walls, on some walls of siding within a casing."""
    chance = np.random.default_rng((seed, 11))
    walls = []
    for wall in house.walls:
        depth = round(float(chance.uniform(*DEPTHS_M)), 3)
        cased = wall.finish == "siding" and chance.uniform() < CASED_SHARE
        casing = CASING_M if cased else 0.0
        openings = tuple(replace(one, depth=depth, casing=casing) for one in wall.openings)
        walls.append(replace(wall, openings=openings))
    return replace(house, walls=tuple(walls))


def with_recesses(scene: Scene, house: House, *, seed: int) -> Scene:
    """The scene, whose first faces are the house's walls, with holes where these have openings."""
    chance = np.random.default_rng((seed, 12))
    count = len(house.walls)
    faces: list[Face] = []
    for wall, face in zip(house.walls, scene.faces[:count], strict=True):
        faces += _pieces(wall, face)
        for opening in wall.openings:
            faces += _filling(_Place(face), wall, opening, chance=chance)
    return replace(scene, faces=(*faces, *scene.faces[count:]))


@dataclass(frozen=True)
class _Place:
    """A wall's face, and points on it or so far before it."""

    face: Face

    def quad(self, corners: list[tuple[float, float, float]], /) -> Vector:
        """Places in space (n x 3) of places along the wall, above the ground and before the wall."""
        face = self.face
        start = np.array([*face.origin[:2], 0.0])
        out = np.cross(face.v, face.u)
        x, z, away = np.array(corners).T
        found = start + x[:, None] * face.u - z[:, None] * face.v + away[:, None] * out
        return np.asarray(found, np.float64)

    def board(self, box: Box, /, *, away: float) -> Vector:
        """A rectangle parallel to the wall."""
        left, right, low, high = box
        places = ((left, low), (right, low), (right, high), (left, high))
        return self.quad([(x, z, away) for x, z in places])


def _pieces(wall: Wall, face: Face) -> list[Face]:
    """What the holes leave of the wall's face, in upright strips."""
    place = _Place(face)
    start = np.array([*wall.start, 0.0])
    outline = np.stack([(face.corners - start) @ face.u, face.corners[:, 2]], axis=1)
    cuts = {0.0, wall.width}
    for one in wall.openings:
        cuts |= {one.x, one.x + one.width}
    found = []
    for left, right in pairwise(sorted(cuts)):
        for low, high in _free(wall, left=left, right=right):
            box = np.array([(left, low), (right, low), (right, high), (left, high)])
            area, cut = cv2.intersectConvexConvex(box.astype(np.float32), _float(outline))
            if area > 0:
                corners = [(float(x), float(z), 0.0) for x, z in cut.reshape(-1, 2)]
                found.append(replace(face, corners=place.quad(corners)))
    return found


def _float(corners: Vector) -> NDArray[np.float32]:
    return np.ascontiguousarray(corners, np.float32)


def _free(wall: Wall, *, left: float, right: float) -> Iterator[tuple[float, float]]:
    """The heights between which a strip of the wall has no hole."""
    low = 0.0
    middle = (left + right) / 2
    for one in sorted(wall.openings, key=lambda each: each.z):
        if one.x < middle < one.x + one.width:
            if one.z > low:
                yield low, one.z
            low = one.z + one.height
    yield low, wall.peak


def _filling(
    place: _Place, wall: Wall, opening: Opening, *, chance: np.random.Generator
) -> Iterator[Face]:
    """Leaf, panes, reveals and casing of one opening."""
    hole = (opening.x, opening.x + opening.width, opening.z, opening.z + opening.height)
    before = CASING_OUT_M if opening.casing else 0.0
    own = place.face.picture.reshape(-1, 3).mean(axis=0)
    rgb = REVEAL_RGB if wall.finish == "siding" else tuple(own.astype(int).tolist())
    yield from _rim(place, hole, rgb=rgb, depths=(-opening.depth, before))
    leaf = textures.leaf(opening, chance, px_per_m=LEAF_PX_PER_M)
    yield _board(place, hole, away=-opening.depth, leaf=leaf, of=hole)
    if opening.kind == "window":
        for left, right, low, high in textures.panes(opening):
            pane = (hole[0] + left, hole[0] + right, hole[2] + low, hole[2] + high)
            away = PANE_OUT_M - opening.depth
            yield replace(_board(place, pane, away=away, leaf=leaf, of=hole), glass=True)
    if opening.casing:
        yield from _casing(place, hole, width=opening.casing)


def _board(place: _Place, box: Box, *, away: float, leaf: NDArray[np.uint8], of: Box) -> Face:
    """A part of a leaf, under its part of the leaf's picture."""
    (origin,) = place.quad([(of[0], of[3], away)])
    face = place.face
    corners = place.board(box, away=away)
    return Face(corners, origin, face.u, face.v, leaf, LEAF_PX_PER_M)


def _rim(
    place: _Place, box: Box, *, rgb: tuple[int, ...], depths: tuple[float, float]
) -> Iterator[Face]:
    """Faces between two depths along the sides of a rectangle; none on the ground."""
    left, right, low, high = box
    corners = [(left, high), (left, low), (right, low), (right, high), (left, high)]
    near, far = depths
    for (x, z), (next_x, next_z) in pairwise(corners):
        if max(z, next_z) > 0:
            quad = [(x, z, near), (next_x, next_z, near), (next_x, next_z, far), (x, z, far)]
            yield plain_face(place.quad(quad), (rgb[0], rgb[1], rgb[2]))


def _casing(place: _Place, hole: Box, *, width: float) -> Iterator[Face]:
    left, right, low, high = hole
    bottom = low - width if low > 0 else 0.0
    outer = (left - width, right + width, bottom, high + width)
    yield from _rim(place, outer, rgb=CASING_RGB, depths=(0.0, CASING_OUT_M))
    boards = [
        (outer[0], left, bottom, outer[3]),
        (right, outer[1], bottom, outer[3]),
        (left, right, high, outer[3]),
    ]
    boards += [(left, right, bottom, low)] if low > 0 else []
    for board in boards:
        yield plain_face(place.board(board, away=CASING_OUT_M), CASING_RGB)
