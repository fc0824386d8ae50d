"""The measurement report, a PDF: cover, sums, walls, roof, edges, what is missing, photos."""

from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import LETTER
from reportlab.lib.utils import ImageReader
from reportlab.platypus import (
    CondPageBreak,
    Image,
    PageBreak,
    SimpleDocTemplate,
    Spacer,
    Table,
)

from doorstep.builds.papers import sections
from doorstep.builds.papers.paper import Paper
from doorstep.builds.papers.proving import openings, scale
from doorstep.builds.papers.styles import (
    ACCENT,
    BODY,
    QUIET,
    RULE,
    SIDE,
    STRONG,
    WIDTH,
    bare,
    heading,
    register,
    said,
)

PAGE_WIDTH, PAGE_HEIGHT = LETTER
TOP, BOTTOM = 56, 58
# What a page's frame keeps free on each side of its own accord.
FRAME = 6
PHOTOS_PER_ROW = 3
HEADING_ROOM = 40
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

    story = [*_cover(paper), PageBreak()]
    for section in (
        *(sections.sums, sections.walls, openings, sections.roof, sections.edges),
        *(scale, sections.missing),
    ):
        story += section(paper)
    story += _photos(paper)
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
    return [*story, Table(rows, colWidths=[80, WIDTH - 80], style=bare())]


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
    table = Table(rows, colWidths=[wide] * PHOTOS_PER_ROW, style=bare())
    room = HEADING_ROOM + len(rows) * wide * 0.75
    return [Spacer(1, 16), CondPageBreak(room), heading("Photos"), table]


def _picture(content: bytes, *, width: float, height: float) -> Image:
    """A JPEG as large as it fits into the box."""
    pixels_wide, pixels_high = ImageReader(BytesIO(content)).getSize()
    scale = min(width / pixels_wide, height / pixels_high)
    return Image(BytesIO(content), width=pixels_wide * scale, height=pixels_high * scale)


def _shortened(text: str) -> str:
    limit = 90
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
