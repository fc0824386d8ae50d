"""A line in space as photos show it: how clearly, and how far beside the place it should have."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.cameras import View

Matrix = NDArray[np.float64]
Picture = NDArray[np.uint8]

SAMPLES, STEP_PX = 32, 1.5
LENGTH_PX_MIN, SEEN_SHARE_MIN = 40.0, 0.3
# How far from its place a line is sought, how finely, and the least step in grey levels a pixel.
REACH_PX, FINE_PX, FINE_SAMPLES, GREY_MIN = 4.0, 0.25, 96, 1.0
# Half the steps of this many grey levels count as clear: stronger ones hardly count more.
GREY_HALF = 8.0


@dataclass(frozen=True)
class Photographed:
    """A view and its picture in blue light, in which a roof stands out best against the sky."""

    view: View
    blue: Picture


def clearness(photo: Photographed, lines: Matrix) -> Matrix:
    """How clearly a photo shows each of the lines (k x 2 x 3), 0 to 1."""
    size = np.abs(_steps_across(photo, lines))
    return np.asarray(size / (size + GREY_HALF))


def _steps_across(photo: Photographed, lines: Matrix) -> Matrix:
    """Mean step of grey (k) across each of the lines (k x 2 x 3), along its length."""
    share = np.linspace(0.02, 0.98, SAMPLES)[:, None]
    points = lines[:, :1] + share * (lines[:, 1:] - lines[:, :1])
    pixels, _ = photo.view.project(points.reshape(-1, 3))
    pixels = pixels.reshape(len(lines), SAMPLES, 2)
    across = across_lines(pixels)[:, None] * STEP_PX
    # Column by column: many times quicker than numpy's `all` along an axis of two.
    x, y, (width, height) = pixels[..., 0], pixels[..., 1], photo.view.size
    inside = (x > 3) & (x < width - 4) & (y > 3) & (y < height - 4)
    step = (_read(photo, pixels + across) - _read(photo, pixels - across)) * inside
    count = inside.sum(axis=1)
    enough = count > SEEN_SHARE_MIN * SAMPLES
    return np.asarray(np.where(enough, step.sum(axis=1) / np.maximum(count, 1), 0.0))


def shown_share(photo: Photographed, ends: Matrix) -> float:
    """Share of a line that a photo shows; nought where it is hardly longer than a point."""
    line = ends[0] + np.linspace(0, 1, 12)[:, None] * (ends[1] - ends[0])
    pixels, depth = photo.view.project(line)
    if (depth <= 0).any() or np.linalg.norm(pixels[-1] - pixels[0]) < LENGTH_PX_MIN:
        return 0.0
    inside = (pixels > 0).all(axis=1) & (pixels < photo.view.size).all(axis=1)
    return float(inside.mean())


def pixels_off(photo: Photographed, line: Matrix) -> float | None:
    """Pixels from a line (2 x 3) to the strongest step of grey near it, if the photo shows one."""
    share = np.linspace(0.02, 0.98, FINE_SAMPLES)[:, None]
    pixels, depth = photo.view.project(line[0] + share * (line[1] - line[0]))
    if (depth <= 0).any() or np.linalg.norm(pixels[-1] - pixels[0]) < LENGTH_PX_MIN / 2:
        return None
    inside = (pixels > 12).all(axis=1) & (pixels < np.array(photo.view.size) - 13).all(axis=1)
    if inside.mean() < SEEN_SHARE_MIN:
        return None
    offsets = np.arange(-REACH_PX - 1, REACH_PX + 1 + FINE_PX / 2, FINE_PX)
    across = across_lines(pixels[None])[0]
    places = pixels[inside][:, None] + offsets[:, None] * across
    profile = _read(photo, places).mean(axis=0)
    smooth = cv2.GaussianBlur(profile[None].astype(np.float32), (0, 0), 3.0)[0]
    size = np.abs(np.gradient(smooth)) / FINE_PX * np.exp(-((offsets / REACH_PX) ** 2))
    size[[0, -1]] = 0.0
    best = int(size.argmax())
    if not 0 < best < len(size) - 1 or size[best] < GREY_MIN:
        return None
    before, at, after = size[best - 1 : best + 2]
    bend = before - 2 * at + after
    return float(offsets[best] + (0.5 * (before - after) / bend * FINE_PX if bend < 0 else 0.0))


def across_lines(pixels: Matrix) -> Matrix:
    """Unit vectors (k x 2) across lines of pixels (k x n x 2)."""
    along = pixels[:, -1] - pixels[:, 0]
    length = np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-6)
    return np.asarray(np.stack([-along[:, 1], along[:, 0]], axis=1) / length)


def _read(photo: Photographed, pixels: Matrix) -> Matrix:
    grid = pixels.astype(np.float32)
    grey = cv2.remap(photo.blue, grid[..., 0], grid[..., 1], cv2.INTER_LINEAR)
    return np.asarray(grey, np.float64)
