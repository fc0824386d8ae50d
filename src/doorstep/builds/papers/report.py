"""The measurement report, a PDF: cover, sums, walls, roof, edges, what is missing, photos."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import LETTER
from reportlab.lib.utils import ImageReader
from reportlab.platypus import (
    CondPageBreak,
    Image,
    KeepTogether,
    PageBreak,
    SimpleDocTemplate,
    Spacer,
    Table,
)

from doorstep.builds.drawings.views import picture_of
from doorstep.builds.measured.record import Slope
from doorstep.builds.measured.summarized import pitches, roof_area, with_waste
from doorstep.builds.measured.units import square_feet
from doorstep.builds.measured.words import in_square_feet, ranged
from doorstep.builds.papers import tables
from doorstep.builds.papers.figures import drawn, elevation
from doorstep.builds.papers.paper import Paper
from doorstep.builds.papers.styles import (
    ACCENT,
    BODY,
    INK,
    QUIET,
    RULE,
    STRONG,
    heading,
    register,
    ruled,
    said,
)

PAGE_WIDTH, PAGE_HEIGHT = LETTER
SIDE, TOP, BOTTOM = 54, 56, 58
WIDTH = PAGE_WIDTH - 2 * SIDE
# What a page's frame keeps free on each side of its own accord.
FRAME = 6
PLAN_ROOM, TABLE_ROOM = 560, 240
PHOTOS_PER_ROW = 3
ROWS_MAX = 200
WORDS = (
    ("Range (±)", "9 of 10 true values lie within it."),
    ("Facet", "One plane of the roof, RF-1, RF-2 and so on."),
    ("SI-1, SI-2, ...", "The walls, each between its corners, from the ground to the roof."),
    ("Ridge, hip", "Where two facets meet: level, or climbing over an outside corner."),
    ("Eave, rake", "Where a facet ends: level, or climbing along a gable."),
    ("Pitch", "How many inches a facet rises over twelve."),
    ("With openings", "Windows and doors are not taken off; they are not measured yet."),
)

Story = list[Any]


def report(paper: Paper) -> bytes:
    """The PDF."""
    register()
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=LETTER,
        leftMargin=SIDE - FRAME,
        rightMargin=SIDE - FRAME,
        topMargin=TOP,
        bottomMargin=BOTTOM,
        title=f"Measurements of {paper.title}",
        author=paper.organization,
        creator="Doorstep",
    )

    def dress(canvas: Any, page: Any) -> None:
        _dress(canvas, page, paper=paper)

    story = [*_cover(paper), PageBreak(), *_sums(paper), *_walls(paper), *_roof(paper)]
    story += [*_edges(paper), *_missing(paper), *_photos(paper)]
    document.build(story, onFirstPage=dress, onLaterPages=dress)
    return out.getvalue()


def _dress(canvas: Any, page: Any, *, paper: Paper) -> None:
    canvas.saveState()
    canvas.setFillColor(ACCENT)
    canvas.rect(0, PAGE_HEIGHT - 6, PAGE_WIDTH, 6, stroke=0, fill=1)
    canvas.setStrokeColor(RULE)
    canvas.line(SIDE, 42, PAGE_WIDTH - SIDE, 42)
    canvas.setFillColor(QUIET)
    canvas.setFont(BODY, 8)
    canvas.drawString(SIDE, 29, _shortened(paper.address or paper.name))
    canvas.drawRightString(PAGE_WIDTH - SIDE, 29, f"Page {page.page}")
    if paper.record.sample:
        canvas.setFillColor(ACCENT)
        canvas.setFont(STRONG, 9)
        text = "Sample: not the measurements of any real house"
        canvas.drawRightString(PAGE_WIDTH - SIDE, PAGE_HEIGHT - 34, text)
    canvas.restoreState()


def _cover(paper: Paper) -> Story:
    rest = paper.address.partition(", ")[2]
    story: Story = [
        Spacer(1, 18),
        said("Measurement report", 11, quiet=True),
        said(paper.title, 26, bold=True),
        said(rest or paper.name, 13, quiet=True),
        Spacer(1, 14),
    ]
    if paper.preview:
        story += [_picture(paper.preview, width=WIDTH, height=WIDTH * 0.75), Spacer(1, 14)]
    record = paper.record
    facts = [
        ("Scale", f"from {record.scale}" if record.scale else "none: no lengths and no areas"),
        ("Photos", "{} of {} used".format(*record.photos) if record.photos else "not known"),
        ("Measured", f"{paper.measured_at:%d %B %Y}" if paper.measured_at else "not known"),
        ("For", paper.organization),
        ("Job", " · ".join(filter(None, (str(paper.job_id), paper.external_identifier)))),
        ("3D model", paper.model_url),
    ]
    rows = [[said(name, 9, quiet=True), said(text, 9.5)] for name, text in facts]
    return [*story, Table(rows, colWidths=[80, WIDTH - 80], style=_bare())]


def _sums(paper: Paper) -> Story:
    record = paper.record
    roof, walls = tables.roof_rows(record), tables.wall_rows(record)
    story: Story = [heading("Summary")]
    if not record.scale:
        text = (
            "These photos have no scale, so there are no lengths and no areas: only shapes and "
            "pitches. A printed marker sheet in the photos or one measured length gives the scale."
        )
        return [*story, said(text), Spacer(1, 10), *_pitches(paper)]
    gap = 24
    half = (WIDTH - gap) / 2
    both = [[_measures("Roof", roof, width=half), "", _measures("Walls", walls, width=half)]]
    notes = [
        "A range means that 9 of 10 true values lie within it; that of a sum adds up those of its parts."
    ]
    bare = tables.without_ranges([*roof, *walls])
    if bare:
        notes.append(f"The record states no range for: {', '.join(bare)}.")
    story += [
        Table(both, colWidths=[half, gap, half], style=_bare()),
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
    return [Table([panels, names], colWidths=[half] * len(panels), style=_bare())]


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


def _walls(paper: Paper) -> Story:
    walls = [wall for wall in paper.record.walls if wall.corners]
    if not walls:
        return []
    half, high = WIDTH / 2, 205
    panels = [elevation(wall, width=half, height=high) for wall in walls[:ROWS_MAX]]
    rows = [[*panels[start : start + 2], ""][:2] for start in range(0, len(panels), 2)]
    text = "As seen from outside. Areas include windows and doors, which are not measured yet."
    return [
        PageBreak(),
        heading("Walls"),
        said(text, 9, quiet=True),
        Table(rows, colWidths=[half, half], style=_bare()),
    ]


def _roof(paper: Paper) -> Story:
    record = paper.record
    rows = [["Facet", "Side", "Pitch", "Rise over 12", "Area"]]
    rows += [_facet(slope) for slope in record.roof[:ROWS_MAX]]
    if len(rows) == 1:
        return []
    has_plan = any(slope.corners for slope in record.roof)
    story: Story = [CondPageBreak(PLAN_ROOM if has_plan else TABLE_ROOM), heading("Roof")]
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


def _edges(paper: Paper) -> Story:
    found = tables.edge_rows(paper.record)[:ROWS_MAX]
    if not found:
        return []
    rows = [["Type", "Edge", "Length"], *([row.note, row.name, row.text] for row in found)]
    table = Table(rows, colWidths=[WIDTH / 3] * 3, repeatRows=1, style=ruled())
    return [Spacer(1, 16), CondPageBreak(TABLE_ROOM), heading("Edges"), table]


def _missing(paper: Paper) -> Story:
    gaps = [gap.text for gap in paper.record.gaps[:ROWS_MAX]]
    never = "Windows, doors, materials, valleys, flashing and trim are not measured yet."
    keys = [[said(name, 9, bold=True), said(text, 9)] for name, text in WORDS]
    return [
        Spacer(1, 16),
        CondPageBreak(TABLE_ROOM),
        heading("Not measured"),
        *(said(text) for text in (*gaps, never)),
        Spacer(1, 16),
        KeepTogether([heading("Words"), Table(keys, colWidths=[110, WIDTH - 110], style=_bare())]),
    ]


def _photos(paper: Paper) -> Story:
    if not paper.photos:
        return []
    wide = WIDTH / PHOTOS_PER_ROW
    pictures: list[Any] = [
        _picture(content, width=wide - 8, height=wide * 0.72) for content in paper.photos
    ]
    pictures += [""] * (-len(pictures) % PHOTOS_PER_ROW)
    rows = [
        pictures[start : start + PHOTOS_PER_ROW]
        for start in range(0, len(pictures), PHOTOS_PER_ROW)
    ]
    table = Table(rows, colWidths=[wide] * PHOTOS_PER_ROW, style=_bare())
    return [Spacer(1, 16), CondPageBreak(TABLE_ROOM), heading("Photos"), table]


def _measures(title: str, rows: Sequence[tables.Row], *, width: float) -> Table:
    lines = [[title, ""], *([row.name, row.text] for row in rows)]
    return Table(lines, colWidths=[width * 0.5, width * 0.5], style=ruled())


def _picture(content: bytes, *, width: float, height: float) -> Image:
    """A JPEG as large as it fits into the box."""
    pixels_wide, pixels_high = ImageReader(BytesIO(content)).getSize()
    scale = min(width / pixels_wide, height / pixels_high)
    return Image(BytesIO(content), width=pixels_wide * scale, height=pixels_high * scale)


def _bare() -> list[tuple[Any, ...]]:
    """A table that does not look like one."""
    return [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
        ("TEXTCOLOR", (0, 0), (-1, -1), INK),
    ]


def _shortened(text: str) -> str:
    limit = 90
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
