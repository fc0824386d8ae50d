"""Where the wall ends: which of several steps across a side is the opening's outermost one.

A joint has wall on both of its sides, and a frame's inner edge has the frame outside, which is no
wall either. So all that lies on a line along the side is compared, as one colour, with the wall
beside it: bricks and boards even out along the line, and what runs on beyond the opening, such as
a course, a joint or a shadow, is there on the wall as well.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.elevation import Elevation

Matrix = NDArray[np.float64]
Pictures = NDArray[np.float32]
Mask = NDArray[np.bool_]
Cells = NDArray[np.int64]

# In units: how far inside and outside the side is looked at, which part of the wall beside it is
# asked for its colour, and how far from the side its true place may be.
INSIDE, OUTSIDE, BESIDE, REACH = 0.22, 0.32, (0.08, 0.4), 0.17
# How much of the side's ends is left out, and how many places along it are asked.
TRIM_SHARE, SAMPLES, SHOWN_MIN = 0.1, 40, 0.5
# In units: an opening's edge is at least so wide inside, and the wall so wide outside.
EDGE, WALL_NEAR, WALL_FAR = 0.036, 0.05, 0.12
# What is inside differs from the wall by so many grey levels, and outside by this share of that.
GREY_MIN, GREY_FIRM, OUTER_SHARE_MAX = 3.0, 10.0, 0.5
# A place so far from the side is less likely, one as near as the grid is coarse more so.
FAR, NEAR, NEAR_GAIN = 0.12, 0.025, 0.5
# Of places nearly as likely as the best one the outermost is the side.
NEARLY = 0.8
# Places so near to each other, in cells, are the same.
SAME_CELLS = 3
LIKENESS_POWER = 4
PHOTOS_MIN = 3


@dataclass(frozen=True)
class End:
    """How many units further out the side is, and how far other places may put it."""

    move: float
    doubt: float


def find_end(
    wall: Elevation,
    *,
    place: float,
    span: tuple[float, float],
    axis: int,
    outwards: int,
    unit: float,
    borders: Mask,
) -> End | None:
    """The end of the wall near `place`; upright sides have axis 0 and run over `span`, level ones 1.

    All in units of the model; `outwards` is +1 where the opening ends to the right or upwards, else
    -1. `borders` (h x w) are those of shadows, which are no ends. None where no place is one.
    """
    per_unit = unit / wall.cell
    away = np.arange(-round(INSIDE * per_unit), round(OUTSIDE * per_unit) + 1)
    across = np.floor(place / wall.cell + outwards * away).astype(int)
    known = (across >= 0) & (across < wall.seen.shape[2 - axis])
    across, away = across[known], away[known]
    trim = TRIM_SHARE * (span[1] - span[0])
    low, high = (int(edge / wall.cell) for edge in (span[0] + trim, span[1] - trim))
    low, high = max(low, 0), min(high, wall.seen.shape[1 + axis])
    if high - low < SAMPLES // 4:
        return None
    along = np.unique(np.linspace(low, high - 1, SAMPLES).astype(int))
    if axis == 0:
        near, far = (place / wall.cell + outwards * edge * per_unit for edge in BESIDE)
        beside = _between(near, far, size=wall.seen.shape[2])
        usual = _middle(_shown(wall, rows=along, columns=beside), axis=2)[:, :, None]
        unlike = _shown(wall, rows=along, columns=across) - usual
        dark = borders[np.ix_(along, across)].mean(axis=0)
    else:
        beside = _at_both_ends(span, wall.cell, per_unit=per_unit, size=wall.seen.shape[2])
        usual = _middle(_shown(wall, rows=across, columns=beside), axis=2)[:, None]
        unlike = _shown(wall, rows=across, columns=along).swapaxes(1, 2) - usual
        dark = borders[np.ix_(across, along)].mean(axis=1)
    levels = _levels(unlike)
    levels[dark > SHOWN_MIN] = np.nan
    return _choose(levels, away / per_unit, cell=1 / per_unit, unit=unit)


def _levels(unlike: Pictures) -> Pictures:
    """Grey levels by which the lines along a side differ from the wall, as most photos show it.

    `unlike` (k x along x across x 3) is not a number where a photo does not show the wall.
    """
    sizes = np.sqrt((_middle(unlike, axis=1) ** 2).mean(axis=2))
    sizes[np.isfinite(unlike[..., 0]).mean(axis=1) < SHOWN_MIN] = np.nan
    enough = np.isfinite(sizes).sum(axis=0) >= PHOTOS_MIN
    return np.where(enough, _middle(sizes, axis=0), np.nan).astype(np.float32)


def _between(one: float, other: float, *, size: int) -> Cells:
    low, high = sorted((int(one), int(other)))
    return np.arange(max(low, 0), min(high + 1, size))


def _at_both_ends(span: tuple[float, float], cell: float, *, per_unit: float, size: int) -> Cells:
    near, far = (edge * per_unit for edge in BESIDE)
    start, end = span[0] / cell, span[1] / cell
    before = _between(start - far, start - near, size=size)
    after = _between(end + near, end + far, size=size)
    return np.concatenate([before, after])


def _shown(wall: Elevation, *, rows: Cells, columns: Cells) -> Pictures:
    """Colours (k x rows x columns x 3), not a number where a photo does not show the wall."""
    part = np.ix_(np.arange(len(wall.seen)), rows, columns)
    return np.where(wall.seen[part][..., None], wall.pictures[part], np.nan).astype(np.float32)


def _middle(values: Pictures, *, axis: int) -> Pictures:
    """The median of what is a number; not a number where nothing is."""
    if not values.shape[axis]:
        return np.full(np.delete(values.shape, axis), np.nan, np.float32)
    ordered = np.sort(values, axis=axis)
    count = np.isfinite(values).sum(axis=axis, keepdims=True)
    found = np.take_along_axis(ordered, np.maximum(count - 1, 0) // 2, axis=axis)
    return np.asarray(found.squeeze(axis), np.float32)


@dataclass(frozen=True)
class _Place:
    """A cell where the wall may end, how likely, and what is wall outside of it.

    `contrast` is how sure what lies inside is none, up to 1; `outer` is in grey levels.
    """

    index: int
    likely: float
    contrast: float
    outer: float


def _choose(levels: Pictures, away: Matrix, *, cell: float, unit: float) -> End | None:
    """Of all places where much becomes little; `away` and `cell` are in true units."""
    places = _places(levels, away, cell=cell)
    if not places:
        return None
    best = max(places, key=lambda one: one.likely)
    nearly = [
        one
        for one in places
        if one.likely >= NEARLY * best.likely and one.index >= best.index + SAME_CELLS
    ]
    chosen = max(nearly, key=lambda one: one.index, default=best)
    others = [one for one in places if abs(one.index - chosen.index) >= SAME_CELLS]
    weights = np.array([_rivalry(one, chosen) for one in others])
    apart = np.array([away[one.index] - away[chosen.index] for one in others])
    doubt = float(np.sqrt((weights * apart**2).sum() / (1 + weights.sum())))
    return End(_exactly(levels, away, place=chosen, cell=cell) * unit, doubt * unit)


def _rivalry(one: _Place, chosen: _Place) -> float:
    """How likely the side is there instead.

    Hardly further inside, where what is between is surely no wall, unless that is the likelier place.
    """
    if one.likely >= chosen.likely:
        return 1.0
    ratio = (one.likely / chosen.likely) ** LIKENESS_POWER
    return ratio * (1 - chosen.contrast) if one.index < chosen.index else ratio


def _places(levels: Pictures, away: Matrix, *, cell: float) -> list[_Place]:
    edge, near, far = (max(3, round(width / cell)) for width in (EDGE, WALL_NEAR, WALL_FAR))
    found = {}
    for index in np.flatnonzero(np.abs(away) <= REACH):
        inside, outside = levels[max(index - edge, 0) : index], levels[index + 1 : index + 1 + far]
        outside = outside[np.isfinite(outside)]
        if len(inside) < edge or not np.isfinite(inside).all() or len(outside) < near:
            continue
        inner = float(np.median(inside))
        outer = float(max(np.median(outside), np.median(outside[:near])))
        if inner - outer > GREY_MIN and outer < OUTER_SHARE_MAX * inner:
            contrast = (inner - outer) / (inner + outer) * min((inner - outer) / GREY_FIRM, 1.0)
            nearness = np.exp(-((away[index] / FAR) ** 2) / 2) * (
                1 + NEAR_GAIN * np.exp(-((away[index] / NEAR) ** 2) / 2)
            )
            found[int(index)] = _Place(int(index), float(contrast * nearness), contrast, outer)
    return [
        one
        for one in found.values()
        if one.likely
        >= max(found[i].likely for i in range(one.index - 1, one.index + 2) if i in found)
    ]


def _exactly(levels: Pictures, away: Matrix, *, place: _Place, cell: float) -> float:
    """Where between cells the levels fall below the mean of both sides."""
    half = (float(np.nanmedian(levels[place.index - 2 : place.index + 1])) + place.outer) / 2
    at, last = place.index - 2, min(place.index + 3, len(levels) - 1)
    while at + 1 < last and levels[at + 1] > half:
        at += 1
    fall = levels[at] - levels[at + 1]
    share = float(np.clip((levels[at] - half) / fall, 0, 1)) if fall > 0 else 0.0
    return float(away[at] + 0.5 * cell + cell * (share - 0.5))
