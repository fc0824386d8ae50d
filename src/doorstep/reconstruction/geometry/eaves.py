"""How far a roof reaches over its walls, and how thick its edge is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.blocks import Block
from doorstep.reconstruction.geometry.boards import (
    Board,
    Rail,
    Sights,
    find_board,
    find_rise,
    height_of,
    look,
)
from doorstep.reconstruction.geometry.flats import LOW_SLOPE
from doorstep.reconstruction.geometry.lines import Photographed
from doorstep.reconstruction.geometry.planes import DIRECTIONS, along
from doorstep.reconstruction.geometry.shell import Roof, with_side
from doorstep.reconstruction.geometry.slopes import Slope
from doorstep.reconstruction.geometry.snapping import alike_pitches, level_eaves
from doorstep.reconstruction.geometry.spans import free_spans

Matrix = NDArray[np.float64]
Boards = dict[int, Board]

# In units.
THICKNESS_USUAL, HEIGHT_SLACK = 0.22, 0.045
# Boards along eaves hang this much below the deck that they hide.
DECK_SHARE = 0.82
OVERHANG_USUAL = 0.3
RIDGE_SWEEP, RIDGE_MIN = 0.2, 1.2
# Less than this is no board, but the best of what is nowhere; more than this share of the best
# for another place, and the place is not clear.
SCORE_MIN, CLEAR_SHARE = 0.75, 0.9
# Opposite sides are built alike unless photos show clearly that they are not.
OVERHANGS_APART_MAX, ALIKE_SHARE, NEAR = 0.15, 0.9, 0.09
BORROWED_SIGMA = 0.04
# A piece of an eave shorter than this tells nothing.
RAIL_MIN = 0.8
# Slopes of one pitch, which boards may make steeper; and how surely points tell a pitch.
SAME_TANGENT, POINTS_SIGMA_DEG = 1e-6, 0.2
# A camera is outside when it stands this far from the wall.
OUTSIDE = 1.1


@dataclass(frozen=True)
class Edges:
    """A roof with edges where photos show them, and by facing the boards that say so.

    `doubtful` says that photos do not settle how far the roof reaches: then its area and the
    lengths of its edges are not known. `tangent_sigma` is the standard deviation of the slopes'
    tangent where boards that climb told it. Slopes that face the ways in `outlined` have hardly
    any points of their own; their boards and the ridge say where they are.
    """

    roof: Roof
    sides: Boards
    tangent_sigma: float | None = None
    doubtful: bool = False
    outlined: frozenset[int] = frozenset()


def find_edges(
    block: Block,
    photos: Sequence[Photographed],
    *,
    unit: float,
    inner: set[int],
    joined: Mapping[int, Sequence[Matrix]] = MappingProxyType({}),
) -> Edges | None:
    """The roof over a block, out to the boards along its edges; `inner` sides end at the wall.

    Where `joined` says that another roof runs into a side, there is no board to look for.
    """
    if not block.slopes:
        return None
    low, high = np.array(block.low), np.array(block.high)
    block = replace(block, slopes=alike_pitches(block.slopes))
    block = replace(block, slopes=_raised(block, photos, unit=unit))
    reach = OVERHANG_USUAL * unit
    roof = Roof(block.slopes, low - reach, high + reach, DECK_SHARE * THICKNESS_USUAL * unit)
    for facing in inner:
        roof = with_side(roof, facing, offset=block.edge(facing))
    sights = {}
    for facing in set(range(4)) - inner:
        outside = [p for p in photos if _is_outside(p, block, facing=facing, unit=unit)]
        rails = _rails(block, facing, roof=roof, joined=joined.get(facing, ()), unit=unit)
        found = look(rails, outside, unit=unit)
        if found is not None:
            sights[facing] = found
    settled = settle(sights, outer=set(range(4)) - inner, unit=unit)
    if settled is None:
        return Edges(roof, {}, doubtful=True)
    seen = [board for board in settled.values() if board.photos]
    slopes, tangent_sigma = _on_boards(roof.slopes, settled, sights=sights)
    height = DECK_SHARE * float(np.median([board.height for board in seen]))
    roof = replace(roof, slopes=slopes, thickness=height)
    for facing, board in settled.items():
        roof = with_side(roof, facing, offset=block.edge(facing) + board.out)
    shown = {facing for facing, board in settled.items() if board.photos}
    outlined = frozenset(
        s.facing for s in slopes if s.area == 0 and s.facing in shown and is_told(s)
    )
    roof = level_eaves(roof, unit=unit)
    return Edges(roof, settled, tangent_sigma=tangent_sigma, outlined=outlined)


def is_told(slope: Slope) -> bool:
    """Whether it is known to be a slope, or so low that it counts as flat."""
    return slope.hidden is None or slope.hidden <= LOW_SLOPE


def _on_boards(
    slopes: tuple[Slope, ...], boards: Boards, *, sights: dict[int, Sights]
) -> tuple[tuple[Slope, ...], float | None]:
    """The slopes lifted to the boards' upper lines, and made as steep as those that climb.

    Lines between sky and board are far sharper than points on shingles seen at a slant. Also the
    standard deviation of the tangent, where boards told it.
    """
    climbing = {f: b for f, b in boards.items() if b.photos and b.tilt_sigma is not None}
    if not climbing or np.ptp([slope.tangent for slope in slopes]) > SAME_TANGENT:
        lift = float(np.median([board.lift for board in boards.values() if board.photos]))
        return tuple(replace(s, top=s.top + lift) for s in slopes), None
    told = [(b.tilt, b.tilt_sigma or 0.0, b.lift) for b in climbing.values()]
    tilts, sigmas, lifts = (np.array(column) for column in zip(*told, strict=True))
    lean = 1 + slopes[0].tangent ** 2
    points = 1 / (np.radians(POINTS_SIGMA_DEG) * lean) ** 2
    weights = 1 / sigmas**2
    tilt = float((weights * tilts).sum() / (weights.sum() + points))
    lift = float(np.average(lifts, weights=weights))
    rails = [rail for facing in climbing for rail in sights[facing].rails]
    moved = []
    for slope in slopes:
        # What the boards tell of a plane's height, they tell of the places below their middles.
        places = [float(rail.ends[:, :2].mean(axis=0) @ DIRECTIONS[slope.facing]) for rail in rails]
        own = np.mean(sorted(places)[len(places) // 2 :])
        top = slope.top + lift + tilt * float(own)
        moved.append(replace(slope, tangent=slope.tangent + tilt, top=top))
    return tuple(moved), float(np.sqrt(1 / (weights.sum() + points)))


def settle(sights: dict[int, Sights], *, outer: set[int], unit: float) -> Boards | None:
    """A board for each outer side; None where photos leave open how far the roof reaches."""
    if not sights:
        return None
    usual = height_of(list(sights.values()), unit=unit)
    height = (usual - HEIGHT_SLACK, usual + HEIGHT_SLACK)
    found = {f: find_board(s, unit=unit, height=height) for f, s in sights.items()}
    found = {f: board for f, board in found.items() if board.score >= SCORE_MIN}
    settled: Boards = {}
    for pair in ({0, 2} & outer, {1, 3} & outer):
        own = {f: found[f] for f in pair if f in found}
        if pair and not own:
            return None
        if len(own) == 2:
            alike = _alike(own, sights, unit=unit, height=height)
            if alike is None:
                return None
            own = alike
        elif any(not _is_clear(board) for board in own.values()):
            return None
        borrowed = {
            f: replace(board, sigma=BORROWED_SIGMA * unit, photos=())
            for board in list(own.values())[:1]
            for f in pair - set(own)
        }
        settled |= own | borrowed
    return settled


def _alike(
    own: Boards, sights: dict[int, Sights], *, unit: float, height: tuple[float, float]
) -> Boards | None:
    """Two opposite sides' boards: alike if both can be, unlike if both are clear, else None."""
    (one, first), (other, second) = own.items()
    if abs(first.out - second.out) <= OVERHANGS_APART_MAX * unit:
        return own
    tries = []
    for kept, moved in ((one, other), (other, one)):
        place = own[kept].out / unit
        within = (place - NEAR, place + NEAR)
        again = find_board(sights[moved], unit=unit, height=height, out_within=within)
        tries.append({kept: own[kept], moved: again})
    best = max(tries, key=_total)
    if _total(best) >= ALIKE_SHARE * _total(own):
        return best
    return own if all(_is_clear(board) for board in own.values()) else None


def _total(boards: Boards) -> float:
    return sum(board.score for board in boards.values())


def _is_clear(board: Board) -> bool:
    return board.rival <= CLEAR_SHARE * board.score


def _is_outside(photo: Photographed, block: Block, *, facing: int, unit: float) -> bool:
    ahead = float(photo.view.centre[:2] @ DIRECTIONS[facing])
    return ahead > block.edge(facing) + OUTSIDE * unit


def _rails(
    block: Block, facing: int, *, roof: Roof, joined: Sequence[Matrix], unit: float
) -> list[Rail]:
    """Lines on the roof over a wall, which boards are parallel to: one level, or two that climb."""
    level = [slope for slope in block.slopes if slope.facing == facing]
    if len(block.slopes) == 1 and _ends_level(block.slopes[0], facing=facing):
        level = [block.slopes[0]]
    if level:
        spans = free_spans(_side_span(roof, facing), joined, least=RAIL_MIN * unit)
        return [_rail(block, facing, slope=level[0], span=span) for span in spans]
    return [
        _rail(
            block,
            facing,
            slope=slope,
            span=_half_span(roof, facing, climbing_facing=slope.facing),
        )
        for slope in block.slopes
        if slope.facing % 2 != facing % 2
    ]


def _ends_level(slope: Slope, *, facing: int) -> bool:
    """Whether a slope without any other ends level there: at its high side, and flat ones all round."""
    return slope.tangent == 0 or (slope.facing + 2) % 4 == facing


def _rail(block: Block, facing: int, *, slope: Slope, span: tuple[float, float]) -> Rail:
    out, right = DIRECTIONS[facing], along(facing)
    flat = block.edge(facing) * out + np.array(span)[:, None] * right
    fall = slope.tangent * float(DIRECTIONS[slope.facing] @ out)
    height = slope.height(flat)
    arms = (height - height.mean()) / (slope.tangent or 1.0)
    rises = (float(arms[0]), float(arms[1]))
    return Rail(np.column_stack([flat, height]), np.array([*out, -fall]), rises)


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
    flat = out * DIRECTIONS[one.facing] + np.array(ends)[:, None] * along(one.facing)
    line = np.column_stack([flat, np.full(2, height)])
    rise = find_rise(line, photos, within=RIDGE_SWEEP * unit)
    return tuple(replace(s, top=s.top + rise) for s in block.slopes)


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
