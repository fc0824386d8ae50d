"""The product's own sheet of markers as a PDF: vectors in true size, and how to use it.

The file is written by hand because it needs nothing but rectangles and lines of text: page 1 is
the sheet, page 2 says what to do with it, in English and in Spanish.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from doorstep.reconstruction.sheet import OWN_SHEET, Board, Sheets

PAPERS_MM = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
POINTS_PER_MM = 72 / 25.4
# Printers leave a rim of 6.4 mm white.
MARGIN_MM, BAR_MM = 8.0, 100.0
TITLE_POINTS, TEXT_POINTS, NOTE_POINTS = 18.0, 11.5, 8.5
BAR_HIGH_MM, BAR_LOW_MM, NOTE_STEP_MM = 3.0, 9.5, 3.6
LINE_SHARE = 1.4

TITLE = "Doorstep"
NOTE = (
    "Print at 100 %, never \u201cfit to page\u201d. Leave the white rim. How to hang it: page 2.",
    "Imprima al 100 %, nunca \u201cajustar a la página\u201d. Deje el borde blanco. Cómo colgarla: página 2.",
)
BAR_NOTE = ("This bar must be 100 mm long (3 15/16 in).", "Esta barra debe medir 100 mm (10 cm).")
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "How to use the marker sheet",
        (
            "1. Print page 1 on plain white paper at 100 % (\u201cactual size\u201d).",
            "2. Lay a ruler on the bar: it must be 100 mm (3 15/16 in) long. If it is not, print again.",
            "3. Tape the page flat to the front wall at eye level, by all four corners, in the shade.",
            "    Do not fold or cut it, and put no glass or plastic over it.",
            "4. Take the photos round the house. Then take three photos of the page from 10 feet (3 m),",
            "    two steps apart, with the page in the middle of the picture.",
            "5. Leave the page where it is until all photos are taken.",
        ),
    ),
    (
        "Cómo usar la hoja de marcas",
        (
            "1. Imprima la página 1 en papel blanco normal al 100 % (\u201ctamaño real\u201d).",
            "2. Ponga una regla sobre la barra: debe medir 100 mm (10 cm). Si no, imprima otra vez.",
            "3. Pegue la hoja, bien plana, en la pared del frente a la altura de los ojos, por las cuatro",
            "    esquinas y a la sombra. No la doble ni la corte, y no la cubra con vidrio ni plástico.",
            "4. Tome las fotos alrededor de la casa. Después tome tres fotos de la hoja a 3 metros,",
            "    separadas por dos pasos, con la hoja en el centro de la foto.",
            "5. Deje la hoja en su lugar hasta terminar todas las fotos.",
        ),
    ),
)

Place = tuple[float, float]


@dataclass(frozen=True)
class _Paper:
    """Width and height in millimetres; PDF counts upwards from the lower left corner."""

    width: float
    height: float


def sheet_pdf(paper: str) -> bytes:
    """The sheet on `a4` or `letter`: a PDF of two pages."""
    size = _Paper(*PAPERS_MM[paper])
    return _document([_sheet_page(size), _steps_page(size)], size=size)


def _sheet_page(paper: _Paper) -> str:
    board = OWN_SHEET
    rows = -(-len(board.ids) // board.columns)
    wide = (board.columns * (board.marker_m + board.gap_m) - board.gap_m) * 1000
    high = (rows * (board.marker_m + board.gap_m) - board.gap_m) * 1000
    left = (paper.width - wide) / 2
    top = paper.height - MARGIN_MM - NOTE_STEP_MM * (len(NOTE) + 1)
    bar_top = top - high - BAR_LOW_MM
    parts = [
        _text(line, (left, paper.height - MARGIN_MM - NOTE_STEP_MM * number), size=NOTE_POINTS)
        for number, line in enumerate(NOTE, start=1)
    ]
    parts += _markers(board, left=left, top=top)
    parts += ["0 g", _box((left, bar_top - BAR_HIGH_MM), (BAR_MM, BAR_HIGH_MM)), "f"]
    middle = bar_top - BAR_HIGH_MM / 2
    parts += [
        _text(line, (left + BAR_MM + BAR_HIGH_MM, middle + offset), size=NOTE_POINTS)
        for line, offset in zip(BAR_NOTE, (0.6, 0.6 - NOTE_STEP_MM), strict=True)
    ]
    return "\n".join(parts)


def _markers(board: Board, *, left: float, top: float) -> Iterator[str]:
    """Each marker as a black square with its white cells in one path, so that no seams show."""
    dictionary = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, Sheets().dictionary))
    cells = dictionary.markerSize + 2
    edge, step = board.marker_m * 1000, (board.marker_m + board.gap_m) * 1000
    cell = edge / cells
    for index, marker_id in enumerate(board.ids):
        row, column = divmod(index, board.columns)
        x, y = left + column * step, top - row * step - edge
        yield from ("0 g", _box((x, y), (edge, edge)), "f", "1 g")
        code = cv2.aruco.generateImageMarker(dictionary, marker_id, cells)
        for down, across in np.argwhere(np.asarray(code) > 127):
            yield _box((x + across * cell, y + edge - (down + 1) * cell), (cell, cell))
        yield "f"


def _steps_page(paper: _Paper) -> str:
    left, y = 2.5 * MARGIN_MM, paper.height - 3 * MARGIN_MM
    parts = [_text(TITLE, (left, y), size=TITLE_POINTS, font="B")]
    for title, lines in STEPS:
        y -= 16
        parts.append(_text(title, (left, y), size=TEXT_POINTS + 2, font="B"))
        for line in lines:
            y -= TEXT_POINTS * LINE_SHARE / POINTS_PER_MM
            parts.append(_text(line, (left, y), size=TEXT_POINTS - 1))
    return "\n".join(parts)


def _box(corner: Place, size: Place, /) -> str:
    numbers = (value * POINTS_PER_MM for value in (*corner, *size))
    return " ".join(f"{number:.4f}" for number in numbers) + " re"


def _text(text: str, at: Place, /, *, size: float, font: str = "F") -> str:
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    place = f"{at[0] * POINTS_PER_MM:.3f} {at[1] * POINTS_PER_MM:.3f} Td"
    return f"0 g BT /{font} {size:g} Tf {place} ({escaped}) Tj ET"


def _document(pages: Sequence[str], *, size: _Paper) -> bytes:
    """A PDF of these pages' drawing commands, texts in the two fonts that every reader has."""
    box = f"[0 0 {size.width * POINTS_PER_MM:.3f} {size.height * POINTS_PER_MM:.3f}]"
    kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(len(pages)))
    fonts = "/Font << /F 3 0 R /B 4 0 R >>"
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /PrintScaling /None >> >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        _font("Helvetica"),
        _font("Helvetica-Bold"),
        "<< /Title (Doorstep marker sheet) >>",
    ]
    for number, drawing in enumerate(pages):
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox {box} "
            f"/Resources << {fonts} >> /Contents {7 + 2 * number} 0 R >>"
        )
        length = len(drawing.encode("cp1252"))
        bodies.append(f"<< /Length {length} >>\nstream\n{drawing}\nendstream")
    return _file(bodies)


def _font(name: str) -> str:
    return f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>"


def _file(bodies: Sequence[str]) -> bytes:
    """Numbered objects, and the table of where each begins."""
    written = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    starts = []
    for number, body in enumerate(bodies, start=1):
        starts.append(len(written))
        written += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    table = len(written)
    rows = "".join(f"{start:010} 00000 n \n" for start in starts)
    count = len(bodies) + 1
    written += f"xref\n0 {count}\n0000000000 65535 f \n{rows}".encode()
    written += f"trailer\n<< /Size {count} /Root 1 0 R /Info 5 0 R >>\n".encode()
    return written + f"startxref\n{table}\n%%EOF\n".encode()
