"""Windows and doors: their names, and what they take of the walls.

An opening's area is a whole number of square feet wherever it stands, so that sums of openings
come out alike in all files. There may be openings that no three photos show: a wall's area without
openings is known only where the record says that none can be hidden.
"""

from collections.abc import Iterable, Sequence

from doorstep.builds.measured.record import Measure, Opening, Record, Wall
from doorstep.builds.measured.units import SQUARE_FEET_PER_SQUARE_METRE
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


def are_known(record: Record, walls: Iterable[Wall]) -> bool:
    """Whether openings were looked for on all of these walls, and none of the house's is missing."""
    return record.walls_are_all_there and all(
        wall.net_area is not None or record.openings_of(wall) for wall in walls
    )


def net_area(record: Record, wall: Wall) -> Measure | None:
    """Square metres of a wall without its openings; None where one of them can be hidden."""
    if wall.area is None or wall.net_area is None:
        return None
    taken = areas_of(record.openings_of(wall))
    off = Measure(value=-taken.value / SQUARE_FEET_PER_SQUARE_METRE, spread=_metric(taken.spread))
    return added([wall.area, off])


def net_areas(record: Record, walls: Sequence[Wall]) -> Measure | None:
    """The same of several walls together, if it is known of each."""
    return added([net_area(record, wall) for wall in walls])


def tops(openings: Iterable[Opening]) -> float:
    """Metres along their upper sides."""
    return sum(opening.width.value for opening in openings)


def sills(openings: Iterable[Opening]) -> float:
    """Metres along the lower sides of windows; a door has none."""
    return sum(opening.width.value for opening in openings if opening.kind == "window")


def sides(openings: Iterable[Opening]) -> float:
    """Metres along their left and right sides."""
    return sum(2 * opening.height.value for opening in openings)


def _metric(square_feet: float | None) -> float | None:
    return None if square_feet is None else square_feet / SQUARE_FEET_PER_SQUARE_METRE
