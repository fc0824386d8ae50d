"""A coded marker found finer: what it should look like is laid over the photo.

Corners of a marker that is twenty pixels wide are only found to a few tenths of a pixel, as its cells
leave no room to follow its edges. All its cells together say several times better where it lies.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Picture = NDArray[np.uint8]

# White cells around a marker; pixels of a drawn cell; drawn pixels to one of the photo.
RIM, CELL_PX, FINER = 1, 8, 4
# Blur of a phone's photo in pixels, and the likeness (1 is equal) under which corners are kept.
BLUR_PX, ALIKE_MIN = 0.8, 0.8
# Corners are not found worse than this, in pixels: what lies further off is another likeness.
MOVE_MAX = 1.5
# What of the photo around the marker is looked at, as a share of its edge, and in pixels.
AROUND_SHARE, AROUND_PX = 0.35, 2
STEPS_MAX, STEP_MIN = 50, 1e-4
# The corners of a larger marker have room enough to be found by themselves.
EDGE_PX_MAX = 100.0


def aligned(grey: Picture, square: Matrix, *, cells: Picture) -> Matrix:
    """Corners (4 x 2) of a marker of these cells (k x k) in a photo, from those found at first.

    The drawn marker is moved and bent in perspective until it correlates best with the photo
    (Evangelidis and Psarakis, Parametric Image Alignment Using Enhanced Correlation, 2008).
    """
    edge = float(np.linalg.norm(square - np.roll(square, 1, axis=0), axis=1).mean())
    if edge > EDGE_PX_MAX:
        return square
    margin = AROUND_SHARE * edge + AROUND_PX
    low = np.maximum(np.floor(square.min(axis=0) - margin), 0).astype(int)
    high = np.ceil(square.max(axis=0) + margin).astype(int) + 1
    photo = grey[low[1] : high[1], low[0] : high[0]].astype(np.float32)
    drawn, inside = _drawn(cells, square - low, size=(photo.shape[1], photo.shape[0]))
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, STEPS_MAX, STEP_MIN)
    start = np.eye(3, dtype=np.float32)
    try:
        alike, found = cv2.findTransformECC(
            drawn, photo, start, cv2.MOTION_HOMOGRAPHY, stop, inside, 1
        )
    except cv2.error:
        return square
    if alike < ALIKE_MIN:
        return square
    lifted = np.column_stack([square - low, np.ones(4)]) @ np.asarray(found, np.float64).T
    sharp = lifted[:, :2] / lifted[:, 2:] + low
    near = np.linalg.norm(sharp - square, axis=1).max() < MOVE_MAX
    return np.asarray(sharp if near else square)


def _drawn(
    cells: Picture, square: Matrix, *, size: tuple[int, int]
) -> tuple[NDArray[np.float32], Picture]:
    """The marker as a photo of this size would show it at these corners, and where it is."""
    padded = np.pad(cells, RIM, constant_values=255)
    large = np.kron(padded, np.ones((CELL_PX, CELL_PX))).astype(np.float32)
    far = len(padded) - RIM
    ends = np.array([[RIM, RIM], [far, RIM], [far, far], [RIM, far]]) * CELL_PX - 0.5
    finer = (square + 0.5) * FINER - 0.5
    turn = cv2.getPerspectiveTransform(ends.astype(np.float32), finer.astype(np.float32))
    whole = (size[0] * FINER, size[1] * FINER)
    shown = cv2.warpPerspective(
        large, turn, whole, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=255
    )
    inside = cv2.warpPerspective(np.ones_like(large), turn, whole, flags=cv2.INTER_NEAREST)
    blurred = cv2.GaussianBlur(shown, (0, 0), BLUR_PX * FINER)
    small = cv2.resize(blurred, size, interpolation=cv2.INTER_AREA)
    within = cv2.resize(inside, size, interpolation=cv2.INTER_AREA) > 0.5
    return np.asarray(small, np.float32), np.asarray(within, np.uint8)
