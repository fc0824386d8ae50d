"""The measurements of a job's model as its page shows them: what the record holds and nothing else."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from doorstep.builds.measured.record import NAME, Measure, Record, Slope, Wall, read
from doorstep.builds.measured.words import in_feet, in_square_feet, kind_text, ranged
from doorstep.builds.model import BuildFile
from doorstep.builds.published import content_of
from doorstep.kit.storage import Storage


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number with its range, in the units of the place and in those of the record."""

    feet: str
    metres: str


@dataclass(frozen=True, kw_only=True)
class Face:
    """A wall or a slope of the roof; a figure that the record lacks is None."""

    name: str
    side: str
    width: Figure | None = None
    height: Figure | None = None
    area: Figure | None = None
    pitch: str = ""
    over_12: str = ""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What the page says."""

    sample: bool
    scale: str
    photos: str
    walls: list[Face]
    roof: list[Face]
    edges: list[tuple[str, Figure]]
    kinds: list[tuple[str, int]]
    plain: list[tuple[str, Figure]]
    unseen: list[str]


async def find(storage: Storage, files: Mapping[str, BuildFile]) -> Measured | None:
    """The record among the published files; None when there is none that can be read."""
    record = read(await content_of(storage, files.get(NAME)))
    return measured(record) if record else None


def measured(record: Record) -> Measured:
    """The page's view of a record; without a scale it has shapes and pitches only."""
    edges = [(kind_text(edge.kind), _length(edge.length)) for edge in record.edges]
    return Measured(
        sample=record.sample,
        scale=record.scale,
        photos="{} of {} photos".format(*record.photos) if record.photos else "",
        walls=[_wall(wall) for wall in record.walls],
        roof=[_slope(slope) for slope in record.roof],
        edges=[(kind, length) for kind, length in edges if length],
        kinds=sorted(Counter(kind for kind, _ in edges).items()),
        plain=_plain(record),
        unseen=[gap.text for gap in record.gaps],
    )


def _wall(wall: Wall) -> Face:
    return Face(
        name=wall.id,
        side=wall.side.capitalize(),
        width=_length(wall.width),
        height=_length(wall.height),
        area=_area(wall.area),
    )


def _slope(slope: Slope) -> Face:
    return Face(
        name=slope.id,
        side=slope.side.capitalize(),
        area=_area(slope.area),
        pitch=ranged(slope.pitch, unit="°") if slope.pitch else "",
        over_12="" if slope.over_12 is None else f"{slope.over_12:.1f}/12",
    )


def _plain(record: Record) -> list[tuple[str, Figure]]:
    """What the record states without a range."""
    found = [
        ("Footprint", _area(_bare(record.footprint))),
        ("Perimeter", _length(_bare(record.perimeter))),
        ("Ridge above ground", _length(_bare(record.ridge_height))),
    ]
    return [(label, figure) for label, figure in found if figure]


def _bare(value: float | None) -> Measure | None:
    return None if value is None else Measure(value=value)


def _length(found: Measure | None) -> Figure | None:
    if found is None:
        return None
    return Figure(
        feet=ranged(in_feet(found), unit=" ft"),
        metres=ranged(found, unit=" m", places=2),
    )


def _area(found: Measure | None) -> Figure | None:
    if found is None:
        return None
    return Figure(
        feet=ranged(in_square_feet(found), unit=" sq ft", places=0),
        metres=ranged(found, unit=" m²"),
    )
