"""Stretches of a line, as pairs of where they start and end."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


def free_spans(
    span: tuple[float, float], taken: Sequence[Matrix], *, least: float
) -> list[tuple[float, float]]:
    """What is left of a span between others (2 each), where it is at least so long."""
    free, start = [], span[0]
    for low, high in sorted((float(one[0]), float(one[1])) for one in taken):
        free.append((start, min(low, span[1])))
        start = max(start, high)
    free.append((start, span[1]))
    return [part for part in free if part[1] - part[0] >= least]
