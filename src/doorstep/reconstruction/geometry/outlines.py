"""A roof from its outline, where its slopes are seen too flatly to be measured themselves.

Seen from the ground, a low roof over two storeys is a strip of a few pixels. But the wall below a
gable shows how steep it is, and the boards along the eaves, the rakes, the ridge and the hips stand
clearly against the sky: so the eaves are sought first, and then the pitch at which the other lines
lie where photos show them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.blocks import Block, inner_sides, leaning
from doorstep.reconstruction.geometry.boards import PHOTOS_MIN, Rail, all_round
from doorstep.reconstruction.geometry.lines import Photographed, clearness
from doorstep.reconstruction.geometry.planes import DIRECTIONS, Cloud, along
from doorstep.reconstruction.geometry.profiles import Profile, profile_of
from doorstep.reconstruction.geometry.skylines import (
    Eaves,
    hip_scores,
    rake_scores,
    ridge_scores,
)
from doorstep.reconstruction.geometry.slopes import Slope
from doorstep.reconstruction.geometry.spans import free_spans

Matrix = NDArray[np.float64]

# In units: how far out and how far about the wall's top eaves are sought, how finely, and how high
# boards are.
OUTS, LIFTS = (0.0, 0.93, 0.03), (-0.4, 0.6, 0.015)
RAKE_OUTS = (0.0, 0.91, 0.06)
BOARD_STEPS = range(7, 25)
# Two lines that all photos show clearly score 2.
EAVES_MIN, EAVES_LEAST = 1.4, 1.1
LINES_MIN, LINES_LEAST = 0.5, 0.4
# Tangents: which are tried, how far from what the wall below a gable says, and how finely.
TANGENTS, ABOUT, TANGENT_STEP = (0.12, 1.4), 0.08, 0.004
# So many places for the eaves are tried. Where another pitch is nearly as clear, it is neither.
EAVES_MAX, PITCHES_APART, CLEAR_SHARE = 12, 0.06, 0.95
# How far, as tangents and in units, a wing's roof may be from that of the house and be built like it.
ALIKE_TANGENT, ALIKE_HEIGHT = 0.03, 0.12
# Of a side, what is left out at its ends, and in units what a piece of an eave must have; and how
# far to both sides another part of the house hides it.
TRIM, PIECE_MIN, HIDDEN = 0.06, 1.5, 0.45


@dataclass(frozen=True)
class _Answer:
    """Eaves with the tangent at which the other lines are clearest, and how clear both are."""

    eaves: Eaves
    tangent: float
    lines: float
    shown: float

    @property
    def score(self) -> float:
        """Of what could be shown: 0 to 2."""
        return self.lines + self.shown / 2


def with_outlines(
    blocks: Sequence[Block], photos: Sequence[Photographed], *, cloud: Cloud, unit: float
) -> list[Block]:
    """The blocks, those without slopes with the ones that their outline shows."""
    found = list(blocks)
    for index, block in enumerate(blocks):
        if not block.slopes:
            slopes = _outlined(found, index, photos=photos, cloud=cloud, unit=unit)
            found[index] = replace(block, slopes=slopes)
    return found


def _outlined(
    blocks: Sequence[Block],
    index: int,
    *,
    photos: Sequence[Photographed],
    cloud: Cloud,
    unit: float,
) -> tuple[Slope, ...]:
    block, profiles, spans = blocks[index], {}, {}
    for facing in sorted(set(range(4)) - inner_sides(blocks, index, unit=unit)):
        ends = np.sort(np.array([block.low, block.high]) @ along(facing))
        span = (float(ends[0]), float(ends[1]))
        profile = profile_of(cloud, facing, offset=block.edge(facing), span=span, unit=unit)
        if profile is not None:
            profiles[facing] = profile
            spans[facing] = _free(blocks, index, facing=facing, span=span, unit=unit)
    like = [blocks[other] for other in set(leaning(blocks, index, unit=unit).values())]
    return slopes_of_outline(block, profiles, photos=photos, spans=spans, like=like, unit=unit)


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
) -> tuple[Slope, ...]:
    """Slopes of a gable or hip roof over a block; none where photos do not show its lines.

    `profiles` say of each outer side how its wall ends above, `spans` where along it no other
    part of the house stands before its eave. What agrees with the roof of a block it is built
    against, one of those in `like`, is believed where less of it shows.
    """
    level = tuple(facing for facing, profile in profiles.items() if not profile.tangent)
    gables = tuple(facing for facing, profile in profiles.items() if profile.tangent)
    if not _is_roof(level, gables):
        return ()
    if gables:
        middle = float(np.mean([profiles[facing].tangent for facing in gables]))
        tangents = np.arange(middle - ABOUT, middle + ABOUT, TANGENT_STEP)
    else:
        tangents = np.arange(*TANGENTS, TANGENT_STEP)
    found = [
        _Answer(eaves, *clearest, shown=shown)
        for shown, eaves in find_eaves(
            block, profiles, facings=level, photos=photos, spans=spans, unit=unit
        )
        if (
            clearest := _clearest(
                block, eaves, gables=gables, tangents=tangents, photos=photos, unit=unit
            )
        )
    ]
    answer = _the_one(found, like=like, unit=unit)
    if answer is None:
        return ()
    return tuple(
        _slope(block, facing, eaves=answer.eaves, tangent=answer.tangent) for facing in level
    )


def _the_one(found: Sequence[_Answer], *, like: Sequence[Block], unit: float) -> _Answer | None:
    """The clearest answer, if it is clear enough and no other pitch is nearly as clear."""
    best = max(found, key=lambda answer: answer.score, default=None)
    if best is None:
        return None
    expected = any(_agrees(best, block, unit=unit) for block in like)
    if not expected and (best.shown < EAVES_MIN or best.lines < LINES_MIN):
        return None
    others = (a for a in found if abs(a.tangent - best.tangent) > PITCHES_APART)
    return best if all(a.score < CLEAR_SHARE * best.score for a in others) else None


def _agrees(answer: _Answer, block: Block, *, unit: float) -> bool:
    """Whether a roof has a block's pitch and, as far out as its own, eaves at the same height."""
    for slope in block.slopes:
        eave = slope.top - slope.tangent * (block.edge(slope.facing) + answer.eaves.out)
        alike = abs(slope.tangent - answer.tangent) < ALIKE_TANGENT
        if alike and abs(eave - answer.eaves.height) < ALIKE_HEIGHT * unit:
            return True
    return False


def _is_roof(level: tuple[int, ...], gables: tuple[int, ...]) -> bool:
    """Whether sides that end level and in gables make a roof that we know: gable or hip."""
    if len(level) == 4:
        return True
    across = {facing % 2 for facing in gables}
    return bool(gables) and len(level) == 2 and {f % 2 for f in level} == {1 - a for a in across}


def find_eaves(
    block: Block,
    profiles: dict[int, Profile],
    *,
    facings: Sequence[int],
    photos: Sequence[Photographed],
    spans: dict[int, list[tuple[float, float]]],
    unit: float,
) -> list[tuple[float, Eaves]]:
    """Level boards that photos of all these sides together show, and how clearly, best first."""
    out, lift = np.arange(*OUTS) * unit, np.arange(*LIFTS) * unit
    top = float(np.median([profiles[facing].top for facing in facings]))
    totals = []
    for facing in facings:
        outside = [p for p in photos if p.view.centre[:2] @ DIRECTIONS[facing] > block.edge(facing)]
        for span in spans[facing]:
            flat = block.edge(facing) * DIRECTIONS[facing] + np.array(span)[:, None] * along(facing)
            rail = Rail(
                np.column_stack([flat, np.full(2, top)]), np.array([*DIRECTIONS[facing], 0])
            )
            chosen = all_round(rail, outside)
            if len(chosen) < PHOTOS_MIN:
                continue
            lines = rail.lines(np.repeat(out, len(lift)), np.tile(lift, len(out)))
            shown = np.mean([clearness(photo, lines) for photo in chosen], axis=0)
            totals.append(shown.reshape(len(out), len(lift)))
    if not totals:
        return []
    total = np.mean(totals, axis=0)
    clear = np.zeros_like(total)
    for steps in BOARD_STEPS:
        clear[:, steps:] = np.maximum(clear[:, steps:], total[:, steps:] + total[:, :-steps])
    crest = (clear >= cv2.dilate(clear, np.ones((3, 3)))) & (clear >= EAVES_LEAST)
    found = [
        (float(clear[place, upper]), Eaves(tuple(facings), float(out[place]), top + lift[upper]))
        for place, upper in zip(*np.nonzero(crest), strict=True)
    ]
    return sorted(found, key=lambda pair: -pair[0])[:EAVES_MAX]


def _clearest(
    block: Block,
    eaves: Eaves,
    *,
    gables: tuple[int, ...],
    tangents: Matrix,
    photos: Sequence[Photographed],
    unit: float,
) -> tuple[float, float] | None:
    """The tangent at which the other lines of the roof are clearest, and how clear they are."""
    scores = [ridge_scores(block, eaves, tangents=tangents, hipped=not gables, photos=photos)]
    if gables:
        scores += [
            rake_scores(
                block,
                eaves,
                tangents=tangents,
                facing=facing,
                photos=photos,
                outs=np.arange(*RAKE_OUTS) * unit,
            )
            for facing in gables
        ]
    else:
        scores += hip_scores(block, eaves, tangents=tangents, photos=photos)
    known = np.array([one for one in scores if one is not None]).reshape(-1, len(tangents))
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
    return Slope(
        facing=facing,
        top=eaves.height + tangent * (edge + eaves.out),
        tangent=tangent,
        sigma=0.0,
        span=(float(span[0]), float(span[1])),
        reach=(middle, edge),
        area=0.0,
    )
