"""One colour of an organization, and the shades of it that can be read on light and on dark."""

import re
from dataclasses import dataclass

CONTRAST_MIN = 4.5
"""Of text on its ground, as WCAG 2 asks for."""
LIGHT_PAPER, DARK_PAPER = "f5f7f6", "0f1514"
WHITE, BLACK = "ffffff", "000000"
HEX = re.compile("[0-9a-f]{6}")
STEPS = 40

_LINEAR_BELOW = 0.03928


@dataclass(frozen=True, kw_only=True)
class Shades:
    """As the pages' tokens call them: the colour, when touched, behind drawings, and on it."""

    door: str
    strong: str
    soft: str
    on: str


def read_colour(text: str) -> str | None:
    """Six hexadecimal digits out of what a person typed; None when it is no colour."""
    found = text.strip().lower().removeprefix("#")
    return found if HEX.fullmatch(found) else None


def contrast(one: str, two: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    low, high = sorted((_luminance(one), _luminance(two)))
    return (high + 0.05) / (low + 0.05)


def is_readable(colour: str) -> bool:
    """Whether white text on it, and it on the page, can be read."""
    return contrast(colour, LIGHT_PAPER) >= CONTRAST_MIN


def nearest_readable(colour: str) -> str:
    """The colour, or the first darker one that is readable."""
    steps = (_mixed(colour, BLACK, share=step / STEPS) for step in range(STEPS + 1))
    return next(one for one in steps if is_readable(one))


def light_shades(colour: str) -> Shades:
    """On light pages, of a readable colour."""
    return Shades(
        door=colour,
        strong=_mixed(colour, BLACK, share=0.3),
        soft=_mixed(colour, WHITE, share=0.87),
        on=WHITE,
    )


def dark_shades(colour: str) -> Shades:
    """On dark pages: as much lighter as it takes to be read there, with dark text on it."""
    steps = (_mixed(colour, WHITE, share=step / STEPS) for step in range(STEPS + 1))
    door = next(one for one in steps if contrast(one, DARK_PAPER) >= CONTRAST_MIN + 1)
    return Shades(
        door=door,
        strong=_mixed(door, WHITE, share=0.35),
        soft=_mixed(colour, DARK_PAPER, share=0.75),
        on=DARK_PAPER,
    )


def _mixed(colour: str, other: str, *, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "".join(f"{round(mine + (theirs - mine) * share):02x}" for mine, theirs in pairs)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    if value <= _LINEAR_BELOW:
        return value / 12.92
    linear: float = ((value + 0.055) / 1.055) ** 2.4
    return linear


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[:2], 16), int(colour[2:4], 16), int(colour[4:], 16)
