"""Boards around an opening: the hole in the wall is inside them.

Boards, a frame and a leaf may be of one colour, so that no photo alone tells them apart. Their depth
does: leaf and panes lie behind the wall's face and move against it from photo to photo, while the
boards stay. From the side on which the opening's depth does not show, the boards end straight before
the leaf. A frame that is flush with the wall ends before what lies flush as well, and is no board.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.elevation import Elevation
from doorstep.reconstruction.geometry.sides import profile_of, shown_at, steps_of

Matrix = NDArray[np.float64]

# In units: how far inside a side is looked at and how finely, and how much of its ends is left out.
REACH, STEP, TRIM_SHARE, SAMPLES = 0.5, 0.004, 0.15, 48
SHOWN_MIN = 0.5
# In units: how far behind the wall's face what lies inside may be, from where on it is a leaf in a
# hole, and which part across the side tells it: from so far inside the boards. There it is so much
# sharper than flush, and than at most depths.
DEPTHS, DEPTH_STEP, DEPTH_MIN, TELLING = (-0.04, 0.2), 0.01, 0.045, (0.03, 0.45)
CLEARER, OUTSTANDING = 1.1, 1.9
# In units: how wide boards are, and how far their ends may be apart from photo to photo. In most photos
# the end is so strong beside the strongest step.
WIDTHS, ALIKE, STRENGTH_MIN = (0.05, 0.18), 0.008, 0.4
# In units: how far boards may stand out of the wall as it was measured, how far they usually do, how
# much each unit away from that counts beside the scatter of their ends, and how sure it is.
OUTS, OUT, UNUSUAL, OUT_SIGMA = np.arange(0.0, 0.045, 0.005), 0.02, 0.2, 0.01
# Seen at such a slant, the depth of a side hides what is behind it, or shows.
SLANT_MIN = 0.3
PHOTOS_MIN, MOST = 3, 25
# In units: how far after the place where boards end alike their end may be in one photo, as a frame of
# their colour may show behind it; and how far apart the photos may put it.
AFTER, APART_MAX = 0.03, 0.014
# How far from the width of the upright boards that of a level one may be, which shows by so strong a
# step. One that does not show is known to so many units.
OWN_REACH, OWN_MIN, UNSEEN_SIGMA = 0.015, 0.12, 0.012
# A photo shows to this share of a pixel where boards end.
PIXEL_SHARE = 0.5


@dataclass(frozen=True)
class Strips:
    """What photos show across one side, from its outer end inwards, in true units.

    `steps` (k x n) say how much each photo changes at each place, up to 1; a place so many units behind
    the wall's face is moved inwards by that times the photo's `slants` (k). `pixels` (k) are their sizes.
    """

    steps: Matrix
    slants: Matrix
    pixels: Matrix


@dataclass(frozen=True)
class Inner:
    """How far inside the outer end of the boards the hole begins, in true units."""

    width: float
    sigma: float


def look_across(
    wall: Elevation,
    *,
    place: float,
    span: tuple[float, float],
    axis: int,
    outwards: int,
    unit: float,
) -> Strips:
    """The strips across a side at `place`; arguments as those of `sides.find_side`."""
    inwards = _places() * unit
    trim = TRIM_SHARE * (span[1] - span[0])
    flat = np.empty((SAMPLES, len(inwards), 2))
    flat[..., axis] = place - outwards * inwards
    flat[..., 1 - axis] = np.linspace(span[0] + trim, span[1] - trim, SAMPLES)[:, None]
    points = wall.points(flat.reshape(-1, 2))
    out = np.cross(wall.right, wall.up)
    steps, slants, pixels = [], [], []
    for shot, seen in zip(wall.shots, wall.seen, strict=True):
        shown = shown_at(seen, flat[:, len(inwards) // 4] / wall.cell)
        if shown.mean() < SHOWN_MIN:
            continue
        away = shot.view.centre - wall.origin
        across = float(away @ (wall.right, wall.up)[axis]) - place
        found = steps_of(profile_of(shot, points, shown=shown))
        steps.append(found / max(float(found.max()), 1e-6))
        slants.append(-outwards * across / abs(float(away @ out)))
        pixels.append(float(np.linalg.norm(away)) / shot.view.matrix[0, 0] / unit)
    return Strips(np.array(steps).reshape(-1, len(inwards)), np.array(slants), np.array(pixels))


def find_inner(sides: Mapping[str, Strips]) -> dict[str, Inner]:
    """Where the hole begins on each side; `left` and `right` tell. Nothing where no boards are."""
    uprights = [sides["left"], sides["right"]]
    if min(len(side.slants) for side in uprights) < PHOTOS_MIN:
        return {}
    seen = [found for out in OUTS if (found := _ends(uprights, out=float(out))) is not None]
    ends = min(seen, key=lambda one: one.scatter, default=None)
    if ends is None or ends.spread > APART_MAX:
        return {}
    upright = ends.inner(most=MOST)
    if not _is_hole(uprights, beyond=upright.width):
        return {}
    levels = {name: side for name, side in sides.items() if name not in ("left", "right")}
    return {"left": upright, "right": upright} | {
        name: _level(side, out=ends.out, like=upright) for name, side in levels.items()
    }


def _places() -> Matrix:
    return np.arange(0.0, REACH, STEP)


def _span(low: float, high: float) -> slice:
    """The samples between two places across a side."""
    return slice(round(low / STEP), round(high / STEP) + 1)


def _is_hole(sides: Sequence[Strips], *, beyond: float) -> bool:
    """Whether what is further in is sharpest where it is taken to lie well behind the wall's face."""
    depths = np.arange(*DEPTHS, DEPTH_STEP)
    inside = _span(beyond + TELLING[0], TELLING[1])
    sharp = np.array(
        [sum(_sharpness(side, depth, inside=inside) for side in sides) for depth in depths]
    )
    flush = sharp[np.abs(depths).argmin()]
    is_clear = sharp.max() > max(CLEARER * flush, OUTSTANDING * float(np.median(sharp)))
    return bool(depths[sharp.argmax()] > DEPTH_MIN and is_clear)


def _sharpness(side: Strips, depth: float, *, inside: slice) -> float:
    mean = np.nan_to_num(_aligned(side, depth)).mean(axis=0)
    return float((mean[inside] ** 2).mean())


def _aligned(side: Strips, depth: float) -> Matrix:
    """Steps (k x n) at so many units behind the wall's face; not a number beyond the strip."""
    places = _places()
    rows = [
        np.interp(places + depth * slant, places, steps, left=np.nan, right=np.nan)
        for steps, slant in zip(side.steps, side.slants, strict=True)
    ]
    return np.array(rows).reshape(-1, len(places))


@dataclass(frozen=True)
class _Ends:
    """Where photos (k) show the ends of boards that stand so far out."""

    places: Matrix
    slants: Matrix
    pixels: Matrix
    out: float

    @property
    def scatter(self) -> float:
        """How far the photos are apart, and how unusual these boards are."""
        apart = float(np.abs(self.places - np.median(self.places)).mean())
        return apart + UNUSUAL * abs(self.out - OUT)

    @property
    def spread(self) -> float:
        return 1.4826 * float(np.median(np.abs(self.places - np.median(self.places))))

    def inner(self, *, most: int) -> Inner:
        """The place that this percentage of the photos keeps within."""
        blur = PIXEL_SHARE * float(np.median(self.pixels))
        aslant = OUT_SIGMA * float(np.median(np.abs(self.slants)))
        sigma = float(np.linalg.norm([self.spread, blur, aslant]))
        return Inner(float(np.percentile(self.places, most)), sigma)


def _ends(sides: Sequence[Strips], *, out: float) -> _Ends | None:
    """The ends of upright boards, if they show on both sides alike before what is behind them."""
    chosen = [side.slants < -SLANT_MIN for side in sides]
    rows = np.concatenate(
        [_aligned(side, -out)[taken] for side, taken in zip(sides, chosen, strict=True)]
    )
    if len(rows) < PHOTOS_MIN:
        return None
    rows = np.nan_to_num(rows)
    near = cv2.dilate(rows, np.ones((1, 2 * round(ALIKE / STEP) + 1), np.uint8))
    alike = np.percentile(near, MOST, axis=0)[_span(*WIDTHS)]
    if alike.max() < STRENGTH_MIN:
        return None
    place = WIDTHS[0] + int(alike.argmax()) * STEP
    around = _span(place - ALIKE, place + AFTER)
    return _Ends(
        places=(around.start + rows[:, around].argmax(axis=1)) * STEP,
        slants=np.concatenate([s.slants[taken] for s, taken in zip(sides, chosen, strict=True)]),
        pixels=np.concatenate([s.pixels[taken] for s, taken in zip(sides, chosen, strict=True)]),
        out=out,
    )


def _level(side: Strips, *, out: float, like: Inner) -> Inner:
    """Where the boards of a level side end, which are about as wide as the upright ones."""
    around = _span(like.width - OWN_REACH, like.width + OWN_REACH)
    steps = np.nan_to_num(_aligned(side, -out))[:, around]
    inner = steps[:, 1:-1]
    crest = (inner >= steps[:, :-2]) & (inner >= steps[:, 2:]) & (inner >= OWN_MIN)
    clear = crest.any(axis=1)
    if clear.sum() < PHOTOS_MIN:
        return Inner(like.width, float(np.hypot(UNSEEN_SIGMA, like.sigma)))
    best = (inner * crest)[clear].argmax(axis=1) + 1
    places = (around.start + best) * STEP
    own = _Ends(places, side.slants[clear], side.pixels[clear], out).inner(most=50)
    return Inner(own.width, float(np.hypot(own.sigma, like.sigma)))
