"""Level boards along several sides of a block, sought on all of them at once."""

from collections.abc import Mapping, Sequence

import cv2
import numpy as np

from doorstep.reconstruction.geometry.blocks import Block
from doorstep.reconstruction.geometry.boards import PHOTOS_MIN, Rail, all_round
from doorstep.reconstruction.geometry.lines import Photographed, clearness
from doorstep.reconstruction.geometry.planes import DIRECTIONS, along
from doorstep.reconstruction.geometry.profiles import Profile
from doorstep.reconstruction.geometry.skylines import Eaves

# In units: how far out and how far about the wall's top eaves are sought, how finely, and how high
# boards are.
OUTS, LIFTS = (0.0, 0.93, 0.03), (-0.4, 0.6, 0.015)
BOARD_STEPS = range(7, 25)
# Two lines that all photos show clearly score 2: what is surely an eave, and what may be one.
EAVES_MIN, EAVES_LEAST = 1.4, 1.1
# So many places are handed on.
EAVES_MAX = 12


def find_eaves(
    block: Block,
    profiles: Mapping[int, Profile],
    *,
    facings: Sequence[int],
    photos: Sequence[Photographed],
    spans: Mapping[int, list[tuple[float, float]]],
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
