"""The measurements as a spreadsheet: numbers as numbers, units in the headings, ranges beside.

Every text is written as text, so that none of it is ever taken for a formula or a link.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from doorstep.builds.measured.openings import area_of, kind_of, net_area, openings_on
from doorstep.builds.measured.record import MATERIALS, Measure, Opening, Record, Slope, Wall
from doorstep.builds.measured.summarized import pitches
from doorstep.builds.measured.units import square_feet
from doorstep.builds.measured.words import in_feet, in_inches, in_square_feet
from doorstep.builds.papers import tables
from doorstep.builds.papers.paper import Paper

Cell = str | float | None

RANGE = "± (90 %)"
COLUMN_WIDTH, WIDE = 15, 34
PLACES = 2
ROOF: list[Cell] = [
    *("Facet", "Side", "Pitch (degrees)", RANGE, "Rise over 12", "Area (sq ft)", RANGE)
]
PITCHES: list[Cell] = ["Pitch", "Area (sq ft)", "Share of the roof (%)"]
WALLS: list[Cell] = [
    *("Wall", "Side", "Material", "Width (ft)", RANGE, "Height at the eaves (ft)", RANGE),
    *("Area with openings (sq ft)", RANGE, "Windows and doors found"),
    *("Area without openings (sq ft)", RANGE),
]
EDGES: list[Cell] = ["Edge", "Type", "Length (ft)", RANGE]
OPENINGS: list[Cell] = [
    *("Opening", "Wall", "Kind", "Width (in)", RANGE, "Height (in)", RANGE, "Area (sq ft)", RANGE)
]
MISSING: list[Cell] = ["What", "Why", "What would help"]
NEVER: list[Cell] = ["flashing, trim", "not measured yet", ""]


def spreadsheet(paper: Paper) -> bytes:
    """The XLSX."""
    out = BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, plain) as book:
        book.set_properties({"title": f"Measurements of {paper.title}", "author": "Doorstep"})
        for name, rows in sheets(paper).items():
            _write(book, name, rows=rows)
    return out.getvalue()


def sheets(paper: Paper) -> dict[str, list[list[Cell]]]:
    """Name of each sheet to its rows, the heading first."""
    record = paper.record
    pitched: list[list[Cell]] = [
        [n, square_feet(area), share] for n, area, share in pitches(record)
    ]
    missing: list[list[Cell]] = [[gap.what, gap.why, gap.ask_for] for gap in record.gaps]
    return {
        "Summary": _summary(paper),
        "Roof": [ROOF, *(_slope(slope) for slope in record.roof)],
        "Pitches": [PITCHES, *pitched],
        "Walls": [WALLS, *(_wall(record, wall) for wall in record.walls)],
        "Openings": [OPENINGS, *(_opening(one) for one in record.openings)],
        "Edges": [EDGES, *([r.name, r.note, *_pair(r.measure)] for r in tables.edge_rows(record))],
        "Not measured": [MISSING, *missing, NEVER],
    }


def _slope(slope: Slope) -> list[Cell]:
    area = in_square_feet(slope.area) if slope.area else None
    return [slope.id, slope.side, *_pair(slope.pitch), slope.over_12, *_pair(area)]


def _wall(record: Record, wall: Wall) -> list[Cell]:
    width, height = (in_feet(one) if one else None for one in (wall.width, wall.height))
    with_openings, bare = (
        in_square_feet(one) if one else None for one in (wall.area, net_area(record, wall))
    )
    found = openings_on(record, [wall]) if record.scale else None
    return [
        *(wall.id, wall.side, MATERIALS.get(wall.material, "").lower() or None),
        *(*_pair(width), *_pair(height), *_pair(with_openings)),
        *(None if found is None else len(found), *_pair(bare)),
    ]


def _opening(opening: Opening) -> list[Cell]:
    sizes = (in_inches(opening.width), in_inches(opening.height), area_of(opening))
    kind = kind_of(opening).lower()
    return [opening.id, opening.wall, kind, *(cell for one in sizes for cell in _pair(one))]


def _summary(paper: Paper) -> list[list[Cell]]:
    record = paper.record
    facts: list[list[Cell]] = [
        ["Address", paper.address or paper.name],
        ["Job", str(paper.job_id)],
        ["External identifier", paper.external_identifier],
        ["For", paper.organization],
        ["Measured on", f"{paper.measured_at:%Y-%m-%d}" if paper.measured_at else ""],
        ["Scale from", record.scale or "none: no lengths and no areas"],
        ["Photos used", record.photos[0] if record.photos else None],
        ["Photos given", record.photos[1] if record.photos else None],
    ]
    if record.sample:
        facts.insert(0, ["Sample", "not the measurements of any real house"])
    rows = [*tables.roof_rows(record), *tables.wall_rows(record)]
    sums = [[row.name, *_pair(row.measure), row.unit] for row in rows]
    return [["Summary", "Value", RANGE, "Unit"], *facts, *sums]


def _pair(found: Measure | None) -> list[Cell]:
    """A number and its range; empty cells for what is not known."""
    return [found.value, found.spread] if found else [None, None]


def _write(book: Any, name: str, *, rows: Sequence[Sequence[Cell]]) -> None:
    sheet = book.add_worksheet(name)
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    number = book.add_format({"num_format": "#,##0.##"})
    widest = max(len(row) for row in rows)
    sheet.set_column(0, 0, WIDE)
    sheet.set_column(1, widest, WIDE if name in ("Summary", "Not measured") else COLUMN_WIDTH)
    sheet.freeze_panes(1, 0)
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, column, cell, heading if line == 0 else None)
            elif cell is not None:
                sheet.write_number(line, column, round(cell, PLACES), number)
