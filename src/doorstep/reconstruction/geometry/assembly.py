"""From blocks and roofs to surfaces and edges, each with what is known of its certainty."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.blocks import Block, inner_sides, leaning
from doorstep.reconstruction.geometry.coverage import normal_of, seen_share
from doorstep.reconstruction.geometry.eaves import Edges
from doorstep.reconstruction.geometry.lines import Photographed
from doorstep.reconstruction.geometry.planes import DIRECTIONS, Cloud, Wall, along
from doorstep.reconstruction.geometry.roofing import cover
from doorstep.reconstruction.geometry.shell import (
    Face,
    area_of,
    rectangle_of,
    side_ends,
    wall_face,
)
from doorstep.reconstruction.structure import Edge, Structure, Surface

Matrix = NDArray[np.float64]

# In units.
REACH, SAME_LINE = 0.16, 0.3
# A wing whose walls end less than this below the eave of the house has a roof that joins its own.
AS_HIGH = 0.5
PHOTOS_MAX = 6
# Slivers of less than this, in units or units squared, are no faces.
FACE_MIN = 0.2
# A wall with fewer points is drawn this high and counts as unseen.
POINTS_MIN, LOW_WALL = 30, 2.4
FACING_COS_MIN = 0.3


@dataclass(frozen=True)
class _Measured:
    """What the faces are judged by."""

    walls: list[Wall]
    cloud: Cloud
    photos: Sequence[Photographed]
    unit: float


def assemble(
    blocks: Sequence[Block],
    roofs: Sequence[Edges | None],
    *,
    walls: list[Wall],
    cloud: Cloud,
    photos: Sequence[Photographed],
    unit: float,
) -> Structure:
    """All surfaces and edges in the frame of the blocks."""
    measured = _Measured(walls, cloud, photos, unit)
    surfaces: list[Surface] = []
    edges: list[Edge] = []
    covers, roof_edges = cover(blocks, roofs, unit=unit)
    joined = _joined_unseen(blocks, roofs, measured=measured)
    for index, (block, roof) in enumerate(zip(blocks, roofs, strict=True)):
        inner = inner_sides(blocks, index, unit=unit)
        flush = _flush_corners(blocks, index, roofs=roofs, unit=unit)
        for facing in set(range(4)) - inner:
            face = _wall(block, facing, roof=roof, measured=measured)
            if (
                face.corners[:, 2].max() < FACE_MIN * unit
                or area_of(face.corners) < FACE_MIN * unit**2
            ):
                continue
            surfaces.append(_surface(face, index, measured=measured, roof=roof))
            edges += _base_and_corner(block, facing, face=face, index=index, beside=(inner, flush))
        edges += _inside_corners(blocks, index, inner=inner, roof=roof, unit=unit)
        surfaces += [
            replace(
                _surface(face, index, measured=measured, roof=roof),
                doubtful=roof is None or roof.doubtful or (index, face.facing) in joined,
            )
            for face in covers[index]
            if area_of(face.corners) > FACE_MIN * unit**2
        ]
    edges += [edge for edge in roof_edges if not _is_joined(edge, joined, roofs=roofs, unit=unit)]
    surfaces = _numbered(surfaces)
    heights = [s.corners[:, 2].max() for s in surfaces if s.kind == "roof"]
    return Structure(
        turn=np.eye(3),
        shift=np.zeros(3),
        surfaces=tuple(surfaces),
        edges=tuple(_named(edges, photos)),
        footprint_area=sum(block.area for block in blocks),
        footprint_perimeter=0.0,
        ridge_height=float(max(heights, default=0.0)),
    )


def _joined_unseen(
    blocks: Sequence[Block], roofs: Sequence[Edges | None], *, measured: _Measured
) -> set[tuple[int, int]]:
    """By block and facing, the slopes that an unseen roof of a wing as high as the house cuts."""
    joined = set()
    for number, block in enumerate(blocks):
        if roofs[number] is not None:
            continue
        for facing, other in leaning(blocks, number, unit=measured.unit).items():
            roof, side = roofs[other], (facing + 2) % 4
            if roof is None:
                continue
            middle = side_ends(blocks[other], side).mean(axis=0)
            eave = float(roof.roof.height(middle[None])[0]) - roof.roof.thickness
            outer = set(range(4)) - {facing}
            tops = [_measured_top(block, one, measured=measured) for one in outer]
            if max(tops) > eave - AS_HIGH * measured.unit:
                joined.add((other, side))
    return joined


def _is_joined(
    edge: Edge, joined: set[tuple[int, int]], *, roofs: Sequence[Edges | None], unit: float
) -> bool:
    """Whether it is the eave of a slope that an unseen roof cuts somewhere."""
    for index, side in joined if edge.kind == "eave" else ():
        roof = roofs[index]
        if roof is None or edge.block != index:
            continue
        corner = roof.roof.high if side < 2 else roof.roof.low
        away = edge.ends[:, :2] @ DIRECTIONS[side] - corner @ DIRECTIONS[side]
        if np.abs(away).max() < SAME_LINE * unit:
            return True
    return False


def _wall(block: Block, facing: int, *, roof: Edges | None, measured: _Measured) -> Face:
    top = _measured_top(block, facing, measured=measured)
    return wall_face(block, facing, roof=roof.roof if roof else None, base=0.0, top=top)


def _measured_top(block: Block, facing: int, *, measured: _Measured) -> float:
    """How high points reach on this side of a block, for walls under no known roof."""
    ends = side_ends(block, facing) @ along(facing)
    points = measured.cloud.xyz
    sideways = points[:, :2] @ along(facing)
    near = np.abs(points[:, :2] @ DIRECTIONS[facing] - block.edge(facing)) < REACH * measured.unit
    near &= sideways > ends[0] + SAME_LINE * measured.unit
    near &= sideways < ends[1] - SAME_LINE * measured.unit
    if near.sum() < POINTS_MIN:
        return LOW_WALL * measured.unit
    return float(np.percentile(points[near, 2], 98))


def _surface(face: Face, index: int, *, measured: _Measured, roof: Edges | None) -> Surface:
    inside = measured.cloud.xyz
    seen = seen_share(face.corners, inside, reach=REACH * measured.unit)
    return Surface(
        id="",
        kind=face.kind,
        side=str(face.facing),
        block=index,
        corners=face.corners,
        tangent=face.tangent,
        seen=round(seen, 3),
        photos=_who_sees(face.corners, measured.photos),
        roofed=roof is not None,
        outlined=face.kind == "roof" and roof is not None and face.facing in roof.outlined,
        hidden_tangent=_hidden_tangent(face, roof),
    )


def _hidden_tangent(face: Face, roof: Edges | None) -> float | None:
    if face.kind != "roof" or roof is None:
        return None
    return next(slope.hidden for slope in roof.roof.slopes if slope.facing == face.facing)


def _numbered(surfaces: list[Surface]) -> list[Surface]:
    counts = {"wall": 0, "roof": 0}
    result = []
    for surface in surfaces:
        counts[surface.kind] += 1
        prefix = "SI" if surface.kind == "wall" else "RF"
        result.append(replace(surface, id=f"{prefix}-{counts[surface.kind]}"))
    return result


def _who_sees(corners: Matrix, photos: Sequence[Photographed]) -> tuple[str, ...]:
    """The photos that show the face largest and squarely, best first."""
    middle, normal = corners.mean(axis=0), normal_of(corners)
    seen = []
    for photo in photos:
        towards = photo.view.centre - middle
        distance = float(np.linalg.norm(towards))
        facing = float(towards @ normal) / distance
        pixels, depth = photo.view.project(corners)
        inside = (pixels > 0).all(axis=1) & (pixels < photo.view.size).all(axis=1) & (depth > 0)
        if facing > FACING_COS_MIN and inside.mean() > 0.5:
            seen.append((facing * inside.mean() / distance, photo.view.name))
    return tuple(name for _, name in sorted(seen, reverse=True)[:PHOTOS_MAX])


def _base_and_corner(
    block: Block,
    facing: int,
    *,
    face: Face,
    index: int,
    beside: tuple[set[int], list[Matrix]],
) -> list[Edge]:
    """The wall's lower edge, and the upright edge at its right end unless a block joins there.

    `beside` holds the sides where it does, and the corners where it runs on in the same line.
    """
    inner, flush = beside
    left, right = side_ends(block, facing)
    base = Edge("", "base", index, np.array([[*left, 0.0], [*right, 0.0]]), 0.0, ())
    after = (facing + 1) % 4
    if after in inner or any(np.allclose(right, corner) for corner in flush):
        return [base]
    upper = face.corners[2]
    corner = np.array([[*right, 0.0], [*right, upper[2]]])
    return [base, Edge("", "outside_corner", index, corner, 0.0, ())]


def _flush_corners(
    blocks: Sequence[Block], index: int, *, roofs: Sequence[Edges | None], unit: float
) -> list[Matrix]:
    """Corners (2 each) of a block at which the wall of one as high, that leans on it, runs on."""
    block, own = blocks[index], roofs[index]
    found = []
    for corner in rectangle_of(np.array(block.low), np.array(block.high)):
        for number in range(index + 1, len(blocks)):
            wing, roof = blocks[number], roofs[number]
            if (
                own is None
                or roof is None
                or index not in leaning(blocks, number, unit=unit).values()
            ):
                continue
            away = rectangle_of(np.array(wing.low), np.array(wing.high)) - corner
            lower = own.roof.height(corner[None])[0] - roof.roof.height(corner[None])[0]
            if np.linalg.norm(away, axis=1).min() < SAME_LINE * unit and lower < AS_HIGH * unit:
                found.append(corner)
    return found


def _inside_corners(
    blocks: Sequence[Block], index: int, *, inner: set[int], roof: Edges | None, unit: float
) -> list[Edge]:
    """Where a block's walls run into the larger one that it leans on, unless both are flush."""
    if roof is None:
        return []
    found = []
    corners = [
        np.array([x, y])
        for block in blocks[:index]
        for x in (block.low[0], block.high[0])
        for y in (block.low[1], block.high[1])
    ]
    for facing in inner:
        for place in side_ends(blocks[index], facing):
            if all(np.linalg.norm(place - corner) > SAME_LINE * unit for corner in corners):
                top = float(roof.roof.height(place[None])[0]) - roof.roof.thickness
                ends = np.array([[*place, 0.0], [*place, top]])
                found.append(Edge("", "inside_corner", index, ends, 0.0, ()))
    return found


def _named(edges: list[Edge], photos: Sequence[Photographed]) -> list[Edge]:
    return [
        replace(edge, id=f"E-{number}", photos=_who_sees_line(edge.ends, photos))
        for number, edge in enumerate(edges, start=1)
    ]


def _who_sees_line(ends: Matrix, photos: Sequence[Photographed]) -> tuple[str, ...]:
    seen = []
    for photo in photos:
        pixels, depth = photo.view.project(ends)
        inside = (pixels > 0).all() and (pixels < photo.view.size).all() and (depth > 0).all()
        if inside:
            seen.append((float(np.linalg.norm(pixels[1] - pixels[0])), photo.view.name))
    return tuple(name for _, name in sorted(seen, reverse=True)[:PHOTOS_MAX])
