"""What a house is made of, in metres: the truth that a reconstruction is measured against.

x runs along the front from left to right as seen from inside looking out at the back, y from
the front wall (y = 0) to the back wall, z up from the ground. The front faces -y.
"""

from dataclasses import dataclass, replace
from math import radians, tan
from random import Random
from typing import Literal

Kind = Literal["gable", "hip", "lshape", "tshape", "shed", "flat", "twin", "pyramid"]
Finish = Literal["brick", "siding", "stucco"]
Side = Literal["front", "right", "back", "left"]

KINDS: tuple[Kind, ...] = (
    "gable",
    "hip",
    "lshape",
    "tshape",
    "shed",
    "flat",
    "twin",
    "pyramid",
)
# Houses that look alike from several sides: after so many sides the looks of the walls repeat.
SIDES_UNTIL_ALIKE: dict[Kind, int] = {"twin": 2, "pyramid": 1}
HIPPED: tuple[Kind, ...] = ("hip", "pyramid")
FINISHES: list[Finish] = ["brick", "siding", "stucco", "brick"]
WINDOW_SILL_M, DOOR_HEIGHT_M = 0.9, 2.1
STOREY_M = 2.7
SHED_PITCH_DEG = 14.0
OVERHANG_M = 0.35
# A flat roof may end in a metal cap on the walls, or reach beyond them.
FLAT_OVERHANGS_M = (0.06, 0.35, 0.6)


@dataclass(frozen=True)
class Opening:
    """A rectangle on a wall; x from the wall's left end as seen from outside, z from ground."""

    kind: Literal["window", "door", "garage_door"]
    width: float
    height: float
    x: float
    z: float
    depth: float = 0.0
    """How far its leaf lies behind the wall's face; without, it is painted on the wall."""
    casing: float = 0.0
    """How wide the boards around it are, on the wall's face."""


@dataclass(frozen=True)
class Wall:
    """An upright rectangle, with a gable a pentagon, under one finish.

    `lean` says how much higher its end is than its start, as beside a shed roof.
    """

    name: str
    side: Side
    start: tuple[float, float]
    end: tuple[float, float]
    height: float
    peak: float
    finish: Finish
    openings: tuple[Opening, ...] = ()
    lean: float = 0.0

    @property
    def width(self) -> float:
        (ax, ay), (bx, by) = self.start, self.end
        return float(((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5)


@dataclass(frozen=True)
class Wing:
    """A part in front of the main body, its ridge running to the front wall of a lower garage.

    A wing as high as the main body has the same pitch, and its roof runs into the main roof.
    """

    x: float
    width: float
    depth: float
    eave: float
    pitch_deg: float


@dataclass(frozen=True)
class House:
    kind: Kind
    length: float
    depth: float
    eave: float
    pitch_deg: float
    overhang: float
    wing: Wing | None
    walls: tuple[Wall, ...]


def design(kind: Kind, *, seed: int, finish: Finish | None = None) -> House:
    """A plausible house; equal seeds give equal houses."""
    chance = Random(seed)
    length = round(chance.uniform(9.5, 13.0), 1)
    depth = round(chance.uniform(7.0, 9.0), 1)
    eave = round(chance.choice([2.8, 5.2, 5.6]), 1)
    pitch = float(chance.choice([26, 30, 35, 40]))
    if kind == "pyramid":
        length = depth = round((length + depth) / 2, 1)
    finishes = [finish] * 4 if finish else chance.sample(FINISHES, 4)
    wing = _wing(chance, length, eave=eave) if kind == "lshape" else None
    if kind == "tshape":
        wing = _cross_wing(chance, eave=eave, pitch=pitch)
    overhang = OVERHANG_M
    if kind == "shed":
        pitch = SHED_PITCH_DEG
    if kind == "flat":
        pitch, overhang = 0.0, chance.choice(FLAT_OVERHANGS_M)
        low = eave if seed % 4 == 0 else 2.3
        wing = _flat_wing(chance, length, eave=low) if seed % 2 == 0 else None
    rise = depth / 2 * _tan(pitch) if kind not in HIPPED else 0.0
    ends: list[tuple[Side, tuple[float, float], tuple[float, float], float]] = [
        ("front", (0, 0), (length, 0), 0.0),
        ("right", (length, 0), (length, depth), rise),
        ("back", (length, depth), (0, depth), 0.0),
        ("left", (0, depth), (0, 0), rise),
    ]
    walls = [
        Wall(side, side, start, end, eave, eave + peak, cover, ())
        for (side, start, end, peak), cover in zip(ends, finishes, strict=True)
    ]
    if kind == "shed":
        walls = [_under_shed(wall, by=2 * rise) for wall in walls]
    walls = [_with_openings(wall, chance, wing=wing) for wall in walls]
    walls = _repeated(walls, every=SIDES_UNTIL_ALIKE.get(kind, len(walls)))
    if wing:
        walls += _wing_walls(wing, finishes[1])
    return House(kind, length, depth, eave, pitch, overhang, wing, tuple(walls))


def _under_shed(wall: Wall, *, by: float) -> Wall:
    """A gable house's wall as it is below one slope that rises from the front to the back."""
    if wall.side in ("front", "back"):
        height = wall.height + (by if wall.side == "back" else 0.0)
        return replace(wall, height=height, peak=height)
    lean = by if wall.side == "right" else -by
    return replace(wall, peak=wall.height + by, lean=lean)


def _repeated(walls: list[Wall], *, every: int) -> list[Wall]:
    """The finish and the openings of the first sides again on the others."""
    return [
        replace(wall, finish=walls[i % every].finish, openings=walls[i % every].openings)
        for i, wall in enumerate(walls)
    ]


def _wing(chance: Random, length: float, *, eave: float) -> Wing:
    width = round(chance.uniform(4.4, 5.2), 1)
    low = 2.6 if eave > 3 else 2.3
    pitch = 28.0 if eave > 3 else 10.0
    return Wing(0.0, min(width, length / 2), round(chance.uniform(2.6, 3.6), 1), low, pitch)


def _cross_wing(chance: Random, *, eave: float, pitch: float) -> Wing:
    x, width = round(chance.uniform(0.8, 1.4), 1), round(chance.uniform(4.0, 4.8), 1)
    return Wing(x, width, round(chance.uniform(2.4, 3.6), 1), eave, pitch)


def _flat_wing(chance: Random, length: float, *, eave: float) -> Wing:
    width = round(min(chance.uniform(4.4, 5.2), length / 2), 1)
    return Wing(0.0, width, round(chance.uniform(2.6, 3.6), 1), eave, 0.0)


def _wing_walls(wing: Wing, finish: Finish) -> list[Wall]:
    left, right, front = wing.x, wing.x + wing.width, -wing.depth
    peak = wing.eave + wing.width / 2 * _tan(wing.pitch_deg)
    garage = Opening("garage_door", 2.8, 2.1, round(wing.width / 2 - 1.4, 2), 0.0)
    return [
        Wall("wfront", "front", (left, front), (right, front), wing.eave, peak, finish, (garage,)),
        Wall("wright", "right", (right, front), (right, 0), wing.eave, wing.eave, finish),
        Wall("wleft", "left", (left, 0), (left, front), wing.eave, wing.eave, finish),
    ]


def _with_openings(wall: Wall, chance: Random, *, wing: Wing | None) -> Wall:
    openings: list[Opening] = []
    start = wing.x + wing.width + 0.3 if wing and wall.name == "front" else 0.0
    for storey in range(2 if wall.height > 4 else 1):
        behind = wing is not None and wing.eave > storey * STOREY_M + WINDOW_SILL_M
        free = start if storey == 0 or behind else 0.0
        openings += _row(wall, chance, storey=storey, free=free)
    return replace(wall, openings=tuple(openings))


def _row(wall: Wall, chance: Random, *, storey: int, free: float) -> list[Opening]:
    count = max(1, int((wall.width - free) // 3.2))
    pitch = (wall.width - free) / count
    door_at = chance.randrange(count) if storey == 0 and wall.side in ("front", "back") else -1
    row = []
    for index in range(count):
        if index == door_at:
            kind, width, height, sill = "door", 1.0, DOOR_HEIGHT_M, 0.0
        else:
            kind, width = "window", chance.choice([1.0, 1.2, 1.4, 1.6])
            height, sill = chance.choice([1.2, 1.3, 1.4]), WINDOW_SILL_M + storey * STOREY_M
        x = free + pitch * (index + 0.5) - width / 2 + chance.uniform(-0.2, 0.2)
        row.append(Opening(kind, width, height, round(x, 2), sill))  # type: ignore[arg-type]
    return row


def _tan(degrees: float) -> float:
    return tan(radians(degrees))
