"""What looks like an opening on a wall though it could not be measured: it can be asked for.

A window half behind the roof of a wing or a tree shows the rest of it: a compact piece of something
else than the wall, as large as a window, that ends in upright steps on both sides. A stain, the
shadow below a gable or a bush does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.rectangles import (
    BUSH_MAX,
    SIDE_SHARE_MIN,
    Rectangle,
    limit_of,
    lines_of,
)
from doorstep.reconstruction.geometry.steps import Uprights

Mask = NDArray[np.bool_]

# In units: the least that counts, how far around a found opening nothing else is, and where the ground
# and what grows on it may be.
LEAST, MARGIN, LOW = 0.35, 0.1, 0.7
# In units: the sizes of what is named, the least height of what may stand on the ground, above which no
# bush reaches, and how far it is from the wall's ends.
WIDTHS, HEIGHTS, DOOR_MIN, FREE = (0.6, 2.6), (0.5, 2.3), 1.8, 0.25
# The share of its box that it fills, and how near in units to its ends the steps are.
FILLED_MIN, SIDE_NEAR = 0.75, 0.12
# In units: how much of two upright sides must show side by side above what stands before the wall, and
# how far below and beside them is asked. Of the wall below so much may show; between the sides so
# much is something else, also in each strip and more in one of two, beside them less. Sides so many
# times as strong as need be ask for less.
SEEN_MIN, BELOW, BESIDE, KNOWN_MAX = 0.3, (0.05, 0.4), (0.06, 0.2), 0.6
BETWEEN_MIN, BESIDE_MAX, FIRM, FIRM_BETWEEN_MIN = 0.5, 0.5, 2.0, 0.4
STRIP, STRIP_MIN, OF_TWO_MIN = 0.25, 0.2, 0.35


@dataclass(frozen=True)
class Glimpse:
    """A box in cells of the wall's grid, of what is to be seen of an opening."""

    left: int
    right: int
    bottom: int
    top: int


def is_left(other: Mask, rectangles: Sequence[Rectangle], *, per_unit: float) -> bool:
    """Whether something as large as an opening, and no bush, is on the wall besides these."""
    boxes = _pieces(other, rectangles, per_unit=per_unit)
    return any(row + height > BUSH_MAX * per_unit for _, row, _, height, _ in boxes)


def find_glimpses(
    other: Mask,
    rectangles: Sequence[Rectangle],
    *,
    uprights: Uprights,
    known: Mask,
    per_unit: float,
) -> list[Glimpse]:
    """Pieces of something else than the wall (h x w) that must be openings, besides these."""
    limits = (limit_of(uprights.left, known), limit_of(uprights.right, known))
    found = []
    for column, row, width, height, area in _pieces(other, rectangles, per_unit=per_unit):
        box = Glimpse(column, column + width, row, row + height)
        sides = ((uprights.left, limits[0], box.left), (uprights.right, limits[1], box.right))
        if (
            area >= FILLED_MIN * width * height
            and _is_of_size(box, size=known.shape, per_unit=per_unit)
            and all(
                _has_side(steps > limit, box, place=place, per_unit=per_unit)
                for steps, limit, place in sides
            )
        ):
            found.append(box)
    cut_off = _cut_off(other, uprights, known=known, limits=limits, per_unit=per_unit)
    for box in sorted(cut_off, key=lambda one: -(one.right - one.left) * (one.top - one.bottom)):
        others: list[Rectangle | Glimpse] = [*rectangles, *found]
        if all(_is_apart(box, each, per_unit=per_unit) for each in others):
            found.append(box)
    return found


def add_named(
    glimpses: Sequence[Glimpse], rectangles: Sequence[Rectangle], *, per_unit: float
) -> list[Glimpse]:
    """These, and what has sides of an opening and is something else than the wall below as well."""
    boxes = [Glimpse(*(round(place) for place in _places(each))) for each in rectangles]
    apart = [
        box for box in boxes if all(_is_apart(box, each, per_unit=per_unit) for each in glimpses)
    ]
    return [*glimpses, *apart]


def _places(each: Rectangle) -> tuple[float, float, float, float]:
    return each.left, each.right, each.bottom, each.top


def _cut_off(
    other: Mask, uprights: Uprights, *, known: Mask, limits: tuple[float, float], per_unit: float
) -> list[Glimpse]:
    """What lies between two upright sides right above something that stands before the wall."""
    lefts = lines_of(uprights.left, limits[0], per_unit=per_unit)
    rights = lines_of(uprights.right, limits[1], per_unit=per_unit)
    found = []
    for one, two in product(lefts, rights):
        lows, highs = sorted((int(one.low), int(two.low))), sorted((int(one.high), int(two.high)))
        seen = Glimpse(one.column, two.column, lows[1], highs[0])
        whole = Glimpse(one.column, two.column, lows[0], highs[1])
        is_firm = min(one.strength / limits[0], two.strength / limits[1]) >= FIRM
        if (
            seen.top - seen.bottom >= SEEN_MIN * per_unit
            and _is_of_size(whole, size=known.shape, per_unit=per_unit)
            and _is_cut_off(seen, known, per_unit=per_unit)
            and _stands_out(other, seen, known=known, is_firm=is_firm, per_unit=per_unit)
        ):
            found.append(seen)
    return found


def _is_cut_off(box: Glimpse, known: Mask, *, per_unit: float) -> bool:
    """Whether three photos do not show the wall below."""
    near, far = (round(edge * per_unit) for edge in BELOW)
    below = known[max(0, box.bottom - far) : box.bottom - near, box.left : box.right]
    return float(below.mean()) <= KNOWN_MAX


def _stands_out(other: Mask, box: Glimpse, *, known: Mask, is_firm: bool, per_unit: float) -> bool:
    """Whether it is something else than the wall, and what is beside it is not, but beside firm sides."""
    rows = slice(box.bottom, box.top)

    def share(columns: slice) -> float:
        shown = known[rows, columns]
        return float(other[rows, columns][shown].mean()) if shown.any() else 1.0

    between = share(slice(box.left, box.right))
    wide = max(1, round((box.right - box.left) / (STRIP * per_unit)))
    edges = np.linspace(box.left, box.right, wide + 1).astype(int).tolist()
    strips = [share(slice(*strip)) for strip in pairwise(edges)]
    # A bar of one window and one of the next are sides as well, with wall between them.
    is_wall = any(max(both) < OF_TWO_MIN for both in pairwise(strips))
    if min(strips) < STRIP_MIN or is_wall:
        return False
    if is_firm:
        return between >= FIRM_BETWEEN_MIN
    near, far = (round(edge * per_unit) for edge in BESIDE)
    beside = (slice(box.left - far, box.left - near), slice(box.right + near, box.right + far))
    return between >= BETWEEN_MIN and max(share(columns) for columns in beside) <= BESIDE_MAX


def _is_apart(box: Glimpse, each: Rectangle | Glimpse, *, per_unit: float) -> bool:
    wide = min(box.right, each.right) - max(box.left, each.left)
    tall = min(box.top, each.top) - max(box.bottom, each.bottom)
    return min(wide, tall) < -MARGIN * per_unit


def _pieces(other: Mask, rectangles: Sequence[Rectangle], *, per_unit: float) -> list[list[int]]:
    """Column, row, width, height and area of all that is as large as an opening at least."""
    rest = other.astype(np.uint8)
    margin = MARGIN * per_unit
    for each in rectangles:
        rows = slice(max(0, int(each.bottom - margin)), int(each.top + margin))
        columns = slice(max(0, int(each.left - margin)), int(each.right + margin))
        rest[rows, columns] = 0
    size = max(3, int(LEAST * per_unit))
    rest = np.asarray(cv2.morphologyEx(rest, cv2.MORPH_OPEN, np.ones((size, size), np.uint8)))
    _, _, boxes, _ = cv2.connectedComponentsWithStats(rest)
    return list(boxes[1:].tolist())


def _is_of_size(box: Glimpse, *, size: tuple[int, ...], per_unit: float) -> bool:
    """Whether it is as large as a window and higher than a bush, or a door, free of the wall's ends."""
    width, height = (box.right - box.left) / per_unit, (box.top - box.bottom) / per_unit
    free = min(box.left, size[1] - box.right) / per_unit
    least = HEIGHTS[0] if box.bottom >= LOW * per_unit else DOOR_MIN
    return WIDTHS[0] <= width <= WIDTHS[1] and least <= height <= HEIGHTS[1] and free >= FREE


def _has_side(strong: Mask, box: Glimpse, *, place: int, per_unit: float) -> bool:
    near = round(SIDE_NEAR * per_unit)
    tenth = (box.top - box.bottom) // 10
    rows = slice(box.bottom + tenth, box.top - tenth)
    beside = strong[rows, max(0, place - near) : place + near]
    widened = cv2.dilate(beside.astype(np.uint8), np.ones((1, 3), np.uint8))
    return bool(widened.mean(axis=0).max(initial=0.0) >= SIDE_SHARE_MIN)
