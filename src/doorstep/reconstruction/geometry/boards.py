"""The board along a roof's edge: its upper and its lower line, sought in all photos at once.

Seen from the ground a single line of such a board may lie in many places, and the lower one, over
a shadow, is often the stronger. But the two hang one over the other, and photos taken from the
side tell how far out: only where both lines are does every photo show two edges.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.lines import (
    SEEN_SHARE_MIN,
    Photographed,
    across_lines,
    clearness,
    pixels_off,
    shown_share,
)

Matrix = NDArray[np.float64]

UP = np.array([0.0, 0.0, 1.0])

# In units: how far out and how far below the roof's plane lines are sought, and how finely.
OUT_MIN, OUT_MAX, OUT_STEP = -0.06, 1.02, 0.03
LIFT_MIN, LIFT_MAX, LIFT_STEP = -0.45, 0.06, 0.015
# How high boards are, and how far the roof's plane may be wrong.
HEIGHT_MIN, HEIGHT_MAX = 0.06, 0.36
PLANE_SIGMA, PLANE_OFF_MAX = 0.025, 0.06
# A plane that is one standard deviation off costs this much of a line that all photos show.
PLANE_COST = 0.04
PHOTOS_MIN, PHOTOS_MAX = 3, 14
# Another place further away than this is another answer.
APART = 0.1
# A level line is sought at so many heights, and believed where this much of it shows.
RISES, RISE_CLEAR_MIN = 81, 0.5
ROUNDS, RESIDUAL_PX_MIN = 4, 0.3
# The step of a tangent; and how many steps of each unknown a fit may lead away.
TILT_STEP, NEAR_STEPS = 0.01, np.array([3.0, 3.0, 6.0, 5.0])
# Errors of the cameras are common to neighbouring photos: so many photos count as one.
ALIKE_PHOTOS = 3.0


@dataclass(frozen=True)
class Rail:
    """A line (2 x 3) on the roof's plane over the wall, and where it goes per unit outwards (3).

    `arms` says how much each end rises when the roof's plane gets steeper, about the line's middle.
    """

    ends: Matrix
    outwards: Matrix
    arms: tuple[float, float] = (0.0, 0.0)

    @property
    def climbs(self) -> bool:
        """Whether it tells anything of the plane's steepness."""
        return self.arms != (0.0, 0.0)

    def lines(self, out: Matrix, lift: Matrix, /) -> Matrix:
        """Lines (k x 2 x 3) this far out and this far above the plane (k each)."""
        away = out[:, None] * self.outwards + lift[:, None] * UP
        return np.asarray(self.ends + away[:, None, :])

    def tilted(self, tilt: float, /) -> "Rail":
        """The line on a plane whose tangent is larger by `tilt`."""
        return replace(self, ends=self.ends + tilt * np.outer(self.arms, UP))


@dataclass(frozen=True)
class Board:
    """Where the board hangs, in the model's own lengths.

    `out` is how far beyond the wall, `lift` how far above the roof's plane its upper line lies, and
    `tilt` how much steeper it is than that plane, as a tangent, where it climbs. `score` says how
    clearly photos show both lines (0 to 2), `rival` the same of the best other place; `sigma` and
    `tilt_sigma` are the standard deviations of `out` and `tilt`.
    """

    out: float
    lift: float
    height: float
    score: float
    rival: float
    sigma: float
    photos: tuple[str, ...]
    tilt: float = 0.0
    tilt_sigma: float | None = None


@dataclass(frozen=True)
class Sights:
    """How clearly photos show a line: mean scores (out x lift), 0 to 1, and who looked."""

    rails: tuple[Rail, ...]
    scores: Matrix
    looks: tuple[tuple[int, Photographed], ...]


def look(rails: Sequence[Rail], photos: Sequence[Photographed], *, unit: float) -> Sights | None:
    """Judge lines along the rails; None where fewer than three photos show them."""
    out, lift = _grid(unit)
    scores, looks = [], []
    for number, rail in enumerate(rails):
        lines = rail.lines(np.repeat(out, len(lift)), np.tile(lift, len(out)))
        for photo in all_round(rail, photos):
            scores.append(clearness(photo, lines).reshape(len(out), len(lift)))
            looks.append((number, photo))
    if len({photo.view.name for _, photo in looks}) < PHOTOS_MIN:
        return None
    return Sights(tuple(rails), np.mean(scores, axis=0), tuple(looks))


def find_board(
    sights: Sights,
    *,
    unit: float,
    height: tuple[float, float] = (HEIGHT_MIN, HEIGHT_MAX),
    out_within: tuple[float, float] = (OUT_MIN, OUT_MAX),
) -> Board:
    """The board that photos show most clearly; its height and how far out, in units, in bounds."""
    out, lift = _grid(unit)
    allowed = (out >= (out_within[0] - 1e-9) * unit) & (out <= (out_within[1] + 1e-9) * unit)
    best = (-np.inf, 0, 0, 0)
    clearest = np.full(len(out), -np.inf)
    for top in map(int, np.flatnonzero(np.abs(lift) <= PLANE_OFF_MAX * unit)):
        cost = PLANE_COST * (lift[top] / (PLANE_SIGMA * unit)) ** 2
        drop = (lift[top] - lift[:top]) / unit
        for bottom in map(
            int, np.flatnonzero((drop >= height[0] - 1e-9) & (drop <= height[1] + 1e-9))
        ):
            both = sights.scores[:, top] + sights.scores[:, bottom] - cost
            both[~allowed] = -np.inf
            clearest = np.maximum(clearest, both)
            place = int(both.argmax())
            best = max(best, (float(both[place]), place, top, bottom))
    score, place, top, bottom = best
    away = np.abs(out - out[place]) > APART * unit
    rival = _best_crest(clearest, away=away)
    start = np.array([out[place], lift[top], lift[top] - lift[bottom], 0.0])
    fitted, sigmas = _fit(sights, start, unit=unit)
    names = tuple(dict.fromkeys(photo.view.name for _, photo in sights.looks))
    climbs = any(rail.climbs for rail in sights.rails)
    return Board(
        out=float(fitted[0]),
        lift=float(fitted[1]),
        height=float(fitted[2]),
        score=score,
        rival=rival,
        sigma=float(sigmas[0]),
        photos=names,
        tilt=float(fitted[3]),
        tilt_sigma=float(sigmas[3]) if climbs else None,
    )


def find_rise(line: Matrix, photos: Sequence[Photographed], *, within: float) -> float:
    """How far above a level line (2 x 3) photos show it; nought where they do not."""
    rail = Rail(line, np.zeros(3))
    lifts = np.linspace(-within, within, RISES)
    chosen = all_round(rail, photos)
    if len(chosen) < PHOTOS_MIN:
        return 0.0
    lines = rail.lines(np.zeros(RISES), lifts)
    clear = np.mean([clearness(photo, lines) for photo in chosen], axis=0)
    rise = float(lifts[clear.argmax()])
    if clear.max() < RISE_CLEAR_MIN:
        return 0.0
    step = 0.1 * within
    for _ in range(ROUNDS):
        rests = []
        for photo in chosen:
            here, above = rail.lines(np.zeros(2), np.array([rise, rise + step]))
            away = pixels_off(photo, here)
            ends = photo.view.project(here)[0]
            moved = photo.view.project(np.array([here.mean(axis=0), above.mean(axis=0)]))[0]
            pixels = float((moved[1] - moved[0]) @ across_lines(ends[None])[0])
            if away is not None and abs(pixels) > 0:
                rests.append(away / pixels * step)
        rise += float(np.median(rests)) if len(rests) >= PHOTOS_MIN else 0.0
    return rise


def height_of(sights: Sequence[Sights], *, unit: float) -> float:
    """Height in units at which boards are seen most clearly on all these sides together."""
    steps = np.arange(int(np.ceil(HEIGHT_MIN / LIFT_STEP)), int(HEIGHT_MAX / LIFT_STEP) + 1)
    heights = steps * LIFT_STEP
    totals = []
    for height in heights:
        bounds = (float(height), float(height))
        totals.append(sum(_best_score(one, unit=unit, height=bounds) for one in sights))
    return float(heights[int(np.argmax(totals))])


def _best_score(sights: Sights, *, unit: float, height: tuple[float, float]) -> float:
    _, lift = _grid(unit)
    best = 0.0
    for top in np.flatnonzero(np.abs(lift) <= PLANE_OFF_MAX * unit):
        cost = PLANE_COST * (lift[top] / (PLANE_SIGMA * unit)) ** 2
        bottom = top - round(height[0] / LIFT_STEP)
        both = sights.scores[:, top] + sights.scores[:, bottom] - cost
        best = max(best, float(both.max()))
    return best


def _grid(unit: float) -> tuple[Matrix, Matrix]:
    out = np.arange(OUT_MIN, OUT_MAX, OUT_STEP) * unit
    lift = np.arange(LIFT_MIN, LIFT_MAX + LIFT_STEP / 2, LIFT_STEP) * unit
    return out, lift


def _best_crest(clearest: Matrix, *, away: NDArray[np.bool_]) -> float:
    """The highest place of its own: the flank of the best answer is none."""
    inner = clearest[1:-1]
    crest = (inner >= clearest[:-2]) & (inner >= clearest[2:]) & away[1:-1]
    return float(inner[crest].max()) if crest.any() else 0.0


def all_round(rail: Rail, photos: Sequence[Photographed]) -> list[Photographed]:
    """Photos from outside that show the line, from as many directions as there are."""
    middle = rail.ends.mean(axis=0)
    along = rail.ends[1] - rail.ends[0]
    seen = []
    for photo in photos:
        away = photo.view.centre - middle
        if away @ rail.outwards < 0 or shown_share(photo, rail.ends) < SEEN_SHARE_MIN:
            continue
        seen.append((float(np.arctan2(away @ along, np.linalg.norm(away))), photo))
    seen.sort(key=lambda pair: pair[0])
    chosen = np.linspace(0, len(seen) - 1, min(PHOTOS_MAX, len(seen))).round().astype(int)
    return [seen[index][1] for index in chosen]


def _fit(sights: Sights, start: Matrix, *, unit: float) -> tuple[Matrix, Matrix]:
    """Out, lift, height and tilt from where exactly each photo shows both lines; and their sigmas.

    Where photos lead away from `start`, they show something else: then it stays as it was.
    """
    scale = np.array([OUT_STEP * unit, LIFT_STEP * unit, LIFT_STEP * unit, TILT_STEP])
    place, sigmas = start, 2 * scale
    # The plane is known as well: its place is one more observation, of the lift alone.
    plane = np.array([0.0, scale[1] / (PLANE_SIGMA * unit), 0.0, 0.0])
    for _ in range(ROUNDS):
        rows, rests = _equations(sights, place, scale=scale)
        if len(rows) < 2 * PHOTOS_MIN:
            return start, 2 * scale
        spread = max(1.4826 * float(np.median(np.abs(rests))), RESIDUAL_PX_MIN)
        trust = 1 / (1 + (rests / (2 * spread)) ** 2)
        known = ALIKE_PHOTOS * spread**2 * plane
        normal = (rows * trust[:, None]).T @ rows + np.outer(known, plane)
        wanted = (rows * trust[:, None]).T @ rests - known * place[1] / (PLANE_SIGMA * unit)
        inverse = np.linalg.pinv(normal)
        place = place + np.clip(inverse @ wanted, -1.5, 1.5) * scale
        sigmas = np.sqrt(ALIKE_PHOTOS * np.diag(inverse)) * spread * scale
    near = np.abs(place - start) < NEAR_STEPS * scale
    return (place, sigmas) if near.all() else (start, 2 * scale)


def _equations(sights: Sights, place: Matrix, *, scale: Matrix) -> tuple[Matrix, Matrix]:
    """How the lines move in pixels per step of each unknown (n x 4), and how far they are off."""
    rows, rests = [], []
    moved = place + np.vstack([np.zeros(4), np.diag(scale)])
    for number, photo in sights.looks:
        rail = sights.rails[number]
        for lower in (0.0, 1.0):
            whole = np.array(
                [rail.tilted(m[3]).lines(m[:1], m[1:2] - lower * m[2:3])[0] for m in moved]
            )
            for lines in _halves(whole) if rail.climbs else (whole,):
                away = pixels_off(photo, lines[0])
                if away is None:
                    continue
                middles, _ = photo.view.project(lines.mean(axis=1))
                across = across_lines(photo.view.project(lines[0])[0][None])[0]
                rows.append((middles[1:] - middles[0]) @ across)
                rests.append(away)
    return np.array(rows).reshape(-1, 4), np.array(rests)


def _halves(lines: Matrix) -> tuple[Matrix, Matrix]:
    """The lower and the upper half of lines (k x 2 x 3): together they tell how steep these are."""
    middles = lines.mean(axis=1)
    return np.stack([lines[:, 0], middles], axis=1), np.stack([middles, lines[:, 1]], axis=1)
