"""What a check says: a stable code, a level, words without any secret, and the fix beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is; `unknown` while it is being looked at."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    UNKNOWN = "unknown"


EXIT_STATUS = {Level.GREEN: 0, Level.AMBER: 1, Level.RED: 2}
"""What `doorstep doctor` ends with, by the worst of its findings."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one check came to; `fix` is empty where nothing is to be done."""

    code: str
    level: Level
    words: str
    fix: str = ""


def green(code: str, words: str) -> Finding:
    """Nothing to do."""
    return Finding(code=code, level=Level.GREEN, words=words)


def amber(code: str, words: str, *, fix: str) -> Finding:
    """It works, and somebody should see to it."""
    return Finding(code=code, level=Level.AMBER, words=words, fix=fix)


def red(code: str, words: str, *, fix: str) -> Finding:
    """Something does not work, or may be lost."""
    return Finding(code=code, level=Level.RED, words=words, fix=fix)


def worst(findings: Iterable[Finding]) -> Level:
    """The worst level among those that are known; green without any."""
    return max(
        (one.level for one in findings if one.level in EXIT_STATUS),
        key=lambda level: EXIT_STATUS[level],
        default=Level.GREEN,
    )


def spell(seconds: float) -> str:
    """A span of time in the largest unit that it fills: `3 days`."""
    for unit, length in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        number = int(seconds // length)
        if number:
            return f"{number} {unit}{'s' if number > 1 else ''}"
    return f"{seconds:.0f} seconds"
