"""The files that say where metres come from: lengths known to a person, another sheet of markers.

Both are checked here, in words for the person who wrote them, before minutes are spent.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeGuard

from doorstep.kit.errors import BadRequest

FILE_BYTES_MAX = 1_000_000
LENGTHS_MAX = 100
PHOTOS_PER_LENGTH_MIN = 2
MARKERS_MIN = 2
METRES_MAX = 200.0
PLAUSIBLE_MAX = 1e6
PLANE = 2

Fail = Callable[[str], BadRequest]


def read_lengths(path: Path, *, photos: set[str]) -> list[dict[str, Any]]:
    """`[{"name", "metres", "observations": [{"photo", "a": [x, y], "b": [x, y]}]}]`.

    Pixels count in the upright photo. Raises BadRequest with the file and what is wrong in it.
    """
    described = _json(path)

    def fail(text: str) -> BadRequest:
        return BadRequest(f"{path}: {text}")

    if not isinstance(described, list) or not 0 < len(described) <= LENGTHS_MAX:
        raise fail(f"a list of 1 to {LENGTHS_MAX} known lengths is expected.")
    return [
        _length(each, number, photos=photos, fail=fail) for number, each in enumerate(described, 1)
    ]


def _length(each: Any, number: int, *, photos: set[str], fail: Fail) -> dict[str, Any]:
    if not isinstance(each, dict):
        raise fail(f"length {number} is no object with name, metres and observations.")
    name, metres = each.get("name", f"length {number}"), each.get("metres")
    if not _is_number(metres) or not 0 < metres <= METRES_MAX:
        raise fail(f'"metres" of {name} must be a number from 0 to {METRES_MAX:.0f}.')
    seen = each.get("observations")
    if not isinstance(seen, list) or len(seen) < PHOTOS_PER_LENGTH_MIN:
        raise fail(f"{name} needs observations in {PHOTOS_PER_LENGTH_MIN} photos or more.")
    for observation in seen:
        _check_observation(observation, str(name), photos=photos, fail=fail)
    if len({observation["photo"] for observation in seen}) < len(seen):
        raise fail(f"{name} names a photo twice.")
    return {"name": str(name), "metres": metres, "observations": seen}


def _check_observation(observation: Any, name: str, *, photos: set[str], fail: Fail) -> None:
    if not isinstance(observation, dict) or observation.get("photo") not in photos:
        photo = observation.get("photo") if isinstance(observation, dict) else observation
        raise fail(f"{name} names the photo {photo!r}, which is not in the folder.")
    for end in ("a", "b"):
        if not _is_pixel(observation.get(end)):
            raise fail(f'"{end}" of {name} in {observation["photo"]} must be two numbers, [x, y].')
    if observation["a"] == observation["b"]:
        raise fail(f"{name} in {observation['photo']} begins where it ends.")


def read_marker(path: Path) -> dict[str, Any]:
    """`{"dictionary", "grid": [rows, columns], "marker_m", "gap_m", "ids": {"front": [...]}}`."""
    described = _json(path)

    def fail(text: str) -> BadRequest:
        return BadRequest(f"{path}: {text}")

    if not isinstance(described, dict):
        raise fail("an object that describes a sheet of markers is expected.")
    if not str(described.get("dictionary", "")).startswith("DICT_"):
        raise fail('"dictionary" must be a name such as "DICT_5X5_100".')
    for key in ("marker_m", "gap_m"):
        if not _is_number(size := described.get(key)) or not 0 < size <= METRES_MAX:
            raise fail(f'"{key}" must be a number of metres.')
    grid = described.get("grid")
    if not _is_pixel(grid) or not all(isinstance(n, int) and n > 0 for n in grid):
        raise fail('"grid" must be two whole numbers, [rows, columns].')
    ids = described.get("ids")
    if not isinstance(ids, dict) or not ids:
        raise fail('"ids" must name each sheet and its markers, {"front": [0, 1, 2, 3]}.')
    for name, numbers in ids.items():
        if not isinstance(numbers, list) or not all(_is_id(n) for n in numbers):
            raise fail(f'"ids" of {name} must be a list of whole numbers.')
        if not MARKERS_MIN <= len(numbers) <= grid[0] * grid[1]:
            raise fail(
                f"{name} must have {MARKERS_MIN} to {grid[0] * grid[1]} markers, as its grid has."
            )
    return described


def _json(path: Path) -> Any:
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise BadRequest(f"{path} is larger than {FILE_BYTES_MAX // 1_000_000} MB.")
        return json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BadRequest(f"{path} cannot be read: {error.strerror}.") from error
    except json.JSONDecodeError as error:
        raise BadRequest(
            f"{path} is no JSON: {error.msg} in line {error.lineno}, column {error.colno}."
        ) from error
    except UnicodeDecodeError as error:
        raise BadRequest(f"{path} is no JSON: it is no text in UTF-8.") from error
    except RecursionError as error:
        raise BadRequest(f"{path} is nested too deeply.") from error


def _is_number(value: Any) -> TypeGuard[float]:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and abs(value) < PLAUSIBLE_MAX


def _is_id(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_pixel(value: Any) -> TypeGuard[list[float]]:
    return isinstance(value, list) and len(value) == PLANE and all(map(_is_number, value))
