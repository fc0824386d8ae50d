"""What a wall is covered with, row by row, and where something else is to be seen."""

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.elevation import Elevation

Pictures = NDArray[np.float32]
Mask = NDArray[np.bool_]

# The middle colour is sought among cells that come ever closer to it; then cells within so many
# times the usual difference count as covering.
ROUNDS, NARROWER, ALIKE_FACTOR = 3, 1.5, 3.0
# A row of which less than this is covering is judged by all its cells: a shadow lies on it.
COVERED_SHARE_MIN = 0.25
# Other than the covering: so many times the usual difference, and so many grey levels at least.
STRANGE_FACTOR, STRANGE_MIN = 1.5, 4.0
BLUR_ACROSS, BLUR_UP = 5, 9
PHOTOS_MIN = 3


def is_covering(picture: Pictures, seen: Mask) -> Mask:
    """Cells (h x w) of one photo that look like most of the wall, or all where a row has few."""
    if not seen.any():
        return seen
    cells = picture[seen]
    middle = np.median(cells, axis=0)
    for _ in range(ROUNDS):
        away = np.linalg.norm(cells - middle, axis=1)
        cells = cells[away <= np.median(away) * NARROWER]
        middle = np.median(cells, axis=0)
    usual = np.median(np.linalg.norm(cells - middle, axis=1))
    near = seen & (np.linalg.norm(picture - middle, axis=2) < ALIKE_FACTOR * usual)
    few = near.sum(axis=1) < COVERED_SHARE_MIN * np.maximum(seen.sum(axis=1), 1)
    near[few] = seen[few]
    return np.asarray(near, bool)


def strange(wall: Elevation) -> Mask:
    """Cells (h x w) where three photos or more show something else than that row's covering."""
    differences = np.stack(
        [_difference(p, s) for p, s in zip(wall.pictures, wall.seen, strict=True)]
    )
    count = wall.seen.sum(axis=0)
    # Photos that do not show a cell are sorted behind those that do.
    ordered = np.sort(np.where(wall.seen, differences, np.inf), axis=0)
    middle = np.maximum(count - 1, 0) // 2
    usual = np.take_along_axis(ordered, middle[None], axis=0)[0]
    usual = np.where(count >= PHOTOS_MIN, usual, 0.0).astype(np.float32)
    smooth = cv2.blur(usual, (BLUR_ACROSS, BLUR_UP))
    known = count >= PHOTOS_MIN
    level = float(np.median(smooth[known])) if known.any() else 0.0
    return np.asarray(known & (smooth > max(STRANGE_MIN, STRANGE_FACTOR * level)))


def _difference(picture: Pictures, seen: Mask) -> Pictures:
    even = np.asarray(cv2.blur(picture, (BLUR_ACROSS, 1)), np.float32)
    near = is_covering(even, seen)
    result = np.zeros(seen.shape, np.float32)
    for row in np.flatnonzero(near.any(axis=1)):
        usual = np.median(even[row][near[row]], axis=0)
        result[row] = np.sqrt(((even[row] - usual) ** 2).mean(axis=1))
    return result
