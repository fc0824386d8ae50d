"""From doubts about walls, boards and slopes to those about every width, height, area and edge.

Each of them in turn is moved by its standard deviation and the house put together again: how much
a number changes is its share of the error.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.blocks import Block
from doorstep.reconstruction.geometry.coverage import flatten
from doorstep.reconstruction.geometry.eaves import Edges
from doorstep.reconstruction.geometry.planes import DIRECTIONS
from doorstep.reconstruction.geometry.ranges import SlopeDoubt
from doorstep.reconstruction.geometry.shell import area_of
from doorstep.reconstruction.structure import Edge, Structure, Surface

Matrix = NDArray[np.float64]
House = tuple[Sequence[Block], Sequence[Edges | None]]
Build = Callable[[Sequence[Block], Sequence[Edges | None]], Structure]
Numbers = dict[tuple[str, str], float]
Part = TypeVar("Part", Surface, Edge)

SAME, SIDES = 1e-6, 4


@dataclass(frozen=True)
class Doubts:
    """Standard deviations, in the model's lengths.

    `lines` are those of the places of walls, by axis and place; `boards`, `slopes` and `thickness`
    go by block. `walls_out` and `boards_out` are what all walls, and all boards, lie further out, or
    all further in: photos blur all edges alike.
    """

    lines: Mapping[tuple[int, float], float]
    boards: Sequence[Mapping[int, float]]
    slopes: Sequence[Sequence[SlopeDoubt]]
    thickness: Sequence[float]
    ground: float
    walls_out: float = 0.0
    boards_out: float = 0.0


def with_ranges(structure: Structure, house: House, *, doubts: Doubts, build: Build) -> Structure:
    """The structure with the standard deviation of every number; `build` makes one of its parts."""
    blocks, roofs = house
    first = build(blocks, roofs)
    numbers = _numbers(first)
    squares = dict.fromkeys(numbers, 0.0)
    for moved in _moved(blocks, roofs, doubts=doubts):
        after = _numbers(_named_alike(build(*moved), first))
        for name, value in numbers.items():
            squares[name] += (after.get(name, value) - value) ** 2
    sigmas = {name: float(np.sqrt(square)) for name, square in squares.items()}
    return replace(
        structure,
        surfaces=tuple(_surface(surface, sigmas) for surface in structure.surfaces),
        edges=tuple(
            replace(edge, sigma=sigmas.get((edge.id, "length"), edge.sigma))
            for edge in structure.edges
        ),
        ridge_sigma=sigmas["", "ridge"],
        footprint_area_sigma=sigmas["", "plan"],
        footprint_perimeter_sigma=2
        * float(np.linalg.norm([*doubts.lines.values(), SIDES * doubts.walls_out])),
    )


def _named_alike(moved: Structure, first: Structure) -> Structure:
    """Faces and edges under the names of those that they were before something was moved."""
    surfaces = [_named(old, _nearest(old, moved.surfaces)) for old in first.surfaces]
    edges = [_named(old, _nearest(old, moved.edges)) for old in first.edges]
    return replace(moved, surfaces=tuple(surfaces), edges=tuple(edges))


def _named(old: Part, moved: Part) -> Part:
    return replace(moved, id=old.id)


def _nearest(old: Part, parts: Sequence[Part]) -> Part:
    """The part of this kind whose middle lies nearest; the old one where there is none."""
    middle = _middle(old)
    alike = [part for part in parts if (part.kind, part.block) == (old.kind, old.block)]
    return min(alike, key=lambda part: float(np.linalg.norm(_middle(part) - middle)), default=old)


def _middle(part: Surface | Edge) -> Matrix:
    points = part.corners if isinstance(part, Surface) else part.ends
    return np.asarray(points.mean(axis=0))


def _surface(surface: Surface, sigmas: Numbers) -> Surface:
    def sigma(name: str) -> float:
        return sigmas.get((surface.id, name), 0.0)

    return replace(
        surface,
        width_sigma=sigma("width"),
        height_sigma=sigma("height"),
        area_sigma=sigma("area"),
        tangent_sigma=sigma("tangent"),
    )


def _numbers(structure: Structure) -> Numbers:
    numbers: Numbers = {
        ("", "ridge"): structure.ridge_height,
        ("", "plan"): structure.footprint_area,
    }
    for surface in structure.surfaces:
        corners = surface.corners
        numbers[surface.id, "width"] = float(np.ptp(flatten(corners)[:, 0]))
        numbers[surface.id, "height"] = float(min(corners[2, 2], corners[-1, 2]))
        numbers[surface.id, "area"] = area_of(corners)
        numbers[surface.id, "tangent"] = surface.tangent
    for edge in structure.edges:
        numbers[edge.id, "length"] = float(np.linalg.norm(edge.ends[1] - edge.ends[0]))
    return numbers


def _moved(
    blocks: Sequence[Block], roofs: Sequence[Edges | None], *, doubts: Doubts
) -> Iterator[House]:
    """The house with one thing after the other off by its standard deviation."""
    for (axis, place), sigma in doubts.lines.items():
        yield _with_line(blocks, roofs, axis=axis, place=place, by=sigma)
    yield _swollen(blocks, roofs, lines=doubts.lines, by=doubts.walls_out)
    yield blocks, [_reaching(edges, by=doubts.boards_out) for edges in roofs]
    yield blocks, [_lifted(edges, by=-doubts.ground) for edges in roofs]
    for index, edges in enumerate(roofs):
        if edges is None:
            continue
        for changed in _roofs(edges, index, doubts=doubts):
            yield blocks, [*roofs[:index], changed, *roofs[index + 1 :]]


def _roofs(edges: Edges, index: int, *, doubts: Doubts) -> Iterator[Edges]:
    roof = edges.roof
    for facing, sigma in doubts.boards[index].items():
        yield _wider(edges, facing, by=sigma)
    for number, doubt in enumerate(doubts.slopes[index]):
        slope = roof.slopes[number]
        turned = slope.top + doubt.tangent * doubt.middle
        for other in (
            replace(slope, top=slope.top + doubt.level),
            replace(slope, top=turned, tangent=slope.tangent + doubt.tangent),
        ):
            slopes = (*roof.slopes[:number], other, *roof.slopes[number + 1 :])
            yield replace(edges, roof=replace(roof, slopes=slopes))
    yield replace(edges, roof=replace(roof, thickness=roof.thickness + doubts.thickness[index]))


def _wider(edges: Edges, facing: int, *, by: float) -> Edges:
    """A roof that reaches further on one side."""
    roof, away = edges.roof, np.abs(DIRECTIONS[facing]) * (by if facing < 2 else -by)
    low, high = (roof.low, roof.high + away) if facing < 2 else (roof.low + away, roof.high)
    return replace(edges, roof=replace(roof, low=low, high=high))


def _reaching(edges: Edges | None, *, by: float) -> Edges | None:
    """A roof that reaches further on all sides where it ends in boards."""
    if edges is None:
        return None
    return reduce(lambda one, facing: _wider(one, facing, by=by), edges.sides, edges)


def _swollen(
    blocks: Sequence[Block],
    roofs: Sequence[Edges | None],
    *,
    lines: Mapping[tuple[int, float], float],
    by: float,
) -> House:
    """The house with all its walls further out."""
    for axis, place in lines:
        # A line stands where the first, the largest, of the blocks that end there has it.
        first = next(b for b in blocks if place in (b.low[axis], b.high[axis]))
        sense = 1 if place == first.high[axis] else -1
        blocks, roofs = _with_line(blocks, roofs, axis=axis, place=place, by=sense * by)
    return blocks, roofs


def _lifted(edges: Edges | None, *, by: float) -> Edges | None:
    if edges is None:
        return None
    slopes = tuple(replace(slope, top=slope.top + by) for slope in edges.roof.slopes)
    return replace(edges, roof=replace(edges.roof, slopes=slopes))


def _with_line(
    blocks: Sequence[Block],
    roofs: Sequence[Edges | None],
    *,
    axis: int,
    place: float,
    by: float,
) -> House:
    """All sides of blocks, and of roofs that end there, which stand on a line are moved."""

    def corner(old: Matrix) -> Matrix:
        new = old.copy()
        if abs(old[axis] - place) < SAME:
            new[axis] += by
        return new

    moved = []
    for block in blocks:
        low, high = corner(np.array(block.low)), corner(np.array(block.high))
        moved.append(
            replace(
                block,
                low=(float(low[0]), float(low[1])),
                high=(float(high[0]), float(high[1])),
            )
        )
    changed = [
        edges
        and replace(
            edges,
            roof=replace(edges.roof, low=corner(edges.roof.low), high=corner(edges.roof.high)),
        )
        for edges in roofs
    ]
    return moved, changed
