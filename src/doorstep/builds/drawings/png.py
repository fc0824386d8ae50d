"""A picture as PNG: drawn twice as large and made smaller, so that its lines are smooth."""

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from doorstep.builds.drawings.geometry import Picture, Shape, Stroke
from doorstep.builds.drawings.ordering import Flat
from doorstep.builds.fonts import BOLD, REGULAR

SIZE = (1200, 900)
FINER = 2
MARGIN = 110
INK, PALE = "#1f2937", "#6b7280"
FILLS = {
    "opening": "#d3e2f2",
    "wall": "#fdfcf9",
    "roof": "#e3e9f0",
    "plain": "#eef1f5",
    "arrow": "#b45309",
}
STROKES = {
    "ground": (PALE, 2),
    "shown": ("#b45309", 7),
    "wall": (INK, 4),
    "ridge": (INK, 3),
    "hip": (INK, 3),
}
LABEL_PX, TITLE_PX, HOLE_PX = 26, 30, 17


def png(picture: Picture) -> bytes:
    """The picture, on white."""
    canvas = _Canvas(picture)
    for shape in picture.shapes:
        canvas.shape(shape)
    for stroke in picture.strokes:
        canvas.stroke(stroke)
    canvas.labels()
    return canvas.finished()


class _Canvas:
    """Paper in pixels, with the house in its middle."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        width, height = (edge * FINER for edge in SIZE)
        self.paper = Image.new("RGB", (width, height), "white")
        self.pen = ImageDraw.Draw(self.paper)
        left, bottom, right, top = picture.box
        room = (width - 2 * MARGIN * FINER, height - 2 * MARGIN * FINER)
        self.scale = min(room[0] / max(right - left, 1e-6), room[1] / max(top - bottom, 1e-6))
        self.middle = ((left + right) / 2, (bottom + top) / 2)

    def place(self, point: Flat) -> Flat:
        """From metres to pixels."""
        x, y = point
        return (
            self.paper.width / 2 + (x - self.middle[0]) * self.scale,
            self.paper.height / 2 - (y - self.middle[1]) * self.scale,
        )

    def shape(self, shape: Shape) -> None:
        points = [self.place(point) for point in shape.points]
        self.pen.polygon(points, fill=FILLS[shape.kind])
        if shape.kind != "arrow":
            width = 3 if shape.kind == "opening" else 5
            self.pen.line([*points, points[0], points[1]], fill=INK, width=width, joint="curve")

    def stroke(self, stroke: Stroke) -> None:
        if stroke.kind == "rim":
            return
        colour, width = STROKES.get(stroke.kind, (INK, 2))
        ends = [self.place(end) for end in stroke.ends]
        self.pen.line(ends, fill=colour, width=width * FINER)

    def labels(self) -> None:
        """All text comes last, on white, so that no line crosses it."""
        for shape in self.picture.shapes:
            if shape.kind == "opening" and shape.label:
                middle, font = self.place(shape.label_at), _font(bold=False, px=HOLE_PX)
                self.pen.text(middle, shape.label[0], font=font, anchor="mm", fill=INK)
            elif shape.label:
                self._text(self.place(shape.label_at), shape.label)
        for stroke in self.picture.strokes:
            if stroke.label:
                (ax, ay), (bx, by) = (self.place(end) for end in stroke.ends)
                self._text(((ax + bx) / 2, (ay + by) / 2), (stroke.label,))
        title = self.picture.title + (" (sample house)" if self.picture.sample else "")
        corner = (40 * FINER, 34 * FINER)
        self.pen.text(corner, title, font=_font(bold=True, px=TITLE_PX), fill=INK)

    def _text(self, middle: Flat, lines: tuple[str, ...]) -> None:
        """Lines about a place: the first stands out."""
        fonts = [_font(bold=number == 0, px=LABEL_PX) for number in range(len(lines))]
        step = LABEL_PX * FINER * 1.25
        x, y = middle
        start = y - step * (len(lines) - 1) / 2
        for number, (line, font) in enumerate(zip(lines, fonts, strict=True)):
            place = (x, start + step * number)
            box = self.pen.textbbox(place, line, font=font, anchor="mm")
            edge = 5 * FINER
            frame = (box[0] - edge, box[1] - edge, box[2] + edge, box[3] + edge)
            self.pen.rounded_rectangle(frame, radius=edge, fill="white")
            self.pen.text(place, line, font=font, fill=INK, anchor="mm")

    def finished(self) -> bytes:
        """The PNG, at its own size."""
        out = BytesIO()
        small = self.paper.resize(SIZE, Image.Resampling.LANCZOS)
        small.quantize(colors=64).save(out, "PNG", optimize=True)
        return out.getvalue()


@cache
def _font(*, bold: bool, px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(BOLD if bold else REGULAR), px * FINER)
