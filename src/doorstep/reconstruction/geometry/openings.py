"""Windows and doors of one wall: found on its grid, then measured in each photo."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.coverage import filled, flatten
from doorstep.reconstruction.geometry.covering import find_looks, find_parts
from doorstep.reconstruction.geometry.elevation import Elevation, look_at
from doorstep.reconstruction.geometry.ends import find_end
from doorstep.reconstruction.geometry.glimpses import BUSH_MAX, LOW, Glimpse, find_glimpses, is_left
from doorstep.reconstruction.geometry.materials import Material, find_material
from doorstep.reconstruction.geometry.rectangles import Rectangle, Search
from doorstep.reconstruction.geometry.sides import find_side
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
# A side that no photo shows by itself is known by the grid, whose steps are so many cells wide. What
# a bush hides, or the ground, is known to so many units.
GRID_CELLS, HIDDEN_SIGMA = 2, 0.06
# The grid's own place of a side is good enough unless the wall ends so many units from it.
MOVED_MIN = 0.025
# Across which axis a side is sought, and which way is out.
SIDES = {"left": (0, -1), "right": (0, 1), "bottom": (1, -1), "top": (1, 1)}
# A wall is known whole if three photos see this share of it.
KNOWN_SHARE_MIN = 0.95


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
class Looked:
    """The openings of a wall from left to right, and whether surely nothing else is on it.

    `material` is what it is covered with, where that is sure; `glimpses` are the corners (4 x 3) of
    what is to be seen of openings that could not be measured.
    """

    found: tuple[Found, ...] = ()
    complete: bool = False
    material: Material | None = None
    glimpses: tuple[Matrix, ...] = ()


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
    looks = find_looks(wall, parts)
    unlike = _without_sheets(looks.unlike, wall, sheets=sheets, unit=unit)
    other = unlike > 1
    uprights = find_uprights(wall, unit=unit).without(parts.line)
    search = Search(
        uprights,
        Levels(wall, per_unit=per_unit),
        unlike=unlike,
        known=known,
        per_unit=per_unit,
    )
    rectangles = search.rectangles()
    # So low above a bush, the lower side is likely the bush's own; so high up, no bush hides it.
    low, high = LOW * per_unit, BUSH_MAX * per_unit
    sure = [r for r in rectangles if low <= r.bottom <= high or not search.goes_on_below(r)]
    found = [
        _measured(wall, r, hidden=search.goes_on_below(r), borders=parts.line, unit=unit)
        for r in sure
    ]
    kept = sorted((f for f in found if len(f.photos) >= PHOTOS_MIN), key=lambda f: f.left)
    face = filled(flatten(corners), size=known.shape[::-1], per_unit=1 / cell)
    whole = bool(known[face].mean() >= KNOWN_SHARE_MIN) and len(kept) == len(rectangles)
    # What three photos do not show as wall may be anything, such as a window behind a tree.
    bare = _without_sheets(1.0 * (looks.plain < PHOTOS_MIN), wall, sheets=sheets, unit=unit) < 1
    whole = whole and not is_left(face & ~bare, rectangles, per_unit=per_unit)
    measured = [r for r, f in zip(sure, found, strict=True) if f in kept]
    glimpses = find_glimpses(other, measured, uprights=uprights, known=known, per_unit=per_unit)
    return Looked(
        tuple(kept),
        whole and not glimpses,
        find_material(wall, other, unit=unit),
        tuple(_corners_of(wall, each) for each in glimpses),
    )


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


def _without_sheets(
    unlike: Pictures, wall: Elevation, *, sheets: Sequence[Matrix], unit: float
) -> Pictures:
    """Sheets of markers count as wall."""
    result = unlike.copy()
    normal = np.cross(wall.right, wall.up)
    half = SHEET_HALF * unit
    for sheet in sheets:
        away = sheet - wall.origin
        if abs(float(away @ normal)) > SHEET_NEAR * unit:
            continue
        column, row = float(away @ wall.right), float(away @ wall.up)
        rows = slice(*(max(0, round((row + side) / wall.cell)) for side in (-half, half)))
        columns = slice(*(max(0, round((column + side) / wall.cell)) for side in (-half, half)))
        result[rows, columns] = 0.0
    return result


def _measured(
    wall: Elevation, rectangle: Rectangle, *, hidden: bool, borders: Mask, unit: float
) -> Found:
    places = {
        name: getattr(rectangle, name) * wall.cell for name in ("left", "right", "bottom", "top")
    }
    sigmas = {}
    for name, (axis, outwards) in SIDES.items():
        if name == "bottom" and rectangle.grounded:
            continue
        across = ("bottom", "top") if axis == 0 else ("left", "right")
        side = _side(
            wall,
            place=places[name],
            span=(places[across[0]], places[across[1]]),
            axis=axis,
            outwards=outwards,
            borders=borders,
            unit=unit,
        )
        places[name], sigmas[name] = side
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
