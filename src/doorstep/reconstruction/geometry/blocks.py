"""The plan of a house from its walls: cells between wall lines, inside or outside, as blocks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.planes import DIRECTIONS, Wall, along
from doorstep.reconstruction.geometry.slopes import Slope, are_one_roof

Matrix = NDArray[np.float64]

# In units: walls this near to a line stand on it; a wall may end this far before its corner.
SAME_LINE, SPAN_SLACK = 0.3, 0.9
FACING_SIDES_MIN = 3
LEANING_SHARE = 0.8
OVERHANG_ROOM = 0.9


@dataclass(frozen=True)
class Block:
    """An upright box of the house: low and high corner on the plan, and its roof slopes."""

    low: tuple[float, float]
    high: tuple[float, float]
    slopes: tuple[Slope, ...] = ()

    @property
    def area(self) -> float:
        """Of the plan."""
        return (self.high[0] - self.low[0]) * (self.high[1] - self.low[1])

    def edge(self, facing: int) -> float:
        """Offset of the side that faces this way, counted along that way."""
        corner = self.high if facing < 2 else self.low
        return float(np.array(corner) @ DIRECTIONS[facing])


@dataclass(frozen=True)
class Plan:
    """Blocks, the largest first, and the outline's measures."""

    blocks: tuple[Block, ...]
    area: float
    perimeter: float


def find_plan(walls: list[Wall], *, unit: float) -> Plan | None:
    """The ground plan that the walls enclose; None where they enclose nothing."""
    lines = [_lines(walls, axis, unit=unit) for axis in (0, 1)]
    if min(len(line) for line in lines) < 2:
        return None
    middles = [(line[1:] + line[:-1]) / 2 for line in lines]
    inside = np.zeros((len(middles[0]), len(middles[1])), bool)
    for (i, x), (j, y) in product(enumerate(middles[0]), enumerate(middles[1])):
        sides = sum(
            _faces_away(walls, np.array([x, y]), facing=facing, unit=unit) for facing in range(4)
        )
        inside[i, j] = sides >= FACING_SIDES_MIN
    if not inside.any():
        return None
    sizes = np.outer(np.diff(lines[0]), np.diff(lines[1]))
    return Plan(
        blocks=tuple(_blocks(inside, lines)),
        area=float(sizes[inside].sum()),
        perimeter=_perimeter(inside, lines),
    )


def _lines(walls: list[Wall], axis: int, *, unit: float) -> Matrix:
    """Where walls across this axis stand, walls on one line merged."""
    places: list[float] = []
    for wall in walls:
        direction = DIRECTIONS[wall.facing]
        if direction[axis] == 0:
            continue
        place = wall.offset * direction[axis]
        if all(abs(place - other) > SAME_LINE * unit for other in places):
            places.append(float(place))
    return np.sort(np.array(places))


def _faces_away(walls: list[Wall], place: Matrix, *, facing: int, unit: float) -> bool:
    """Whether the first wall met from a place in a direction shows its back to it."""
    direction = DIRECTIONS[facing]
    ahead = place @ direction
    sideways = place @ np.array([-direction[1], direction[0]])
    nearest, away = np.inf, False
    for wall in walls:
        turned = DIRECTIONS[wall.facing] @ direction
        if turned == 0:
            continue
        distance = wall.offset * turned - ahead
        span = np.sort(np.array(wall.span) * turned)
        beside = span[0] - SPAN_SLACK * unit < sideways < span[1] + SPAN_SLACK * unit
        if beside and 0 < distance < nearest:
            nearest, away = distance, bool(turned > 0)
    return away


def _blocks(inside: NDArray[np.bool_], lines: list[Matrix]) -> list[Block]:
    """The inside cut into rectangles, each time the largest that is left."""
    left = inside.copy()
    blocks = []
    while left.any():
        best = max(_rectangles(left), key=lambda r: _size(r, lines))
        (i0, i1), (j0, j1) = best
        left[i0:i1, j0:j1] = False
        blocks.append(
            Block(
                (float(lines[0][i0]), float(lines[1][j0])),
                (float(lines[0][i1]), float(lines[1][j1])),
            )
        )
    return blocks


def _rectangles(
    cells: NDArray[np.bool_],
) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    columns, rows = cells.shape
    return [
        ((i0, i1), (j0, j1))
        for i0 in range(columns)
        for i1 in range(i0 + 1, columns + 1)
        for j0 in range(rows)
        for j1 in range(j0 + 1, rows + 1)
        if cells[i0:i1, j0:j1].all()
    ]


def _size(rectangle: tuple[tuple[int, int], tuple[int, int]], lines: list[Matrix]) -> float:
    (i0, i1), (j0, j1) = rectangle
    return float((lines[0][i1] - lines[0][i0]) * (lines[1][j1] - lines[1][j0]))


def _perimeter(inside: NDArray[np.bool_], lines: list[Matrix]) -> float:
    rimmed = np.pad(inside, 1).astype(np.int8)
    across = np.abs(np.diff(rimmed, axis=0))[:, 1:-1]
    down = np.abs(np.diff(rimmed, axis=1))[1:-1, :]
    return float((across * np.diff(lines[1])).sum() + (down * np.diff(lines[0])[:, None]).sum())


def inner_sides(blocks: Sequence[Block], index: int, *, unit: float) -> set[int]:
    """Sides of a block that lean on a larger one along most of their length."""
    return set(leaning(blocks, index, unit=unit))


def leaning(blocks: Sequence[Block], index: int, *, unit: float) -> dict[int, int]:
    """By the side of a block that leans on a larger one along most of its length: which one."""
    block = blocks[index]
    inner = {}
    for facing in range(4):
        for number, other in enumerate(blocks[:index]):
            apart = abs(block.edge(facing) + other.edge((facing + 2) % 4))
            axis = 1 - facing % 2
            shared = min(block.high[axis], other.high[axis]) - max(block.low[axis], other.low[axis])
            long = shared > LEANING_SHARE * (block.high[axis] - block.low[axis])
            if apart < SAME_LINE * unit and long:
                inner[facing] = number
    return inner


def joined_spans(blocks: Sequence[Block], index: int, *, unit: float) -> dict[int, list[Matrix]]:
    """By side of a block: where (2 each, along it) the roof of a block leaning there joins its own.

    No eave of its own is to be seen there. A lower roof ends below the eave and joins nothing.
    """
    block = blocks[index]
    spans: dict[int, list[Matrix]] = {}
    for number in range(index + 1, len(blocks)):
        wing = blocks[number]
        for facing, other in leaning(blocks, number, unit=unit).items():
            side = (facing + 2) % 4
            if other == index and _joins(wing, block, side=side, unit=unit):
                ends = np.sort(np.array([wing.low, wing.high]) @ along(side))
                room = OVERHANG_ROOM / 2 * unit
                spans.setdefault(side, []).append(ends + np.array([-room, room]))
    return spans


def _joins(wing: Block, block: Block, *, side: int, unit: float) -> bool:
    """Whether a wing's roof runs into that over a side of a block: higher than the eave there."""
    if are_one_roof(wing.slopes, block.slopes, unit=unit):
        return True
    own = next((slope for slope in block.slopes if slope.facing == side), None)
    if own is None or not wing.slopes:
        return False
    middle = (np.array([wing.low]) + np.array([wing.high])) / 2
    ridge = min(float(slope.height(middle)[0]) for slope in wing.slopes)
    return ridge > own.top - own.tangent * block.edge(side)


def with_slopes(plan: Plan, slopes: list[Slope], *, unit: float) -> list[Block]:
    """The blocks, each with the slopes that lie over it; of several that face alike, the best."""
    chosen: list[dict[int, Slope]] = [{} for _ in plan.blocks]
    rooms = [_room(plan.blocks, index, unit=unit) for index in range(len(plan.blocks))]
    for slope in slopes:
        shares = [_share_over(slope, b, room=r) for b, r in zip(plan.blocks, rooms, strict=True)]
        best = int(np.argmax(shares))
        if shares[best] > 0.6 and slope.facing not in chosen[best]:
            chosen[best][slope.facing] = slope
    return [
        Block(block.low, block.high, tuple(own.values()))
        for block, own in zip(plan.blocks, chosen, strict=True)
    ]


def _room(blocks: Sequence[Block], index: int, *, unit: float) -> tuple[Matrix, Matrix]:
    """How far a block's roof may reach beyond its low and its high corner (2 each).

    Where it leans on another, its slopes run on up the other's roof, to about half its width.
    """
    block = blocks[index]
    low, high = np.full(2, OVERHANG_ROOM * unit), np.full(2, OVERHANG_ROOM * unit)
    for facing in leaning(blocks, index, unit=unit):
        axis = facing % 2
        (high if facing < 2 else low)[axis] += (block.high[1 - axis] - block.low[1 - axis]) / 2
    return low, high


def mirrored(slope: Slope, block: Block) -> Slope:
    """The slope on the other side of a block's ridge, which counts as unseen: its area is nought."""
    middle = (np.array(block.low) + np.array(block.high)) / 2 @ DIRECTIONS[slope.facing]
    top = slope.top - 2 * slope.tangent * float(middle)
    span = (-slope.span[1], -slope.span[0])
    return replace(slope, facing=(slope.facing + 2) % 4, top=top, area=0.0, span=span)


def _share_over(slope: Slope, block: Block, *, room: tuple[Matrix, Matrix]) -> float:
    """Share of a slope's plan that lies over a block, its room allowed; small ones win ties."""
    low, high = plan_box(slope)
    inner = np.minimum(high, np.array(block.high) + room[1]) - np.maximum(
        low, np.array(block.low) - room[0]
    )
    share = float(np.prod(np.clip(inner, 0, None)) / max(float(np.prod(high - low)), 1e-9))
    fills = min(1.0, float(np.prod(high - low)) / block.area)
    return share * (0.9 + 0.1 * fills)


def plan_box(slope: Slope) -> tuple[Matrix, Matrix]:
    """Low and high corner (2 each) of a slope's points on the plan."""
    out = DIRECTIONS[slope.facing]
    side = np.array([-out[1], out[0]])
    corners = np.array([a * out + s * side for a in slope.reach for s in slope.span])
    return corners.min(axis=0), corners.max(axis=0)
