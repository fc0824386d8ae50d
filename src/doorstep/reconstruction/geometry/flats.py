"""A flat roof, which no photo from the ground shows: told by its eaves and the sky right above them.

Level walls all round carry a flat roof or a hip roof. The slopes of a hip roof that falls more
steeply than the line of sight from a camera to an eave rise above that eave and hide the sky.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.blocks import Block
from doorstep.reconstruction.geometry.boards import PHOTOS_MIN
from doorstep.reconstruction.geometry.levels import find_eaves
from doorstep.reconstruction.geometry.lines import Photographed, across_lines, shown_share
from doorstep.reconstruction.geometry.planes import DIRECTIONS, along
from doorstep.reconstruction.geometry.profiles import Profile
from doorstep.reconstruction.geometry.sky import sky
from doorstep.reconstruction.geometry.skylines import Eaves, steepest_hidden
from doorstep.reconstruction.geometry.slopes import Slope

Matrix = NDArray[np.float64]

LOW_SLOPE = 3 / 12
"""Tangent up to which a roof counts as flat: the trade's limit of "low slope"."""

# Eaves that would hide steeper slopes than this tell too little of what is behind them.
HIDDEN_MAX = 0.6
# In units: walls under one flat roof end this near to each other's height.
TOPS_APART_MAX = 0.25
# A house's ends are known of so many of its walls, and so many sides show sky. The house stands behind
# a wing, which has three walls: all of them are known to end level, and one shows sky.
HOUSE_SIDES, LEVEL_SIDES_MIN, SKY_SIDES_MIN = 4, 3, 2
# How clear eaves are that have sky above, of 2. Lines on the wall below may be clearer, but have none.
SHOWN_MIN, NEARLY_SHARE = 1.25, 0.9
# What lies so many pixels above an eave is the sky that is further up: of so much of its middle, in
# grey levels. A slope there would be seen where it is this many pixels high.
NEAR_PX, FAR_PX, GREY_APART_MAX, SKY_SHARE_MIN = 3.0, 12.0, 10.0, 0.5
SHOWN_SHARE_MIN = 0.5
MIDDLE, SAMPLES = (0.25, 0.75), 24
# Half of a house's depth, and of that half what the middle of a hipped slope has at least.
HALF, HIPPED_SHARE = 0.5, 0.5

Spans = Mapping[int, list[tuple[float, float]]]


def eaves_below_sky(
    block: Block,
    profiles: Mapping[int, Profile],
    *,
    outer: int,
    photos: Sequence[Photographed],
    spans: Spans,
    unit: float,
) -> tuple[Eaves, float] | None:
    """The eaves over walls that end level, and the tangent up to which slopes hide behind them.

    None where walls end otherwise, where no eaves are clear, or no sky is right above them.
    `profiles` say how those of a block's `outer` sides end whose upper end is known, `spans` where
    along each of them no other part of the house stands before its eave.
    """
    tops = [profile.top for profile in profiles.values()]
    if len(profiles) < min(LEVEL_SIDES_MIN, outer) or np.ptp(tops) > TOPS_APART_MAX * unit:
        return None
    if any(profile.tangent or profile.lean for profile in profiles.values()):
        return None
    found = find_eaves(
        block, profiles, facings=sorted(profiles), photos=photos, spans=spans, unit=unit
    )
    least = max([SHOWN_MIN, *(NEARLY_SHARE * shown for shown, _ in found[:1])])

    @cache
    def mask(number: int) -> NDArray[np.bool_]:
        return sky(photos[number].blue)

    needed = SKY_SIDES_MIN if outer == HOUSE_SIDES else 1
    for eaves in [eaves for shown, eaves in found if shown >= least]:
        sides = _hidden_tangents(block, eaves, photos=photos, spans=spans, mask=mask)
        if len(sides) >= needed and sides[needed - 1] < HIDDEN_MAX:
            return eaves, sides[needed - 1]
    return None


def _hidden_tangents(
    block: Block,
    eaves: Eaves,
    *,
    photos: Sequence[Photographed],
    spans: Spans,
    mask: Callable[[int], NDArray[np.bool_]],
) -> list[float]:
    """Of each side with sky above its eave, the tangent up to which a slope hides; least first.

    `mask` says of a photo where it shows sky. Slopes of a hip roof are alike: one side tells of all.
    """
    sides = []
    for facing in eaves.facings:
        found = [
            sight.tangent
            for sight in _sights(block, eaves, facing=facing, photos=photos, spans=spans)
            if _shows_sky(photos[sight.photo], sight.line, mask=partial(mask, sight.photo))
        ]
        if len(found) >= PHOTOS_MIN:
            sides.append(sorted(found)[PHOTOS_MIN - 1])
    return sorted(sides)


@dataclass(frozen=True)
class _Sight:
    """The steepest slope that hides behind an eave, whose middle is `line` (n x 3), from a photo."""

    tangent: float
    photo: int
    line: Matrix


def _sights(
    block: Block, eaves: Eaves, *, facing: int, photos: Sequence[Photographed], spans: Spans
) -> Iterator[_Sight]:
    """Of every photo taken before a side that has its eave in view."""
    # The middle of a hipped slope goes back at least so far.
    depth = float(min(np.array(block.high) - np.array(block.low))) * HALF * HIPPED_SHARE
    for span in spans[facing]:
        line = _middle(block, eaves, facing=facing, span=span)
        for number, photo in enumerate(photos):
            away = float((photo.view.centre[:2] - line[0, :2]) @ DIRECTIONS[facing])
            if away > 0 and shown_share(photo, line[[0, -1]]) >= SHOWN_SHARE_MIN:
                above = float(line[0, 2] - photo.view.centre[2])
                yield _Sight(
                    steepest_hidden(photo, above=above, away=away, depth=depth, px=NEAR_PX),
                    number,
                    line,
                )


def _middle(block: Block, eaves: Eaves, *, facing: int, span: tuple[float, float]) -> Matrix:
    """Places (n x 3) on the middle of an eave, where a hipped slope would rise far behind it."""
    start, end = (span[0] + share * (span[1] - span[0]) for share in MIDDLE)
    sideways = np.linspace(start, end, SAMPLES)[:, None] * along(facing)
    flat = (block.edge(facing) + eaves.out) * DIRECTIONS[facing] + sideways
    return np.column_stack([flat, np.full(SAMPLES, eaves.height)])


def _shows_sky(photo: Photographed, line: Matrix, *, mask: Callable[[], NDArray[np.bool_]]) -> bool:
    """Whether what a photo shows right above a line is the sky further up."""
    pixels, _ = photo.view.project(line)
    up = across_lines(pixels[None])[0]
    up = up if up[1] < 0 else -up
    near, far = (pixels + px * up for px in (NEAR_PX, FAR_PX))
    inside = (far > 0).all(axis=1) & (far < np.array(photo.view.size) - 1).all(axis=1)
    if inside.mean() < SHOWN_SHARE_MIN:
        return False
    column, row = np.rint(far[inside]).astype(int).T
    apart = np.abs(_grey(photo, near[inside]) - _grey(photo, far[inside]))
    return bool((mask()[row, column] & (apart < GREY_APART_MAX)).mean() > SKY_SHARE_MIN)


def _grey(photo: Photographed, pixels: Matrix) -> Matrix:
    x, y = pixels.astype(np.float32).T
    return np.asarray(cv2.remap(photo.blue, x, y, cv2.INTER_LINEAR)[:, 0], np.float64)


def flat_slope(block: Block, eaves: Eaves, *, hidden: float) -> Slope:
    """The roof between those eaves."""
    facing = eaves.facings[0]
    span = np.sort(np.array([block.low, block.high]) @ along(facing))
    return Slope(
        facing=facing,
        top=eaves.height,
        tangent=0.0,
        sigma=0.0,
        span=(float(span[0]), float(span[1])),
        reach=(-block.edge((facing + 2) % 4), block.edge(facing)),
        area=0.0,
        hidden=hidden,
    )
