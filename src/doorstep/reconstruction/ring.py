"""The ring of views round a house: where neighbours overlap, and where the walk is broken.

Only neighbours are compared: alike windows and symmetric houses make views from opposite sides
agree with each other, and a match across the house says nothing about the walk.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

SPOTS_COUNT = 8
# Marked spots further apart than this on the ring are no neighbours, however alike they look.
SPOTS_APART_MAX = 1
# Views joined by so few others stand near each other; the way round the house is longer, also
# where wide views make it shorter.
NEAR_SHARE, NEAR_STEPS_MIN, NEAR_STEPS_MAX = 1 / 4, 3, 9
# Fewer views than this on their own are a closer look at something, or stray.
PIECE_VIEWS_MIN = 3
# Closer looks and what was taken later are fewer than the walk itself.
ASIDE_SHARE_MAX = 1 / 3
COMPARISONS_PER_VIEW_MAX = 8

Ring = list[int]
Compare = Callable[[int, int], bool]
"""Whether two views, by their numbers, overlap."""


@dataclass(frozen=True)
class View:
    """Who took it, and the number of the spot that the person stood at or came from."""

    phone: str
    spot: int | None = None


@dataclass(frozen=True)
class Coverage:
    """What the walk lacks: `gaps` are neighbours without overlap; `loose` views hang on nothing."""

    views: int
    pieces: int
    gaps: tuple[tuple[int, int], ...]
    loose: tuple[int, ...]
    comparisons: int


def judge(views: Sequence[View], compare: Compare, *, skipped: frozenset[int]) -> Coverage:
    """Where the ring of views, given in the order they were taken, is broken.

    1. Each view is compared with the next that was taken and with the next of the ring, and
       past it where that fails.
    2. Where the ring stays broken, the ends of its parts and the views that hang on nothing are
       compared with each other: a gap may have been filled later.
    3. Parts that the ring does not need, such as closer looks, are left out of it.
    """
    joins = _Joins(views, compare)
    ring = ring_order(views)
    for view in range(1, len(views)):
        joins.join(view - 1, view)
    for here in range(len(ring)):
        _compare_onward(ring, joins, here=here)
    if breaks(ring, joins):
        _compare_ends(ring, joins)
    walk = _without_detours(ring, joins)
    aside = frozenset(ring) - frozenset(walk)
    gaps = [
        pair
        for pair in breaks(walk, joins, aside=aside)
        if not _is_skipped(views, pair, skipped=skipped)
    ]
    sizes = [len(group) for group in joins.groups()]
    loose = [v for group in joins.groups() if len(group) < PIECE_VIEWS_MIN for v in group]
    return Coverage(
        views=len(views),
        pieces=max(1, sum(size >= PIECE_VIEWS_MIN for size in sizes)),
        gaps=tuple(gaps),
        loose=tuple(sorted(loose)),
        comparisons=joins.made,
    )


def ring_order(views: Sequence[View]) -> Ring:
    """Numbers of the views as they stand round the house, as far as their spots tell.

    A photo without a spot stays with the one before it. With fewer spots than photos without,
    the order in which they were taken is the best guess.
    """
    known = [view.spot for view in views if view.spot is not None]
    if 2 * len(known) < len(views) or not known:
        return list(range(len(views)))
    places, last = list[int](), known[0]
    for view in views:
        last = last if view.spot is None else view.spot
        places.append(last)
    turn = direction(views)
    return sorted(range(len(views)), key=lambda v: (turn * places[v] % SPOTS_COUNT, v))


def direction(views: Sequence[View]) -> int:
    """1 for a walk in the order of the spots, -1 for one the other way round."""
    spots = [view.spot for view in views if view.spot is not None]
    steps = [(b - a) % SPOTS_COUNT for a, b in pairwise(spots)]
    half = SPOTS_COUNT // 2
    backward = sum(step > half for step in steps) > sum(0 < step < half for step in steps)
    return -1 if backward else 1


def breaks(
    ring: Ring,
    joins: "_Joins",
    *,
    steps_max: int = NEAR_STEPS_MAX,
    aside: frozenset[int] = frozenset(),
) -> list[tuple[int, int]]:
    """Neighbours of the ring that no short chain of overlapping views joins.

    Steps between views that stand `aside` do not count: several may fill one gap.
    """
    if len(ring) < NEAR_STEPS_MIN:
        return []
    most = min(steps_max, max(NEAR_STEPS_MIN, round(len(ring) * NEAR_SHARE)))
    return [
        pair for pair in _neighbours(ring) if not joins.are_near(*pair, steps_max=most, aside=aside)
    ]


class _Joins:
    """Which views overlap; every pair is compared once, and only where it may be neighbours."""

    def __init__(self, views: Sequence[View], compare: Compare) -> None:
        self._views = views
        self._compare = compare
        self._known: dict[tuple[int, int], bool] = {}
        self._beside: list[set[int]] = [set() for _ in views]

    @property
    def made(self) -> int:
        """How many pairs were compared."""
        return len(self._known)

    def join(self, one: int, other: int) -> bool:
        """Whether two views overlap; compared now if that is not known."""
        pair = (min(one, other), max(one, other))
        if pair in self._known:
            return self._known[pair]
        if one == other or not self._may_be_neighbours(*pair):
            return False
        if self.made >= COMPARISONS_PER_VIEW_MAX * len(self._views):
            return False
        self._known[pair] = found = self._compare(*pair)
        if found:
            self._beside[one].add(other)
            self._beside[other].add(one)
        return found

    def are_near(
        self, start: int, end: int, *, steps_max: int, aside: frozenset[int] = frozenset()
    ) -> bool:
        """Whether overlapping views lead from one to the other without going round the house."""
        steps, waiting = {start: 0}, deque([start])
        while waiting:
            view = waiting.popleft()
            if view == end:
                return True
            for other in self._beside[view]:
                free = view in aside and other in aside
                here = steps[view] + (0 if free else 1)
                if here <= steps_max and here < steps.get(other, steps_max + 1):
                    steps[other] = here
                    (waiting.appendleft if free else waiting.append)(other)
        return False

    def groups(self) -> list[set[int]]:
        """Views that hang together."""
        left, found = set(range(len(self._views))), list[set[int]]()
        while left:
            group, waiting = set[int](), [min(left)]
            while waiting:
                view = waiting.pop()
                if view not in group:
                    group.add(view)
                    waiting.extend(self._beside[view] - group)
            found.append(group)
            left -= group
        return found

    def _may_be_neighbours(self, one: int, other: int) -> bool:
        here, there = self._views[one].spot, self._views[other].spot
        return here is None or there is None or spots_apart(here, there) <= SPOTS_APART_MAX


def spots_apart(one: int, other: int) -> int:
    """Steps between two spots on the shorter way round."""
    forth = (other - one) % SPOTS_COUNT
    return min(forth, SPOTS_COUNT - forth)


def _neighbours(ring: Ring) -> Iterator[tuple[int, int]]:
    return zip(ring, [*ring[1:], ring[0]], strict=True)


def _compare_onward(ring: Ring, joins: _Joins, *, here: int) -> None:
    """With the next view, and with those about it where one of the two may be a bad picture."""
    before, one, other, after = (ring[(here + step) % len(ring)] for step in (-1, 0, 1, 2))
    if not joins.join(one, other):
        for pair in ((one, after), (before, other), (before, after)):
            joins.join(*pair)


def _compare_ends(ring: Ring, joins: _Joins) -> None:
    """The ends of all parts with each other, and with every view of the small ones."""
    parts = _parts(ring, joins)
    ends = [view for part in parts for view in dict.fromkeys((part[0], part[-1]))]
    small = [view for part in parts if len(part) <= PIECE_VIEWS_MIN for view in part]
    for one in ends:
        for other in dict.fromkeys([*ends, *small]):
            joins.join(one, other)


def _parts(ring: Ring, joins: _Joins) -> list[Ring]:
    """The ring cut wherever it takes more than a few steps to the next view."""
    cuts = {one for one, _ in breaks(ring, joins, steps_max=NEAR_STEPS_MIN)}
    starts = [i + 1 for i, view in enumerate(ring) if view in cuts]
    if not starts:
        return [ring]
    turned = ring[starts[-1] :] + ring[: starts[-1]]
    parts: list[Ring] = [[]]
    for view in turned:
        parts[-1].append(view)
        if view in cuts:
            parts.append([])
    return [part for part in parts if part]


def _without_detours(ring: Ring, joins: _Joins) -> Ring:
    """The ring without runs of parts between two neighbours that need nothing between them.

    A large part that hangs on nothing is no detour but a piece of the walk.
    """
    parts = _parts(ring, joins)
    length = len(parts)
    for count in range(1, length):
        for start in range(length):
            run = [parts[(start + i) % length] for i in range(count)]
            before, after = parts[start - 1][-1], parts[(start + count) % length][0]
            inside = {view for part in run for view in part}
            if len(inside) > ASIDE_SHARE_MAX * len(ring) or not _meet(before, after, joins=joins):
                continue
            there = next(group for group in joins.groups() if before in group)
            if all(len(part) <= PIECE_VIEWS_MIN or there & set(part) for part in run):
                return _without_detours([view for view in ring if view not in inside], joins)
    # Between two large parts there is one gap, whatever few views stand alone in it.
    large = [view for part in parts if len(part) > PIECE_VIEWS_MIN for view in part]
    return large or ring


def _meet(before: int, after: int, *, joins: _Joins) -> bool:
    """Whether nothing is needed between two views."""
    return joins.join(before, after) or joins.are_near(before, after, steps_max=NEAR_STEPS_MIN)


def _is_skipped(views: Sequence[View], gap: tuple[int, int], *, skipped: frozenset[int]) -> bool:
    """Whether the person said of everything between the two that it cannot be reached."""
    one, other = (views[view].spot for view in gap)
    if one is None or other is None:
        return False
    turn = direction(views)
    steps = turn * (other - one) % SPOTS_COUNT
    between = {(one + turn * step) % SPOTS_COUNT for step in range(1, steps)}
    return bool(between) and between <= skipped
