"""What stands on a roof slope and is no part of the model, such as a dormer."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.coverage import filled, flatten, frame_of, normal_of

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

# In units: how high above a slope its points count, how far from the slope's rim, how near to
# another face they are that face's own, and how wide it is at least: a chimney is narrower.
ABOVE, RIM, NEAR, WIDTH_MIN = (0.3, 3.0), 0.4, 0.3, 1.4
# In units, the cells in which points are counted, and how many make one.
CELL, POINTS_MIN = 0.25, 4
# Cells of a face's mask to a unit.
FINE = 20


@dataclass(frozen=True)
class Standing:
    """How far from the slope's left end its middle is, as seen from outside, and its width; in units."""

    place: float
    width: float


def stands_on(
    slope: Matrix, others: Sequence[Matrix], *, points: Matrix, unit: float
) -> list[Standing]:
    """Of a slope (corners, n x 3) among the other faces of a house, by dense points (k x 3)."""
    above = (points - slope[0]) @ normal_of(slope) / unit
    chosen = points[(above > ABOVE[0]) & (above < ABOVE[1])]
    chosen = chosen[_lies_over(slope, chosen, margin=-RIM, unit=unit)]
    for face in others:
        near = np.abs((chosen - face[0]) @ normal_of(face)) < NEAR * unit
        near &= _lies_over(face, chosen, margin=NEAR, unit=unit)
        chosen = chosen[~near]
    if not len(chosen):
        return []
    origin, right, up = frame_of(slope)
    places = np.column_stack([(chosen - origin) @ right, (chosen - origin) @ up])
    cells = np.maximum(np.floor(places / (CELL * unit)).astype(int), 0)
    counts = np.zeros(cells.max(axis=0) + 1, int)
    np.add.at(counts, tuple(cells.T), 1)
    _, _, boxes, _ = cv2.connectedComponentsWithStats((counts >= POINTS_MIN).astype(np.uint8).T)
    found = [
        Standing((left + width / 2) * CELL * unit, width * CELL * unit)
        for left, _, width, _, _ in boxes[1:].tolist()
        if width * CELL >= WIDTH_MIN
    ]
    return sorted(found, key=lambda one: one.place)


def _lies_over(face: Matrix, points: Matrix, *, margin: float, unit: float) -> Mask:
    """Which points (k x 3) lie over or under a face, up to so many units outside its rim."""
    origin, right, up = frame_of(face)
    per_unit, room = FINE / unit, round((abs(margin) + 1) * FINE)
    flat = flatten(face)
    size = np.ceil(flat.max(axis=0) * per_unit).astype(int) + 2 * room
    mask = filled(flat + room / per_unit, size=(int(size[0]), int(size[1])), per_unit=per_unit)
    around = np.ones((2 * round(abs(margin) * FINE) + 1,) * 2, np.uint8)
    grown = cv2.dilate if margin > 0 else cv2.erode
    mask = np.asarray(grown(mask.astype(np.uint8), around) > 0)
    places = np.column_stack([(points - origin) @ right, (points - origin) @ up])
    cells = np.floor(places * per_unit).astype(int) + room
    inside = (cells >= 0).all(axis=1) & (cells < size).all(axis=1)
    over = np.zeros(len(points), bool)
    over[inside] = mask[cells[inside, 1], cells[inside, 0]]
    return over
