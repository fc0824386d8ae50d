"""Sides of rectangles on a wall: measured in each photo, inside the boards around them if there are any."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.casings import Inner, find_inner, look_across
from doorstep.reconstruction.geometry.elevation import Elevation
from doorstep.reconstruction.geometry.ends import find_end
from doorstep.reconstruction.geometry.rectangles import Rectangle
from doorstep.reconstruction.geometry.sides import find_side

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

# A side that no photo shows by itself is known by the grid, whose steps are so many cells wide. What
# a bush hides, or the ground, is known to so many units.
GRID_CELLS, HIDDEN_SIGMA = 2, 0.06
# The grid's own place of a side is good enough unless the wall ends so many units from it.
MOVED_MIN = 0.025
# Across which axis a side is sought, and which way is out.
SIDES = {"left": (0, -1), "right": (0, 1), "bottom": (1, -1), "top": (1, 1)}


@dataclass(frozen=True)
class Found:
    """A rectangle on the wall in units from its lower left corner, and its corners in space.

    Corners (4 x 3) go anticlockwise as seen from outside, from the lower left one.
    """

    left: float
    right: float
    bottom: float
    top: float
    width_sigma: float
    height_sigma: float
    grounded: bool
    corners: Matrix
    photos: tuple[str, ...]


@dataclass(frozen=True)
class _Sides:
    """Places and standard deviations of the outer sides, and where the hole begins inside boards."""

    rectangle: Rectangle
    places: dict[str, float]
    sigmas: dict[str, float]
    inner: dict[str, Inner]


def measure(
    wall: Elevation,
    rectangles: Sequence[tuple[Rectangle, bool]],
    *,
    borders: Mask,
    unit: float,
) -> list[Found]:
    """Each rectangle, with whether something hides its lower side, as a hole in the wall.

    `borders` (h x w) are those of shadows. Boards are around most openings of a wall, or none.
    """
    sides = [_sides(wall, each, borders=borders, unit=unit) for each, _ in rectangles]
    has_boards = 2 * sum(bool(each.inner) for each in sides) > len(sides)
    return [
        _found(wall, each if has_boards else replace(each, inner={}), hidden=hidden, unit=unit)
        for each, (_, hidden) in zip(sides, rectangles, strict=True)
    ]


def _sides(wall: Elevation, rectangle: Rectangle, *, borders: Mask, unit: float) -> _Sides:
    places = {
        name: getattr(rectangle, name) * wall.cell for name in ("left", "right", "bottom", "top")
    }
    sigmas = {}
    names = [name for name in SIDES if name != "bottom" or not rectangle.grounded]
    for name in names:
        axis, outwards = SIDES[name]
        side = _side(
            wall,
            place=places[name],
            span=_span(places, axis=axis),
            axis=axis,
            outwards=outwards,
            borders=borders,
            unit=unit,
        )
        places[name], sigmas[name] = side
    strips = {
        name: look_across(
            wall,
            place=places[name],
            span=_span(places, axis=SIDES[name][0]),
            axis=SIDES[name][0],
            outwards=SIDES[name][1],
            unit=unit,
        )
        for name in names
    }
    return _Sides(rectangle, places, sigmas, find_inner(strips))


def _found(wall: Elevation, sides: _Sides, *, hidden: bool, unit: float) -> Found:
    places, sigmas, rectangle = dict(sides.places), dict(sides.sigmas), sides.rectangle
    for name, inner in sides.inner.items():
        places[name] -= SIDES[name][1] * inner.width * unit
        sigmas[name] = float(np.hypot(sigmas[name], inner.sigma * unit))
    if hidden or rectangle.grounded:
        sigmas["bottom"] = HIDDEN_SIGMA * unit
    flat = np.array(
        [(places[x], places[y]) for x, y in
         (("left", "bottom"), ("right", "bottom"), ("right", "top"), ("left", "top"))]
    )  # fmt: skip
    return Found(
        **places,
        width_sigma=float(np.hypot(sigmas["left"], sigmas["right"])),
        height_sigma=float(np.hypot(sigmas["bottom"], sigmas["top"])),
        grounded=rectangle.grounded,
        corners=wall.points(flat),
        photos=_who_sees(wall, rectangle),
    )


def _span(places: dict[str, float], *, axis: int) -> tuple[float, float]:
    """From where to where a side that is found across an axis runs."""
    low, high = ("bottom", "top") if axis == 0 else ("left", "right")
    return places[low], places[high]


def _side(
    wall: Elevation,
    *,
    place: float,
    span: tuple[float, float],
    axis: int,
    outwards: int,
    borders: Mask,
    unit: float,
) -> tuple[float, float]:
    """Place and standard deviation of a side, first among all steps near it, then exactly."""
    end = find_end(
        wall, place=place, span=span, axis=axis, outwards=outwards, borders=borders, unit=unit
    )
    doubt = end.doubt if end else 0.0
    if end and abs(end.move) > MOVED_MIN * unit:
        place += outwards * end.move
    exact = find_side(wall, place=place, span=span, axis=axis, outwards=outwards, unit=unit)
    if exact is None:
        return place, float(np.hypot(GRID_CELLS * wall.cell, doubt))
    return exact.place, float(np.hypot(exact.sigma, doubt))


def _who_sees(wall: Elevation, rectangle: Rectangle) -> tuple[str, ...]:
    """The photos that show all of it, best first."""
    inner = (
        slice(int(rectangle.bottom), int(rectangle.top)),
        slice(int(rectangle.left), int(rectangle.right)),
    )
    return tuple(
        shot.view.name
        for shot, seen in zip(wall.shots, wall.seen, strict=True)
        if seen[inner].mean() > 0.95
    )
