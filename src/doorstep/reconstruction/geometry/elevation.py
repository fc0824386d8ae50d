"""A wall seen straight on by every photo that shows it well, all in one grid of cells."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.coverage import filled, flatten, frame_of, normal_of
from doorstep.reconstruction.geometry.texturing import Shot
from doorstep.reconstruction.geometry.tracing import Tracer

Matrix = NDArray[np.float64]
Pictures = NDArray[np.float32]
Mask = NDArray[np.bool_]

FACING_COS_MIN, INSIDE_SHARE_MIN = 0.35, 0.15
VIEWS_MAX = 12
# More photos than this add less to what is known of a place.
ENOUGH_VIEWS, SPARE_VIEW_SHARE = 6, 0.2
RIM_PX = 3
# Cells between traced rays, and between those by which photos are chosen, and how far in units a ray starts before the wall.
TRACED_CELLS, SAMPLED_CELLS, LIFT = 8, 24, 0.04


@dataclass(frozen=True)
class Elevation:
    """Pictures (k x h x w x 3) of one wall, lowest row first, and which cells each photo shows.

    Cell (row, column) lies `(column + 0.5) * cell` to the right of and `(row + 0.5) * cell` above
    the wall's lower left corner. Brightness is evened out between the photos.
    """

    shots: tuple[Shot, ...]
    pictures: Pictures
    seen: Mask
    cell: float
    origin: Matrix
    right: Matrix
    up: Matrix

    def points(self, flat: Matrix, /) -> Matrix:
        """Places in space (n x 3) of places on the wall (n x 2)."""
        return np.asarray(self.origin + flat[:, :1] * self.right + flat[:, 1:] * self.up)


def look_at(
    corners: Matrix, shots: Sequence[Shot], *, tracer: Tracer, cell: float, unit: float
) -> Elevation:
    """The wall of these corners in the photos that see it best; other walls may stand before it."""
    origin, right, up = frame_of(corners)
    width, height = np.floor(flatten(corners).max(axis=0) / cell).astype(int)
    columns, rows = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    points = origin + cell * (columns[..., None] * right + rows[..., None] * up)
    sample = points[::SAMPLED_CELLS, ::SAMPLED_CELLS].reshape(-1, 3)
    best = _best(corners, shots, sample=sample, tracer=tracer, slack=LIFT * unit)
    pictures = np.zeros((len(best), height, width, 3), np.float32)
    seen = np.zeros((len(best), height, width), bool)
    wall = filled(flatten(corners), size=(width, height), per_unit=1 / cell)
    lifted = points[::TRACED_CELLS, ::TRACED_CELLS] + LIFT * unit * normal_of(corners)
    for index, shot in enumerate(best):
        pixels, depth = shot.view.project(points.reshape(-1, 3))
        grid = pixels.reshape(height, width, 2).astype(np.float32)
        pictures[index] = cv2.remap(shot.picture, grid[..., 0], grid[..., 1], cv2.INTER_LINEAR)
        inside = _inside(pixels, depth, size=shot.view.size).reshape(height, width)
        clear = _clear(shot, lifted, tracer=tracer, slack=LIFT * unit, size=(width, height))
        seen[index] = inside & clear & wall
    _even_out(pictures, seen)
    return Elevation(tuple(best), pictures, seen, cell, origin, right, up)


def _best(
    corners: Matrix, shots: Sequence[Shot], *, sample: Matrix, tracer: Tracer, slack: float
) -> list[Shot]:
    """Photos that see the wall squarely and from near, best first, so that each part is in several.

    `sample` (n x 3) are points on the wall. One by one, the photo is taken that adds most: a point
    counts less once enough of those already taken show it.
    """
    middle, normal = corners.mean(axis=0), normal_of(corners)
    chosen, shown = [], []
    for shot in shots:
        towards = shot.view.centre - middle
        distance = float(np.linalg.norm(towards))
        facing = float(towards @ normal) / distance
        inside = _inside(*shot.view.project(sample), size=shot.view.size)
        if facing > FACING_COS_MIN and inside.mean() > INSIDE_SHARE_MIN:
            origins = np.broadcast_to(shot.view.centre, sample.shape)
            clear = tracer.is_clear(origins, sample + slack * normal, slack=slack)
            chosen.append(shot)
            shown.append(inside * clear * facing / distance)
    left = dict(enumerate(shown))
    best: list[Shot] = []
    count = np.zeros(len(sample))
    while left and len(best) < VIEWS_MAX:
        needed = np.where(count < ENOUGH_VIEWS, 1.0, SPARE_VIEW_SHARE)
        index = max(left, key=lambda one: float((left[one] * needed).sum()))
        count += left.pop(index) > 0
        best.append(chosen[index])
    return best


def _inside(pixels: Matrix, depth: Matrix, *, size: tuple[int, int]) -> Mask:
    limit = np.array(size) - 1 - RIM_PX
    return np.asarray((pixels > RIM_PX).all(axis=1) & (pixels < limit).all(axis=1) & (depth > 0))


def _clear(
    shot: Shot, lifted: Matrix, *, tracer: Tracer, slack: float, size: tuple[int, int]
) -> Mask:
    """Cells between which and the photo no other wall or roof stands, traced on a coarse grid."""
    flat = lifted.reshape(-1, 3)
    origins = np.broadcast_to(shot.view.centre, flat.shape)
    free = tracer.is_clear(origins, flat, slack=slack).reshape(lifted.shape[:2])
    safe = cv2.erode(np.pad(free, 1, mode="edge").astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.asarray(cv2.resize(safe[1:-1, 1:-1], size, interpolation=cv2.INTER_NEAREST) > 0)


def _even_out(pictures: Pictures, seen: Mask) -> None:
    """Scale each photo's colours to those of the first where both show the wall."""
    for index in range(1, len(pictures)):
        both = seen[index] & seen[0]
        if both.sum() < pictures.shape[2]:
            continue
        wanted = np.median(pictures[0][both], axis=0)
        given = np.median(pictures[index][both], axis=0)
        pictures[index] *= np.clip(wanted / np.maximum(given, 1.0), 0.4, 2.5)
