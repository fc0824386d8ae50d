"""Counters of one process, printed in the Prometheus text format (version 0.0.4)."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

PREFIX = "doorstep_"
SERIES_KEPT_MAX = 1000


class Figures:
    """What a process has counted since it started."""

    def __init__(self) -> None:
        """Everything is at zero."""
        self._counts: Counter[str] = Counter()

    def add(self, name: str, amount: float = 1, /, **labels: str) -> None:
        """Count `amount` more of a series; labels are few and hold nothing of a person."""
        self._counts[series(name, **labels)] += amount  # type: ignore[assignment]

    def text(self, gauges: Iterable[tuple[str, float]] = ()) -> str:
        """Every series with its value, and the `gauges` that were read just now."""
        rows = [*sorted(self._counts.items()), *gauges]
        return "".join(f"{PREFIX}{name} {value}\n" for name, value in rows)


@lru_cache(SERIES_KEPT_MAX)
def series(name: str, /, **labels: str) -> str:
    """`requests_total{status="200"}`."""
    inside = ",".join(f'{key}="{value}"' for key, value in labels.items())
    return f"{name}{{{inside}}}" if inside else name
