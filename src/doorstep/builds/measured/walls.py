"""What the outline of a wall says of its top: where it runs level and where it climbs."""

from math import dist

from doorstep.builds.measured.record import Measure, Point, Record, Wall, total

LEVEL_M = 0.05


def level_top(wall: Wall) -> float | None:
    """Metres of the wall's upper edge that run level, under an eave."""
    return _top(wall, level=True)


def sloped_top(wall: Wall) -> float | None:
    """Metres of the wall's upper edge that climb, under a rake."""
    return _top(wall, level=False)


def tops(record: Record, *, level: bool) -> float | None:
    """The same of all walls together, if they are all known."""
    if not record.walls_are_whole:
        return None
    found = [_top(wall, level=level) for wall in record.walls]
    return total(None if one is None else Measure(value=one) for one in found)


def _top(wall: Wall, *, level: bool) -> float | None:
    if not wall.corners:
        return None
    pairs = list(zip(wall.corners, (*wall.corners[1:], wall.corners[0]), strict=True))
    return sum(dist(a, b) for a, b in pairs if _is_top(a, b) and _is_level(a, b) == level)


def _is_top(a: Point, b: Point) -> bool:
    """Whether this is neither the foot of the wall nor one of its upright ends."""
    upright = dist(a[:2], b[:2]) < LEVEL_M
    return not upright and max(a[2], b[2]) > LEVEL_M


def _is_level(a: Point, b: Point) -> bool:
    return abs(a[2] - b[2]) < LEVEL_M
