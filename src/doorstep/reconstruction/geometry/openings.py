"""Windows and doors of one wall: found on its grid, then measured in each photo."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.coverage import filled, flatten
from doorstep.reconstruction.geometry.covering import Looks, find_looks, find_parts
from doorstep.reconstruction.geometry.elevation import Elevation, look_at
from doorstep.reconstruction.geometry.glimpses import (
    LOW,
    Glimpse,
    add_named,
    find_glimpses,
    is_left,
)
from doorstep.reconstruction.geometry.materials import Material, find_material
from doorstep.reconstruction.geometry.measuring import Found, measure
from doorstep.reconstruction.geometry.rectangles import BUSH_MAX, Rectangle, Search
from doorstep.reconstruction.geometry.steps import PHOTOS_MIN, Levels, find_uprights
from doorstep.reconstruction.geometry.texturing import Shot
from doorstep.reconstruction.geometry.tracing import Tracer

Matrix = NDArray[np.float64]
Pictures = NDArray[np.float32]
Mask = NDArray[np.bool_]

# Cells of the grid in units; where a pixel covers more, the grid follows it, up to a limit.
CELL, PIXEL_SHARE, PIXEL_MAX = 0.012, 0.8, 0.016
# A sheet of markers covers this much around its middle, and hangs this near to its wall.
SHEET_HALF, SHEET_NEAR = 0.32, 0.2
# A garage door that takes so much of its wall, and is so wide in units, is no covering.
GARAGE_MIN, GARAGE_SHARE_MIN = 2.2, 0.4
# A wall is known whole if three photos see this share of it.
KNOWN_SHARE_MIN = 0.95


@dataclass(frozen=True)
class Looked:
    """The openings of a wall from left to right, and whether surely nothing else is on it.

    `material` is what it is covered with, where that is sure; `glimpses` are the corners (4 x 3) of
    what is to be seen of openings that could not be measured.
    """

    found: tuple[Found, ...] = ()
    complete: bool = False
    material: Material | None = None
    glimpses: tuple[Matrix, ...] = ()


@dataclass(frozen=True)
class _Sought:
    """What was found on a wall (h x w), and where it is something else than its covering."""

    looks: Looks
    other: Mask
    search: Search
    rectangles: tuple[Rectangle, ...]


def find_openings(
    corners: Matrix, shots: Sequence[Shot], *, tracer: Tracer, sheets: Sequence[Matrix], unit: float
) -> Looked:
    """What three photos or more show on the wall of these corners."""
    cell = max(CELL * unit, PIXEL_SHARE * _pixel(corners, shots))
    if cell > PIXEL_MAX * unit:
        return Looked()
    wall = look_at(corners, shots, tracer=tracer, cell=cell, unit=unit)
    known = wall.seen.sum(axis=0) >= PHOTOS_MIN
    if len(wall.shots) < PHOTOS_MIN or not known.any():
        return Looked()
    per_unit = unit / cell
    parts = find_parts(wall, per_unit=per_unit)
    is_sheet = _on_sheets(wall, sheets, unit=unit)
    uprights = find_uprights(wall, unit=unit).without(parts.line)
    uprights = uprights.without_sheets(is_sheet, per_unit=per_unit)
    levels = Levels(wall, per_unit=per_unit)

    def seek(*, by_ends: bool) -> _Sought:
        looks = find_looks(wall, parts, by_ends=by_ends)
        unlike = np.where(is_sheet, 0, looks.unlike)
        search = Search(uprights, levels, unlike=unlike, known=known, per_unit=per_unit)
        return _Sought(looks, unlike > 1, search, tuple(search.rectangles()))

    sought = seek(by_ends=False)
    if not sought.rectangles:
        again = seek(by_ends=True)
        least = max(GARAGE_MIN * per_unit, GARAGE_SHARE_MIN * known.shape[1])
        is_garage = [r.grounded and r.right - r.left > least for r in again.rectangles]
        sought = again if is_garage == [True] else sought
    rectangles, search, other = sought.rectangles, sought.search, sought.other
    sure = _sure(search, rectangles, per_unit=per_unit)
    found = measure(
        wall,
        [(rectangle, search.goes_on_below(rectangle)) for rectangle in sure],
        borders=parts.line,
        unit=unit,
    )
    kept = sorted((f for f in found if len(f.photos) >= PHOTOS_MIN), key=lambda f: f.left)
    face = filled(flatten(corners), size=known.shape[::-1], per_unit=1 / cell)
    whole = bool(known[face].mean() >= KNOWN_SHARE_MIN) and len(kept) == len(rectangles)
    # What three photos do not show as wall may be anything, such as a window behind a tree.
    bare = (sought.looks.plain >= PHOTOS_MIN) | is_sheet
    whole = whole and not is_left(face & ~bare, rectangles, per_unit=per_unit)
    measured = [r for r, f in zip(sure, found, strict=True) if f in kept]
    glimpses = find_glimpses(other, measured, uprights=uprights, known=known, per_unit=per_unit)
    cut_off = [r for r in rectangles if r not in sure and r.bottom >= LOW * per_unit]
    glimpses = add_named(glimpses, cut_off, per_unit=per_unit)
    return Looked(
        tuple(kept),
        whole and not glimpses,
        find_material(wall, other, unit=unit),
        tuple(_corners_of(wall, each) for each in glimpses),
    )


def _sure(search: Search, rectangles: Sequence[Rectangle], *, per_unit: float) -> list[Rectangle]:
    """Those whose lower side is known, if only to be above a bush.

    So low above one it is likely the bush's own; so high up, no bush hides it; a door's sides go on
    below.
    """
    low, high = LOW * per_unit, BUSH_MAX * per_unit
    return [
        each
        for each in rectangles
        if not search.goes_on_below(each)
        or (low <= each.bottom <= high and not search.may_be_door(each))
    ]


def _corners_of(wall: Elevation, box: Glimpse) -> Matrix:
    places = (
        (box.left, box.bottom),
        (box.right, box.bottom),
        (box.right, box.top),
        (box.left, box.top),
    )
    return wall.points(np.array(places, float) * wall.cell)


def _pixel(corners: Matrix, shots: Sequence[Shot]) -> float:
    """How much of the wall a pixel of the nearer half of the photos covers."""
    middle = corners.mean(axis=0)
    sizes = [
        float(np.linalg.norm(shot.view.centre - middle)) / shot.view.matrix[0, 0] for shot in shots
    ]
    return float(np.percentile(sizes, 25)) if sizes else np.inf


def _on_sheets(wall: Elevation, sheets: Sequence[Matrix], *, unit: float) -> NDArray[np.bool_]:
    """Cells (h x w) of sheets of markers, which count as wall."""
    height, width = wall.seen.shape[1:]
    half = SHEET_HALF * unit
    rows, columns = (np.arange(count) + 0.5 for count in (height, width))
    found = np.zeros((height, width), bool)
    for sheet in sheets:
        away = sheet - wall.origin
        if abs(float(away @ np.cross(wall.right, wall.up))) > SHEET_NEAR * unit:
            continue
        near = [
            np.abs(cells * wall.cell - away @ axis) < half
            for cells, axis in ((rows, wall.up), (columns, wall.right))
        ]
        found |= near[0][:, None] & near[1]
    return found
