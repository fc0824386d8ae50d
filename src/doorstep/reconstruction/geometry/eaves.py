"""How far a roof reaches over its walls, and how thick its edge is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.blocks import Block
from doorstep.reconstruction.geometry.planes import DIRECTIONS, along
from doorstep.reconstruction.geometry.shell import Roof
from doorstep.reconstruction.geometry.slopes import Slope
from doorstep.reconstruction.geometry.sweep import Photographed, Swept, sweep

Matrix = NDArray[np.float64]

# In units.
OVERHANG_MAX, STEP = 1.0, 0.01
THICKNESS_MIN, THICKNESS_MAX, THICKNESS_USUAL = 0.08, 0.32, 0.22
# Boards along eaves hang this much below the deck that they hide.
DECK_SHARE = 0.82
OVERHANG_USUAL = 0.3
CONTRAST_MIN, RIDGE_CONTRAST_MIN = 4.0, 8.0
RIDGE_SWEEP, RIDGE_MIN = 0.2, 1.2
# Opposite sides are built alike: one seen this much worse takes the overhang of the other.
ALIKE_SHARE = 0.7
# Where photos show them further apart than this, one of the two lines was no edge of the roof.
OVERHANGS_APART_MAX = 0.15


@dataclass(frozen=True)
class Edges:
    """A roof with edges where photos show them, and by facing how sure each is.

    `doubtful` says that opposite overhangs contradict each other: then how far the roof reaches,
    and with it its area and the lengths of its edges, is not known.
    """

    roof: Roof
    sides: dict[int, Swept]
    doubtful: bool = False


def find_edges(
    block: Block, photos: Sequence[Photographed], *, unit: float, inner: set[int]
) -> Edges | None:
    """The roof over a block, its edges swept outwards from the walls; `inner` ones end there."""
    if not block.slopes:
        return None
    low, high = np.array(block.low), np.array(block.high)
    block = replace(block, slopes=_raised(block, photos, unit=unit))
    reach = OVERHANG_USUAL * unit
    usual = THICKNESS_USUAL * unit
    roof = Roof(block.slopes, low - reach, high + reach, DECK_SHARE * usual)
    for facing in inner:
        roof = _with_side(roof, facing, offset=block.edge(facing))
    sides: dict[int, Swept] = {}
    for facing in set(range(4)) - inner:
        found = _sweep_side(block, facing, roof=roof, photos=photos, unit=unit)
        if found is not None and found.contrast > CONTRAST_MIN:
            sides[facing] = found
    doubtful = bool(unlike := _unlike(block, sides, unit=unit))
    sides = {f: s for f, s in sides.items() if f not in unlike}
    sides = {f: s for f, s in _alike(block, sides, unit=unit).items() if f not in inner}
    for facing, found in sides.items():
        roof = _with_side(roof, facing, offset=found.place)
    thick = [t for f in sides if (t := _thickness(roof, f, photos=photos, unit=unit)) is not None]
    if thick:
        roof = replace(roof, thickness=DECK_SHARE * float(np.median(thick)))
    return Edges(roof, sides, doubtful=doubtful)


def _raised(block: Block, photos: Sequence[Photographed], *, unit: float) -> tuple[Slope, ...]:
    """The slopes moved up or down until their ridge lies where photos show it against the sky.

    Dense depth of a roof seen at a slant lies a little low, and an eave found on such a slope
    lies three times as far inside.
    """
    pair = [s for s in block.slopes if any(_opposite(s, other) for other in block.slopes)]
    axis = _ridge_axis(pair, block)
    if axis is None:
        return block.slopes
    one, other = (s for s in pair if s.facing % 2 == axis)
    out = (one.top - other.top) / (one.tangent + other.tangent)
    height = one.top - one.tangent * out
    ends = _ridge_ends(block, (one, other), height=height)
    if ends[1] - ends[0] < RIDGE_MIN * unit:
        return block.slopes
    drops = np.arange(-RIDGE_SWEEP, RIDGE_SWEEP, 0.005) * unit
    lines = []
    for sideways in ends:
        flat = out * DIRECTIONS[one.facing] + sideways * along(one.facing)
        lines.append(np.array([[*flat, height + drop] for drop in drops]))
    found = sweep(photos, lines[0], ends=lines[1], places=drops)
    if found is None or found.contrast < RIDGE_CONTRAST_MIN:
        return block.slopes
    return tuple(replace(s, top=s.top + found.place) for s in block.slopes)


def _opposite(one: Slope, other: Slope) -> bool:
    return (one.facing + 2) % 4 == other.facing


def _ridge_axis(pair: list[Slope], block: Block) -> int | None:
    """The axis that the main ridge lies across: of two pairs, as on a hip, the shorter way."""
    axes = {slope.facing % 2 for slope in pair}
    if not axes:
        return None
    size = np.array(block.high) - np.array(block.low)
    return min(axes, key=lambda axis: size[axis])


def _ridge_ends(block: Block, pair: tuple[Slope, Slope], *, height: float) -> tuple[float, float]:
    """From where to where along the ridge no other slope cuts it off, a little trimmed."""
    right = along(pair[0].facing)
    corners = np.array([block.low, block.high]) @ right
    start, end = float(corners.min()), float(corners.max())
    for slope in block.slopes:
        if slope in pair:
            continue
        place = (slope.top - height) / slope.tangent
        side = float(DIRECTIONS[slope.facing] @ right)
        start, end = (start, min(end, place)) if side > 0 else (max(start, -place), end)
    trim = 0.08 * (end - start)
    return start + trim, end - trim


def _unlike(block: Block, sides: dict[int, Swept], *, unit: float) -> set[int]:
    """Of each two opposite sides whose overhangs contradict each other, the one further out."""
    overhangs = {facing: swept.place - block.edge(facing) for facing, swept in sides.items()}
    return {
        facing
        for facing, overhang in overhangs.items()
        if overhang - overhangs.get((facing + 2) % 4, overhang) > OVERHANGS_APART_MAX * unit
    }


def _alike(block: Block, sides: dict[int, Swept], *, unit: float) -> dict[int, Swept]:
    """Each side's sweep, or the opposite side's overhang where that is much clearer."""
    judged = {}
    for facing in range(4):
        own, other = sides.get(facing), sides.get((facing + 2) % 4)
        if own is None and other is None:
            continue
        clear = own is not None and (other is None or own.contrast > ALIKE_SHARE * other.contrast)
        if clear and own is not None:
            judged[facing] = own
        elif other is not None:
            overhang = other.place - block.edge((facing + 2) % 4)
            place = block.edge(facing) + overhang
            spread = max(other.spread, 0.04 * unit)
            judged[facing] = replace(other, place=place, spread=spread, photos=())
    return judged


def _with_side(roof: Roof, facing: int, *, offset: float) -> Roof:
    axis, sign = facing % 2, 1 if facing < 2 else -1
    low, high = roof.low.copy(), roof.high.copy()
    (high if sign > 0 else low)[axis] = sign * offset
    return replace(roof, low=low, high=high)


def _sweep_side(
    block: Block, facing: int, *, roof: Roof, photos: Sequence[Photographed], unit: float
) -> Swept | None:
    """Lines on the roof's upper side, from the wall outwards, parallel to it."""
    wall = block.edge(facing)
    places = np.arange(wall - 0.05 * unit, wall + OVERHANG_MAX * unit, STEP * unit)
    slope = next((s for s in block.slopes if s.facing == facing), None)
    if slope is not None:
        spans = [_side_span(roof, facing)] * len(places)
        return _lines_at(facing, places, spans=spans, roof=roof, photos=photos)
    # A rake climbs: each of the two slopes that meet there has a line of its own.
    found = []
    for climbing in block.slopes:
        if climbing.facing % 2 == facing % 2:
            continue
        half = _half_span(roof, facing, climbing_facing=climbing.facing)
        result = _lines_at(facing, places, spans=[half] * len(places), roof=roof, photos=photos)
        if result is not None:
            found.append(result)
    if not found:
        return None
    best = max(found, key=lambda swept: swept.contrast)
    close = [s for s in found if abs(s.place - best.place) < 0.08 * unit]
    weights = [s.contrast for s in close]
    place = float(np.average([s.place for s in close], weights=weights))
    return replace(best, place=place)


def _lines_at(
    facing: int,
    places: Matrix,
    *,
    spans: list[tuple[float, float]],
    roof: Roof,
    photos: Sequence[Photographed],
) -> Swept | None:
    out, right = DIRECTIONS[facing], along(facing)
    starts: list[list[float]] = []
    ends: list[list[float]] = []
    for place, (start, end) in zip(places, spans, strict=True):
        for target, sideways in ((starts, start), (ends, end)):
            flat = place * out + sideways * right
            target.append([*flat, float(roof.height(flat[None])[0])])
    outside = [p for p in photos if p.view.centre[:2] @ out > places[-1]]
    return sweep(outside, np.array(starts), ends=np.array(ends), places=places)


def _side_span(roof: Roof, facing: int) -> tuple[float, float]:
    """From where to where a slope's lower edge runs, a little short of the corners."""
    corners = np.array([roof.low, roof.high]) @ along(facing)
    start, end = float(corners.min()), float(corners.max())
    trim = 0.06 * (end - start)
    return start + trim, end - trim


def _half_span(roof: Roof, facing: int, *, climbing_facing: int) -> tuple[float, float]:
    """The half of a gable's width over which one slope climbs."""
    start, end = _side_span(roof, facing)
    side = float(DIRECTIONS[climbing_facing] @ along(facing))
    ridge = _ridge_at(roof, facing)
    return (ridge, end) if side > 0 else (start, ridge)


def _ridge_at(roof: Roof, facing: int) -> float:
    """Where along a gable the roof is highest."""
    start, end = _side_span(roof, facing)
    middle = (roof.low + roof.high) / 2 @ DIRECTIONS[facing]
    sideways = np.linspace(start, end, 200)
    flat = middle * DIRECTIONS[facing] + sideways[:, None] * along(facing)
    return float(sideways[roof.height(flat).argmax()])


def _thickness(
    roof: Roof, facing: int, *, photos: Sequence[Photographed], unit: float
) -> float | None:
    """Height of the board along an eave: its lower edge is swept down from the upper one."""
    if all(slope.facing != facing for slope in roof.slopes):
        return None
    axis, sign = facing % 2, 1 if facing < 2 else -1
    edge = float((roof.high if sign > 0 else roof.low)[axis]) * sign
    start, end = _side_span(roof, facing)
    out, right = DIRECTIONS[facing], along(facing)
    ends = [edge * out + sideways * right for sideways in (start, end)]
    top = [float(roof.height(flat[None])[0]) for flat in ends]
    drops = np.arange(THICKNESS_MIN, THICKNESS_MAX, 0.005) * unit
    lines = [
        np.array([[*flat, height - drop] for drop in drops])
        for flat, height in zip(ends, top, strict=True)
    ]
    outside = [p for p in photos if p.view.centre[:2] @ out > edge]
    found = sweep(outside, lines[0], ends=lines[1], places=drops)
    return found.place if found is not None and found.contrast > CONTRAST_MIN else None
