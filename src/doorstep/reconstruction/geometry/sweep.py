"""Where an edge truly lies: candidate lines in space, judged by the photos that see them."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.cameras import View

Matrix = NDArray[np.float64]
Picture = NDArray[np.uint8]

SAMPLES = 96
STEP_PX = 1.5
CONTRAST_MAX = 40.0
VIEWS_MAX = 8
LENGTH_PX_MIN = 40.0
SEEN_SHARE_MIN = 0.5


@dataclass(frozen=True)
class Photographed:
    """A view and its grey picture."""

    view: View
    grey: Picture


@dataclass(frozen=True)
class Swept:
    """The best of the candidates: its place between them, how sharp, and who saw it."""

    place: float
    contrast: float
    spread: float
    photos: tuple[str, ...]


def sweep(
    photos: Sequence[Photographed],
    starts: Matrix,
    *,
    ends: Matrix,
    places: Matrix,
    first_share: float = 1.0,
) -> Swept | None:
    """Judge candidate lines from `starts` to `ends` (k x 3 each), at `places` (k), in order.

    With `first_share` under 1, the first candidate is taken that reaches this share of the best.
    """
    scores, names, weights = [], [], []
    for photo in _best_seen(photos, starts[len(starts) // 2], end=ends[len(ends) // 2]):
        score = _contrast(photo, starts, ends=ends)
        if score is not None:
            scores.append(np.minimum(score, CONTRAST_MAX))
            weights.append(1.0)
            names.append(photo.view.name)
    if len(scores) < 2:
        return None
    table = np.array(scores)
    mean = np.convolve(np.pad(table.mean(axis=0), 1, mode="edge"), [0.25, 0.5, 0.25], "valid")
    peaks = np.flatnonzero(mean >= first_share * mean.max())
    best = int(peaks[0])
    while first_share < 1 and best + 1 < len(mean) and mean[best + 1] > mean[best]:
        best += 1
    single = places[table.argmax(axis=1)]
    near = np.abs(single - places[best]) < 0.25 * np.ptp(places)
    spread = float(np.std(single[near])) / np.sqrt(max(int(near.sum()), 1)) if near.any() else 0.0
    step = float(np.abs(np.diff(places)).mean())
    return Swept(
        place=_between(places, mean, best=best),
        contrast=float(mean[best]),
        spread=max(spread, step / 2),
        photos=tuple(names),
    )


def _between(places: Matrix, scores: Matrix, *, best: int) -> float:
    """The peak of a parabola through the best candidate and its neighbours."""
    if not 0 < best < len(places) - 1:
        return float(places[best])
    before, at, after = scores[best - 1 : best + 2]
    bend = before - 2 * at + after
    shift = 0.0 if bend >= 0 else float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5))
    return float(places[best] + shift * (places[best + 1] - places[best]))


def _best_seen(photos: Sequence[Photographed], start: Matrix, *, end: Matrix) -> list[Photographed]:
    """The photos in which the line is longest, and wholly or half inside."""
    line = start + np.linspace(0, 1, 12)[:, None] * (end - start)
    seen = []
    for index, photo in enumerate(photos):
        pixels, depth = photo.view.project(line)
        inside = (pixels > 0).all(axis=1) & (pixels < photo.view.size).all(axis=1) & (depth > 0)
        length = float(np.linalg.norm(pixels[-1] - pixels[0])) if (depth > 0).all() else 0.0
        if inside.mean() >= SEEN_SHARE_MIN and length > LENGTH_PX_MIN:
            seen.append((length * inside.mean(), index))
    return [photos[index] for _, index in sorted(seen, reverse=True)[:VIEWS_MAX]]


def _contrast(photo: Photographed, starts: Matrix, *, ends: Matrix) -> Matrix | None:
    """Mean step of grey across each candidate line (k), along its length in the photo."""
    share = np.linspace(0.02, 0.98, SAMPLES)
    points = starts[:, None] + share[None, :, None] * (ends - starts)[:, None]
    pixels, depth = photo.view.project(points.reshape(-1, 3))
    pixels = pixels.reshape(len(starts), SAMPLES, 2)
    along = pixels[:, -1] - pixels[:, 0]
    length = np.linalg.norm(along, axis=1, keepdims=True)
    if (depth <= 0).any() or length.min() < LENGTH_PX_MIN / 2:
        return None
    across = np.stack([-along[:, 1], along[:, 0]], axis=1) / length * STEP_PX
    inside = (pixels > 3).all(axis=2) & (pixels < np.array(photo.view.size) - 4).all(axis=2)
    above = _read(photo.grey, pixels + across[:, None])
    below = _read(photo.grey, pixels - across[:, None])
    count = np.maximum(inside.sum(axis=1), 1)
    step = ((above - below) * inside).sum(axis=1) / count
    return np.asarray(np.where(inside.sum(axis=1) > SAMPLES / 4, np.abs(step), 0.0))


def _read(grey: Picture, pixels: Matrix) -> Matrix:
    grid = pixels.astype(np.float32)
    return np.asarray(cv2.remap(grey, grid[..., 0], grid[..., 1], cv2.INTER_LINEAR), np.float64)
