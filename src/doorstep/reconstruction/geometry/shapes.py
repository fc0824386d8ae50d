"""Which kind of roof walls carry, from how they end above."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from doorstep.reconstruction.geometry.profiles import Profile


@dataclass(frozen=True)
class RoofShape:
    """A kind of roof, the sides with its eaves and those with its rakes, and about how steep."""

    kind: Literal["gable", "hip", "shed"]
    eaves: tuple[int, ...]
    rakes: tuple[int, ...]
    tangent: float | None


def shape_of(profiles: Mapping[int, Profile]) -> RoofShape | None:
    """The kind of roof that walls with these upper ends carry, if it is one that we know."""
    level = tuple(f for f, profile in profiles.items() if not (profile.tangent or profile.lean))
    gables = tuple(facing for facing, profile in profiles.items() if profile.tangent)
    slanted = tuple(facing for facing, profile in profiles.items() if profile.lean)
    if len(level) == 4:
        return RoofShape("hip", level, (), None)
    across = {facing % 2 for facing in (*gables, *slanted)}
    if len(across) != 1 or {facing % 2 for facing in level} != {1 - min(across)}:
        return None
    if not slanted and len(level) == 2:
        tangent = float(np.mean([profiles[facing].tangent for facing in gables]))
        return RoofShape("gable", level, gables, tangent)
    low = {_low_side(facing, profiles[facing].lean) for facing in slanted}
    if gables or len(low) != 1 or not low <= set(level):
        return None
    tangent = float(np.mean([abs(profiles[facing].lean) for facing in slanted]))
    return RoofShape("shed", tuple(low), slanted, tangent)


def _low_side(facing: int, lean: float) -> int:
    """The facing of the wall at the lower end of a wall that rises to its right, or falls."""
    return (facing - 1) % 4 if lean > 0 else (facing + 1) % 4
