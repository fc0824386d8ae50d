"""The engine's `measurements.json`, read without trust: metres, degrees, and what is missing.

A figure that the record lacks is None. Without a scale there are no metres, whatever the
record says.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

NAME = "measurements.json"
VERSION = 1
BYTES_MAX = 5_000_000
ROWS_MAX = 500
CORNERS_MAX = 64
FACE_CORNERS_MIN, ENDS = 3, 2
AXES = 3
NUMBER_MAX = 1e9
NAMED_WALL = re.compile(r"\bSI-\d+")
OPENINGS_UNSEEN = ("a window on ", "a door on ")

SCALES = {
    "marker": "the printed sheet in the photos",
    "known_length": "a length that somebody measured",
    "device": "the phone that took the photos",
}
"""Where the metres come from, by the record's word for it; any other word is none."""

MATERIALS = {
    "siding": "Siding",
    "brick": "Brick",
    "stucco": "Stucco",
    "stone": "Stone",
}
"""What walls are made of, by the record's word for it; any other word is not known."""

Point = tuple[float, float, float]
Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A length or an area, with half of its 90 % interval where the record states one."""

    value: float
    spread: float | None = None


@dataclass(frozen=True, kw_only=True)
class Wall:
    """A facade between its corners, from the ground to the underside of the roof.

    `net_area` leaves its openings out, and is there only where none of them can be hidden.
    `material` is empty where the record is not sure of one.
    """

    id: str
    side: str
    width: Measure | None = None
    height: Measure | None = None
    area: Measure | None = None
    net_area: Measure | None = None
    material: str = ""
    corners: tuple[Point, ...] = ()

    @property
    def is_siding(self) -> bool:
        """Whether it counts as siding: also where no material is known."""
        return self.material in ("", "siding")


@dataclass(frozen=True, kw_only=True)
class Slope:
    """A face of the roof; `over_12` is its rise over twelve."""

    id: str
    side: str
    pitch: Measure | None = None
    over_12: float | None = None
    area: Measure | None = None
    corners: tuple[Point, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Edge:
    """A straight edge of the house."""

    id: str
    kind: str
    length: Measure | None = None
    ends: tuple[Point, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Gap:
    """What could not be measured, why, and what would help."""

    what: str
    why: str
    ask_for: str

    @property
    def spot(self) -> str:
        """The name of the spot to stand at, as `back-left`; empty where none is named."""
        named = self.ask_for.removeprefix("spot ")
        is_spot = named != self.ask_for
        return named.removesuffix(" side").replace(" ", "-") if is_spot else ""

    @property
    def is_opening(self) -> bool:
        """Whether it is a window or a door on a wall that is known itself."""
        return self.what.startswith(OPENINGS_UNSEEN)

    @property
    def text(self) -> str:
        """As people read it."""
        where = self.ask_for.removeprefix("spot ")
        wish = f"photos from the {where}" if where != self.ask_for else self.ask_for
        said = f"{self.what}: {self.why}" if self.why else self.what
        ends = [f"{said[:1].upper()}{said[1:]}."]
        return " ".join([*ends, *([f"Ask for {wish}."] if wish else [])])


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A window, door or garage door; `wall` is the id of the facade that it is in."""

    id: str
    wall: str
    kind: str
    width: Measure
    height: Measure
    corners: tuple[Point, ...] = ()

    @property
    def area(self) -> Measure:
        """Of its rectangle; the range adds up what its sides may be off."""
        width, height = self.width, self.height
        spread = None
        if width.spread is not None and height.spread is not None:
            spread = width.value * height.spread + height.value * width.spread
        return Measure(value=width.value * height.value, spread=spread)


@dataclass(frozen=True, kw_only=True)
class Record:
    """Everything that is known of one house. `scale` is empty where there is none.

    `scale_share` is its standard deviation as a share.
    """

    scale: str
    scale_share: float | None = None
    sample: bool = False
    photos: tuple[int, int] | None = None
    footprint: Measure | None = None
    perimeter: Measure | None = None
    ridge_height: Measure | None = None
    walls: tuple[Wall, ...] = ()
    roof: tuple[Slope, ...] = ()
    edges: tuple[Edge, ...] = ()
    openings: tuple[Opening, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def walls_are_whole(self) -> bool:
        """Whether the walls are all there and none covers a part of another.

        Two walls on one side belong to two blocks, and what the lower one covers of the
        other is not taken off its area, unless photos show each of them as a whole.
        """
        sides = [wall.side for wall in self.walls]
        is_seen = bool(self.openings) and all(wall.net_area is not None for wall in self.walls)
        return self.walls_are_all_there and (is_seen or len(sides) == len(set(sides)))

    @property
    def walls_are_all_there(self) -> bool:
        """Whether no wall is named among what was not measured."""
        gaps = [gap for gap in self.gaps if not gap.is_opening]
        return bool(self.walls) and not any(NAMED_WALL.search(gap.what) for gap in gaps)

    @property
    def openings_are_all_there(self) -> bool:
        """Whether neither a wall nor an opening is named among what was not measured."""
        return self.walls_are_all_there and not any(gap.is_opening for gap in self.gaps)

    @property
    def roof_is_whole(self) -> bool:
        """Whether every slope was made out, and how far each reaches."""
        return bool(self.roof) and not any("roof" in gap.what for gap in self.gaps)

    @property
    def part_ids(self) -> frozenset[str]:
        """The names of all walls, slopes, edges and openings."""
        parts: list[Wall | Slope | Edge | Opening] = [*self.walls, *self.roof]
        return frozenset(one.id for one in [*parts, *self.edges, *self.openings])

    def edges_of(self, *kinds: str) -> list[Edge]:
        """The edges of these kinds."""
        return [edge for edge in self.edges if edge.kind in kinds]

    @property
    def valleys_are_known(self) -> bool:
        """Whether the roof is whole, and has valleys if it stands over an inside corner."""
        has_corner = bool(self.edges_of("inside_corner"))
        return self.roof_is_whole and (bool(self.edges_of("valley")) or not has_corner)

    def openings_of(self, wall: Wall) -> list[Opening]:
        """The openings that were found on a wall."""
        return [opening for opening in self.openings if opening.wall == wall.id]


def read(content: bytes) -> Record | None:
    """The record in these bytes; None when they hold none that this version can read."""
    if len(content) > BYTES_MAX:
        return None
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("version") != VERSION:
        return None
    return _record(found)


def total(values: Iterable[Measure | None]) -> float | None:
    """The sum, if every part of it is known."""
    parts = [value.value if value else None for value in values]
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def _record(found: Row) -> Record:
    scale = SCALES.get(str(_part(found, "scale").get("source")), "")
    footprint = _part(found, "footprint") if scale else {}
    ridge = found.get("ridge_height_m") if scale else None
    photos = _part(found, "photos")
    given, used = _number(photos.get("given")), _number(photos.get("registered"))
    return Record(
        scale=scale,
        scale_share=_number(_part(found, "scale").get("relative_uncertainty")) if scale else None,
        sample=found.get("sample") is True,
        photos=None if given is None or used is None else (int(used), int(given)),
        footprint=_share(footprint.get("area_m2"), footprint.get("range")),
        perimeter=_measure(footprint.get("perimeter_m"), footprint.get("perimeter_range_m")),
        ridge_height=_measure(ridge, found.get("ridge_height_range_m")),
        walls=tuple(_wall(row, scaled=bool(scale)) for row in _rows(found, "walls")),
        roof=tuple(_slope(row, scaled=bool(scale)) for row in _rows(found, "roof")),
        edges=tuple(_edge(row, scaled=bool(scale)) for row in _rows(found, "edges")),
        openings=tuple(
            opening
            for row in _rows(found, "openings")
            if scale and (opening := _opening(row)) is not None
        ),
        gaps=tuple(_gap(row) for row in _rows(found, "unseen") if row.get("what")),
    )


def _wall(row: Row, *, scaled: bool) -> Wall:
    material = row.get("material")
    wall = Wall(
        id=str(row.get("id", "")),
        side=str(row.get("side", "")),
        material=material if material in MATERIALS else "",
    )
    if not scaled:
        return wall
    return replace(
        wall,
        width=_measure(row.get("width_m"), row.get("width_range_m")),
        height=_height(row),
        area=_share(row.get("area_m2"), row.get("range")),
        net_area=_share(row.get("net_area_m2"), row.get("range")),
        corners=_points(row.get("polygon"), least=FACE_CORNERS_MIN),
    )


def _height(row: Row) -> Measure | None:
    """Older records have one range for the height and for the area, as a share."""
    if "height_range_m" in row:
        return _measure(row.get("height_m"), row.get("height_range_m"))
    return _share(row.get("height_m"), row.get("range"))


def _slope(row: Row, *, scaled: bool) -> Slope:
    return Slope(
        id=str(row.get("id", "")),
        side=str(row.get("side", "")),
        pitch=_measure(row.get("pitch_deg"), row.get("pitch_range_deg")),
        over_12=_number(row.get("pitch_over_12")),
        area=_share(row.get("area_m2"), row.get("range")) if scaled else None,
        corners=_points(row.get("polygon"), least=FACE_CORNERS_MIN) if scaled else (),
    )


def _edge(row: Row, *, scaled: bool) -> Edge:
    return Edge(
        id=str(row.get("id", "")),
        kind=str(row.get("type", "edge")),
        length=_measure(row.get("length_m"), row.get("range_m")) if scaled else None,
        ends=_points(row.get("ends"), least=ENDS)[:ENDS] if scaled else (),
    )


def _opening(row: Row) -> Opening | None:
    """None for a row without both sizes."""
    spread = row.get("range_m")
    width = _measure(row.get("width_m"), row.get("width_range_m", spread))
    height = _measure(row.get("height_m"), row.get("height_range_m", spread))
    if width is None or height is None:
        return None
    return Opening(
        id=str(row.get("id", "")),
        wall=str(row.get("wall", "")),
        kind=str(row.get("kind", "")),
        width=width,
        height=height,
        corners=_points(row.get("polygon"), least=FACE_CORNERS_MIN),
    )


def _gap(row: Row) -> Gap:
    what, why, ask_for = (str(row.get(name, "")).rstrip(".") for name in ("what", "why", "ask_for"))
    return Gap(what=what, why=why, ask_for=ask_for)


def _measure(value: object, spread: object) -> Measure | None:
    number = _number(value)
    return None if number is None else Measure(value=number, spread=_number(spread))


def _share(value: object, share: object) -> Measure | None:
    """As `_measure`, of a range that is stated as a share of the value."""
    number, part = _number(value), _number(share)
    if number is None:
        return None
    return Measure(value=number, spread=None if part is None else number * part)


def _points(found: object, *, least: int) -> tuple[Point, ...]:
    """Corners in metres; none at all when one cannot be read, or when they are too few."""
    rows = found if isinstance(found, list) else []
    points = [_point(row) for row in rows[:CORNERS_MAX]]
    known = tuple(point for point in points if point is not None)
    return known if least <= len(known) == len(rows) else ()


def _point(row: object) -> Point | None:
    numbers = [_number(value) for value in row] if isinstance(row, list) else []
    known = [number for number in numbers if number is not None]
    return (known[0], known[1], known[2]) if len(known) == len(numbers) == AXES else None


def _rows(found: Row, name: str) -> list[Row]:
    listed = found.get(name)
    rows = listed if isinstance(listed, list) else []
    return [row for row in rows[:ROWS_MAX] if isinstance(row, dict)]


def _part(found: Row, name: str) -> Row:
    part = found.get(name)
    return part if isinstance(part, dict) else {}


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < NUMBER_MAX else None
