"""Ids and names in addresses."""

from doorstep.captures.links import NAME
from doorstep.kit.errors import NotFound
from doorstep.wire.hover.encoding import DIGITS_MAX


def is_name(value: str) -> bool:
    """Whether a path's text can be the six-character name of a capture request."""
    return NAME.fullmatch(value) is not None


def numeric(value: str) -> int:
    """A path's id; what is no positive number is as unknown as a foreign one."""
    number = numeric_or_none(value)
    if number is None:
        raise NotFound
    return number


def numeric_or_none(value: str) -> int | None:
    """The number that a path's id is, if it is one."""
    bare = value.removesuffix(".json")
    if not bare.isascii() or not bare.isdecimal() or len(bare) > DIGITS_MAX:
        return None
    return int(bare)
