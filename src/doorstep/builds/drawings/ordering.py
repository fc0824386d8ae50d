"""Which of two faces hides the other: the order in which they are painted. No I/O."""

from collections.abc import Sequence
from typing import Protocol

from doorstep.builds.measured.record import Point

Flat = tuple[float, float]

# Faces that meet in an edge lie on each other's plane but for rounding, and walls bulge a little.
ON_PLANE_M = 0.05
# Beyond so many, where no house of ours is, faces are painted by their nearest corner alone.
FACES_MAX = 80


class Seen(Protocol):
    """A face in the eye's own axes: right, up, towards the eye."""

    @property
    def corners(self) -> Sequence[Point]:
        """Its corners."""

    @property
    def normal(self) -> Point:
        """Perpendicular to it, of length one, towards the eye."""


def back_to_front(faces: Sequence[Seen]) -> list[int]:
    """The numbers of the faces, each after all that it may hide."""
    left = sorted(range(len(faces)), key=lambda n: max(corner[2] for corner in faces[n].corners))
    if len(faces) > FACES_MAX:
        return left
    first = {(a, b): a == b or may_come_first(faces[a], faces[b]) for a in left for b in left}
    order = []
    while left:
        chosen = next((n for n in left if all(first[n, other] for other in left)), left[0])
        left.remove(chosen)
        order.append(chosen)
    return order


def may_come_first(one: Seen, other: Seen) -> bool:
    """Whether `other` can be painted over `one`: they do not meet on paper, or it is in front."""
    if _apart(one.corners, other.corners):
        return True
    behind = all(_above(corner, other) <= ON_PLANE_M for corner in one.corners)
    return behind or all(_above(corner, one) >= -ON_PLANE_M for corner in other.corners)


def is_inside(point: Flat, outline: Sequence[Flat]) -> bool:
    """Whether a point of the paper lies within an outline."""
    inside = False
    x, y = point
    for (ax, ay), (bx, by) in zip(outline, (*outline[1:], outline[0]), strict=True):
        if (ay > y) != (by > y) and x < ax + (bx - ax) * (y - ay) / (by - ay):
            inside = not inside
    return inside


def _apart(one: Sequence[Point], other: Sequence[Point]) -> bool:
    for axis in (0, 1):
        a, b = [p[axis] for p in one], [p[axis] for p in other]
        if max(a) <= min(b) + ON_PLANE_M or max(b) <= min(a) + ON_PLANE_M:
            return True
    return False


def _above(point: Point, face: Seen) -> float:
    """Metres from a face's plane towards the eye."""
    start = face.corners[0]
    return sum((point[n] - start[n]) * face.normal[n] for n in range(3))
