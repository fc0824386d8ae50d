"""The engine's `poses.json`, read without trust: where each photo was taken, in the model's frame."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NAME = "poses.json"
VERSION = 1
BYTES_MAX = 1_000_000
VIEWS_MAX = 400
NUMBER_MAX = 1e6
AXES = 3

Vector = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Pose:
    """A camera in glTF's frame, y up: its centre, unit vectors up and ahead, and its picture.

    `focal_px` is in pixels of `size`, which is width and height of the upright picture.
    """

    photo: str
    size: tuple[float, float]
    focal_px: float
    centre: Vector
    up: Vector
    looks: Vector


def read(content: bytes) -> list[Pose]:
    """The cameras in these bytes; none where they hold none that this version can read."""
    if len(content) > BYTES_MAX:
        return []
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return []
    if not isinstance(found, dict) or found.get("version") != VERSION:
        return []
    views = found.get("views")
    rows = views[:VIEWS_MAX] if isinstance(views, list) else []
    return [pose for row in rows if isinstance(row, dict) and (pose := _pose(row)) is not None]


def _pose(row: Mapping[str, Any]) -> Pose | None:
    size, focal = _numbers(row.get("size"), count=2), _numbers([row.get("focal_px")], count=1)
    centre, up, looks = (_numbers(row.get(name), count=AXES) for name in ("centre", "up", "looks"))
    if not (size and focal and centre and up and looks) or min(*size, *focal) <= 0:
        return None
    return Pose(
        photo=str(row.get("photo", "")),
        size=(size[0], size[1]),
        focal_px=focal[0],
        centre=(centre[0], centre[1], centre[2]),
        up=(up[0], up[1], up[2]),
        looks=(looks[0], looks[1], looks[2]),
    )


def _numbers(found: object, *, count: int) -> list[float]:
    """Exactly so many numbers, or none."""
    rows = found if isinstance(found, list) else []
    numbers = [
        float(value)
        for value in rows
        if isinstance(value, int | float)
        and not isinstance(value, bool)
        and abs(value) < NUMBER_MAX
    ]
    return numbers if len(numbers) == len(rows) == count else []
