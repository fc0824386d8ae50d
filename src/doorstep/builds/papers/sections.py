"""The sections of the report between its cover and its photos."""

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import CondPageBreak, KeepTogether, PageBreak, Spacer, Table

from doorstep.builds.drawings.views import picture_of
from doorstep.builds.measured.record import Slope
from doorstep.builds.measured.summarized import pitches, roof_area, with_waste
from doorstep.builds.measured.units import square_feet
from doorstep.builds.measured.words import in_square_feet, ranged
from doorstep.builds.papers import tables
from doorstep.builds.papers.figures import drawn, elevations
from doorstep.builds.papers.paper import Paper
from doorstep.builds.papers.styles import TABLE_ROOM, WIDTH, bare, heading, ruled, said

PLAN_ROOM = 560
ROWS_MAX = 200
WORDS = (
    ("Range (±)", "9 of 10 true values lie within it."),
    ("Facet", "One plane of the roof, RF-1, RF-2 and so on."),
    ("SI-1, SI-2, ...", "The walls, each between its corners, from the ground to the roof."),
    ("Ridge, hip", "Where two facets meet: level, or climbing over an outside corner."),
    ("Eave, rake", "Where a facet ends: level, or climbing along a gable."),
    ("Pitch", "How many inches a facet rises over twelve."),
    ("With openings", "Windows and doors are not taken off."),
    ("Without openings", "Known where no window or door of a wall can be hidden."),
    ("W-1, D-1, ...", "Windows and doors, the hole in the wall from edge to edge."),
)

Story = list[Any]


def sums(paper: Paper) -> Story:
    """What the house comes to, with ranges."""
    record = paper.record
    of_roof, of_walls = tables.roof_rows(record), tables.wall_rows(record)
    story: Story = [heading("Summary")]
    if not record.scale:
        text = (
            "These photos have no scale, so there are no lengths and no areas: only shapes and "
            "pitches. A printed marker sheet in the photos or one measured length gives the scale."
        )
        return [*story, said(text), Spacer(1, 10), *_pitches(paper)]
    gap = 24
    half = (WIDTH - gap) / 2
    both = [[_measures("Roof", of_roof, width=half), "", _measures("Walls", of_walls, width=half)]]
    notes = [
        "A range means that 9 of 10 true values lie within it; that of a sum adds up those of its parts."
    ]
    open_ones = tables.without_ranges([*of_roof, *of_walls])
    if open_ones:
        notes.append(f"The record states no range for: {', '.join(open_ones)}.")
    story += [
        Table(both, colWidths=[half, gap, half], style=bare()),
        Spacer(1, 6),
        said(" ".join(notes), 8.5, quiet=True),
        Spacer(1, 12),
        *_pitches(paper),
    ]
    area = with_waste(square_feet(roof_area(record)))
    names = [name.replace("plus_", "+").replace("_percent", " %") for name in area]
    values = ["" if one is None else f"{one:,} sq ft" for one in area.values()]
    if any(values):
        rows = [
            ["Roof with waste", *(name.replace("zero", "none") for name in names)],
            ["", *values],
        ]
        story += [Spacer(1, 12), Table(rows, colWidths=[WIDTH / 6] * 6, style=ruled())]
    return [*story, Spacer(1, 16), *_corners(paper), Spacer(1, 16)]


def _corners(paper: Paper) -> Story:
    """The house from two opposite corners."""
    found = [picture_of(paper.record, side) for side in ("front_right", "back_left")]
    half = WIDTH / 2
    panels = [drawn(picture, width=half, height=190) for picture in found if picture]
    if not panels:
        return []
    names = [said(picture.title, 8.5, quiet=True) for picture in found if picture]
    return [Table([panels, names], colWidths=[half] * len(panels), style=bare())]


def _pitches(paper: Paper) -> Story:
    rows = [["Pitch", "Area", "Share of the roof"]]
    for name, area, share in pitches(paper.record):
        size = square_feet(area)
        rows.append(
            [
                name,
                tables.NOT_MEASURED if size is None else f"{size:,} sq ft",
                "" if share is None else f"{share:.0f} %",
            ]
        )
    if len(rows) == 1:
        return []
    return [Table(rows, colWidths=[WIDTH / 3] * 3, style=ruled())]


def walls(paper: Paper) -> Story:
    """Every wall, as seen from outside."""
    found = [wall for wall in paper.record.walls if wall.corners]
    if not found:
        return []
    half, high = WIDTH / 2, 205
    panels = elevations(paper.record, found[:ROWS_MAX], width=half, height=high)
    rows = [[*panels[start : start + 2], ""][:2] for start in range(0, len(panels), 2)]
    text = "As seen from outside, all at one scale. Areas include windows and doors."
    return [
        PageBreak(),
        heading("Walls"),
        said(text, 9, quiet=True),
        Table(rows, colWidths=[half, half], style=bare()),
    ]


def roof(paper: Paper) -> Story:
    """The roof from above, and its facets."""
    record = paper.record
    rows = [["Facet", "Side", "Pitch", "Rise over 12", "Area"]]
    rows += [_facet(slope) for slope in record.roof[:ROWS_MAX]]
    if len(rows) == 1:
        return []
    has_plan = any(slope.corners for slope in record.roof)
    room = PLAN_ROOM if has_plan else TABLE_ROOM
    story: Story = [Spacer(1, 16), CondPageBreak(room), heading("Roof")]
    if has_plan:
        for version in ("areas", "lengths"):
            picture = picture_of(record, "roof", version=version)
            story += [drawn(picture, width=WIDTH, height=215)] if picture else []
        story += [said("From above; the front is below.", 8.5, quiet=True), Spacer(1, 8)]
    return [*story, Table(rows, colWidths=[WIDTH / 5] * 5, repeatRows=1, style=ruled())]


def _facet(slope: Slope) -> list[str]:
    area = in_square_feet(slope.area) if slope.area else None
    return [
        slope.id,
        slope.side.capitalize(),
        ranged(slope.pitch, unit="°") if slope.pitch else tables.NOT_MEASURED,
        "" if slope.over_12 is None else f"{slope.over_12:.1f}",
        ranged(area, unit=" sq ft", places=0) if area else tables.NOT_MEASURED,
    ]


def edges(paper: Paper) -> Story:
    """Every edge with its length."""
    found = tables.edge_rows(paper.record)[:ROWS_MAX]
    if not found:
        return []
    rows = [["Type", "Edge", "Length"], *([row.note, row.name, row.text] for row in found)]
    table = Table(rows, colWidths=[WIDTH / 3] * 3, repeatRows=1, style=ruled())
    return [Spacer(1, 16), CondPageBreak(TABLE_ROOM), heading("Edges"), table]


def missing(paper: Paper) -> Story:
    """What was not measured, and what the words mean."""
    gaps = [gap.text for gap in paper.record.gaps[:ROWS_MAX]]
    never = "Flashing and trim are not measured yet."
    keys = [[said(name, 9, bold=True), said(text, 9)] for name, text in WORDS]
    return [
        Spacer(1, 16),
        CondPageBreak(TABLE_ROOM),
        heading("Not measured"),
        *(said(text) for text in (*gaps, never)),
        Spacer(1, 16),
        KeepTogether([heading("Words"), Table(keys, colWidths=[110, WIDTH - 110], style=bare())]),
    ]


def _measures(title: str, rows: Sequence[tables.Row], *, width: float) -> Table:
    lines = [[title, ""], *([row.name, row.text] for row in rows)]
    return Table(lines, colWidths=[width * 0.5, width * 0.5], style=ruled())
