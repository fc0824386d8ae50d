"""What looks like an opening on a wall though it could not be measured: it can be asked for.

A window half behind the roof of a wing or a tree shows the rest of it: a compact piece of something
else than the wall, as large as a window, that ends in upright steps on both sides. A stain, the
shadow below a gable or a bush does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.rectangles import SIDE_SHARE_MIN, Rectangle, limit_of
from doorstep.reconstruction.geometry.steps import Uprights

Mask = NDArray[np.bool_]

# In units: the least that counts, how far around a found opening nothing else is, and what is no
# higher than a bush, which stands before the wall.
LEAST, MARGIN, BUSH_MAX, LOW = 0.35, 0.1, 1.5, 0.7
# In units: the sizes of what is named, and how far it is from the wall's ends.
WIDTHS, HEIGHTS, FREE = (0.6, 2.6), (0.5, 2.2), 0.25
# The share of its box that it fills, and how near in units to its ends the steps are.
FILLED_MIN, SIDE_NEAR = 0.75, 0.12


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
    return found


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
    """Whether it is as large as a window, higher than a bush, and free of the wall's ends."""
    width, height = (box.right - box.left) / per_unit, (box.top - box.bottom) / per_unit
    free = min(box.left, size[1] - box.right) / per_unit
    return (
        WIDTHS[0] <= width <= WIDTHS[1]
        and HEIGHTS[0] <= height <= HEIGHTS[1]
        and free >= FREE
        and box.bottom >= LOW * per_unit
    )


def _has_side(strong: Mask, box: Glimpse, *, place: int, per_unit: float) -> bool:
    near = round(SIDE_NEAR * per_unit)
    tenth = (box.top - box.bottom) // 10
    rows = slice(box.bottom + tenth, box.top - tenth)
    beside = strong[rows, max(0, place - near) : place + near]
    widened = cv2.dilate(beside.astype(np.uint8), np.ones((1, 3), np.uint8))
    return bool(widened.mean(axis=0).max(initial=0.0) >= SIDE_SHARE_MIN)
