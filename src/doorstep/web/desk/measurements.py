"""The measurements of a job's model as its page shows them: what the record holds and nothing else."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from doorstep.builds.model import BuildFile
from doorstep.kit.storage import Storage

NAME = "measurements.json"
VERSION = 1
BYTES_MAX = 5_000_000
ROWS_MAX = 500
NUMBER_MAX = 1e9
UNBROKEN = "\N{NO-BREAK SPACE}"
FEET_PER_METRE = 1 / 0.3048

# Where the metres come from, by the record's word for it; any other word is none.
SCALES = {
    "marker": "the printed sheet in the photos",
    "known_length": "a length that somebody measured",
    "device": "the phone that took the photos",
}


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number with its range, in the units of the place and in those of the record."""

    feet: str
    metres: str


@dataclass(frozen=True, kw_only=True)
class Face:
    """A wall or a slope of the roof; a figure that the record lacks is None."""

    name: str
    side: str
    width: Figure | None = None
    height: Figure | None = None
    area: Figure | None = None
    pitch: str = ""
    over_12: str = ""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What the page says."""

    scale: str
    photos: str
    walls: list[Face]
    roof: list[Face]
    edges: list[tuple[str, Figure]]
    kinds: list[tuple[str, int]]
    plain: list[tuple[str, Figure]]
    unseen: list[str]


async def find(storage: Storage, files: Iterable[BuildFile]) -> Measured | None:
    """The record among the published files; None when there is none that can be read."""
    file = next((one for one in files if one.name == NAME and one.bytes <= BYTES_MAX), None)
    if file is None:
        return None
    try:
        record = json.loads(await storage.get(file.key))
    except (FileNotFoundError, ValueError):
        return None
    if not isinstance(record, dict) or record.get("version") != VERSION:
        return None
    return measured(record)


def measured(record: Mapping[str, Any]) -> Measured:
    """The page's view of a record; without a scale it has shapes and pitches only."""
    scale = SCALES.get(str(_part(record, "scale").get("source")), "")
    photos = _part(record, "photos")
    edges = _rows(record, "edges")
    return Measured(
        scale=scale,
        photos=_photos(photos),
        walls=[_face(one, scaled=bool(scale)) for one in _rows(record, "walls")],
        roof=[_face(one, scaled=bool(scale)) for one in _rows(record, "roof")],
        edges=[
            (_kind(one), length)
            for one in edges
            if scale and (length := _length(one.get("length_m"), one.get("range_m")))
        ],
        kinds=sorted(Counter(_kind(one) for one in edges).items()),
        plain=_plain(record) if scale else [],
        unseen=[_gap(one) for one in _rows(record, "unseen") if one.get("what")],
    )


def _face(row: Mapping[str, Any], *, scaled: bool) -> Face:
    pitch, share = _number(row.get("pitch_deg")), _number(row.get("range"))
    height, width = _number(row.get("height_m")), _number(row.get("width_m"))
    return Face(
        name=str(row.get("id", "")),
        side=str(row.get("side", "")).capitalize(),
        width=_length(width, row.get("width_range_m")) if scaled else None,
        height=_length(height, _of(height, share)) if scaled else None,
        area=_area(_number(row.get("area_m2")), share=share) if scaled else None,
        pitch="" if pitch is None else _ranged(pitch, row.get("pitch_range_deg"), unit="°"),
        over_12=_over_12(_number(row.get("pitch_over_12"))),
    )


def _over_12(rise: float | None) -> str:
    return "" if rise is None else f"{rise:.1f}/12"


def _plain(record: Mapping[str, Any]) -> list[tuple[str, Figure]]:
    """What the record states without a range."""
    footprint = _part(record, "footprint")
    found = [
        ("Footprint", _area(_number(footprint.get("area_m2")), share=None)),
        ("Perimeter", _length(footprint.get("perimeter_m"), None)),
        ("Ridge above ground", _length(record.get("ridge_height_m"), None)),
    ]
    return [(label, figure) for label, figure in found if figure]


def _length(value: object, spread: object) -> Figure | None:
    metres, around = _number(value), _number(spread)
    if metres is None:
        return None
    feet, feet_around = metres * FEET_PER_METRE, _of(around, FEET_PER_METRE)
    return Figure(
        feet=_ranged(feet, feet_around, unit=" ft"),
        metres=_ranged(metres, around, unit=" m", places=2),
    )


def _area(square_metres: float | None, *, share: float | None) -> Figure | None:
    if square_metres is None:
        return None
    square_feet = square_metres * FEET_PER_METRE**2
    return Figure(
        feet=_ranged(square_feet, _of(square_feet, share), unit=" sq ft", places=0),
        metres=_ranged(square_metres, _of(square_metres, share), unit=" m²"),
    )


def _ranged(value: float, spread: object, *, unit: str, places: int = 1) -> str:
    around = _number(spread)
    text = f"{value:,.{places}f}"
    if around is not None:
        # A range never reads as none: it is rounded up to the last place that is shown.
        step = 10**-places
        text += f" ± {math.ceil(round(around / step, 6)) * step:,.{places}f}"
    return (text + unit).replace(" ", UNBROKEN)


def _of(value: float | None, factor: float | None) -> float | None:
    return None if value is None or factor is None else value * factor


def _photos(counts: Mapping[str, Any]) -> str:
    given, used = _number(counts.get("given")), _number(counts.get("registered"))
    return "" if given is None or used is None else f"{used:.0f} of {given:.0f} photos"


def _gap(row: Mapping[str, Any]) -> str:
    """What was not measured, why, and what would help."""
    what, why, ask_for = (str(row.get(name, "")).rstrip(".") for name in ("what", "why", "ask_for"))
    where = ask_for.removeprefix("spot ")
    wish = f"photos from the {where}" if where != ask_for else ask_for
    ends = [f"{part[:1].upper()}{part[1:]}." for part in (f"{what}: {why}" if why else what,)]
    return " ".join([*ends, *([f"Ask for {wish}."] if wish else [])])


def _kind(row: Mapping[str, Any]) -> str:
    return str(row.get("type", "edge")).replace("_", " ").capitalize()


def _rows(record: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = record.get(name)
    rows = found if isinstance(found, list) else []
    return [row for row in rows[:ROWS_MAX] if isinstance(row, dict)]


def _part(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = record.get(name)
    return found if isinstance(found, dict) else {}


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < NUMBER_MAX else None
