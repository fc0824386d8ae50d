"""How a wall ends above, from the points measured on it: level, in a gable, or on a slant."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.planes import DIRECTIONS, Cloud, along

Matrix = NDArray[np.float64]

# In units: how near points lie to their wall, width of the pieces of it, what its ends leave out,
# and how much a gable rises at least.
REACH, PIECE, MARGIN, RISE_MIN = 0.16, 0.3, 0.3, 0.3
POINTS_MIN, PIECES_MIN, PIECES_SHARE_MIN = 5, 6, 0.5
# In units: pieces further from the line of the others are hidden or show something else.
STRAY, SPREAD_MAX = 0.25, 0.12
ROUNDS = 4


@dataclass(frozen=True)
class Profile:
    """The height of a wall's middle, and the tangent at which it falls to both of its ends.

    A tangent of nought says that the wall ends level, as below an eave, or, with `lean`, that it
    rises at that tangent to the right as seen from outside, as beside a roof of one slope.
    """

    top: float
    tangent: float
    lean: float = 0.0


@dataclass(frozen=True)
class _Line:
    """Height at nought, tangent of the rise, and spread and share of the pieces that lie about it."""

    top: float
    tangent: float
    spread: float
    share: float


def profile_of(
    cloud: Cloud, facing: int, *, offset: float, span: tuple[float, float], unit: float
) -> Profile | None:
    """Of the wall at `offset` that runs over `span`; None where points tell of no such end."""
    sideways = cloud.xyz[:, :2] @ along(facing)
    near = np.abs(cloud.xyz[:, :2] @ DIRECTIONS[facing] - offset) < REACH * unit
    near &= (sideways > span[0] + MARGIN * unit) & (sideways < span[1] - MARGIN * unit)
    places, tops = _tops(sideways[near], cloud.xyz[near, 2], piece=PIECE * unit)
    pieces = (span[1] - span[0]) / (PIECE * unit)
    if len(places) < max(PIECES_MIN, PIECES_SHARE_MIN * pieces):
        return None
    across = places - (span[0] + span[1]) / 2
    half, level = (span[1] - span[0]) / 2, float(np.median(tops))
    gable, slant = (_line(x, tops, stray=STRAY * unit) for x in (np.abs(across), across))
    rising = [
        (line, profile)
        for line, profile, rise in (
            (gable, Profile(gable.top, -gable.tangent), -gable.tangent * half),
            (slant, Profile(slant.top, 0.0, slant.tangent), abs(slant.tangent) * half),
        )
        if rise > RISE_MIN * unit and line.spread < SPREAD_MAX * unit
    ]
    if rising:
        # Half of a slant passes for half of a gable.
        return max(rising, key=lambda one: one[0].share)[1]
    return Profile(level, 0.0) if np.median(np.abs(tops - level)) < SPREAD_MAX * unit else None


def _tops(sideways: Matrix, height: Matrix, *, piece: float) -> tuple[Matrix, Matrix]:
    """Middle of each piece of a wall, and how high points reach on it."""
    number = np.floor(sideways / piece).astype(np.int64)
    found = [
        ((one + 0.5) * piece, float(np.percentile(height[number == one], 98)))
        for one in np.unique(number)
        if (number == one).sum() >= POINTS_MIN
    ]
    places, tops = np.array(found).reshape(-1, 2).T
    return places, tops


def _line(places: Matrix, tops: Matrix, *, stray: float) -> _Line:
    kept = np.ones(len(places), bool)
    for _ in range(ROUNDS):
        tangent, top = np.polyfit(places[kept], tops[kept], 1)
        rest = tops - (top + tangent * places)
        kept = np.abs(rest - np.median(rest)) < stray
    spread = float(1.4826 * np.median(np.abs(rest)))
    return _Line(float(top), float(tangent), spread, float(kept.mean()))
