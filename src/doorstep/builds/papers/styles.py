"""How the report looks: type, colours, tables."""

from functools import cache
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, TableStyle

from doorstep.builds.fonts import BOLD, REGULAR

INK, QUIET, RULE = HexColor("#1f2937"), HexColor("#5b6472"), HexColor("#d5dae1")
WALL, ROOF, ACCENT = HexColor("#fdfcf9"), HexColor("#e3e9f0"), HexColor("#b45309")
GLASS = HexColor("#d3e2f2")
# Points: what is free at a side, what lies between, what a table needs to begin on a page.
SIDE = 54
WIDTH = LETTER[0] - 2 * SIDE
TABLE_ROOM = 240
BODY, STRONG = "Hanken", "Hanken-Bold"


@cache
def register() -> None:
    """Make the type known; once a process."""
    pdfmetrics.registerFont(TTFont(BODY, str(REGULAR)))
    pdfmetrics.registerFont(TTFont(STRONG, str(BOLD)))
    pdfmetrics.registerFontFamily(BODY, normal=BODY, bold=STRONG, italic=BODY, boldItalic=STRONG)


def style(
    size: float, *, bold: bool = False, quiet: bool = False, after: float = 4
) -> ParagraphStyle:
    """A paragraph's style."""
    return ParagraphStyle(
        "text",
        fontName=STRONG if bold else BODY,
        fontSize=size,
        leading=size * 1.35,
        textColor=QUIET if quiet else INK,
        spaceAfter=after,
    )


def said(text: str, size: float = 9.5, *, bold: bool = False, quiet: bool = False) -> Paragraph:
    """Text, of which nothing is taken for markup."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Paragraph(escaped, style(size, bold=bold, quiet=quiet))


def heading(text: str) -> Paragraph:
    """The heading of a section."""
    return Paragraph(text, style(14, bold=True, after=8))


def ruled() -> TableStyle:
    """A table with a heading row and a thin line under each row."""
    return TableStyle(
        [
            ("FONT", (0, 0), (-1, -1), BODY, 9),
            ("FONT", (0, 0), (-1, 0), STRONG, 8.5),
            ("TEXTCOLOR", (0, 0), (-1, 0), QUIET),
            ("TEXTCOLOR", (0, 1), (-1, -1), INK),
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, RULE),
            ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
            ("TOPPADDING", (0, 0), (-1, -1), 3.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4.5),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
            ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
        ]
    )


def bare() -> list[tuple[Any, ...]]:
    """A table that does not look like one."""
    return [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
        ("TEXTCOLOR", (0, 0), (-1, -1), INK),
    ]
