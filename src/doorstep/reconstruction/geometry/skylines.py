"""How clearly photos show the ridge, the rakes and the hips that a roof of some pitch would have."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.blocks import Block
from doorstep.reconstruction.geometry.boards import PHOTOS_MIN, Rail, all_round
from doorstep.reconstruction.geometry.lines import Photographed, clearness
from doorstep.reconstruction.geometry.planes import DIRECTIONS

Matrix = NDArray[np.float64]

# A ridge this near above the eave before it may be taken for the eave.
ABOVE_EAVE_PX = 6.0
# The ends of lines, where others meet them, are left out; shorter lines tell nothing.
TRIM, RIDGE_SHARE_MIN = 0.08, 0.1


@dataclass(frozen=True)
class Eaves:
    """Level boards at one height, equally far out, along these sides of a block."""

    facings: tuple[int, ...]
    out: float
    height: float


def _half(block: Block, eaves: Eaves) -> float:
    """From the ridge to an eave, on the plan."""
    axis = _across(block, eaves)
    return (block.high[axis] - block.low[axis]) / 2 + eaves.out


def _across(block: Block, eaves: Eaves) -> int:
    """The axis across the ridge: that of the eaves, and on a hip roof the shorter one."""
    axes = sorted({facing % 2 for facing in eaves.facings})
    size = np.array(block.high) - np.array(block.low)
    return min(axes, key=lambda axis: float(size[axis]))


def _ridges(block: Block, eaves: Eaves, *, tangents: Matrix, hipped: bool) -> Matrix | None:
    """The ridge (k x 2 x 3) at each tangent; None where hips meet in a point."""
    axis, half = _across(block, eaves), _half(block, eaves)
    low, high = np.array(block.low), np.array(block.high)
    ends = np.array([low[1 - axis], high[1 - axis]])
    inset = half - eaves.out if hipped else 0.0
    length = float(ends[1] - ends[0]) - 2 * inset
    if length < RIDGE_SHARE_MIN * half:
        return None
    inset += TRIM * length
    lines = np.empty((len(tangents), 2, 3))
    lines[..., axis] = (low[axis] + high[axis]) / 2
    lines[..., 1 - axis] = ends + np.array([inset, -inset])
    lines[..., 2] = eaves.height + tangents[:, None] * half
    return lines


def steepest_hidden(
    photo: Photographed, *, above: float, away: float, depth: float, px: float
) -> float:
    """Tangent up to which a slope shows less than `px` over its eave; infinite from behind it.

    The eave is `above` the eye and `away` from it, and the slope goes back by `depth`.
    """
    if away <= 0:
        return np.inf
    pixel = (away + depth) / depth / float(photo.view.matrix[0, 0])
    return max(0.0, above / away) + px * pixel


def ridge_scores(
    block: Block,
    eaves: Eaves,
    *,
    tangents: Matrix,
    hipped: bool,
    photos: Sequence[Photographed],
) -> Matrix | None:
    """Mean clearness (k) of the ridge in the photos from which it would be seen over the eave."""
    lines = _ridges(block, eaves, tangents=tangents, hipped=hipped)
    if lines is None:
        return None
    shown, visible = [], []
    for photo in photos:
        hidden = _ridge_hidden(block, eaves, photo=photo)
        if hidden < tangents[-1] and (photo.view.project(lines.mean(axis=1))[1] > 0).all():
            shown.append(clearness(photo, lines))
            visible.append(tangents > hidden)
    return _mean_where(shown, visible)


def _ridge_hidden(block: Block, eaves: Eaves, *, photo: Photographed) -> float:
    """The tangent up to which neither eave along the ridge lets a photo from beyond it show it."""
    axis, half = _across(block, eaves), _half(block, eaves)
    above = eaves.height - float(photo.view.centre[2])
    return min(
        steepest_hidden(
            photo,
            above=above,
            away=float(photo.view.centre[:2] @ DIRECTIONS[facing]) - block.edge(facing) - eaves.out,
            depth=half,
            px=ABOVE_EAVE_PX,
        )
        for facing in eaves.facings
        if facing % 2 == axis
    )


def _mean_where(shown: list[Matrix], visible: list[NDArray[np.bool_]]) -> Matrix | None:
    if len(shown) < PHOTOS_MIN:
        return None
    held, count = np.array(shown), np.array(visible)
    total = (held * count).sum(axis=0) / np.maximum(count.sum(axis=0), 1)
    return np.asarray(np.where(count.sum(axis=0) >= PHOTOS_MIN, total, np.nan))


def rake_scores(
    block: Block,
    eaves: Eaves,
    *,
    tangents: Matrix,
    facing: int,
    photos: Sequence[Photographed],
    outs: Matrix,
) -> Matrix | None:
    """Mean clearness (k) of the rakes over a side, as far out as they are clearest.

    They climb from each of the eaves beside it: to the ridge, or, from a single one, all the way.
    """
    direction = DIRECTIONS[facing]
    beside = [eave for eave in eaves.facings if eave % 2 != facing % 2]
    length = _half(block, eaves) if len(beside) > 1 else _whole(block, eaves)
    outside = [p for p in photos if p.view.centre[:2] @ direction > block.edge(facing)]
    sides = []
    for eave in beside:
        arms = np.array([TRIM, 1 - TRIM]) * length
        foot = (block.edge(eave) + eaves.out) * DIRECTIONS[eave]
        flat = block.edge(facing) * direction + foot - arms[:, None] * DIRECTIONS[eave]
        line = np.column_stack([flat, np.full(2, eaves.height)])
        rail = Rail(line, np.array([*direction, 0.0]))
        chosen = all_round(rail, outside)
        if len(chosen) < PHOTOS_MIN:
            continue
        lines = np.repeat(rail.lines(outs, np.zeros(len(outs)))[None], len(tangents), axis=0)
        lines[..., 2] += (tangents[:, None] * arms)[:, None, :]
        flat_lines = lines.reshape(-1, 2, 3)
        shown = np.mean([clearness(photo, flat_lines) for photo in chosen], axis=0)
        sides.append(shown.reshape(len(tangents), len(outs)))
    return np.asarray(np.mean(sides, axis=0).max(axis=1)) if sides else None


def _whole(block: Block, eaves: Eaves) -> float:
    """From an eave to the other end of a roof of one slope, on the plan."""
    axis = eaves.facings[0] % 2
    return block.high[axis] - block.low[axis] + 2 * eaves.out


def hip_scores(
    block: Block, eaves: Eaves, *, tangents: Matrix, photos: Sequence[Photographed]
) -> list[Matrix]:
    """Mean clearness (k) of each hip in the photos from which it would be seen over the eaves."""
    low, high = np.array(block.low) - eaves.out, np.array(block.high) + eaves.out
    half = _half(block, eaves)
    found = []
    for x, y in ((low[0], low[1]), (high[0], low[1]), (high[0], high[1]), (low[0], high[1])):
        corner = np.array([x, y])
        inwards = np.sign((low + high) / 2 - corner)
        arms = np.array([TRIM, 1 - TRIM]) * half
        flat = corner + arms[:, None] * inwards
        line = np.column_stack([flat, np.full(2, eaves.height)])
        rail = Rail(line, np.array([*-inwards, 0.0]))
        lines = np.repeat(line[None], len(tangents), axis=0)
        lines[..., 2] += tangents[:, None] * arms
        chosen = all_round(rail, photos)
        shown = [clearness(photo, lines) for photo in chosen]
        hidden = [
            _hip_hidden(p, corner, inwards=inwards, height=eaves.height, half=half) for p in chosen
        ]
        mean = _mean_where(shown, [tangents > least for least in hidden])
        if mean is not None:
            found.append(mean)
    return found


def _hip_hidden(
    photo: Photographed, corner: Matrix, *, inwards: Matrix, height: float, half: float
) -> float:
    """The tangent up to which neither of the slopes that meet in a hip shows over its eave."""
    above = height - float(photo.view.centre[2])
    return min(
        steepest_hidden(photo, above=above, away=float(away), depth=half, px=ABOVE_EAVE_PX)
        for away in (corner - photo.view.centre[:2]) * inwards
    )
