"""Where exactly the sides of an opening lie: each photo is asked by itself, finer than the grid."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.elevation import Elevation
from doorstep.reconstruction.geometry.texturing import Shot

Matrix = NDArray[np.float64]

# In units: how far to look, how finely, and how much of the side's ends to leave out.
REACH, STEP, TRIM_SHARE = 0.09, 0.0025, 0.1
# No photo shows a place finer than this share of its pixel. All of them blur the same edge alike, so
# that more photos do not average it out.
PIXEL_SHARE = 0.5
# Another step this far away, in units, is less likely; so is one half as strong, to a quarter. From
# the width of a narrow frame on it is the frame's other edge, and no rival to the outer one.
RIVAL_NEAR, FRAME_MIN = 0.03, 0.045
# The same crest, in units: the photos' middle lies between samples.
SAME = 2 * STEP
SAMPLES = 48
SEEN_SHARE_MIN = 0.5
# How near in units the side is known beforehand, and the least step in grey levels to a sample.
NEAR, GREY_MIN = 0.015, 0.7
PHOTOS_MIN = 3
# In units: the parts of the wall left and right of a level side, the share of them that must be
# seen, and how high joints are at most, which end at the opening while a shadow runs on across it.
BESIDE, BESIDE_SHARE_MIN, JOINT_MAX = (0.08, 0.4), 0.3, 0.05


@dataclass(frozen=True)
class Side:
    """Place across the side in units of the model, its standard deviation, and who shows it.

    Where another step near the side is nearly as strong, such as a joint, the deviation covers both.
    """

    place: float
    sigma: float
    photos: tuple[str, ...]


def find_side(
    wall: Elevation,
    *,
    place: float,
    span: tuple[float, float],
    axis: int,
    outwards: int,
    unit: float,
) -> Side | None:
    """A side near `place`: upright ones have axis 0 and run over `span` of heights, level ones 1.

    `outwards` is +1 where the opening ends to the right or upwards, else -1.
    """
    offsets = np.arange(-REACH, REACH + STEP / 2, STEP) * unit
    trim = TRIM_SHARE * (span[1] - span[0])
    run = np.linspace(span[0] + trim, span[1] - trim, SAMPLES)
    flat = np.empty((SAMPLES, len(offsets), 2))
    flat[..., axis] = place + offsets
    flat[..., 1 - axis] = run[:, None]
    points = wall.points(flat.reshape(-1, 2))
    beside = _beside(flat, span=span, axis=axis, unit=unit)
    places, names, curves, pixels = [], [], [], []
    for shot, seen in zip(wall.shots, wall.seen, strict=True):
        if axis == 0 and not _is_taken_beside(
            wall, shot, place=place, outwards=outwards, unit=unit
        ):
            continue
        shown = shown_at(seen, flat[:, len(offsets) // 2] / wall.cell)
        if shown.mean() < SEEN_SHARE_MIN:
            continue
        profile = profile_of(shot, points, shown=shown)
        if beside is not None:
            profile *= _evening(wall, shot, beside=beside, seen=seen)
        steps = steps_of(profile)
        found = _crest(steps, near=NEAR / STEP)
        if found is not None:
            places.append(place + float(np.interp(found, np.arange(len(offsets)), offsets)))
            names.append(shot.view.name)
            curves.append(steps / steps.max())
            distance = np.linalg.norm(shot.view.centre - points[len(points) // 2])
            pixels.append(float(distance) / shot.view.matrix[0, 0])
    if len(places) < PHOTOS_MIN:
        return None
    middle = float(np.median(places))
    spread = 1.4826 * float(np.median(np.abs(np.array(places) - middle)))
    # Photos that show a side best see it at alike slants, and share what a wrong wall does to it: how
    # far they are apart is not averaged out either.
    blur = PIXEL_SHARE * float(np.median(pixels))
    doubt = _rivals(np.mean(curves, axis=0), (middle - place) / (STEP * unit)) * STEP * unit
    return Side(middle, float(np.linalg.norm([spread, blur, doubt])), tuple(names))


def _beside(flat: Matrix, *, span: tuple[float, float], axis: int, unit: float) -> Matrix | None:
    """Places (n x m x 2) on the wall at the same heights as a level side, left and right of it."""
    if axis == 0:
        return None
    near, far = (edge * unit for edge in BESIDE)
    half = SAMPLES // 4
    along = np.concatenate(
        [np.linspace(span[0] - far, span[0] - near, half),
         np.linspace(span[1] + near, span[1] + far, half)]
    )  # fmt: skip
    result = np.repeat(flat[:1], len(along), axis=0)
    result[..., 0] = along[:, None]
    return result


def _evening(wall: Elevation, shot: Shot, *, beside: Matrix, seen: NDArray[np.bool_]) -> Matrix:
    """Factors (m x 3) that even out a shadow which runs on beside a level side, but not joints."""
    cells = beside[:, beside.shape[1] // 2] / wall.cell
    inside = ((cells >= 0) & (cells < seen.shape[::-1])).all(axis=1)
    shown = shown_at(seen, cells) & inside
    if shown.mean() < BESIDE_SHARE_MIN:
        return np.ones((beside.shape[1], 3))
    usual = np.maximum(profile_of(shot, wall.points(beside.reshape(-1, 2)), shown=shown), 1.0)
    half = round(JOINT_MAX / STEP / 2)
    around = sliding_window_view(
        np.pad(usual, ((half, half), (0, 0)), "edge"), 2 * half + 1, axis=0
    )
    lasting = np.median(around, axis=2)
    return np.asarray(lasting.mean(axis=0) / lasting)


def _rivals(steps: Matrix, chosen: float) -> float:
    """How far other crests of the mean steps put the side, each as likely as it is strong.

    `chosen` and the result are in samples, the former from the middle. A crest that is stronger
    than the chosen one was refused for its place, and counts no more than that.
    """
    crests = _crests(steps)
    away = (crests - len(steps) // 2 - chosen) * STEP
    own = float(np.interp(chosen + len(steps) // 2, np.arange(len(steps)), steps))
    strength = np.minimum(steps[crests] / own, 1.0) ** 2
    weights = strength * np.exp(-((away / RIVAL_NEAR) ** 2) / 2)
    rivals = (np.abs(away) > SAME) & (np.abs(away) < FRAME_MIN)
    squares = (weights * away**2)[rivals].sum() / (1 + weights[rivals].sum())
    return float(np.sqrt(squares)) / STEP


def _is_taken_beside(
    wall: Elevation, shot: Shot, *, place: float, outwards: int, unit: float
) -> bool:
    """Whether the photo was taken from the side on which the opening's depth does not show."""
    across = float((shot.view.centre - wall.origin) @ wall.right)
    return (across - place) * outwards > -0.6 * unit


def shown_at(seen: NDArray[np.bool_], cells: Matrix) -> NDArray[np.bool_]:
    """Which places (n x 2) in cells of the wall's grid a photo shows (n)."""
    columns = np.clip(cells[:, 0].astype(int), 0, seen.shape[1] - 1)
    rows = np.clip(cells[:, 1].astype(int), 0, seen.shape[0] - 1)
    return np.asarray(seen[rows, columns])


def profile_of(shot: Shot, points: Matrix, *, shown: NDArray[np.bool_]) -> Matrix:
    """Mean colour (m x 3) across the side, along the part of it that the photo shows."""
    pixels = shot.view.project(points)[0].astype(np.float32).reshape(len(shown), -1, 2)
    colour = cv2.remap(shot.picture, pixels[..., 0], pixels[..., 1], cv2.INTER_LINEAR)
    return np.asarray(np.median(colour[shown].astype(np.float64), axis=0))


def steps_of(profile: Matrix) -> Matrix:
    """How much a profile (m x 3) changes at each place."""
    smooth = cv2.GaussianBlur(profile.astype(np.float32), (1, 9), 2.0)
    return np.asarray(np.linalg.norm(np.gradient(smooth, axis=0), axis=1))


def _crests(steps: Matrix) -> NDArray[np.int64]:
    inner = steps[1:-1]
    return np.flatnonzero((inner >= steps[:-2]) & (inner >= steps[2:])) + 1


def _crest(steps: Matrix, *, near: float) -> float | None:
    """Index of the strongest step near the middle, between samples; `near` is in samples."""
    away = np.arange(len(steps)) - len(steps) // 2
    crests = _crests(steps)
    if len(crests) == 0:
        return None
    best = int(crests[(steps * np.exp(-((away / near) ** 2) / 2))[crests].argmax()])
    if steps[best] < GREY_MIN:
        return None
    before, at, after = steps[best - 1 : best + 2]
    bend = before - 2 * at + after
    return best + (0.0 if bend >= 0 else float(0.5 * (before - after) / bend))
