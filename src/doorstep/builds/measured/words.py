"""Measures as people read them: each with its range, never more exact than it is."""

import math
from collections.abc import Iterable

from doorstep.builds.measured.record import Measure
from doorstep.builds.measured.units import (
    FEET_PER_METRE,
    INCHES_PER_METRE,
    SQUARE_FEET_PER_SQUARE_METRE,
)

UNBROKEN = "\N{NO-BREAK SPACE}"


def ranged(found: Measure, *, unit: str, places: int = 1) -> str:
    """The number with its range; a range is rounded up, so that it never reads as none."""
    text = f"{found.value:,.{places}f}"
    if found.spread is not None:
        step = 10**-places
        text += f" ± {math.ceil(round(found.spread / step, 6)) * step:,.{places}f}"
    return (text + unit).replace(" ", UNBROKEN)


def in_feet(found: Measure) -> Measure:
    """The same length in feet."""
    return times(found, FEET_PER_METRE)


def in_inches(found: Measure) -> Measure:
    """The same length in inches."""
    return times(found, INCHES_PER_METRE)


def in_square_feet(found: Measure) -> Measure:
    """The same area in square feet."""
    return times(found, SQUARE_FEET_PER_SQUARE_METRE)


def kind_text(kind: str) -> str:
    """A kind of edge."""
    return kind.replace("_", " ").capitalize()


def added(parts: Iterable[Measure | None]) -> Measure | None:
    """The sum with the sum of its parts' ranges, which it cannot leave; None if a part is unknown.

    A range is stated only if every part has one.
    """
    known: list[Measure] = []
    for part in parts:
        if part is None:
            return None
        known.append(part)
    spreads = [part.spread for part in known if part.spread is not None]
    return Measure(
        value=sum(part.value for part in known),
        spread=sum(spreads) if len(spreads) == len(known) else None,
    )


def times(found: Measure, factor: float) -> Measure:
    """The same in units that are so many times smaller."""
    spread = None if found.spread is None else found.spread * factor
    return Measure(value=found.value * factor, spread=spread)
