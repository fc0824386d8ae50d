"""Which pictures there are of a house, by the published names, and what each of them shows."""

from math import cos, dist, radians, sin

from doorstep.builds.drawings.geometry import (
    Eye,
    Face,
    Picture,
    Shape,
    Stroke,
    is_drawable,
    normal_of,
    seen,
)
from doorstep.builds.drawings.ordering import ON_PLANE_M, Flat
from doorstep.builds.measured.full import SIDES
from doorstep.builds.measured.record import Measure, Point, Record, Slope, Wall
from doorstep.builds.measured.roof_lines import ROOF_KINDS
from doorstep.builds.measured.units import pitch
from doorstep.builds.measured.words import in_feet, in_square_feet, ranged

SIDE_VERSIONS = ("url", "compass", "top")
ROOF_VERSIONS = ("url", "top", "lengths", "areas", "pitches")
VERSIONS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(SIDES, SIDE_VERSIONS),
    "roof": ROOF_VERSIONS,
    "footprint": ("url",),
}
DELIVERABLES: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(SIDES, (3,)),
    "roof": (2, 3),
    "footprint": (3,),
    "total_living_area": (5, 6),
    "floor_plan": (8,),
}
"""Which orders have which picture; those of the last two are not made."""

DEGREES_BETWEEN_SIDES = 45
CORNER_ABOVE_DEGREES = 18.0
NEAR_M = 0.5
RAISED_M = 1.05 * ON_PLANE_M
TIMES = "\N{MULTIPLICATION SIGN}"
FROM_ABOVE = Eye(turn=0, above=90)
TITLES = {side: side.replace("_", " ").capitalize() for side in SIDES}


def names_of(record: Record, *, deliverable_id: int) -> frozenset[str]:
    """The pictures that there are of a house of which this was ordered."""
    if not is_drawable(record):
        return frozenset()
    return names_ordered(deliverable_id)


def names_ordered(deliverable_id: int) -> frozenset[str]:
    """The pictures that come with an order."""
    return frozenset(name for name in VERSIONS if deliverable_id in DELIVERABLES[name])


def picture_of(record: Record, name: str, *, version: str = "url") -> Picture | None:
    """The picture of this name; None when nothing that it shows has a size."""
    if not is_drawable(record) or name not in VERSIONS:
        return None
    picture = _picture(record, name, version=version)
    return picture if picture.shapes or picture.strokes else None


def _picture(record: Record, name: str, *, version: str) -> Picture:
    if name == "roof":
        return roof(record, version=version)
    if name == "footprint":
        return footprint(record)
    if version == "compass":
        return compass(record, name)
    if version == "top":
        return from_above(record, name)
    return elevation(record, name)


def elevation(record: Record, side: str) -> Picture:
    """The house from one side, or from a corner and a little above."""
    turn = DEGREES_BETWEEN_SIDES * SIDES.index(side)
    is_corner = "_" in side
    eye = Eye(turn=turn, above=CORNER_ABOVE_DEGREES if is_corner else 0.0)
    walls = [
        Face(corners=wall.corners, kind="wall", label=_wall_label(wall, short=is_corner))
        for wall in record.walls
        if wall.corners
    ]
    slopes = [
        Face(corners=slope.corners, kind="roof", label=(slope.id,))
        for slope in record.roof
        if slope.corners
    ]
    holes = [
        Face(corners=_raised(one.corners), kind="opening", label=() if is_corner else (one.id,))
        for one in record.openings
        if one.corners
    ]
    return Picture(
        title=TITLES[side],
        shapes=seen([*walls, *slopes, *holes], eye),
        strokes=() if is_corner else _near_rakes(record, eye),
        sample=record.sample,
    )


def _raised(corners: tuple[Point, ...]) -> tuple[Point, ...]:
    """An opening a little before its wall, so that it is painted after it."""
    normal = normal_of(corners)
    length = dist((0.0, 0.0, 0.0), normal) or 1.0
    x, y, z = (RAISED_M * value / length for value in normal)
    return tuple((a + x, b + y, c + z) for a, b, c in corners)


def roof(record: Record, *, version: str) -> Picture:
    """The roof from above, with what the version is about."""
    slopes = [
        Face(corners=slope.corners, kind="roof", label=_slope_label(slope, version))
        for slope in record.roof
        if slope.corners
    ]
    strokes = tuple(
        Stroke(
            ends=(FROM_ABOVE.flat(edge.ends[0]), FROM_ABOVE.flat(edge.ends[1])),
            kind=edge.kind,
            label=_feet(edge.length) if version == "lengths" else "",
        )
        for edge in record.edges_of(*ROOF_KINDS)
        if edge.ends
    )
    title = {"url": "Roof", "top": "Roof from above"}.get(version, f"Roof {version}")
    return Picture(
        title=title,
        shapes=seen(slopes, FROM_ABOVE),
        strokes=(*_ground(record), *(() if version == "top" else strokes)),
        sample=record.sample,
    )


def _ground(record: Record) -> tuple[Stroke, ...]:
    """Where the walls stand, under a roof that was not made out as a whole."""
    if record.roof_is_whole:
        return ()
    walls = [wall for wall in record.walls if wall.corners]
    return tuple(Stroke(ends=_base(wall), kind="ground") for wall in walls)


def footprint(record: Record) -> Picture:
    """Where the walls stand, with their names and widths."""
    strokes = tuple(
        Stroke(ends=_base(wall), kind="wall", label=f"{wall.id}  {_feet(wall.width)}")
        for wall in record.walls
        if wall.corners
    )
    return Picture(title="Footprint", strokes=strokes, sample=record.sample)


def from_above(record: Record, side: str) -> Picture:
    """The whole house from above, with the walls that the picture of this side shows."""
    eye = Eye(turn=DEGREES_BETWEEN_SIDES * SIDES.index(side))
    above = roof(record, version="top")
    shown = tuple(
        Stroke(ends=_base(wall), kind="shown", label=wall.id)
        for wall in record.walls
        if wall.corners and eye.sees(wall.corners)
    )
    return Picture(
        title=f"{TITLES[side]}, from above",
        shapes=above.shapes,
        strokes=(*above.strokes, *shown),
        sample=record.sample,
    )


def compass(record: Record, side: str) -> Picture:
    """From where the picture of this side looks at the house. It knows no north."""
    turn = radians(DEGREES_BETWEEN_SIDES * SIDES.index(side))
    plan = from_above(record, side)
    if not plan.shapes and not plan.strokes:
        return plan
    left, bottom, right, top = plan.box
    reach = max(right - left, top - bottom) * 0.95
    middle = ((left + right) / 2, (bottom + top) / 2)
    away = (sin(turn), -cos(turn))
    arrow = _arrow(middle, away=away, reach=reach)
    rim = [Stroke(ends=(one, one), kind="rim") for one in _rim(middle, reach)]
    return Picture(
        title=f"Seen from: {TITLES[side].lower()}",
        shapes=(*(Shape(points=shape.points, kind="plain") for shape in plan.shapes), arrow),
        strokes=(*plan.strokes, *rim),
        sample=record.sample,
    )


def _near_rakes(record: Record, eye: Eye) -> tuple[Stroke, ...]:
    """The edges of a roof that is seen from its end, where none of its slopes shows."""
    rakes = [edge.ends for edge in record.edges_of("rake") if edge.ends]
    nearest = max((eye.nearness(ends) for ends in rakes), default=0.0)
    return tuple(
        Stroke(ends=(eye.flat(ends[0]), eye.flat(ends[1])), kind="rake")
        for ends in rakes
        if eye.nearness(ends) > nearest - NEAR_M and not eye.levels(ends)
    )


def _arrow(middle: Flat, *, away: Flat, reach: float) -> Shape:
    """A wedge that points at the house."""
    (x, y), (dx, dy), half = middle, away, reach * 0.09
    tip, tail = 0.72 * reach, 0.98 * reach
    return Shape(
        kind="arrow",
        points=(
            (x + dx * tip, y + dy * tip),
            (x + dx * tail - dy * half, y + dy * tail + dx * half),
            (x + dx * tail + dy * half, y + dy * tail - dx * half),
        ),
    )


def _rim(middle: Flat, reach: float) -> list[Flat]:
    """So that pictures of all sides are of one size."""
    x, y = middle
    return [(x - reach, y - reach), (x + reach, y + reach)]


def _base(wall: Wall) -> tuple[Flat, Flat]:
    first, last = wall.corners[0], wall.corners[1]
    return FROM_ABOVE.flat(first), FROM_ABOVE.flat(last)


def _wall_label(wall: Wall, *, short: bool) -> tuple[str, ...]:
    if short or wall.width is None or wall.height is None:
        return (wall.id,)
    return wall.id, f"{_feet(wall.width)} {TIMES} {_feet(wall.height)}"


def _slope_label(slope: Slope, version: str) -> tuple[str, ...]:
    if version in ("top", "lengths"):
        return ()
    more = ""
    if version == "areas" and slope.area:
        more = ranged(in_square_feet(_bare(slope.area)), unit=" sq ft", places=0)
    if version == "pitches" and slope.over_12 is not None:
        more = f"{pitch(slope.over_12)}/12"
    return (slope.id, more) if more else (slope.id,)


def _feet(found: Measure | None) -> str:
    return ranged(in_feet(_bare(found)), unit=" ft") if found else ""


def _bare(found: Measure) -> Measure:
    return Measure(value=found.value)
