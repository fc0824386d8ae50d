"""All roofs of a house: their faces, cut where they meet, and the edges that these have."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.blocks import Block, leaning
from doorstep.reconstruction.geometry.eaves import Edges
from doorstep.reconstruction.geometry.planes import DIRECTIONS
from doorstep.reconstruction.geometry.polygons import without
from doorstep.reconstruction.geometry.seams import seam_of
from doorstep.reconstruction.geometry.shell import Face, roof_faces
from doorstep.reconstruction.geometry.slopes import Slope, are_one_roof
from doorstep.reconstruction.geometry.valleys import Meeting, meet, on_slope
from doorstep.reconstruction.structure import Edge

Matrix = NDArray[np.float64]

# In units.
SAME_PLACE, EDGE_MIN, LEVEL = 0.02, 0.1, 0.02


def cover(
    blocks: Sequence[Block], roofs: Sequence[Edges | None], *, unit: float
) -> tuple[list[list[Face]], list[Edge]]:
    """The faces of each block's roof, and the edges of all of them."""
    faces = [
        list(roof_faces(roof.roof, block=index)) if roof else [] for index, roof in enumerate(roofs)
    ]
    whole = [list(own) for own in faces]
    edges: list[Edge] = []
    rims: list[Matrix] = []
    seams: list[Matrix] = []
    stops: dict[int, list[tuple[int, float]]] = {}
    for index, block in enumerate(blocks):
        sides = leaning(blocks, index, unit=unit)
        stops[index] = [(facing, block.edge(facing)) for facing in sides]
        if len(sides) != 1:
            continue
        (facing, other) = next(iter(sides.items()))
        wing = roofs[index]
        if wing and are_one_roof(block.slopes, blocks[other].slopes, unit=unit):
            seam = seam_of(wing.roof, faces[other][0], facing=facing, block=index)
            faces[index], faces[other] = list(seam.wing), [seam.house]
            stops[index].append((facing, seam.place))
            seams.append(seam.line)
            continue
        meeting = _meeting(roofs, whole[other], index=index, other=other, facing=facing)
        if meeting is None:
            continue
        faces[index] = list(meeting.wing)
        plane = _plane(roofs[other], (facing + 2) % 4)
        faces[other] = _cut(faces[other], meeting.covered, plane=plane)
        rims.append(meeting.covered)
        stops[index].append((facing, meeting.stop))
        edges += [Edge("", "valley", index, line, 0.0, ()) for line in meeting.valleys]
    for index, own in enumerate(faces):
        edges += [
            edge
            for edge in roof_edges(own, index=index, unit=unit)
            if not any(
                _lies_on(edge.ends, facing, place=p, unit=unit) for facing, p in stops[index]
            )
            and not any(_lies_on_rim(edge.ends, rim, unit=unit) for rim in rims)
            and not any(_same(edge.ends, seam[0], other=seam[1]) for seam in seams)
        ]
    return faces, edges


def _plane(roof: Edges | None, facing: int) -> Slope | None:
    slopes = roof.roof.slopes if roof else ()
    return next((slope for slope in slopes if slope.facing == facing), None)


def _meeting(
    roofs: Sequence[Edges | None], whole: list[Face], *, index: int, other: int, facing: int
) -> Meeting | None:
    wing, towards = roofs[index], (facing + 2) % 4
    plane = _plane(roofs[other], towards)
    under = next((face for face in whole if face.facing == towards), None)
    if wing is None or plane is None or under is None:
        return None
    return meet(wing.roof, under=under, plane=plane, facing=facing, block=index)


def _cut(faces: list[Face], covered: Matrix, *, plane: Slope | None) -> list[Face]:
    """The faces without what lies below another roof."""
    left = []
    middle = covered.mean(axis=0)
    for face in faces:
        flat = face.corners[:, :2]
        held = cv2.pointPolygonTest(flat.astype(np.float32), tuple(map(float, middle)), False) > 0
        if plane is None or face.facing != plane.facing or not held:
            left.append(face)
            continue
        pieces = [on_slope(face, piece, slope=plane) for piece in without(flat, covered)]
        left += pieces or [face]
    return left


def roof_edges(faces: Sequence[Face], *, index: int, unit: float) -> list[Edge]:
    """Ridges and hips where two slopes meet, eaves where one ends level, rakes where it climbs.

    The level edge at the top of a slope that meets no other is a ridge too.
    """
    found: list[Edge] = []
    taken: list[tuple[Matrix, Face]] = []
    for face in faces:
        corners = face.corners
        for one, other in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            if np.linalg.norm(other - one) < EDGE_MIN * unit:
                continue
            twin = next((f for line, f in taken if _same(line, one, other=other)), None)
            if twin is not None:
                kind = "ridge" if (twin.facing - face.facing) % 4 == 2 else "hip"
                found.append(Edge("", kind, index, np.array([one, other]), 0.0, ()))
                continue
            taken.append((np.array([one, other]), face))
    shared = [edge.ends for edge in found]
    for line, face in taken:
        if not any(_same(other, line[0], other=line[1]) for other in shared):
            found.append(Edge("", _outer_kind(line, face, unit=unit), index, line, 0.0, ()))
    return found


def _outer_kind(line: Matrix, face: Face, *, unit: float) -> str:
    if abs(line[0, 2] - line[1, 2]) > LEVEL * unit:
        return "rake"
    heights = face.corners[:, 2]
    return "ridge" if line[0, 2] > (heights.min() + heights.max()) / 2 else "eave"


def _lies_on(line: Matrix, facing: int, *, place: float, unit: float) -> bool:
    """Whether a line lies where a block leans on a larger one: no edge of the roof ends there."""
    away = line[:, :2] @ DIRECTIONS[facing] - place
    return bool(np.abs(away).max() < SAME_PLACE * unit)


def _lies_on_rim(line: Matrix, rim: Matrix, *, unit: float) -> bool:
    """Whether a line lies on the outline of what one roof covers of another: a valley, if any."""
    middle = tuple(map(float, line[:, :2].mean(axis=0) / unit))
    outline = (rim / unit).astype(np.float32)
    return bool(abs(cv2.pointPolygonTest(outline, middle, True)) < SAME_PLACE)


def _same(line: Matrix, one: Matrix, *, other: Matrix) -> bool:
    forth = np.abs(line - np.array([one, other])).max()
    back = np.abs(line - np.array([other, one])).max()
    return bool(min(forth, back) < 1e-6 * (1 + np.abs(line).max()))
