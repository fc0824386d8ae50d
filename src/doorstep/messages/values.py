"""What people write into fields of ours, made harmless before it stands in a message.

A name is where a stranger can write something that our messages then say in our name. No
value brings a link, a line, a direction of writing or a variable of its own.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime

from doorstep.messages.model import one_line

CHARACTERS_MAX = {"error": 200, "note": 300, "reason": 400, "spots": 300}
USUAL_CHARACTERS_MAX = 80

HOST = "host"
"""A value that an administrator must know again; it keeps its dots."""

_DOTS = re.compile("[\u3002\uff0e\uff61\u2024]")
_LINK = re.compile(r"\S*://\S*|\bwww\.\S*", re.IGNORECASE)
# What mail programs and phones make a link of by themselves: `bank.example`, `bank.example/x`.
DOTTED = re.compile(r"(?<=[^\W_])\.(?=[^\W\d_]{2})")
_BRACES = str.maketrans("{}", "()")


def harmless(values: Mapping[str, str]) -> dict[str, str]:
    """Each value as it may stand in a message."""
    return {
        name: _harmless(
            value, CHARACTERS_MAX.get(name, USUAL_CHARACTERS_MAX), keeps_dots=name == HOST
        )
        for name, value in values.items()
    }


def moment(at: datetime) -> str:
    """A time that reads the same in every language."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _harmless(value: str, characters_max: int, *, keeps_dots: bool) -> str:
    shown = "".join(one for one in one_line(value) if not unicodedata.category(one).startswith("C"))
    text = _LINK.sub("", _DOTS.sub(".", shown)).translate(_BRACES)
    if not keeps_dots:
        text = DOTTED.sub(" ", text)
    text = " ".join(text.split())
    return text if len(text) <= characters_max else f"{text[: characters_max - 1].rstrip()}\u2026"
