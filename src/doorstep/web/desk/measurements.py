"""The measurements of a job's model as its page shows them: what the record holds and nothing else."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from doorstep.builds.measured.openings import area_of, kind_of, net_area
from doorstep.builds.measured.record import (
    MATERIALS,
    NAME,
    Edge,
    Measure,
    Opening,
    Record,
    Slope,
    Wall,
    read,
)
from doorstep.builds.measured.words import (
    in_feet,
    in_inches,
    in_square_feet,
    kind_text,
    ranged,
    times,
)
from doorstep.builds.model import BuildFile
from doorstep.builds.published import content_of
from doorstep.kit.storage import Storage

CENTIMETRES_PER_METRE = 100.0


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number with its range, in the units of the place and in those of the record."""

    feet: str
    metres: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """A wall, slope, edge or opening with its numbers by their names; one that the record lacks is None."""

    id: str
    title: str
    about: str
    figures: dict[str, Figure | None]

    @property
    def known(self) -> list[tuple[str, Figure]]:
        """The numbers that there are."""
        return [(name, figure) for name, figure in self.figures.items() if figure]


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What the page says. `lacking` are the spots from which photos would help."""

    record: Record
    sample: bool
    scale: str
    photos: str
    walls: list[Part]
    roof: list[Part]
    openings: list[Part]
    edges: list[Part]
    kinds: list[tuple[str, int]]
    plain: list[tuple[str, Figure]]
    unranged: list[str]
    unseen: list[str]
    lacking: frozenset[str]

    @property
    def wall_columns(self) -> list[str]:
        """The numbers of walls that at least one of them has."""
        if not self.scale:
            return []
        return [
            name
            for name in ("Width", "Height", "Area", "Without openings")
            if name != "Without openings" or any(wall.figures[name] for wall in self.walls)
        ]

    @property
    def parts(self) -> list[Part]:
        """All that can be looked at one by one, in the order of the page."""
        return [*self.walls, *self.roof, *self.openings, *self.edges]


async def find(storage: Storage, files: Mapping[str, BuildFile]) -> Measured | None:
    """The record among the published files; None when there is none that can be read."""
    record = read(await content_of(storage, files.get(NAME)))
    return measured(record) if record else None


def measured(record: Record) -> Measured:
    """The page's view of a record; without a scale it has shapes and pitches only."""
    whole = {
        "Footprint": (record.footprint, _area),
        "Perimeter": (record.perimeter, _length),
        "Ridge above ground": (record.ridge_height, _length),
    }
    plain = [(name, figure) for name, (found, said) in whole.items() if (figure := said(found))]
    return Measured(
        record=record,
        sample=record.sample,
        scale=record.scale,
        photos="{} of {} photos".format(*record.photos) if record.photos else "",
        walls=[_wall(wall, record=record) for wall in record.walls],
        roof=[_slope(slope) for slope in record.roof],
        openings=[_opening(one) for one in record.openings],
        edges=[_edge(edge) for edge in record.edges],
        kinds=sorted(Counter(kind_text(edge.kind) for edge in record.edges).items()),
        plain=plain,
        unranged=[name for name, (found, _) in whole.items() if found and found.spread is None],
        unseen=[gap.text for gap in record.gaps],
        lacking=frozenset(gap.spot for gap in record.gaps if gap.spot),
    )


def _wall(wall: Wall, *, record: Record) -> Part:
    side, material = wall.side.capitalize(), MATERIALS.get(wall.material, "")
    return Part(
        id=wall.id,
        title=f"Wall {wall.id}",
        about=", ".join(filter(None, (side, material))),
        figures={
            "Width": _length(wall.width),
            "Height": _length(wall.height),
            "Area": _area(wall.area),
            "Without openings": _area(net_area(record, wall)),
        },
    )


def _slope(slope: Slope) -> Part:
    pitch = None
    if slope.pitch:
        over_12 = "" if slope.over_12 is None else f"{slope.over_12:.1f}/12"
        pitch = Figure(feet=ranged(slope.pitch, unit="°"), metres=over_12)
    return Part(
        id=slope.id,
        title=f"Roof {slope.id}",
        about=slope.side.capitalize(),
        figures={"Pitch": pitch, "Area": _area(slope.area)},
    )


def _opening(opening: Opening) -> Part:
    kind = kind_of(opening)
    return Part(
        id=opening.id,
        title=f"{kind} {opening.id}",
        about=f"{kind} in {opening.wall}" if opening.wall else kind,
        figures={
            "Width": _size(opening.width),
            "Height": _size(opening.height),
            "Area": _area_figure(area_of(opening), opening.area),
        },
    )


def _edge(edge: Edge) -> Part:
    kind = kind_text(edge.kind)
    return Part(
        id=edge.id, title=f"{kind} {edge.id}", about=kind, figures={"Length": _length(edge.length)}
    )


def _length(found: Measure | None) -> Figure | None:
    if found is None:
        return None
    return Figure(
        feet=ranged(in_feet(found), unit=" ft"),
        metres=ranged(found, unit=" m", places=2),
    )


def _size(found: Measure) -> Figure:
    """Of a window or a door: inches and centimetres."""
    return Figure(
        feet=ranged(in_inches(found), unit=" in"),
        metres=ranged(times(found, CENTIMETRES_PER_METRE), unit=" cm", places=0),
    )


def _area(found: Measure | None) -> Figure | None:
    return _area_figure(in_square_feet(found), found) if found else None


def _area_figure(square_feet: Measure, square_metres: Measure) -> Figure:
    return Figure(
        feet=ranged(square_feet, unit=" sq ft", places=0),
        metres=ranged(square_metres, unit=" m²"),
    )
