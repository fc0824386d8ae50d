"""The rows of report and spreadsheet: names, measures with their ranges, and what is not known."""

from collections.abc import Iterable
from dataclasses import dataclass

from doorstep.builds.measured.openings import areas_of, net_area, openings_on
from doorstep.builds.measured.record import Measure, Record
from doorstep.builds.measured.words import added, in_feet, in_square_feet, kind_text, ranged

NOT_MEASURED = "not measured"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the summary: in feet, square feet or pieces."""

    name: str
    measure: Measure | None
    unit: str
    note: str = ""

    @property
    def text(self) -> str:
        """The measure with its range."""
        if self.measure is None:
            return NOT_MEASURED
        if not self.measure.value:
            return "none"
        places = 1 if self.unit == "ft" else 0
        unit = f" {self.unit}" if self.unit else ""
        return ranged(self.measure, unit=unit, places=places)


def roof_rows(record: Record) -> list[Row]:
    """The roof in sums; one is stated only if all of its parts are known."""
    whole = record.roof_is_whole
    slopes = [slope.area for slope in record.roof] if whole else [None]
    return [
        Row(name="Roof area", measure=_squared(added(slopes)), unit="sq ft"),
        Row(name="Facets", measure=_count(len(record.roof)) if whole else None, unit=""),
        _edges(record, "Ridges", kinds=("ridge",), whole=whole),
        _edges(record, "Hips", kinds=("hip",), whole=whole),
        _edges(record, "Eaves", kinds=("eave",), whole=whole),
        _edges(record, "Rakes", kinds=("rake",), whole=whole),
        _edges(record, "Valleys", kinds=("valley",), whole=record.valleys_are_known),
    ]


def wall_rows(record: Record) -> list[Row]:
    """The walls in sums, and what the record states of the whole house."""
    whole = record.walls_are_whole
    walls = [wall.area for wall in record.walls] if whole else [None]
    bare = [net_area(record, wall) for wall in record.walls] if whole else [None]
    openings = openings_on(record, record.walls) if record.openings_are_all_there else None
    found = openings is not None and bool(record.scale)
    return [
        Row(name="Walls, with openings", measure=_squared(added(walls)), unit="sq ft"),
        Row(name="Walls, without openings", measure=_squared(added(bare)), unit="sq ft"),
        Row(
            name="Windows and doors",
            measure=_count(len(openings or ())) if found else None,
            unit="",
        ),
        Row(name="Their area", measure=areas_of(openings or ()) if found else None, unit="sq ft"),
        _edges(record, "Outside corners", kinds=("outside_corner",), whole=whole),
        _edges(record, "Inside corners", kinds=("inside_corner",), whole=whole),
        Row(name="Footprint", measure=_squared(record.footprint), unit="sq ft"),
        Row(name="Perimeter", measure=_long(record.perimeter), unit="ft"),
        Row(name="Ridge above ground", measure=_long(record.ridge_height), unit="ft"),
    ]


def edge_rows(record: Record) -> list[Row]:
    """Every edge with its length, by kind."""
    order = ("ridge", "hip", "valley", "eave", "rake", "outside_corner", "inside_corner", "base")
    edges = sorted(record.edges, key=lambda edge: (*order, edge.kind).index(edge.kind))
    return [
        Row(name=edge.id, measure=_long(edge.length), unit="ft", note=kind_text(edge.kind))
        for edge in edges
    ]


def without_ranges(rows: Iterable[Row]) -> list[str]:
    """Names of the lengths and areas for which no range is stated."""
    return [row.name for row in rows if row.unit and row.measure and row.measure.spread is None]


def _edges(record: Record, name: str, *, kinds: tuple[str, ...], whole: bool) -> Row:
    edges = record.edges_of(*kinds)
    lengths = [edge.length for edge in edges] if whole and record.scale else [None]
    return Row(name=name, measure=_long(added(lengths)), unit="ft", note=f"{len(edges)}")


def _long(found: Measure | None) -> Measure | None:
    return in_feet(found) if found else None


def _squared(found: Measure | None) -> Measure | None:
    return in_square_feet(found) if found else None


def _count(number: int) -> Measure:
    return Measure(value=number)
