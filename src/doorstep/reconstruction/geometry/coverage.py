"""How much of a flat face was really measured, and points on it."""

import cv2
import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

GRID = 96


def frame_of(corners: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """Origin, unit vector to the right and unit vector up in the plane of a face (3 each).

    Corners come anticlockwise as seen from outside; right is level.
    """
    normal = normal_of(corners)
    right = np.cross([0.0, 0.0, 1.0], normal)
    if np.linalg.norm(right) < 1e-9:
        right = np.array([1.0, 0.0, 0.0])
    right /= np.linalg.norm(right)
    up = np.cross(normal, right)
    flat = np.column_stack([corners @ right, corners @ up])
    low = flat.min(axis=0)
    offset = float(corners[0] @ normal)
    return low[0] * right + low[1] * up + offset * normal, right, up


def normal_of(corners: Matrix) -> Matrix:
    """Unit normal (3) of a flat polygon (n x 3), outward for anticlockwise corners."""
    around = np.cross(corners, np.roll(corners, -1, axis=0)).sum(axis=0)
    return np.asarray(around / np.linalg.norm(around))


def flatten(corners: Matrix) -> Matrix:
    """Corners (n x 2) in the face's own frame, from (0, 0) upwards."""
    origin, right, up = frame_of(corners)
    offset = corners - origin
    return np.column_stack([offset @ right, offset @ up])


def filled(flat: Matrix, *, size: tuple[int, int], per_unit: float) -> NDArray[np.bool_]:
    """Which cells of a grid (height x width, row 0 lowest) a flat polygon covers."""
    mask = np.zeros((size[1], size[0]), np.uint8)
    cv2.fillPoly(mask, [np.rint(flat * per_unit * 16).astype(np.int32)], 1, shift=4)
    return np.asarray(mask > 0)


def seen_share(corners: Matrix, points: Matrix, *, reach: float) -> float:
    """Share of a face that has a measured point (n x 3) near it, by cells of its own frame."""
    origin, right, up = frame_of(corners)
    normal = normal_of(corners)
    offset = points - origin
    near = np.abs(offset @ normal) < reach
    places = np.column_stack([offset[near] @ right, offset[near] @ up])
    flat = flatten(corners)
    per_unit = GRID / float(flat.max())
    size = (int(flat[:, 0].max() * per_unit) + 2, int(flat[:, 1].max() * per_unit) + 2)
    cells = np.floor(places * per_unit).astype(int)
    inside = (cells >= 0).all(axis=1) & (cells < size).all(axis=1)
    hit = np.zeros((size[1], size[0]), np.uint8)
    hit[cells[inside, 1], cells[inside, 0]] = 1
    # A point stands for its neighbours too: dense points lie about two cells apart.
    hit = np.asarray(cv2.dilate(hit, np.ones((7, 7), np.uint8)))
    mask = filled(flat, size=size, per_unit=per_unit)
    return float(hit[mask].mean()) if mask.any() else 0.0
