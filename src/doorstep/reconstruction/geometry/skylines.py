"""How clearly photos show the ridge, the rakes and the hips that a roof of some pitch would have."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.blocks import Block
from doorstep.reconstruction.geometry.boards import PHOTOS_MIN, Rail, all_round
from doorstep.reconstruction.geometry.lines import Photographed, clearness
from doorstep.reconstruction.geometry.planes import DIRECTIONS, along

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
        facing = _side_before(block, eaves, photo=photo)
        if facing is None:
            continue
        eave = (block.edge(facing) + eaves.out) * DIRECTIONS[facing]
        middle = lines[0, :, :2].mean(axis=0)
        foot = eave + (middle @ along(facing)) * along(facing)
        rows, depth = photo.view.project(np.array([[*foot, eaves.height]]))
        ridge_rows, ridge_depth = photo.view.project(lines.mean(axis=1))
        if depth[0] <= 0 or (ridge_depth <= 0).any():
            continue
        shown.append(clearness(photo, lines))
        visible.append(rows[0, 1] - ridge_rows[:, 1] > ABOVE_EAVE_PX)
    return _mean_where(shown, visible)


def _side_before(block: Block, eaves: Eaves, *, photo: Photographed) -> int | None:
    """The eave, along the ridge, that a photo was taken from beyond."""
    axis = _across(block, eaves)
    for facing in eaves.facings:
        ahead = float(photo.view.centre[:2] @ DIRECTIONS[facing])
        if facing % 2 == axis and ahead > block.edge(facing) + eaves.out:
            return facing
    return None


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
    """Mean clearness (k) of each hip."""
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
        chosen = all_round(rail, photos)
        if len(chosen) < PHOTOS_MIN:
            continue
        lines = np.repeat(line[None], len(tangents), axis=0)
        lines[..., 2] += tangents[:, None] * arms
        found.append(np.asarray(np.mean([clearness(photo, lines) for photo in chosen], axis=0)))
    return found
