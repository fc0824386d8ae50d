"""Which matches the walk itself bears out, on houses that look alike from several sides.

Two photos of alike sides match as well as two of one side; their matches then say that both
cameras look the same way, though the house lies between them. The walk is the witness: the small
turns from each photo to the next add up to how far any two are turned. This is the check of
loops by Zach, Klopschitz and Pollefeys, "Disambiguating visual relations using loop constraints"
(CVPR 2010), with the order of capture in place of a search for loops.
"""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass

import numpy as np

from doorstep.reconstruction.turns import (
    APART_MAX,
    DISAGREEING_DEG_MIN,
    STEPS_SHARE_MIN,
    Matrix,
    Turn,
    agree,
    angle_deg,
    are_near,
    is_steady,
    is_strong,
    steps,
)

# So far must a pair of photos be off to show that sides are alike. One that has this share of the
# matches of most photos' best pair is good, as alike windows have not; else it takes more pairs.
ALIKE_DEG_MIN, ALIKE_MATCHES_SHARE_MIN = 60.0, 0.25
POOR_TO_GOOD = 3
# A stretch of so many photos that turn so far, half of which look the way others do and match
# them well, is another side that looks alike, or the same one taken twice.
STRETCH_PHOTOS_MIN, STRETCH_DEG_MIN = 6, 30.0
SAME_VIEW_DEG_MAX, SAME_MATCHES_SHARE_MIN = 10.0, 0.5
# A turn is believed that so many ways to find it confirm.
WAYS_MIN = 2
# What the turns between two photos that show the same side, with the house gone round between
# them, add up to at the least.
ROUND_DEG_MIN = 270.0
# Photos apart from the walk, such as closer looks, are put where this many times more matches
# want them than want them anywhere else.
CLEAR_LEAD_MIN = 2.0


@dataclass(frozen=True)
class Findings:
    """What the walk says of the matched pairs.

    `alike` is the best matched pair of photos that show alike sides; without one nothing is
    wrong. `false` are the pairs to be left out, and `doubt` says why the walk cannot tell the
    sides apart; it is empty where it can.
    """

    false: frozenset[tuple[int, int]]
    alike: tuple[int, int] | None
    doubt: str


def findings(turns: Sequence[Turn], *, numbers: Sequence[int]) -> Findings:
    """Judge pairs of photos by the sum of the turns between neighbours.

    `numbers` are what the photos are called in words, in the order of capture.

    1. Each photo's turn to the next joins them to stretches of the walk.
    2. Inside a stretch, a pair that says otherwise than the sum of turns is false.
    3. Where well matched photos that are no neighbours do so, or a whole stretch repeats another,
       sides look alike. Then nothing is believed but a walk that is steady, whole, and comes
       round to its beginning, and no pair between it and other photos unless most of their
       matches agree.
    """
    stretches = _stretches(turns, count=len(numbers))
    # Neighbours in a walk may be off by chance: a flat wall lets a turn be found wrongly.
    walked = is_steady([turn for turn in turns if is_strong(turn) and are_near(turn, 1)])
    apart = [
        turn
        for turn in turns
        if not are_near(turn, APART_MAX) or not (walked or len(set(stretches.parts_of(turn))) == 1)
    ]
    alike = (
        _alike(apart, stretches, pairs_min=1)
        or _alike(apart, _joined(turns, stretches), pairs_min=2)
        or _repeated(turns, stretches)
    )
    if not alike:
        return Findings(frozenset(), None, "")
    false = {turn.pair for turn in turns if stretches.off_deg(turn) > DISAGREEING_DEG_MIN}
    false |= _unsettled(turns, stretches)
    left = [turn for turn in turns if turn.pair not in false]
    return Findings(frozenset(false), alike, _doubt(left, stretches, numbers=numbers))


def in_step(turns: Sequence[Turn], *, count: int) -> set[tuple[int, int]]:
    """Pairs that tell whether a stretch repeats another: as far apart as two that look the same way."""
    stretches = _stretches(turns, count=count)
    pairs = set()
    for turn in _same_views(turns, stretches):
        parts = [stretches.part[number] for number in turn.pair]
        if min(len(stretches.members(part)) for part in parts) >= STRETCH_PHOTOS_MIN:
            apart = turn.other - turn.one
            pairs |= {
                (one, one + apart)
                for one in range(count - apart)
                if [stretches.part[one], stretches.part[one + apart]] == parts
            }
    return pairs


class _Stretches:
    """Parts of the walk without a break: how each photo is turned in its own part."""

    def __init__(self, count: int) -> None:
        self.part = list(range(count))
        self.turned_deg = [0.0] * count
        self._pose = [np.eye(3)] * count

    def join(self, turn: Turn) -> None:
        """Turn the part of the other photo so that it fits that of the first."""
        place = self.placed_by(turn)
        old, part = self.part[turn.other], self.part[turn.one]
        yaw = self.turned_deg[turn.one] + turn.yaw_deg - self.turned_deg[turn.other]
        for photo in self.members(old):
            self.part[photo] = part
            self._pose[photo] = self._pose[photo] @ place
            self.turned_deg[photo] += yaw

    def placed_by(self, turn: Turn) -> Matrix:
        """How a pair wants the frame of the other photo's part turned against the first's."""
        return np.asarray(self._pose[turn.other].T @ turn.rotation @ self._pose[turn.one])

    def off_deg(self, turn: Turn) -> float:
        """How far both photos are turned otherwise than the pair says; 0 in different parts."""
        if self.part[turn.one] != self.part[turn.other]:
            return 0.0
        return angle_deg(self.placed_by(turn))

    def parts_of(self, turn: Turn) -> tuple[int, int]:
        """The parts of both photos."""
        return self.part[turn.one], self.part[turn.other]

    def members(self, part: int) -> list[int]:
        """Photos of a part, in the order of capture."""
        return [photo for photo, own in enumerate(self.part) if own == part]

    def largest(self) -> int:
        """The part of the most photos."""
        return max(set(self.part), key=lambda part: len(self.members(part)))


def _stretches(turns: Sequence[Turn], *, count: int) -> _Stretches:
    """Next to next; then over single photos that match neither, if all such pairs agree."""
    stretches = _Stretches(count)
    strong = sorted((t for t in turns if is_strong(t)), key=lambda t: t.pair)
    for turn in steps(turns, ways_min=WAYS_MIN):
        stretches.join(turn)
    for turn in strong:
        if not are_near(turn, APART_MAX) or stretches.part[turn.one] == stretches.part[turn.other]:
            continue
        ends = stretches.parts_of(turn)
        bridges = [t for t in strong if are_near(t, APART_MAX) and stretches.parts_of(t) == ends]
        place = stretches.placed_by(turn)
        if len(bridges) > 1 and all(agree(place, stretches.placed_by(t)) for t in bridges):
            stretches.join(turn)
    return stretches


def _joined(turns: Sequence[Turn], stretches: _Stretches) -> _Stretches:
    """All parts put together by the best matched pairs between them, any one of which may err."""
    joined = deepcopy(stretches)
    for turn in sorted(turns, key=lambda turn: -turn.matches):
        if is_strong(turn) and joined.part[turn.one] != joined.part[turn.other]:
            joined.join(turn)
    return joined


def _alike(
    turns: Sequence[Turn], stretches: _Stretches, *, pairs_min: int
) -> tuple[int, int] | None:
    """The best matched pair of those that show alike sides, if there are enough or good ones."""
    against = [t for t in turns if is_strong(t) and stretches.off_deg(t) > ALIKE_DEG_MIN]
    best = max(against, key=lambda turn: turn.matches, default=None)
    if best is None:
        return None
    good = best.matches >= _share_of_best(turns, ALIKE_MATCHES_SHARE_MIN)
    return best.pair if len(against) >= pairs_min * (1 if good else POOR_TO_GOOD) else None


def _repeated(turns: Sequence[Turn], stretches: _Stretches) -> tuple[int, int] | None:
    """A pair of photos that look the same way, from stretches of which one repeats the other.

    Or from a walk in short stretches, half of whose photos look the way others do.
    """
    same = _same_views(turns, stretches)
    count = len(stretches.part)
    walk = steps(turns, ways_min=1)
    walked = is_steady(walk) and len(walk) >= STEPS_SHARE_MIN * (count - 1)
    far = [turn for turn in same if not are_near(turn, APART_MAX)]
    if walked and 2 * len({photo for turn in far for photo in turn.pair}) >= count:
        return max(far, key=lambda turn: turn.matches).pair
    for turn in sorted(same, key=lambda turn: -turn.matches):
        ends = {stretches.part[number] for number in turn.pair}
        again = [t.pair for t in same if {stretches.part[n] for n in t.pair} == ends]
        for part in ends:
            members = stretches.members(part)
            repeated = {number for pair in again for number in pair} & set(members)
            turned = np.ptp([stretches.turned_deg[number] for number in repeated])
            enough = len(members) >= STRETCH_PHOTOS_MIN and turned >= STRETCH_DEG_MIN
            if enough and 2 * len(repeated) >= len(members):
                return turn.pair
    return None


def _same_views(turns: Sequence[Turn], stretches: _Stretches) -> list[Turn]:
    """Well matched photos of different stretches that look the same way."""
    good = _share_of_best(turns, SAME_MATCHES_SHARE_MIN)
    return [
        t
        for t in turns
        if stretches.part[t.one] != stretches.part[t.other]
        and is_strong(t)
        and t.matches >= good
        and angle_deg(t.rotation) <= SAME_VIEW_DEG_MAX
    ]


def _share_of_best(turns: Sequence[Turn], share: float) -> float:
    """A share of the matches of most photos' best matched pair."""
    best: dict[int, int] = {}
    for turn in turns:
        for photo in turn.pair:
            best[photo] = max(best.get(photo, 0), turn.matches)
    return share * float(np.median(list(best.values()))) if best else 0.0


def _unsettled(turns: Sequence[Turn], stretches: _Stretches) -> set[tuple[int, int]]:
    """Pairs between parts, save those to the largest on whose place most matches agree."""
    walk = stretches.largest()
    between = [t for t in turns if stretches.part[t.one] != stretches.part[t.other]]
    false = {turn.pair for turn in between}
    for part in set(stretches.part) - {walk}:
        own = [t for t in between if {stretches.part[n] for n in t.pair} == {part, walk}]
        places = [_towards(t, stretches, walk=walk) for t in own]
        votes = [
            sum(t.matches for t, other in zip(own, places, strict=True) if agree(place, other))
            for place in places
        ]
        best = int(np.argmax(votes)) if votes else 0
        against = sum(turn.matches for turn in own) - (votes[best] if votes else 0)
        if votes and votes[best] >= CLEAR_LEAD_MIN * against:
            agreeing = zip(own, places, strict=True)
            false -= {turn.pair for turn, place in agreeing if agree(places[best], place)}
    return false


def _towards(turn: Turn, stretches: _Stretches, *, walk: int) -> Matrix:
    """Where the pair puts the frame of the part that is not the walk's."""
    place = stretches.placed_by(turn)
    return place if stretches.part[turn.one] == walk else np.asarray(place.T)


def _doubt(turns: Sequence[Turn], stretches: _Stretches, *, numbers: Sequence[int]) -> str:
    """Words for why this walk does not tell alike sides apart."""
    if not is_steady([t for t in turns if are_near(t, 1)]):
        return "The photos are not in the order of a walk round the house."
    turned = stretches.turned_deg
    walk = stretches.largest()
    inside = [t for t in turns if stretches.part[t.one] == stretches.part[t.other] == walk]
    if any(abs(turned[t.one] - turned[t.other]) >= ROUND_DEG_MIN for t in inside):
        return ""
    photos = stretches.members(walk)
    count = len(numbers)
    if len(photos) == count:
        return f"Photos {numbers[-1]} and {numbers[0]} do not close the walk round the house."
    last = next(n for n in photos if n + 1 not in photos and (n + 1 < count or photos[0] > 0))
    return f"Photos {numbers[last]} and {numbers[(last + 1) % count]} do not overlap enough."
