"""Which pixels show sky: the smooth part of a photo that reaches its upper edge."""

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE_PX = 640
# Clouds change more slowly than this, in grey levels per pixel of the small photo.
SLOPE_GREY_MAX = 3.5
# Sky is among the brighter things in a photo taken by day.
BRIGHTER_THAN_SHARE = 0.35
RIM_PX = 2


def sky(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Height x width, true where the photo (blue first, or grey) shows sky or the rim of it."""
    shrink = min(1.0, SIDE_PX / max(picture.shape))
    small = cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    plain = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY) if small.ndim == 3 else small
    grey = cv2.GaussianBlur(plain, (0, 0), 1.0)
    across = cv2.Sobel(grey, cv2.CV_32F, 1, 0, ksize=3) / 8
    down = cv2.Sobel(grey, cv2.CV_32F, 0, 1, ksize=3) / 8
    smooth = np.hypot(across, down) < SLOPE_GREY_MAX
    bright = grey >= np.quantile(grey, BRIGHTER_THAN_SHARE)
    _, label = cv2.connectedComponents((smooth & bright).astype(np.uint8), connectivity=4)
    reaching = np.setdiff1d(np.unique(label[:2]), [0])
    mask = np.isin(label, reaching).astype(np.uint8)
    rim = cv2.dilate(mask, np.ones((2 * RIM_PX + 1, 2 * RIM_PX + 1), np.uint8))
    full = cv2.resize(rim, picture.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    return np.asarray(full > 0)
