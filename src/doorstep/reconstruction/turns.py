"""How far the camera turned from one photo to another, as the matches of the two say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pycolmap
from numpy.typing import NDArray

from doorstep.reconstruction.held import to_upright
from doorstep.reconstruction.photos import Photo

Matrix = NDArray[np.float64]

# Fewer verified matches than this may be chance, and hold no photo in place.
STRONG_MATCHES_MIN = 60
# Alike sides are 90 or 180 degrees apart; a focal length that is off by a tenth turns the sum of
# a whole walk by 36.
DISAGREEING_DEG_MIN = 45.0
# Two ways to find the turn from one photo to the next, that come this near, agree. Between photos
# of one flat wall a turn may be found the wrong way round.
SAME_TURN_DEG_MAX = 10.0
# Neighbours in the walk are this near in the order of capture.
APART_MAX = 3

# Less is no turn but an unsteady hand.
TURN_DEG_MIN = 5.0
# Of successive turns so many go the same way on a walk, a third of those of a shuffled set.
STEADY_SHARE_MIN = 0.7
# Of a walk that can be held against a layout, so many of the steps are well matched.
STEPS_SHARE_MIN = 0.5


@dataclass(frozen=True)
class Turn:
    """A matched pair by places in the capture: `rotation` (3 x 3) leads from `one` to `other`."""

    one: int
    other: int
    matches: int
    rotation: Matrix

    @property
    def pair(self) -> tuple[int, int]:
        """Both places in the capture."""
        return self.one, self.other

    @property
    def yaw_deg(self) -> float:
        """How far the camera turned about its upright axis, which in photos is y."""
        return float(np.degrees(np.arctan2(self.rotation[0, 2], self.rotation[2, 2])))


def read_turns(matches: Path, photos: Sequence[Photo]) -> list[Turn]:
    """Of every verified pair in the database, between upright photos in capture order."""
    index = {photo.file: number for number, photo in enumerate(photos)}
    upright = [to_upright(photo.quarters) for photo in photos]
    turns = []
    with pycolmap.Database.open(matches) as database:
        by_id = {image.image_id: index[image.name] for image in database.read_all_images()}
        for pair_id, geometry in zip(*database.read_two_view_geometries(), strict=True):
            if geometry.cam2_from_cam1 is None:
                continue
            one, other = (by_id[i] for i in pycolmap.pair_id_to_image_pair(pair_id))
            found = np.asarray(geometry.cam2_from_cam1.rotation.matrix())
            rotation = upright[other] @ found @ upright[one].T
            forward = (one, other, rotation) if one < other else (other, one, rotation.T)
            turns.append(Turn(*forward[:2], len(geometry.inlier_matches), forward[2]))
    return turns


def steps(turns: Iterable[Turn], *, ways_min: int) -> list[Turn]:
    """From each photo to the next: as they match themselves, or as both match the one beside.

    Those are left out that fewer ways of `ways_min` find alike.
    """
    strong = sorted((turn for turn in turns if is_strong(turn)), key=lambda turn: turn.pair)
    rotations = {turn.pair: turn.rotation for turn in strong}
    rotations |= {turn.pair[::-1]: turn.rotation.T for turn in strong}
    direct = [turn for turn in strong if are_near(turn, 1)]
    yaws = {turn.one: turn.yaw_deg for turn in direct}
    chosen = []
    for turn in direct:
        beside = [yaws[n] for n in (turn.one - 1, turn.one + 1) if n in yaws] or [turn.yaw_deg]
        ways = [turn] + [
            replace(turn, rotation=rotations[third, turn.other] @ rotations[turn.one, third])
            for third in (turn.one - 2, turn.one - 1, turn.other + 1, turn.other + 2)
            if (third, turn.other) in rotations and (turn.one, third) in rotations
        ]
        ways = [way for way in ways if agree(way.rotation, turn.rotation)]
        best = max(ways, key=lambda way: _worth(way, ways, usual_deg=float(np.mean(beside))))
        if len(_agreeing(best, ways)) >= ways_min:
            chosen.append(best)
    return chosen


def _worth(way: Turn, ways: Sequence[Turn], *, usual_deg: float) -> tuple[int, float]:
    """How many ways agree; among equals the turn that is most like those before and after."""
    return len(_agreeing(way, ways)), -abs(way.yaw_deg - usual_deg)


def _agreeing(way: Turn, ways: Sequence[Turn]) -> list[Turn]:
    return [
        other for other in ways if angle_deg(way.rotation @ other.rotation.T) <= SAME_TURN_DEG_MAX
    ]


def is_steady(walk: Iterable[Turn]) -> bool:
    """Whether successive turns between neighbours mostly go the same way."""
    ordered = sorted(walk, key=lambda turn: turn.pair)
    clear = [turn.yaw_deg for turn in ordered if abs(turn.yaw_deg) >= TURN_DEG_MIN]
    same_way = [one * other > 0 for one, other in pairwise(clear)]
    return bool(same_way) and float(np.mean(same_way)) >= STEADY_SHARE_MIN


def is_strong(turn: Turn) -> bool:
    """Whether there are more matches than chance finds."""
    return turn.matches >= STRONG_MATCHES_MIN


def are_near(turn: Turn, apart_max: int) -> bool:
    """Whether both photos are neighbours in the order of capture."""
    return abs(turn.other - turn.one) <= apart_max


def agree(one: Matrix, other: Matrix) -> bool:
    """Whether two rotations may be the same one, found twice."""
    return angle_deg(one @ other.T) <= DISAGREEING_DEG_MIN


def angle_deg(rotation: Matrix) -> float:
    """How far a rotation (3 x 3) turns."""
    return float(np.degrees(np.arccos(np.clip((np.trace(rotation) - 1) / 2, -1.0, 1.0))))
