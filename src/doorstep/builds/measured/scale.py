"""How a house got its metres: the witnesses of its scale, out of the engine's `report.json`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NAME = "report.json"
SIGMAS_OF_90_PERCENT = 1.645
WITNESSES_MAX = 50
SOURCES = {"marker": "Printed sheet", "known_length": "Known length", "device": "Phone"}


@dataclass(frozen=True, kw_only=True)
class Witness:
    """One sheet or one known length; `range` and `off` are shares, of the scale and from it."""

    name: str
    source: str
    photos: int
    range: float
    off: float
    used: bool
    reason: str


def witnesses(report: bytes) -> list[Witness]:
    """Those that the report names, each compared with the scale that came of all."""
    try:
        found = json.loads(report)
        stage = next(one for one in found["stages"] if one["stage"] == "scale")
        figures: Mapping[str, Any] = stage["figures"]
        scale = float(figures["metres_per_unit"])
        return [_witness(row, scale=scale) for row in figures["observations"][:WITNESSES_MAX]]
    except (ValueError, KeyError, TypeError, StopIteration, RecursionError, ZeroDivisionError):
        return []


def _witness(row: Mapping[str, Any], *, scale: float) -> Witness:
    return Witness(
        name=str(row["name"]).replace("_", " "),
        source=SOURCES[row["source"]],
        photos=len(row["photos"]),
        range=SIGMAS_OF_90_PERCENT * float(row["sigma_share"]),
        off=float(row["metres_per_unit"]) / scale - 1,
        used=row["used"] is True,
        reason=str(row["reason"]),
    )
