"""Upright rectangles on a wall that hold something else than it, with steps along their sides."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise, product

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.steps import Levels, Uprights

Steps = NDArray[np.float32]
Mask = NDArray[np.bool_]
Sums = NDArray[np.float64]

# An upright step counts from so many grey levels on, or so many times the wall's usual one.
UPRIGHT_MIN, UPRIGHT_FACTOR, LEVEL_MIN = 4.0, 4.5, 5.0
# In units.
LINE_MIN, GAP_MAX, LINES_APART = 0.4, 0.12, 0.025
WIDTHS, HEIGHTS, GROUNDED_MIN = (0.4, 6.2), (0.4, 3.4), 1.7
END_REACH, END_SIGMA, GROUND_REACH = 0.2, 0.09, 0.15
# Bands on both sides of a level step whose likeness to the wall is compared.
BAND, GAIN_MIN = (0.03, 0.15), 0.2
# Stronger level steps than this count alike.
LEVEL_FIRM = 12.0
# A weaker step this near outside a firm one is the true side if it has so many grey levels, and such
# a share of the firm one's.
OUTER_REACH, OUTER_FACTOR, OUTER_SHARE, OUTER_FIRM = 0.11, 2.0, 0.2, 0.6
# Width of the pieces of bare wall that show which level steps are usual on it.
SAMPLE, BARE_MAX = 0.9, 0.1
# Where a door takes up most of the wall, joints of bricks beside it may pass for its side; its own
# is so many times as strong.
FRAME_MAX, MOST, CLEARER = 0.15, 0.6, 3.0
# In units: sides of two rectangles nearer than this may be the same.
SAME_SIDE = 0.05
OVERLAP_MIN, SIDE_SHARE_MIN, LOWER = 0.4, 0.45, (0.1, 0.9)
# Shares of an opening, of the rim inside its sides, and of the ring outside them, that must or may
# look unlike the wall; rim and ring in units from the side.
FILLED_MIN, RIM, RIM_FILLED_MIN, RING = 0.65, 0.07, 0.2, (0.06, 0.2)
RING_FILLED_MAX, FILLED_MORE_MIN = 0.6, 0.32
# What is unlike the wall beside an opening may be a board of another tone: only this share as much
# as the opening itself.
FAINT_MAX = 0.3
# Above an opening only so much is asked for: the eaves hide what is higher.
HEAD = (0.04, 0.12)
STRIP, STRIPS_MIN, STRIP_FILLED_MIN = 0.25, 4, 0.33
# Bushes stand before the lower part; three photos must see the ring, or something may hide a side.
UPPER_SHARE, RING_KNOWN_MIN = 0.6, 0.9
BELOW, BELOW_FILLED = (0.06, 0.4), 0.5
# In units: no bush is higher, no door wider, and so near beside a side may be another edge of its frame. A
# door's shows along such a share of what is below.
BUSH_MAX, DOOR_MAX, DOOR_FRAME, DOOR_SHARE_MIN = 1.5, 1.3, 0.15, 0.7


@dataclass(frozen=True)
class Line:
    """An upright step: its column, and from which row to which it runs."""

    column: int
    low: float
    high: float
    strength: float


@dataclass(frozen=True)
class Rectangle:
    """Sides in cells of the wall's grid. One that stands on the ground has no lower step."""

    left: float
    right: float
    bottom: float
    top: float
    grounded: bool

    @property
    def area(self) -> float:
        """In cells."""
        return (self.right - self.left) * (self.top - self.bottom)


class Search:
    """All that is known of one wall, and the looking for rectangles on it."""

    def __init__(
        self, uprights: Uprights, levels: Levels, *, unlike: Steps, known: Mask, per_unit: float
    ) -> None:
        self._uprights, self._levels, self._per_unit = uprights, levels, per_unit
        self._strange, self._known = _sums((unlike > 1) & known), _sums(known)
        self._unlike = _sums(unlike * known)
        self._shape = known.shape
        self._limits = tuple(limit_of(m, known) for m in (uprights.left, uprights.right))
        self._level_min = max(LEVEL_MIN, self._usual_level())

    def _usual_level(self) -> float:
        """Grey levels that nine in ten level steps on the bare wall stay under."""
        width = round(SAMPLE * self._per_unit)
        found: list[float] = []
        for left in range(0, self._shape[1] - width, width):
            steps = self._levels.between(left, left + width, rows=slice(0, self._shape[0]))
            bare = [
                self._filled(row - 1, row + 2, left=left, right=left + width) < BARE_MAX
                for row in range(self._shape[0])
            ]
            found += steps[np.array(bare) & (steps > 0)].tolist()
        return float(np.percentile(found, 90)) if found else 0.0

    def rectangles(self) -> list[Rectangle]:
        """Those of an opening's size, none over another; of nested ones the outermost."""
        lefts = lines_of(self._uprights.left, self._limits[0], per_unit=self._per_unit)
        rights = lines_of(self._uprights.right, self._limits[1], per_unit=self._per_unit)
        pairs = (
            (one, other) for one, other in product(lefts, rights) if self._may_bound(one, other)
        )
        found = [
            (r, min(one.strength, other.strength))
            for one, other in pairs
            if (r := self._between(one, other)) is not None
        ]
        kept: list[Rectangle] = []
        for rectangle, strength in sorted(found, key=lambda each: -each[0].area):
            if any(self._outdoes(r, rectangle) and s > CLEARER * strength for r, s in found):
                continue
            if any(self._hangs_over(r, rectangle) for r, _ in found):
                continue
            if all(_apart(rectangle, other) for other in kept):
                kept.append(rectangle)
        return kept

    def _outdoes(self, inner: Rectangle, outer: Rectangle) -> bool:
        """Whether it is most of another, and a side lies further inside than a frame is wide."""
        apart = max(inner.left - outer.left, outer.right - inner.right) / self._per_unit
        return apart > FRAME_MAX and inner.area > MOST * outer.area and not _apart(inner, outer)

    def _hangs_over(self, window: Rectangle, door: Rectangle) -> bool:
        """Whether what passes for a door is a part of a wider window and of a bush below its sill."""
        apart = np.array(
            [door.left - window.left, window.right - door.right, abs(window.top - door.top)]
        )
        left, right, top = apart / self._per_unit
        is_wider = min(left, right) > -SAME_SIDE and max(left, right) > FRAME_MAX
        return door.grounded and not window.grounded and is_wider and bool(top < SAME_SIDE)

    def _may_bound(self, one: Line, other: Line) -> bool:
        width = (other.column - one.column) / self._per_unit
        low, high = max(one.low, other.low), min(one.high, other.high)
        joined = max(one.high, other.high) - min(one.low, other.low)
        if not WIDTHS[0] <= width <= WIDTHS[1] or high - low < OVERLAP_MIN * joined:
            return False
        return self._filled(low, high, left=one.column, right=other.column) >= FILLED_MIN

    def _between(self, one: Line, other: Line) -> Rectangle | None:
        """The best rectangle between two uprights, which may run on past it, as over a bush."""
        columns = (one.column, other.column)
        tops = self._ends(columns, (one.high, other.high), inwards=-1)
        bottoms = self._ends(columns, (one.low, other.low), inwards=1)
        ground = GROUND_REACH * self._per_unit
        if min(one.low, other.low) < ground:
            cut_off = (low < ground or self._goes_on_below(low, columns) for low in bottoms)
            bottoms = [*bottoms, 0.0] if any(cut_off) or not bottoms else bottoms
        found = [
            rectangle
            for top, bottom in product(tops, bottoms)
            if (rectangle := self._of_size(columns, top, bottom=bottom)) and self._holds(rectangle)
        ]
        return reduce(self.better, found) if found else None

    def better(self, one: Rectangle, other: Rectangle) -> Rectangle:
        """Which of two that share their sides is the surer one."""
        smaller, larger = sorted((one, other), key=lambda each: each.area)
        if not larger.grounded and self._adds_wall(larger, smaller):
            return smaller
        return max(one, other, key=self._rank)

    def _adds_wall(self, larger: Rectangle, smaller: Rectangle) -> bool:
        """Whether what one has above or below the other is mostly wall."""
        least = BELOW[0] * self._per_unit
        bands = ((larger.bottom, smaller.bottom), (smaller.top, larger.top))
        added = [(low, high) for low, high in bands if high - low > least]
        return bool(added) and all(
            self._filled(low, high, left=larger.left, right=larger.right) < BELOW_FILLED
            for low, high in added
        )

    def _rank(self, rectangle: Rectangle) -> tuple[bool, bool, float]:
        """What ends above bare wall is surer than a door, and that than what a bush cuts off.

        Of the latter the sill is the uppermost step above the bush, which ends in steps of its own.
        """
        if self.goes_on_below(rectangle):
            return False, False, rectangle.top + rectangle.bottom
        return not rectangle.grounded, True, rectangle.area

    def _of_size(self, columns: tuple[int, int], top: float, *, bottom: float) -> Rectangle | None:
        """None where it is too small or too large; what ends near the ground stands on it."""
        grounded = bottom < GROUND_REACH * self._per_unit
        low = 0.0 if grounded else bottom
        least = GROUNDED_MIN if grounded else HEIGHTS[0]
        if not least <= (top - low) / self._per_unit <= HEIGHTS[1]:
            return None
        return Rectangle(columns[0] + 0.5, columns[1] + 0.5, low, top, grounded)

    def _holds(self, rectangle: Rectangle) -> bool:
        return self._has_sides(rectangle) and self._stands_out(rectangle)

    def _ends(
        self, columns: tuple[int, int], ends: tuple[float, float], *, inwards: int
    ) -> list[float]:
        """Rows where a level step joins both uprights: near an end of one, or between the ends."""
        found = [
            place
            for end in sorted(ends, reverse=inwards < 0)
            if (place := self._end(columns, end, inwards=inwards)) is not None
        ]
        return sorted(set(found))

    def _end(self, columns: tuple[int, int], end: float, *, inwards: int) -> float | None:
        """The row near the end of an upright where a level step joins both."""
        reach = END_REACH * self._per_unit
        low, high = int(max(end - reach, 0)), int(min(end + reach, self._shape[0] - 1)) + 1
        steps = self._levels.between(*columns, rows=slice(low, high))
        away = (np.arange(low, high) + 0.5 - end) / self._per_unit / END_SIGMA
        score = np.minimum(steps, LEVEL_FIRM) * np.exp(-(away**2) / 2)
        score *= [self._gain(row + 0.5, columns, inwards=inwards) for row in range(low, high)]
        if not len(score) or score.max() <= self._level_min * GAIN_MIN:
            return None
        best = _crest(steps, int(score.argmax()))
        unlike = [
            self._mean(row, row + 1, left=columns[0], right=columns[1]) for row in range(low, high)
        ]
        return self._outermost(steps, best, unlike=unlike, inwards=inwards) + low + 0.5

    def _outermost(self, steps: Steps, best: int, *, unlike: Sequence[float], inwards: int) -> int:
        """From a step to a weaker one before it: a lintel's underside, or a frame like the wall.

        Below a sill, something else than the wall is between them, or the other step is nearly as
        strong: a course of bricks or boards, or a bush that begins there, is neither.
        """
        least = max(OUTER_FACTOR * self._level_min, OUTER_SHARE * float(steps[best]))
        reach = round(OUTER_REACH * self._per_unit)
        for away in range(reach, 2, -1):
            place = best - inwards * away
            if not 0 < place < len(steps) - 1 or steps[place] < least:
                continue
            start, end = sorted((place, best))
            is_frame = min(unlike[start:end]) > 1 or steps[place] >= OUTER_FIRM * steps[best]
            if (inwards < 0 or is_frame) and steps[place] >= max(
                steps[place - 1], steps[place + 1]
            ):
                return place
        return best

    def _gain(self, row: float, columns: tuple[int, int], *, inwards: int) -> float:
        """How much more is unlike the wall on the inner than on the outer side of a row."""
        left, right = columns
        near, far = (inwards * share * self._per_unit for share in BAND)
        inner = self._filled(*sorted((row + near, row + far)), left=left, right=right)
        outer = self._filled(*sorted((row - near, row - far)), left=left, right=right)
        return max(inner - outer, 0.0) + GAIN_MIN

    def goes_on_below(self, rectangle: Rectangle) -> bool:
        """Whether something else than the wall is below too, such as a bush before it.

        Higher up than a bush, what is faint beside the opening is the wall in another tone.
        """
        columns = (int(rectangle.left), int(rectangle.right))
        if rectangle.grounded or not self._goes_on_below(rectangle.bottom, columns):
            return False
        near, far = (rectangle.bottom - share * self._per_unit for share in BELOW)
        below = (far, near, rectangle.left, rectangle.right)
        is_high = rectangle.bottom > BUSH_MAX * self._per_unit
        return not (is_high and self._is_wall(below, rectangle, limit=BELOW_FILLED))

    def may_be_door(self, rectangle: Rectangle) -> bool:
        """Whether below what a bush cuts off a side, or an edge right beside it, goes on."""
        reach = round(DOOR_FRAME * self._per_unit)
        low, high = LOWER[0] * self._per_unit, rectangle.bottom - BELOW[0] * self._per_unit
        left, right = int(rectangle.left), int(rectangle.right)
        columns = (slice(max(0, left - reach), left + 2), slice(right - 1, right + reach + 1))
        maps = (self._uprights.left, self._uprights.right)
        beside = [
            (steps[int(low) : int(high), part] > limit).mean(axis=0).max(initial=0.0)
            for steps, limit, part in zip(maps, self._limits, columns, strict=True)
        ]
        is_narrow = right - left <= DOOR_MAX * self._per_unit
        goes_on = high > low and max(beside) >= DOOR_SHARE_MIN
        return is_narrow and goes_on and self.goes_on_below(rectangle)

    def _goes_on_below(self, bottom: float, columns: tuple[int, int]) -> bool:
        near, far = (bottom - share * self._per_unit for share in BELOW)
        return self._filled(far, near, left=columns[0], right=columns[1]) > BELOW_FILLED

    def _has_sides(self, rectangle: Rectangle) -> bool:
        spans = [slice(int(rectangle.bottom) + 2, int(rectangle.top) - 1)]
        if rectangle.grounded:
            # A door's go on to the ground; a window's end where the bush before it begins.
            spans.append(slice(*(int(place * self._per_unit) for place in LOWER)))
        maps = (self._uprights.left, self._uprights.right)
        for steps, limit, place in zip(
            maps, self._limits, (rectangle.left, rectangle.right), strict=True
        ):
            beside = steps[:, max(0, int(place) - 1) : int(place) + 2].max(axis=1)
            if any((beside[rows] > limit).mean() < SIDE_SHARE_MIN for rows in spans):
                return False
        return True

    def _stands_out(self, rectangle: Rectangle) -> bool:
        """Whether all inside is something else than the wall, and beside and above it the wall."""
        left, right, bottom, top = rectangle.left, rectangle.right, rectangle.bottom, rectangle.top
        near, far = RING[0] * self._per_unit, RING[1] * self._per_unit
        rim = RIM * self._per_unit
        upper = bottom + (1 - UPPER_SHARE) * (top - bottom)
        rings = (
            (upper, top, left - far, left - near),
            (upper, top, right + near, right + far),
            (top + HEAD[0] * self._per_unit, top + HEAD[1] * self._per_unit, left, right),
        )
        below = (bottom - far, bottom - near, left, right)
        inside = self._filled(bottom, top, left=left, right=right)
        limit = min(RING_FILLED_MAX, inside - FILLED_MORE_MIN)
        return (
            inside >= FILLED_MIN
            and self._is_filled_throughout(rectangle)
            and self._filled(bottom, top, left=left, right=left + rim) >= RIM_FILLED_MIN
            and self._filled(bottom, top, left=right - rim, right=right) >= RIM_FILLED_MIN
            and all(self._is_wall(ring, rectangle, limit=limit) for ring in rings)
            and all(
                self._is_known(ring) for ring in (*rings, *([] if rectangle.grounded else [below]))
            )
        )

    def _is_wall(
        self, ring: tuple[float, float, float, float], rectangle: Rectangle, *, limit: float
    ) -> bool:
        """Whether little in the ring is unlike the wall, or that is faint beside what is inside."""
        low, high, left, right = ring
        if self._filled(low, high, left=left, right=right) <= limit:
            return True
        inside = self._mean(
            rectangle.bottom, rectangle.top, left=rectangle.left, right=rectangle.right
        )
        return self._mean(low, high, left=left, right=right) <= FAINT_MAX * inside

    def _is_filled_throughout(self, rectangle: Rectangle) -> bool:
        """Whether no strip of wall runs through it, as it does between two openings."""
        left, right, bottom, top = rectangle.left, rectangle.right, rectangle.bottom, rectangle.top
        wide = max(STRIPS_MIN, round((right - left) / (STRIP * self._per_unit)))
        tall = max(STRIPS_MIN, round((top - bottom) / (STRIP * self._per_unit)))
        columns, rows = np.linspace(left, right, wide + 1), np.linspace(bottom, top, tall + 1)
        upright = (self._filled(bottom, top, left=a, right=b) for a, b in pairwise(columns))
        level = (self._filled(a, b, left=left, right=right) for a, b in pairwise(rows))
        return min(*upright, *level) >= STRIP_FILLED_MIN

    def _is_known(self, ring: tuple[float, float, float, float]) -> bool:
        low, high, left, right = ring
        rows = np.clip([round(low), round(high)], 0, self._shape[0])
        columns = np.clip([round(left), round(right)], 0, self._shape[1])
        cells = max((round(high) - round(low)) * (round(right) - round(left)), 1)
        return _within(self._known, rows=rows, columns=columns) / cells >= RING_KNOWN_MIN

    def _filled(self, low: float, high: float, *, left: float, right: float) -> float:
        """Share of what is known between these rows and columns that is unlike the wall."""
        rows = np.clip([round(low), round(high)], 0, self._shape[0])
        columns = np.clip([round(left), round(right)], 0, self._shape[1])
        known = _within(self._known, rows=rows, columns=columns)
        return _within(self._strange, rows=rows, columns=columns) / known if known else 0.0

    def _mean(self, low: float, high: float, *, left: float, right: float) -> float:
        """How unlike the wall is what is known between these rows and columns."""
        rows = np.clip([round(low), round(high)], 0, self._shape[0])
        columns = np.clip([round(left), round(right)], 0, self._shape[1])
        known = _within(self._known, rows=rows, columns=columns)
        return _within(self._unlike, rows=rows, columns=columns) / known if known else 0.0


def limit_of(steps: Steps, known: Mask) -> float:
    """Grey levels from which on an upright step counts."""
    usual = float(np.median(steps[known])) if known.any() else 0.0
    return max(UPRIGHT_MIN, UPRIGHT_FACTOR * usual)


def _sums(values: Mask | Steps) -> Sums:
    return np.pad(values.astype(np.float64).cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))


def _within(sums: Sums, *, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> float:
    (low, high), (left, right) = rows, columns
    return float(sums[high, right] - sums[low, right] - sums[high, left] + sums[low, left])


def _crest(steps: Steps, place: int) -> int:
    """Uphill from a place."""
    while place + 1 < len(steps) and steps[place + 1] > steps[place]:
        place += 1
    while place > 0 and steps[place - 1] > steps[place]:
        place -= 1
    return place


def lines_of(steps: Steps, limit: float, *, per_unit: float) -> list[Line]:
    """Long upright steps; of several side by side, the strongest."""
    reach = 2 * round(LINES_APART * per_unit / 2) + 1
    crest = steps >= cv2.dilate(steps, np.ones((1, reach), np.uint8))
    strong = cv2.dilate(((steps > limit) & crest).astype(np.uint8), np.ones((1, 3), np.uint8))
    gap = max(3, int(GAP_MAX * per_unit)) | 1
    closed = cv2.morphologyEx(strong, cv2.MORPH_CLOSE, np.ones((gap, 1), np.uint8))
    widened = np.asarray(cv2.dilate(steps, np.ones((1, 3), np.uint8)), np.float32)
    found = [
        _line(widened[:, column], column, low=low, high=high)
        for column in range(closed.shape[1])
        for low, high in _runs(closed[:, column] > 0)
        if high - low >= LINE_MIN * per_unit
    ]
    kept: list[Line] = []
    for line in sorted(found, key=lambda one: -one.strength * (one.high - one.low)):
        near = [k for k in kept if abs(k.column - line.column) < LINES_APART * per_unit]
        if all(min(k.high, line.high) - max(k.low, line.low) < 0 for k in near):
            kept.append(line)
    return kept


def _runs(held: Mask) -> Iterator[tuple[int, int]]:
    change = np.flatnonzero(np.diff(np.concatenate([[0], held.astype(np.int8), [0]])))
    yield from zip(change[::2].tolist(), change[1::2].tolist(), strict=True)


def _line(profile: Steps, column: int, *, low: int, high: int) -> Line:
    """The run up to where it falls to half its strength: there the true edge ends."""
    strength = float(np.median(profile[low:high]))
    firm = np.flatnonzero(profile[low:high] >= strength / 2)
    return Line(column, float(low + firm[0]), float(low + firm[-1] + 1), strength)


def _apart(one: Rectangle, other: Rectangle) -> bool:
    wide = min(one.right, other.right) - max(one.left, other.left)
    tall = min(one.top, other.top) - max(one.bottom, other.bottom)
    return wide <= 0 or tall <= 0
