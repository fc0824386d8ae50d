"""Flat polygons: cutting, joining, and cutting up into triangles. Corners go anticlockwise."""

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

# Of a polygon's extent: nearer than this is the same place.
TOLERANCE = 1e-6


def clip(polygon: Matrix, keep: Matrix) -> Matrix:
    """The part of a convex polygon (n x 2) where a linear function, known at corners, is >= 0."""
    if len(polygon) == 0:
        return polygon
    result = []
    for index in range(len(polygon)):
        after = (index + 1) % len(polygon)
        if keep[index] >= -1e-9:
            result.append(polygon[index])
        if keep[index] * keep[after] < -1e-18:
            share = keep[index] / (keep[index] - keep[after])
            result.append(polygon[index] + share * (polygon[after] - polygon[index]))
    return np.array(result).reshape(-1, 2)


def common(one: Matrix, other: Matrix) -> Matrix:
    """What two convex polygons (n x 2) share; fewer than three corners where that is nothing."""
    result = one
    for start, end in zip(other, np.roll(other, -1, axis=0), strict=True):
        along = end - start
        if len(result):
            result = clip(result, _cross(along, result - start))
    return tidy(result)


def without(whole: Matrix, part: Matrix) -> list[Matrix]:
    """What is left of a convex polygon when a convex part that reaches its rim is cut away.

    The rim of what is left follows the part's inner sides backwards, then the whole's rim
    forwards to the next place where the part leaves it.
    """
    chains = _inner_chains(whole, part)
    left = []
    while chains:
        chain = chains.pop(0)
        corners = list(chain[::-1])
        start = _place(whole, chain[-1])
        while True:
            here = _place(whole, corners[-1])
            ends = [
                (_ahead(here, _place(whole, c[-1]), count=len(whole)), i, c)
                for i, c in enumerate(chains)
            ]
            home = _ahead(here, start, count=len(whole))
            nearest = min(ends, default=None, key=lambda end: end[0])
            stop = home if nearest is None else min(home, nearest[0])
            corners += [c for ahead, c in _corners_after(whole, here) if ahead < stop]
            if nearest is None or nearest[0] >= home:
                break
            corners += list(chains.pop(nearest[1])[::-1])
        left.append(tidy(np.array(corners)))
    return [polygon for polygon in left if len(polygon) >= 3]


def joined(one: Matrix, other: Matrix, *, inwards: Matrix, line: float) -> Matrix:
    """Two polygons that meet along a line p . inwards = line; `other` lies behind it."""
    if len(one) < 3 or len(other) < 3:
        return one if len(other) < 3 else other
    near = TOLERANCE * 100 * float(np.ptp(one, axis=0).max())
    on_one = np.abs(one @ inwards - line) < near
    on_other = np.abs(other @ inwards - line) < near
    last = [i for i in range(len(one)) if on_one[i] and on_one[(i + 1) % len(one)]]
    first = [i for i in range(len(other)) if on_other[i] and on_other[(i + 1) % len(other)]]
    if not last or not first:
        return one
    around_one = np.roll(one, -last[0] - 1, axis=0)
    around_other = np.roll(other, -first[0] - 1, axis=0)
    return tidy(np.concatenate([around_one, around_other]))


def tidy(polygon: Matrix) -> Matrix:
    """Without corners in one place with the next, or on the line between their neighbours."""
    corners = [np.asarray(corner) for corner in polygon]
    if len(corners) < 3:
        return np.zeros((0, 2))
    near = TOLERANCE * max(float(np.ptp(polygon, axis=0).max()), 1e-12)
    changed = True
    while changed and len(corners) >= 3:
        changed = False
        for index in range(len(corners)):
            before, here, after = (corners[(index + k) % len(corners)] for k in (-1, 0, 1))
            span = after - before
            length = float(np.linalg.norm(span))
            beside = abs(float(_cross(span, here - before))) / max(length, 1e-12)
            if np.linalg.norm(after - here) < near or beside < near:
                corners.pop(index)
                changed = True
                break
    return np.array(corners).reshape(-1, 2) if len(corners) >= 3 else np.zeros((0, 2))


def triangles_of(flat: Matrix) -> list[tuple[int, int, int]]:
    """Triangles of a polygon (n x 2) that need not be convex: one ear after another is cut off."""
    left = list(range(len(flat)))
    found = []
    while len(left) > 3:
        ear = max(range(len(left)), key=lambda index: _ear_height(flat, left, index=index))
        found.append((left[ear - 1], left[ear], left[(ear + 1) % len(left)]))
        left.pop(ear)
    return [*found, (left[0], left[1], left[2])]


def _ear_height(flat: Matrix, left: list[int], *, index: int) -> float:
    """How tall the triangle at a corner is beside its longest side; negative where none fits."""
    corners = flat[[left[index - 1], left[index], left[(index + 1) % len(left)]]]
    sides = np.roll(corners, -1, axis=0) - corners
    twice = float(_cross(sides[0], sides[1]))
    longest = float(np.linalg.norm(sides, axis=1).max())
    others = np.array(
        [flat[i] for i in left if np.linalg.norm(corners - flat[i], axis=1).min() > 0]
    ).reshape(-1, 2)
    inside = np.ones(len(others), bool)
    for corner, side in zip(corners, sides, strict=True):
        inside &= _cross(side, others - corner) >= 0
    return -1.0 if inside.any() else twice / max(longest, 1e-12) ** 2


def _inner_chains(whole: Matrix, part: Matrix) -> list[Matrix]:
    """The runs of the part's sides that lie inside the whole, each from rim to rim."""
    count = len(part)
    middles = (part + np.roll(part, -1, axis=0)) / 2
    on_rim = [_place(whole, corner) is not None for corner in part]
    # A side a hair long may have its middle on the rim, though it leads inside.
    inner = [
        not (on_rim[i] and on_rim[(i + 1) % count] and _place(whole, middles[i]) is not None)
        for i in range(count)
    ]
    if all(inner) or not any(inner):
        return []
    chains = []
    for start in range(count):
        if inner[start] and not inner[start - 1]:
            chain = [part[start]]
            index = start
            while inner[index % count]:
                index += 1
                chain.append(part[index % count])
            chains.append(np.array(chain))
    return chains


def _place(whole: Matrix, point: Matrix) -> float | None:
    """Number of the side of the rim that a point lies on, and the share of it; None inside."""
    near = 100 * TOLERANCE * float(np.ptp(whole, axis=0).max())
    for index in range(len(whole)):
        start, end = whole[index], whole[(index + 1) % len(whole)]
        side = end - start
        share = float((point - start) @ side / (side @ side))
        if -1e-9 <= share < 1 and np.linalg.norm(start + share * side - point) < near:
            return index + max(share, 0.0)
    return None


def _ahead(here: float | None, there: float | None, *, count: int) -> float:
    if here is None or there is None:
        return np.inf
    return (there - here) % count or float(count)


def _corners_after(whole: Matrix, here: float | None) -> list[tuple[float, Matrix]]:
    """The whole's corners in the order met from a place on its rim, and how far ahead."""
    if here is None:
        return []
    count = len(whole)
    ahead = [(_ahead(here, float(index), count=count), index) for index in range(count)]
    return [(distance, whole[index]) for distance, index in sorted(ahead)]


def _cross(one: Matrix, other: Matrix) -> Matrix:
    """The third component of the cross product of vectors in the plane."""
    return np.asarray(one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0])
