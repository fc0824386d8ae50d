"""From metres to what the published files speak: feet, inches, square feet, whole rises over twelve."""

FEET_PER_METRE = 1 / 0.3048
INCHES_PER_METRE = 12 * FEET_PER_METRE
SQUARE_FEET_PER_SQUARE_METRE = FEET_PER_METRE**2


def feet(metres: float | None) -> float | None:
    """Decimal feet to the hundredth; a whole number of them without a point."""
    if metres is None:
        return None
    found = round(metres * FEET_PER_METRE, 2)
    return int(found) if found.is_integer() else found


def square_feet(square_metres: float | None) -> int | None:
    """Whole square feet."""
    return None if square_metres is None else round(square_metres * SQUARE_FEET_PER_SQUARE_METRE)


def inches(metres: float) -> int:
    """Whole inches."""
    return round(metres * INCHES_PER_METRE)


def pitch(over_12: float | None) -> int | None:
    """The whole rise over twelve by which a roof is named."""
    return None if over_12 is None else round(over_12)
