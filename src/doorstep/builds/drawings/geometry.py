"""A house looked at from one direction: its faces on paper, the nearest last. No I/O.

Paper has x to the right and y up, in metres of the house.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import cos, dist, hypot, radians, sin

from doorstep.builds.drawings.ordering import Flat, back_to_front, is_inside
from doorstep.builds.measured.record import Point, Record

# A face that is seen at a flatter angle than this shows as a line, and is left out.
FACING_COS_MIN = 0.02
LINE_M_MIN = 0.1
# Places that are tried for a label, each way; and how much wider than high one is.
PLACES = 24
LABEL_WIDER = 2.5


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A face on paper, with the lines of text that stand in its middle."""

    points: tuple[Flat, ...]
    kind: str
    label: tuple[str, ...] = ()
    at: Flat | None = None

    @property
    def label_at(self) -> Flat:
        """Where its text stands: in its middle, or where nothing else is drawn."""
        return self.at or middle_of(self.points)


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
        _labelled(shape, before=shapes[number:]) for number, shape in enumerate(shapes, start=1)
    )


def _labelled(shape: Shape, *, before: Sequence[Shape]) -> Shape:
    """The shape with its label where nothing hides it; without it where there is no such place."""
    if shape.kind == "opening" or not shape.label:
        return shape
    holes = [other.points for other in before if other.kind == "opening"]
    moved = replace(shape, at=free_place(shape.points, holes)) if holes else shape
    others = [other for other in before if other.kind != "opening"]
    if not _is_covered(moved, by=others):
        return moved
    moved = replace(shape, at=free_place(shape.points, [other.points for other in before]))
    return replace(shape, label=()) if _is_covered(moved, by=others) else moved


def free_place(outline: Sequence[Flat], holes: Sequence[Sequence[Flat]]) -> Flat:
    """A place within an outline that is far from its holes and its edge, for a label."""
    middle = middle_of(outline)
    if not holes:
        return middle
    xs, ys = [x for x, _ in outline], [y for _, y in outline]
    steps = [number / PLACES for number in range(1, PLACES)]
    places = [
        (min(xs) + across * (max(xs) - min(xs)), min(ys) + up * (max(ys) - min(ys)))
        for up in steps
        for across in steps
    ]
    lines = [line for one in (outline, *holes) for line in _sides(one)]
    free = [
        place
        for place in places
        if is_inside(place, outline) and not any(is_inside(place, hole) for hole in holes)
    ]

    def room(at: Flat) -> tuple[float, float]:
        """How far it is to what is drawn; of places with as much, the middle one."""
        return round(min(_away(at, line) for line in lines), 6), -dist(at, middle)

    return max(free, key=room, default=middle)


def _sides(outline: Sequence[Flat]) -> list[tuple[Flat, Flat]]:
    return list(zip(outline, (*outline[1:], *outline[:1]), strict=True))


def _away(place: Flat, line: tuple[Flat, Flat]) -> float:
    """From a place to a line, with what lies beside it counted as nearer than above or below."""
    (x, y), ((ax, ay), (bx, by)) = place, line
    ax, bx, x = ax / LABEL_WIDER, bx / LABEL_WIDER, x / LABEL_WIDER
    square = (bx - ax) ** 2 + (by - ay) ** 2
    share = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / square if square else 0.0
    share = min(1.0, max(0.0, share))
    return hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay))


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
    return any(is_inside(shape.label_at, other.points) for other in by)


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
