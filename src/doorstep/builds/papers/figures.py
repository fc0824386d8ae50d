"""The drawings of the report, in lines that stay sharp at any size."""

from collections.abc import Sequence

from reportlab.graphics.shapes import Drawing, Line, Polygon, Rect, String
from reportlab.lib.colors import white
from reportlab.pdfbase.pdfmetrics import stringWidth

from doorstep.builds.drawings.geometry import Picture, middle_of
from doorstep.builds.drawings.ordering import Flat
from doorstep.builds.measured.record import Opening, Point, Record, Wall
from doorstep.builds.measured.words import in_feet, in_square_feet, ranged
from doorstep.builds.papers.styles import BODY, GLASS, INK, QUIET, ROOF, STRONG, WALL

FILLS = {"wall": WALL, "roof": ROOF, "plain": ROOF, "opening": GLASS}
LABEL_SIZE, NOTE_SIZE, HOLE_SIZE = 8.5, 7.5, 6.0
TITLE_ABOVE = 15.0
MARGIN, DIMENSION_ROOM = 14.0, 30.0


def drawn(picture: Picture, *, width: float, height: float) -> Drawing:
    """A picture in a box of this many points."""
    sheet = Drawing(width, height)
    place = _Placing(picture.box, width=width, height=height, margin=MARGIN)
    for shape in picture.shapes:
        flat = [value for point in shape.points for value in place(point)]
        sheet.add(Polygon(flat, fillColor=FILLS[shape.kind], strokeColor=INK, strokeWidth=0.8))
    for stroke in picture.strokes:
        ends = (*place(stroke.ends[0]), *place(stroke.ends[1]))
        colour = QUIET if stroke.kind == "ground" else INK
        sheet.add(Line(*ends, strokeColor=colour, strokeWidth=1))
    for shape in picture.shapes:
        _write(sheet, place(shape.label_at), lines=shape.label)
    for stroke in picture.strokes:
        (ax, ay), (bx, by) = place(stroke.ends[0]), place(stroke.ends[1])
        _write(sheet, ((ax + bx) / 2, (ay + by) / 2), lines=(stroke.label,) if stroke.label else ())
    return sheet


def elevations(
    record: Record, walls: Sequence[Wall], *, width: float, height: float
) -> list[Drawing]:
    """Walls as seen from outside, all at one scale, each in a box of this many points."""
    boxes = [_box(unrolled(wall)) for wall in walls]
    widest = max(right - left for left, _, right, _ in boxes)
    tallest = max(top - bottom for _, bottom, _, top in boxes)
    return [
        _elevation(wall, record.openings_of(wall), room=(widest, tallest), size=(width, height))
        for wall in walls
    ]


def _elevation(wall: Wall, found: Sequence[Opening], *, room: Flat, size: Flat) -> Drawing:
    """One wall with its width and its height at the eaves; `room` is what the largest takes."""
    sheet = Drawing(*size)
    outline = unrolled(wall)
    box = _box(outline)
    (x, y), (wide, tall) = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), room
    largest = (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)
    place = _Placing(largest, width=size[0], height=size[1], margin=DIMENSION_ROOM)
    flat = [value for point in outline for value in place(point)]
    sheet.add(Polygon(flat, fillColor=WALL, strokeColor=INK, strokeWidth=0.9))
    (left, low), (right, _) = place((box[0], box[1])), place((box[2], box[1]))
    if wall.width:
        text = ranged(in_feet(wall.width), unit=" ft")
        _dimension(sheet, (left, low - 10), other=(right, low - 10), text=text)
    if wall.height:
        _, top = place((box[0], wall.height.value))
        text = ranged(in_feet(wall.height), unit=" ft")
        _dimension(sheet, (left - 10, low), other=(left - 10, top), text=text)
    holes = [(one, unrolled(wall, one.corners)) for one in found if one.corners]
    for one, hole in holes:
        flat = [value for point in hole for value in place(point)]
        sheet.add(Polygon(flat, fillColor=GLASS, strokeColor=INK, strokeWidth=0.6))
        x, y = place(middle_of(hole))
        low = y - HOLE_SIZE * 0.35
        sheet.add(
            String(
                x,
                low,
                one.id,
                fontName=BODY,
                fontSize=HOLE_SIZE,
                fillColor=INK,
                textAnchor="middle",
            )
        )
    area = ranged(in_square_feet(wall.area), unit=" sq ft", places=0) if wall.area else ""
    (left, _), (right, top) = place((box[0], box[1])), place((box[2], box[3]))
    name = " ".join(filter(None, (wall.id, wall.side.capitalize())))
    _write(sheet, ((left + right) / 2, top + TITLE_ABOVE), lines=(name, area))
    return sheet


def unrolled(wall: Wall, points: Sequence[Point] = ()) -> list[Flat]:
    """The outline, or points on the wall, on paper: from its lower left corner to the right, and up."""
    (ax, ay, az), (bx, by, _) = wall.corners[0], wall.corners[1]
    length = max(((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5, 1e-6)
    right = ((bx - ax) / length, (by - ay) / length)
    return [
        ((x - ax) * right[0] + (y - ay) * right[1], z - min(az, 0.0))
        for x, y, z in points or wall.corners
    ]


def _box(outline: Sequence[Flat]) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in outline], [y for _, y in outline]
    return min(xs), min(ys), max(xs), max(ys)


class _Placing:
    """From metres to points: the box in the middle, as large as it fits."""

    def __init__(
        self, box: tuple[float, float, float, float], *, width: float, height: float, margin: float
    ) -> None:
        left, bottom, right, top = box
        self.scale = min(
            (width - 2 * margin) / max(right - left, 1e-6),
            (height - 2 * margin) / max(top - bottom, 1e-6),
        )
        self.middle = ((left + right) / 2, (bottom + top) / 2)
        self.centre = (width / 2, height / 2)

    def __call__(self, point: Flat) -> Flat:
        return (
            self.centre[0] + (point[0] - self.middle[0]) * self.scale,
            self.centre[1] + (point[1] - self.middle[1]) * self.scale,
        )


def _dimension(sheet: Drawing, one: Flat, *, other: Flat, text: str) -> None:
    """A thin line with ticks at its ends, and its length in a gap."""
    sheet.add(Line(*one, *other, strokeColor=QUIET, strokeWidth=0.5))
    upright = abs(one[0] - other[0]) < abs(one[1] - other[1])
    dx, dy = (3, 0) if upright else (0, 3)
    for x, y in (one, other):
        sheet.add(Line(x - dx, y - dy, x + dx, y + dy, strokeColor=QUIET, strokeWidth=0.5))
    _write(sheet, ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2), lines=("", text))


def _write(sheet: Drawing, middle: Flat, *, lines: tuple[str, ...]) -> None:
    """Lines of text about a place, on white; the first stands out."""
    told = [(line, number == 0) for number, line in enumerate(lines) if line]
    step = LABEL_SIZE * 1.25
    x, y = middle
    for number, (line, bold) in enumerate(told):
        font, size = (STRONG, LABEL_SIZE) if bold else (BODY, NOTE_SIZE)
        low = y + step * (len(told) - 1) / 2 - step * number - size * 0.35
        wide = stringWidth(line, font, size)
        sheet.add(
            Rect(
                x - wide / 2 - 2,
                low - 2,
                wide + 4,
                size + 3,
                fillColor=white,
                strokeColor=None,
                rx=2,
            )
        )
        sheet.add(String(x - wide / 2, low, line, fontName=font, fontSize=size, fillColor=INK))
