"""A flat face as it looks from straight ahead, put together from the photos that see it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.cameras import View
from doorstep.reconstruction.geometry.coverage import filled, flatten, frame_of, normal_of
from doorstep.reconstruction.geometry.tracing import Tracer

Matrix = NDArray[np.float64]
Picture = NDArray[np.uint8]

VIEWS_MAX = 6
# A low roof is seen at no better angle from the ground; what is seen more squarely counts far more.
FACING_COS_MIN = 0.008
COARSE_PX = 8
RIM_PX = 6.0
# A photo whose grey differs this much from the others' shows something in between.
STRANGE_GREY = 55.0
SIDE_PX_MIN, SIDE_PX_MAX = 8, 2048
PLAIN = (205, 205, 205)


@dataclass(frozen=True)
class Shot:
    """A view and its colour picture, blue first."""

    view: View
    picture: Picture


@dataclass(frozen=True)
class Textured:
    """A flat face with its picture: corners n x 3, places in the picture n x 2 from its top.

    `colour` (3) is the mean of what photos show of it; None where none does.
    """

    corners: Matrix
    uv: Matrix
    picture: Picture
    colour: Matrix | None = None


def texture(
    corners: Matrix, shots: Sequence[Shot], *, tracer: Tracer, per_unit: float, slack: float
) -> Textured:
    """The face with a picture of `per_unit` pixels to the unit.

    Where no photo looked, it has the mean colour of the rest, and is grey if nothing of it is seen.
    """
    origin, right, up = frame_of(corners)
    extent = flatten(corners).max(axis=0)
    width, height = (int(np.clip(np.ceil(e * per_unit), SIDE_PX_MIN, SIDE_PX_MAX)) for e in extent)
    columns, rows = np.meshgrid(
        (np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height
    )
    across, rise = columns * extent[0], (1 - rows) * extent[1]
    points = origin + across[..., None] * right + rise[..., None] * up
    colours, weights = [], []
    for shot in _best(corners, shots):
        colour, weight = _seen(shot, points, corners=corners, tracer=tracer, slack=slack)
        colours.append(colour)
        weights.append(weight)
    flat = flatten(corners) / extent
    uv = np.column_stack([flat[:, 0], 1 - flat[:, 1]])
    plain = np.full((height, width, 3), PLAIN, np.uint8)
    if not colours:
        return Textured(corners, uv, plain)
    mean, looked = _blend(np.array(colours), np.array(weights))
    inside = filled(flat * (width, height), size=(width, height), per_unit=1.0)[::-1]
    if not (looked & inside).any():
        return Textured(corners, uv, plain)
    colour = mean[looked & inside].mean(axis=0)
    mean[~looked] = colour
    return Textured(corners, uv, np.asarray(np.clip(np.rint(mean), 0, 255), np.uint8), colour)


def tinted(face: Textured, like: Sequence[Textured]) -> Textured:
    """A face that no photo shows, in the mean colour of others; itself where there are none."""
    known = [other.colour for other in like if other.colour is not None]
    if face.colour is not None or not known:
        return face
    colour = np.rint(np.mean(known, axis=0)).astype(np.uint8)
    return replace(face, picture=np.broadcast_to(colour, face.picture.shape).copy())


def _best(corners: Matrix, shots: Sequence[Shot]) -> list[Shot]:
    """The photos that see most of the face, near and squarely."""
    normal = normal_of(corners)
    middle = corners.mean(axis=0)
    inner = np.concatenate([corners, (corners + middle) / 2, middle[None]])
    scored = []
    for index, shot in enumerate(shots):
        towards = shot.view.centre - middle
        distance = float(np.linalg.norm(towards))
        facing = float(towards @ normal) / distance
        pixels, depth = shot.view.project(inner)
        inside = (pixels > 0).all(axis=1) & (pixels < shot.view.size).all(axis=1) & (depth > 0)
        if facing > FACING_COS_MIN and inside.any():
            scored.append((inside.mean() * facing / distance, index))
    return [shots[index] for _, index in sorted(scored, reverse=True)[:VIEWS_MAX]]


def _seen(
    shot: Shot, points: Matrix, *, corners: Matrix, tracer: Tracer, slack: float
) -> tuple[Matrix, Matrix]:
    """Colours (h x w x 3) from one photo and how much each counts (h x w)."""
    height, width = points.shape[:2]
    flat = points.reshape(-1, 3)
    pixels, depth = shot.view.project(flat)
    grid = pixels.reshape(height, width, 2).astype(np.float32)
    colour = cv2.remap(shot.picture, grid[..., 0], grid[..., 1], cv2.INTER_LINEAR)
    rim = np.minimum(pixels, np.array(shot.view.size) - 1 - pixels).min(axis=1)
    towards = shot.view.centre - flat
    distance = np.linalg.norm(towards, axis=1)
    facing = np.clip(towards @ normal_of(corners) / distance, 0, None)
    weight = (facing / distance) ** 4 * np.clip(rim / RIM_PX, 0, 1) * (depth > 0)
    clear = _clear(shot.view, points, corners=corners, tracer=tracer, slack=slack)
    return colour.astype(np.float32), weight.reshape(height, width) * clear


def _clear(view: View, points: Matrix, *, corners: Matrix, tracer: Tracer, slack: float) -> Matrix:
    """Share of light (h x w) that reaches the photo, traced on a coarse grid."""
    coarse = points[::COARSE_PX, ::COARSE_PX]
    lifted = coarse.reshape(-1, 3) + slack * normal_of(corners)
    origins = np.broadcast_to(view.centre, lifted.shape)
    free = tracer.is_clear(origins, lifted, slack=slack).reshape(coarse.shape[:2])
    # What is half hidden is left to other photos.
    safe = cv2.erode(free.astype(np.uint8), np.ones((3, 3), np.uint8))
    size = (points.shape[1], points.shape[0])
    return np.asarray(cv2.resize(safe.astype(np.float32), size, interpolation=cv2.INTER_LINEAR))


def _blend(colours: NDArray[np.float32], weights: Matrix) -> tuple[Matrix, NDArray[np.bool_]]:
    """Weighted mean (h x w x 3) of the photos that agree with their median, and where any looked."""
    usable = weights > 0
    grey = np.where(usable, colours.mean(axis=3), np.nan)
    several = usable.sum(axis=0) >= 3
    filled = np.where(usable.any(axis=0), grey, 0.0)
    median = np.nanmedian(filled, axis=0)
    strange = usable & several & (np.abs(np.nan_to_num(grey) - median) > STRANGE_GREY)
    kept = np.where(strange, 0.0, weights)
    total = kept.sum(axis=0)
    mean = (colours * kept[..., None]).sum(axis=0) / np.maximum(total, 1e-30)[..., None]
    return mean, total > 0
