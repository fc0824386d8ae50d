"""Where colour changes across a wall in several photos at once: its upright and level edges.

What lies behind or before the wall moves from photo to photo and falls out; so do the courses of
bricks and boards, which run on beyond an opening.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.elevation import Elevation

Matrix = NDArray[np.float64]
Steps = NDArray[np.float32]
Mask = NDArray[np.bool_]

# Length in units along which an upright step must run, and how many cells apart sides are compared.
RUN, APART = 0.24, 2
# A photo counts for the sides of openings up to so many units to the wrong side of it.
BESIDE_SLACK = 0.6
PHOTOS_MIN = 3
# So far above and below a sheet of markers in units a step that goes on has this share of its strength.
BEYOND, GOES_ON = 0.25, 0.35
# Where fewer photos see a side from its own side, all photos are asked too.
SURE_PHOTOS_MIN = 5
# Of the photos that show a place, this share must show the step.
AGREEING_SHARE = 0.4
# How much of a level step and of the wall on both sides of it a photo must show.
SHOWN_MIN = 0.5
FLANK = (0.08, 0.45)


@dataclass(frozen=True)
class Uprights:
    """Grey levels (h x w) by which the wall changes across upright edges.

    An opening's left side is cleanest from the left, where its depth does not show, and its right
    side from the right: `left` and `right` hold what photos from there, or all photos, agree on.
    """

    left: Steps
    right: Steps

    def without(self, borders: Mask) -> "Uprights":
        """None at the borders (h x w) of shadows."""
        return Uprights(np.where(borders, 0, self.left), np.where(borders, 0, self.right))

    def without_sheets(self, sheets: Mask, *, per_unit: float) -> "Uprights":
        """None that begin and end on sheets of markers (h x w); an opening's sides go on beyond them."""
        around = np.ones((2 * round(BEYOND * per_unit) + 1, 3), np.uint8)
        beyond = np.asarray(cv2.dilate(sheets.astype(np.uint8), around) > 0) & ~sheets
        kept = []
        for steps in (self.left, self.right):
            outside = np.where(beyond, steps, 0).sum(axis=0) / np.maximum(beyond.sum(axis=0), 1)
            inside = np.where(sheets, steps, 0).sum(axis=0) / np.maximum(sheets.sum(axis=0), 1)
            goes_on = cv2.dilate(outside[None], np.ones((1, 3), np.uint8))[0] > GOES_ON * inside
            kept.append(np.where(sheets & ~goes_on, 0, steps))
        return Uprights(*kept)


def find_uprights(wall: Elevation, *, unit: float) -> Uprights:
    """Both maps; nought where fewer than three photos show the wall."""
    run = max(3, int(RUN * unit / wall.cell)) | 1
    steps = np.stack(
        [_across(p, s, run=run) for p, s in zip(wall.pictures, wall.seen, strict=True)]
    )
    beside = _beside(wall) / (BESIDE_SLACK * unit)
    everywhere = _agreed(steps)
    left = _agreed(np.where(beside < 1, steps, -1.0))
    right = _agreed(np.where(beside > -1, steps, -1.0))
    counts = [((steps >= 0) & side).sum(axis=0) for side in (beside < 1, beside > -1)]
    return Uprights(
        *(
            np.where(count >= SURE_PHOTOS_MIN, steps, np.maximum(steps, everywhere))
            for count, steps in zip(counts, (left, right), strict=True)
        )
    )


def _beside(wall: Elevation) -> Matrix:
    """How far to the right of each column each photo was taken (k x 1 x w)."""
    places = np.array([(shot.view.centre - wall.origin) @ wall.right for shot in wall.shots])
    columns = (np.arange(wall.seen.shape[2]) + 0.5) * wall.cell
    return np.asarray((places[:, None] - columns)[:, None, :])


def _across(picture: Steps, seen: Mask, *, run: int) -> Steps:
    even = cv2.GaussianBlur(cv2.blur(picture, (1, run)), (3, 1), 0.7)
    step = np.zeros_like(even)
    step[:, APART:-APART] = even[:, 2 * APART :] - even[:, : -2 * APART]
    size = np.sqrt((step**2).mean(axis=2))
    return np.where(seen, size, -1.0).astype(np.float32)


def _agreed(steps: Steps) -> Steps:
    """The step that a good share of the photos, three at least, reach; -1 marks no photo."""
    count = (steps >= 0).sum(axis=0)
    rank = np.maximum(PHOTOS_MIN, np.ceil(AGREEING_SHARE * count)).astype(int)
    ordered = -np.sort(-steps, axis=0)
    place = np.minimum(rank, len(steps)) - 1
    chosen = np.take_along_axis(ordered, place[None], axis=0)[0]
    return np.asarray(np.where(count >= PHOTOS_MIN, np.maximum(chosen, 0.0), 0.0), np.float32)


class Levels:
    """Level steps between any two columns, in each photo, beside those of the wall around."""

    def __init__(self, wall: Elevation, *, per_unit: float) -> None:
        steps = np.zeros_like(wall.pictures)
        for index, picture in enumerate(wall.pictures):
            even = cv2.GaussianBlur(picture, (1, 3), 0.7)
            steps[index, APART:-APART] = even[2 * APART :] - even[: -2 * APART]
        steps *= wall.seen[..., None]
        self._sums = np.pad(steps.cumsum(axis=2), ((0, 0), (0, 0), (1, 0), (0, 0)))
        self._seen = np.pad(wall.seen.cumsum(axis=2, dtype=np.int32), ((0, 0), (0, 0), (1, 0)))
        self._flank = (int(FLANK[0] * per_unit), int(FLANK[1] * per_unit))

    def between(self, left: int, right: int, *, rows: slice) -> Steps:
        """Grey levels (rows) of the step that is there between two columns and not beside them."""
        near, far = self._flank
        width = self._seen.shape[2] - 1
        inner, shown = self._mean([(left + 2, right - 1)], rows)
        sides = [(max(left - far, 0), max(left - near, 0)), (right + near, min(right + far, width))]
        outer, flanked = self._mean([side for side in sides if side[1] > side[0]], rows)
        own = np.linalg.norm(inner, axis=2)
        more = np.linalg.norm(inner - outer, axis=2)
        valid = (shown > SHOWN_MIN) & (flanked > SHOWN_MIN / 2)
        size = np.minimum(own, more) / np.sqrt(3)
        return _agreed(np.where(valid, size, -1.0).astype(np.float32))

    def _mean(self, spans: list[tuple[int, int]], rows: slice) -> tuple[Steps, Steps]:
        """Mean step (k x rows x 3) over spans of columns, and the share of them that is shown."""
        total = np.zeros_like(self._sums[:, rows, 0])
        count = np.zeros(total.shape[:2], np.float32)
        cells = 0
        for start, end in spans:
            total += self._sums[:, rows, end] - self._sums[:, rows, start]
            count += self._seen[:, rows, end] - self._seen[:, rows, start]
            cells += end - start
        mean = total / np.maximum(count, 1)[..., None]
        return mean.astype(np.float32), (count / max(cells, 1)).astype(np.float32)
