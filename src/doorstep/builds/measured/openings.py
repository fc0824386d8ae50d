"""Windows and doors: their names, and what they take of the walls.

An opening's area is a whole number of square feet wherever it stands, so that sums of openings
come out alike in all files. There may be openings that no three photos show: a wall's area without
openings is known only where the record says that none can be hidden. There is no house without any:
where none was found, none was looked for.
"""

from collections.abc import Iterable, Sequence

from doorstep.builds.measured.record import Measure, Opening, Record, Wall
from doorstep.builds.measured.units import SQUARE_FEET_PER_SQUARE_METRE, square_feet
from doorstep.builds.measured.words import added, in_square_feet

KINDS = {"window": "Window", "door": "Door", "garage_door": "Garage door"}
SMALL_SQUARE_FEET = 20
"""Openings below this are not worth taking off when siding is ordered."""


def kind_of(opening: Opening) -> str:
    """What it is, as people say it."""
    return KINDS.get(opening.kind, "Opening")


def area_of(opening: Opening) -> Measure:
    """Whole square feet."""
    exact = in_square_feet(opening.area)
    return Measure(value=round(exact.value), spread=exact.spread)


def areas_of(openings: Iterable[Opening]) -> Measure:
    """Square feet of several."""
    found = added([area_of(opening) for opening in openings])
    assert found is not None
    return found


def openings_on(record: Record, walls: Iterable[Wall]) -> list[Opening] | None:
    """The openings that were found on these walls; None if on one of them none were looked for."""
    if not record.openings:
        return None
    found = [(wall, record.openings_of(wall)) for wall in walls]
    if any(wall.net_area is None and not openings for wall, openings in found):
        return None
    return [opening for _, openings in found for opening in openings]


def whole_square_feet(walls: Sequence[Wall]) -> int | None:
    """Of walls with their windows and doors: the sum of whole numbers, as files have them."""
    areas = [square_feet(wall.area.value) if wall.area else None for wall in walls]
    known = [area for area in areas if area is not None]
    return sum(known) if len(known) == len(areas) else None


def net_square_feet(record: Record, walls: Sequence[Wall]) -> int | None:
    """The same without their openings; None where one of them can be hidden."""
    whole, found = whole_square_feet(walls), openings_on(record, walls)
    if whole is None or found is None or any(wall.net_area is None for wall in walls):
        return None
    return whole - round(areas_of(found).value)


def net_area(record: Record, wall: Wall) -> Measure | None:
    """Square metres of a wall without its openings; None where one of them can be hidden."""
    found = openings_on(record, [wall])
    if wall.area is None or wall.net_area is None or found is None:
        return None
    taken = areas_of(found)
    off = Measure(value=-taken.value / SQUARE_FEET_PER_SQUARE_METRE, spread=_metric(taken.spread))
    return added([wall.area, off])


def tops_of(openings: Iterable[Opening]) -> float:
    """Metres along their upper sides."""
    return sum(opening.width.value for opening in openings)


def sills_of(openings: Iterable[Opening]) -> float:
    """Metres along the lower sides of windows; a door has none."""
    return sum(opening.width.value for opening in openings if opening.kind == "window")


def sides_of(openings: Iterable[Opening]) -> float:
    """Metres along their left and right sides."""
    return sum(2 * opening.height.value for opening in openings)


def perimeter_of(openings: Sequence[Opening]) -> float:
    """Metres of trim round them: upper sides, sills and sides."""
    return tops_of(openings) + sills_of(openings) + sides_of(openings)


def _metric(square_feet: float | None) -> float | None:
    return None if square_feet is None else square_feet / SQUARE_FEET_PER_SQUARE_METRE
