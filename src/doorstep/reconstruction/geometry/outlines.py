"""A roof from its outline, where its slopes are seen too flatly to be measured themselves.

Seen from the ground, a low roof over two storeys is a strip of a few pixels. But the wall below a
gable shows how steep it is, and the boards along the eaves, the rakes, the ridge and the hips stand
clearly against the sky: so the eaves are sought first, and then the pitch at which the other lines
lie where photos show them.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.answers import CLEAR_SHARE, Answer, the_one
from doorstep.reconstruction.geometry.blocks import Block, inner_sides, leaning, mirrored
from doorstep.reconstruction.geometry.flats import eaves_below_sky, flat_slope
from doorstep.reconstruction.geometry.levels import find_eaves
from doorstep.reconstruction.geometry.lines import Photographed
from doorstep.reconstruction.geometry.planes import DIRECTIONS, Cloud, along
from doorstep.reconstruction.geometry.profiles import Profile, profile_of
from doorstep.reconstruction.geometry.shapes import RoofShape, shape_of
from doorstep.reconstruction.geometry.skylines import (
    Eaves,
    hip_scores,
    rake_scores,
    ridge_scores,
)
from doorstep.reconstruction.geometry.slopes import Slope
from doorstep.reconstruction.geometry.spans import free_spans

Matrix = NDArray[np.float64]

# In units: how far out rakes are sought, and how finely.
RAKE_OUTS = (0.0, 0.91, 0.06)
# Of a score of 1 for a line that all photos show clearly.
LINES_LEAST = 0.4
# Tangents: which are tried, how far from what the wall below a gable says, and how finely.
TANGENTS, ABOUT, TANGENT_STEP = (0.12, 1.4), 0.08, 0.004
# In units: eaves nearer than this are the same.
SAME_EAVES = 0.1
# Of a side, what is left out at its ends, and in units what a piece of an eave must have; and how
# far to both sides another part of the house hides it.
TRIM, PIECE_MIN, HIDDEN = 0.06, 1.5, 0.45


def with_outlines(
    blocks: Sequence[Block], photos: Sequence[Photographed], *, cloud: Cloud, unit: float
) -> list[Block]:
    """The blocks, with the slopes that their outline shows where points show none or but one."""
    found = list(blocks)
    for index, block in enumerate(blocks):
        if len(block.slopes) > 1:
            continue
        profiles = _profiles(blocks, index, cloud=cloud, unit=unit)
        if block.slopes:
            slopes = _completed(block, profiles)
        else:
            slopes = _outlined(found, index, profiles=profiles, photos=photos, unit=unit)
        found[index] = replace(block, slopes=slopes)
    return found


def _profiles(
    blocks: Sequence[Block], index: int, *, cloud: Cloud, unit: float
) -> dict[int, Profile]:
    """By outer side of a block, how its wall ends above, where that is known."""
    found = {}
    for facing in sorted(set(range(4)) - inner_sides(blocks, index, unit=unit)):
        offset, span = blocks[index].edge(facing), _span(blocks[index], facing)
        profile = profile_of(cloud, facing, offset=offset, span=span, unit=unit)
        if profile is not None:
            found[facing] = profile
    return found


def _span(block: Block, facing: int) -> tuple[float, float]:
    start, end = np.sort(np.array([block.low, block.high]) @ along(facing))
    return float(start), float(end)


def _completed(block: Block, profiles: dict[int, Profile]) -> tuple[Slope, ...]:
    """A lone slope with its mirror image, unless the walls say that there is but one.

    Without the image the walls below would have no top, though their gables show where it is.
    """
    (slope,) = block.slopes
    both = (slope, mirrored(slope, block))
    # Which way the walls beside it rise tells most; then how high the wall behind it is.
    beside = [p for facing, p in profiles.items() if facing % 2 != slope.facing % 2]
    if beside:
        return (slope,) if any(profile.lean for profile in beside) else both
    behind = profiles.get((slope.facing + 2) % 4)
    if behind is None:
        return both
    wall = block.edge((slope.facing + 2) % 4) * DIRECTIONS[(slope.facing + 2) % 4]
    alone, image = (float(one.height(wall[None])[0]) for one in both)
    return (slope,) if abs(behind.top - alone) < abs(behind.top - image) else both


def _outlined(
    blocks: Sequence[Block],
    index: int,
    *,
    profiles: dict[int, Profile],
    photos: Sequence[Photographed],
    unit: float,
) -> tuple[Slope, ...]:
    block = blocks[index]
    spans = {
        facing: _free(blocks, index, facing=facing, span=_span(block, facing), unit=unit)
        for facing in profiles
    }
    sides = leaning(blocks, index, unit=unit)
    like = [blocks[other] for other in set(sides.values())]
    below_sky = eaves_below_sky(
        block, profiles, outer=4 - len(sides), photos=photos, spans=spans, unit=unit
    )
    slopes = slopes_of_outline(
        block, profiles, photos=photos, spans=spans, like=like, below_sky=below_sky, unit=unit
    )
    if slopes or below_sky is None:
        return slopes
    return (flat_slope(block, below_sky[0], hidden=below_sky[1]),)


def _free(
    blocks: Sequence[Block], index: int, *, facing: int, span: tuple[float, float], unit: float
) -> list[tuple[float, float]]:
    """Where along a side no other block stands before it; all of it if that is too little."""
    trim = TRIM * (span[1] - span[0])
    whole = (span[0] + trim, span[1] - trim)
    before = [
        np.sort(np.array([other.low, other.high]) @ along(facing))
        + np.array([-1, 1]) * HIDDEN * unit
        for number, other in enumerate(blocks)
        if leaning(blocks, number, unit=unit).get((facing + 2) % 4) == index
    ]
    return free_spans(whole, before, least=PIECE_MIN * unit) or [whole]


def slopes_of_outline(
    block: Block,
    profiles: dict[int, Profile],
    *,
    photos: Sequence[Photographed],
    spans: dict[int, list[tuple[float, float]]],
    unit: float,
    like: Sequence[Block] = (),
    below_sky: tuple[Eaves, float] | None = None,
) -> tuple[Slope, ...]:
    """Slopes of a gable, hip or shed roof over a block; none where photos do not show its lines.

    `profiles` say of each outer side how its wall ends above, `spans` where along it no other
    part of the house stands before its eave. What agrees with the roof of a block it is built
    against, one of those in `like`, is believed where less of it shows. `below_sky` are eaves with
    sky right above them, and how steep the slopes of a hip roof may be behind them.
    """
    shape = shape_of(profiles)
    if shape is None:
        return ()
    middle = shape.tangent
    tangents = (
        np.arange(*TANGENTS, TANGENT_STEP)
        if middle is None
        else np.arange(middle - ABOUT, middle + ABOUT, TANGENT_STEP)
    )
    candidates = find_eaves(
        block, profiles, facings=shape.eaves, photos=photos, spans=spans, unit=unit
    )
    if shape.kind == "hip":
        # Four sides at once tell the eaves; others carry lines where there is no roof.
        candidates = [one for one in candidates if one[0] > CLEAR_SHARE * candidates[0][0]]
    found = [
        Answer(eaves, *clearest, shown=shown)
        for shown, eaves in candidates
        if (
            clearest := _clearest(
                block, eaves, shape=shape, tangents=tangents, photos=photos, unit=unit
            )
        )
    ]
    answer = the_one(
        found,
        kind=shape.kind,
        like=like,
        top=float(np.mean([profiles[facing].top for facing in shape.eaves])),
        gables=_gables(block, profiles, shape=shape),
        unit=unit,
    )
    if answer is None or _is_denied(answer, below_sky, shape=shape, unit=unit):
        return ()
    return tuple(
        _slope(block, facing, eaves=answer.eaves, tangent=answer.tangent) for facing in shape.eaves
    )


def _gables(
    block: Block, profiles: dict[int, Profile], *, shape: RoofShape
) -> list[tuple[float, float]]:
    """Of each wall below a gable the tangent at which it falls, and how high it is at its ends."""
    if shape.kind != "gable":
        return []
    halves = {facing: float(np.ptp(_span(block, facing))) / 2 for facing in shape.rakes}
    walls = [(profiles[facing], halves[facing]) for facing in shape.rakes]
    return [(wall.tangent, wall.top - wall.tangent * half) for wall, half in walls]


def _is_denied(
    answer: Answer, below_sky: tuple[Eaves, float] | None, *, shape: RoofShape, unit: float
) -> bool:
    """Whether photos show sky where the slopes of a hip roof would be."""
    if shape.kind != "hip" or below_sky is None:
        return False
    eaves, hidden = below_sky
    apart = max(abs(eaves.out - answer.eaves.out), abs(eaves.height - answer.eaves.height))
    return answer.tangent > hidden or apart > SAME_EAVES * unit


def _clearest(
    block: Block,
    eaves: Eaves,
    *,
    shape: RoofShape,
    tangents: Matrix,
    photos: Sequence[Photographed],
    unit: float,
) -> tuple[float, float] | None:
    """The tangent at which the other lines of the roof are clearest, and how clear they are."""
    scores: list[Matrix | None] = []
    if shape.kind != "shed":
        hipped = shape.kind == "hip"
        scores.append(ridge_scores(block, eaves, tangents=tangents, hipped=hipped, photos=photos))
    if shape.kind == "hip":
        scores += hip_scores(block, eaves, tangents=tangents, photos=photos)
    outs = np.arange(*RAKE_OUTS) * unit
    for facing in shape.rakes:
        scores.append(
            rake_scores(block, eaves, tangents=tangents, facing=facing, photos=photos, outs=outs)
        )
    known = np.array([one for one in scores if one is not None]).reshape(-1, len(tangents))
    if known.size == 0:
        return None
    seen = np.isfinite(known)
    total = np.where(seen, known, 0).sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
    best = int(total.argmax())
    # What is clearest at the end of the range has its crest outside.
    inside = 0 < best < len(tangents) - 1 and total[best] >= LINES_LEAST
    return (float(tangents[best]), float(total[best])) if inside else None


def _slope(block: Block, facing: int, *, eaves: Eaves, tangent: float) -> Slope:
    edge = block.edge(facing)
    corners = np.array([block.low, block.high])
    span = np.sort(corners @ along(facing))
    middle = float(corners.mean(axis=0) @ DIRECTIONS[facing])
    start = middle if len(eaves.facings) > 1 else -block.edge((facing + 2) % 4)
    return Slope(
        facing=facing,
        top=eaves.height + tangent * (edge + eaves.out),
        tangent=tangent,
        sigma=0.0,
        span=(float(span[0]), float(span[1])),
        reach=(start, edge),
        area=0.0,
    )
