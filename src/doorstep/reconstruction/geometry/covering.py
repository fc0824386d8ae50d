"""What a wall is covered with, row by row, and where something else is to be seen."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.elevation import Elevation
from doorstep.reconstruction.geometry.shades import find_shade

Pictures = NDArray[np.float32]
Mask = NDArray[np.bool_]

# The middle colour is sought among cells that come ever closer to it; then cells within so many
# times the usual difference count as covering.
ROUNDS, NARROWER, ALIKE_FACTOR = 3, 1.5, 3.0
# A row of which less than this is covering is a joint, or a shadow lies on it: all its cells count
# but those of a door or a bush, around which, in so many units across and up, hardly anything is
# covering. They have to be such a share of the row.
COVERED_SHARE_MIN, AROUND, AROUND_MIN, AMONG_MIN = 0.25, (0.4, 0.25), 0.25, 0.1
# In units: openings stand free, and so near its ends a wall shows its covering; so near the border of
# a shadow a cell may be either, and the border itself lies so near. The ends count where a photo shows
# this share of the wall there; covering has this share of its cells there as elsewhere.
ENDS, BORDER, LINE, ENDS_SHARE_MIN, AT_ENDS_MIN, LOOSE = 0.5, 0.12, 0.06, 0.01, 0.3, 2.0
# Other than the covering: so many times the usual difference, and so many grey levels at least.
STRANGE_FACTOR, STRANGE_MIN = 1.5, 4.0
BLUR_ACROSS, BLUR_UP = 5, 9
PHOTOS_MIN = 3


@dataclass(frozen=True)
class Parts:
    """Where a wall (h x w) lies in shadow, how near its border that is not sure, and its ends.

    `line` is the border itself, as wide as it may be off: where the sun begins, and not a door.
    """

    shade: Mask
    border: Mask
    line: Mask
    ends: Mask
    per_unit: float


def find_parts(wall: Elevation, *, per_unit: float) -> Parts:
    """Which parts of a wall have a covering of their own."""
    found = find_shade(wall, per_unit=per_unit)
    shade = found.dark
    shown: Mask = np.asarray(wall.seen.any(axis=0))
    before, after = shown.cumsum(axis=1), shown[:, ::-1].cumsum(axis=1)[:, ::-1]
    ends = shown & (np.minimum(before, after) <= ENDS * per_unit)
    border = _border(shade, reach=round(BORDER * per_unit))
    reach = round(LINE * per_unit)
    line = _border(shade, reach=reach) & _widened(found.lit, reach=reach)
    return Parts(shade, border, line, ends, per_unit)


def _border(mask: Mask, *, reach: int) -> Mask:
    return np.asarray(_widened(mask, reach=reach) & _widened(~mask, reach=reach))


def _widened(mask: Mask, *, reach: int) -> Mask:
    around = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    return np.asarray(cv2.dilate(mask.astype(np.uint8), around) > 0)


@dataclass(frozen=True)
class Looks:
    """How unlike its row's covering the photos show each cell (h x w); over 1 is something else.

    Nought where fewer than three photos show the wall. `plain` says how many show the covering.
    """

    unlike: Pictures
    plain: NDArray[np.int64]


def find_looks(wall: Elevation, parts: Parts, /, *, by_ends: bool = False) -> Looks:
    """Compare each cell in each photo with the covering, or with what is at the wall's ends alone.

    A garage door may be most of its wall, and of nearly the colour of its covering.
    """
    differences = np.stack(
        [
            _difference(picture, seen, parts=parts, by_ends=by_ends)
            for picture, seen in zip(wall.pictures, wall.seen, strict=True)
        ]
    )
    count = wall.seen.sum(axis=0)
    # Photos that do not show a cell are sorted behind those that do.
    ordered = np.sort(np.where(wall.seen, differences, np.inf), axis=0)
    middle = np.maximum(count - 1, 0) // 2
    usual = np.take_along_axis(ordered, middle[None], axis=0)[0]
    usual = np.where(count >= PHOTOS_MIN, usual, 0.0).astype(np.float32)
    smooth = cv2.blur(usual, (BLUR_ACROSS, BLUR_UP))
    known = count >= PHOTOS_MIN
    asked = known & parts.ends if by_ends else known
    level = float(np.median(smooth[asked])) if asked.any() else 0.0
    limit = max(STRANGE_MIN, STRANGE_FACTOR * level)
    plain = np.zeros(count.shape, np.int64)
    for difference, seen in zip(differences, wall.seen, strict=True):
        plain += seen & (cv2.blur(difference, (BLUR_ACROSS, BLUR_UP)) <= limit)
    return Looks(np.where(known, smooth / limit, 0.0).astype(np.float32), plain)


def _difference(picture: Pictures, seen: Mask, *, parts: Parts, by_ends: bool) -> Pictures:
    """How far each cell is from its row's covering, in the sun and in the shade by itself."""
    even = np.asarray(cv2.blur(picture, (BLUR_ACROSS, 1)), np.float32)
    asked = seen & parts.ends if by_ends else seen
    lit, shaded = asked & ~parts.shade, asked & parts.shade
    if not (lit.any() and shaded.any()):
        return _away(even, _usual(even, asked, ends=parts.ends, per_unit=parts.per_unit)) * seen
    sun, shade = (
        _usual(even, part, ends=parts.ends, per_unit=parts.per_unit) for part in (lit, shaded)
    )
    result = np.where(parts.shade, _away(even, shade), _away(even, sun))
    # Where a shadow begins, all that lies between both is covering.
    along = shade - sun
    share = ((even - sun[:, None]) * along[:, None]).sum(axis=2) / np.maximum(
        (along**2).sum(axis=1), 1e-6
    )[:, None]
    between = sun[:, None] + np.clip(share, 0, 1)[..., None] * along[:, None]
    away = np.sqrt(((even - between) ** 2).mean(axis=2))
    return np.asarray(np.where(parts.border, away, result) * seen, np.float32)


def _away(picture: Pictures, usual: Pictures) -> Pictures:
    return np.asarray(np.sqrt(((picture - usual[:, None]) ** 2).mean(axis=2)), np.float32)


def _usual(picture: Pictures, part: Mask, *, ends: Mask, per_unit: float) -> Pictures:
    """The covering's colour in each row (h x 3) of one part of the wall; black where it has none."""
    if not part.any():
        return np.zeros((len(part), 3), np.float32)
    near, middle = _find_covering(picture, part, ends=ends)
    few = near.sum(axis=1) < COVERED_SHARE_MIN * part.sum(axis=1)
    result = np.broadcast_to(middle, (len(part), 3)).astype(np.float32)
    among = _where_covering_is(near, part, per_unit=per_unit)
    for row in np.flatnonzero(part.any(axis=1)):
        own = near[row]
        if few[row]:
            own = among[row] if among[row].sum() > AMONG_MIN * part[row].sum() else part[row]
        result[row] = np.median(picture[row][own], axis=0)
    return result


def _where_covering_is(near: Mask, part: Mask, *, per_unit: float) -> Mask:
    """Cells (h x w) around which much is covering: no door, no bush, no eaves' shadow."""
    size = (round(AROUND[0] * per_unit) | 1, round(AROUND[1] * per_unit) | 1)
    share = cv2.blur(near.astype(np.float32), size)
    return np.asarray(part & (share > AROUND_MIN * cv2.blur(part.astype(np.float32), size)))


def _find_covering(picture: Pictures, part: Mask, *, ends: Mask) -> tuple[Mask, Pictures]:
    """Cells (h x w) that look like most of the part, and their colour.

    A door that takes up most of the wall does not reach its ends: where what is there is other than
    the whole, or much more alike as the whole is a mixture of both, the ends are asked alone.
    """
    middle, usual = _most_alike(picture[part])
    away = np.linalg.norm(picture - middle, axis=2)
    near = part & (away < ALIKE_FACTOR * usual)
    at_ends = part & ends
    if at_ends.mean() > ENDS_SHARE_MIN:
        of_ends, usual_there = _most_alike(picture[at_ends])
        is_other = near[at_ends].mean() < AT_ENDS_MIN * near[part].mean()
        if is_other or usual > LOOSE * usual_there:
            away = np.linalg.norm(picture - of_ends, axis=2)
            return part & (away < ALIKE_FACTOR * usual_there), of_ends
    return near, middle


def _most_alike(cells: Pictures) -> tuple[Pictures, float]:
    """The colour that cells (n x 3) crowd around, and how far from it they usually are."""
    middle = np.median(cells, axis=0)
    for _ in range(ROUNDS):
        away = np.linalg.norm(cells - middle, axis=1)
        cells = cells[away <= np.median(away) * NARROWER]
        middle = np.median(cells, axis=0)
    return np.asarray(middle), float(np.median(np.linalg.norm(cells - middle, axis=1)))
