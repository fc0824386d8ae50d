"""Which part of a wall lies in the shadow of the house itself, of a wing or of the eaves.

A shadow darkens all colours alike and comes from somewhere: it reaches the wall's end, its top or
what stands before it. A dark window lies free on the wall, so that it is never one.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.elevation import Elevation

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

PHOTOS_MIN = 3
# Over so many units bricks and boards even out.
EVEN = 0.3
# Natural logarithms of brightness: how finely they are counted, how far the wall in the sun and in
# shadow are apart at least, and how far a place may be from either.
BIN, SMOOTH_BINS, APART_MIN, ALIKE = 0.05, 2.0, 0.3, 0.3
# How far the logarithms of red over green and of blue over green may be from the covering's.
HUE_ALIKE = 0.15
# The share of the wall that a second brightness must have.
SHARE_MIN = 0.06
# In units: sizes of what may be a dark window beside something that stands before the wall, how far it is
# from the wall's ends and the ground, and how straight its sides are, along which share of its height.
WIDTHS, HEIGHTS, FREE, LOW = (0.4, 2.6), (0.3, 2.2), 0.25, 0.7
STRAIGHT, STRAIGHT_SHARE_MIN = 0.06, 0.4


@dataclass(frozen=True)
class Shade:
    """Cells (h x w) of a wall and what is on it in shadow, and those of its covering in the sun."""

    dark: Mask
    lit: Mask


def find_shade(wall: Elevation, *, per_unit: float) -> Shade:
    """Neither where all of the wall is about equally bright."""
    known: Mask = np.asarray(wall.seen.sum(axis=0) >= PHOTOS_MIN)
    nothing: Mask = np.zeros(known.shape, bool)
    if not known.any():
        return Shade(nothing, nothing)
    logs = _logs(wall, known, size=round(EVEN * per_unit) | 1)
    hue = logs[..., (0, 2)] - logs[..., 1:2]
    usual = np.median(hue[known], axis=0)
    alike = known & (np.abs(hue - usual) < HUE_ALIKE).all(axis=2)
    found = _two_modes(logs[..., 1], alike, share=SHARE_MIN * known.sum())
    if found is None:
        return Shade(nothing, nothing)
    dark, bright = found
    limit = (dark + bright) / 2
    shade = alike & (logs[..., 1] < limit) & (logs[..., 1] > dark - ALIKE)
    shade = _reaching_an_end(np.asarray(shade), known)
    shade &= ~_windows(shade, per_unit=per_unit)
    lit = alike & (logs[..., 1] >= limit) & ~shade
    return Shade(known & _filled_in(shade, lit), lit)


def _windows(shade: Mask, *, per_unit: float) -> Mask:
    """Parts of the shade that have two upright sides, as dark windows half behind a wing have."""
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(shade.astype(np.uint8), connectivity=4)
    found = [
        number
        for number, (left, low, width, height, _) in enumerate(boxes.tolist())
        if number
        and WIDTHS[0] <= width / per_unit <= WIDTHS[1]
        and HEIGHTS[0] <= height / per_unit <= HEIGHTS[1]
        and min(left, shade.shape[1] - left - width) >= FREE * per_unit
        and low >= LOW * per_unit
        and low + height < shade.shape[0]
        and _has_upright_sides(
            labels[low : low + height, left : left + width] == number,
            near=round(STRAIGHT * per_unit),
        )
    ]
    return np.asarray(np.isin(labels, found))


def _has_upright_sides(part: Mask, *, near: int) -> bool:
    before, after = part.argmax(axis=1), part[:, ::-1].argmax(axis=1)
    return bool(min((before <= near).mean(), (after <= near).mean()) >= STRAIGHT_SHARE_MIN)


def _logs(wall: Elevation, known: Mask, *, size: int) -> Matrix:
    """Logarithms (h x w x 3) of the photos' mean colour, evened out over what is known."""
    shown = wall.seen[..., None]
    mean = (wall.pictures * shown).sum(axis=0) / np.maximum(shown.sum(axis=0), 1)
    weight = cv2.blur(known.astype(np.float32), (size, size))
    even = cv2.blur((mean * known[..., None]).astype(np.float32), (size, size))
    return np.asarray(np.log(np.maximum(even / np.maximum(weight, 1e-3)[..., None], 1.0)))


def _two_modes(logs: Matrix, alike: Mask, *, share: float) -> tuple[float, float] | None:
    """The two brightnesses that most cells are near, the darker first."""
    edges = np.arange(0.0, np.log(256.0) + BIN, BIN)
    counts = np.histogram(logs[alike], edges)[0].astype(np.float32)
    smooth = cv2.GaussianBlur(counts[None], (0, 0), SMOOTH_BINS)[0]
    middles = edges[:-1] + BIN / 2
    crests = np.flatnonzero((smooth[1:-1] > smooth[:-2]) & (smooth[1:-1] >= smooth[2:])) + 1
    first = middles[int(smooth.argmax())]
    others = [
        crest
        for crest in crests
        if abs(middles[crest] - first) >= APART_MIN
        and counts[np.abs(middles - middles[crest]) < APART_MIN / 2].sum() >= share
    ]
    if not others:
        return None
    second = middles[max(others, key=lambda crest: smooth[crest])]
    return float(min(first, second)), float(max(first, second))


def _reaching_an_end(shade: Mask, known: Mask) -> Mask:
    """Without what lies free, be it dark in the sun or bright in the shadow.

    The ground is no end: doors and bushes stand on it.
    """
    ends = ~np.pad(known, 1)
    ends[0] = False
    near_end = cv2.dilate(ends.astype(np.uint8), np.ones((3, 3), np.uint8))[1:-1, 1:-1] > 0
    near_end[0] &= ~known[0]
    result = _kept(shade, near_end)
    return known & ~_kept(known & ~result, near_end)


def _filled_in(shade: Mask, sun: Mask) -> Mask:
    """The shadow (h x w) with what is no wall: that lies in it where the wall on both sides does.

    So the eaves' shadow runs on across a window, and does not leave its upper part in the sun.
    """
    wall = shade | sun
    count = wall.shape[1]
    columns = np.arange(count)
    before = np.maximum.accumulate(np.where(wall, columns, -1), axis=1)
    after = np.minimum.accumulate(np.where(wall, columns, count)[:, ::-1], axis=1)[:, ::-1]
    beside = (np.maximum(before, 0), np.minimum(after, count - 1))
    left, right = (np.take_along_axis(shade, places, axis=1) for places in beside)
    return np.asarray(shade | (left & right & (before >= 0) & (after < count)))


def _kept(mask: Mask, near_end: Mask) -> Mask:
    """The connected parts that reach an end."""
    _, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=4)
    reaching = np.setdiff1d(np.unique(labels[mask & near_end]), [0])
    return np.asarray(np.isin(labels, reaching))
