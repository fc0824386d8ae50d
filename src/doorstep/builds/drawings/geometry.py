"""A house looked at from one direction: its faces on paper, the nearest last. No I/O.

Paper has x to the right and y up, in metres of the house.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import cos, radians, sin

from doorstep.builds.drawings.ordering import Flat, back_to_front, is_inside
from doorstep.builds.measured.record import Point, Record

# A face that is seen at a flatter angle than this shows as a line, and is left out.
FACING_COS_MIN = 0.02
LINE_M_MIN = 0.1


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A face on paper, with the lines of text that stand in its middle."""

    points: tuple[Flat, ...]
    kind: str
    label: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Stroke:
    """A line on paper, with text beside its middle."""

    ends: tuple[Flat, Flat]
    kind: str = "edge"
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What is drawn, back to front."""

    title: str
    shapes: tuple[Shape, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    sample: bool = False

    @property
    def box(self) -> tuple[float, float, float, float]:
        """(left, bottom, right, top) of everything."""
        points = [point for shape in self.shapes for point in shape.points]
        points += [end for stroke in self.strokes for end in stroke.ends]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return min(xs), min(ys), max(xs), max(ys)


@dataclass(frozen=True, kw_only=True)
class Face:
    """A wall or a slope, and what is written on it."""

    corners: tuple[Point, ...]
    kind: str
    label: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Eye:
    """Where one looks from: degrees round the house from its front, and above level."""

    turn: float
    above: float = 0.0
    _axes: tuple[Point, Point, Point] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Work out where right, up and towards the eye are."""
        turn, above = radians(self.turn), radians(self.above)
        towards = (sin(turn) * cos(above), -cos(turn) * cos(above), sin(above))
        upward = (-sin(turn) * sin(above), cos(turn) * sin(above), cos(above))
        object.__setattr__(self, "_axes", ((cos(turn), sin(turn), 0.0), upward, towards))

    def flat(self, point: Point) -> Flat:
        """Where a point is on paper."""
        x, y, _ = self.turned(point)
        return x, y

    def turned(self, point: Point) -> Point:
        """A point in the eye's own axes: right, up, towards the eye."""
        right, upward, towards = self._axes
        return _dot(point, right), _dot(point, upward), _dot(point, towards)

    def nearness(self, points: Sequence[Point]) -> float:
        """How near the nearest of these points is."""
        return max(_dot(point, self._axes[2]) for point in points)

    def levels(self, ends: Sequence[Point]) -> bool:
        """Whether a line runs towards the eye, so that its length does not show."""
        (ax, _), (bx, _) = self.flat(ends[0]), self.flat(ends[1])
        return abs(ax - bx) < LINE_M_MIN

    def sees(self, points: Sequence[Point]) -> bool:
        """Whether this is the outer side of a face."""
        normal = normal_of(points)
        length: float = _dot(normal, normal) ** 0.5
        return _dot(normal, self._axes[2]) > FACING_COS_MIN * length


def seen(faces: Iterable[Face], eye: Eye) -> tuple[Shape, ...]:
    """The faces that are turned to the eye, each after what it hides; hidden ones have no label."""
    visible = [_Turned(face=face, eye=eye) for face in faces if eye.sees(face.corners)]
    shapes = [visible[number].shape for number in back_to_front(visible)]
    return tuple(
        replace(shape, label=()) if _is_covered(shape, by=shapes[number:]) else shape
        for number, shape in enumerate(shapes, start=1)
    )


@dataclass(frozen=True)
class _Turned:
    """A face in the eye's own axes."""

    face: Face
    eye: Eye

    @cached_property
    def corners(self) -> tuple[Point, ...]:
        return tuple(self.eye.turned(corner) for corner in self.face.corners)

    @cached_property
    def normal(self) -> Point:
        x, y, z = self.eye.turned(normal_of(self.face.corners))
        length = (x * x + y * y + z * z) ** 0.5
        return x / length, y / length, z / length

    @property
    def shape(self) -> Shape:
        flat = tuple((x, y) for x, y, _ in self.corners)
        return Shape(points=flat, kind=self.face.kind, label=self.face.label)


def _is_covered(shape: Shape, *, by: Iterable[Shape]) -> bool:
    middle = middle_of(shape.points)
    return any(is_inside(middle, other.points) for other in by)


def is_drawable(record: Record) -> bool:
    """Whether any face of the house has corners."""
    corners = [wall.corners for wall in record.walls] + [slope.corners for slope in record.roof]
    return any(corners)


def normal_of(points: Sequence[Point]) -> Point:
    """Perpendicular to a face, outwards, by its area (Newell's way)."""
    pairs = list(zip(points, (*points[1:], points[0]), strict=True))
    return (
        sum((a[1] - b[1]) * (a[2] + b[2]) for a, b in pairs),
        sum((a[2] - b[2]) * (a[0] + b[0]) for a, b in pairs),
        sum((a[0] - b[0]) * (a[1] + b[1]) for a, b in pairs),
    )


def middle_of(points: Sequence[Flat]) -> Flat:
    """The centre of gravity of an outline, where its label stands."""
    pairs = list(zip(points, (*points[1:], points[0]), strict=True))
    twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)
    if abs(twice) < 1e-9:  # noqa: PLR2004  no area at all
        return (
            sum(x for x, _ in points) / len(points),
            sum(y for _, y in points) / len(points),
        )
    x = sum((a[0] + b[0]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs)
    y = sum((a[1] + b[1]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs)
    return x / (3 * twice), y / (3 * twice)


def _dot(a: Point, b: Point) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
