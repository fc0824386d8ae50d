"""Which of several answers to where a roof's lines are is believed, if any."""

from collections.abc import Sequence
from dataclasses import dataclass

from doorstep.reconstruction.geometry.blocks import Block
from doorstep.reconstruction.geometry.levels import EAVES_MIN
from doorstep.reconstruction.geometry.skylines import Eaves

# A line that all photos show clearly scores 1. No wall tells of the pitch of a hip roof.
LINES_MIN, HIP_LINES_MIN = 0.5, 0.7
# Where another pitch is nearly as clear, it is neither.
PITCHES_APART, CLEAR_SHARE = 0.06, 0.95
# How far, as tangents and in units, a wing's roof may be from that of the house and be built like it.
ALIKE_TANGENT, ALIKE_HEIGHT = 0.03, 0.12
# In units: how far above the points on its walls a roof's upper side is: boards hide the rest of the walls,
# and their shadow some of it. Lines closer to them are those of the shadow.
ABOVE_WALLS, ABOVE_GABLE = (0.15, 0.6), (0.1, 0.34)


@dataclass(frozen=True)
class Answer:
    """Eaves with the tangent at which the other lines are clearest, and how clear both are."""

    eaves: Eaves
    tangent: float
    lines: float
    shown: float

    @property
    def score(self) -> float:
        """Of what could be shown: 0 to 2."""
        return self.lines + self.shown / 2


def the_one(
    found: Sequence[Answer],
    *,
    kind: str,
    like: Sequence[Block],
    top: float,
    gables: Sequence[tuple[float, float]],
    unit: float,
) -> Answer | None:
    """The clearest answer, if it is clear enough and no other pitch is nearly as clear.

    `top` is how high the walls below its eaves are seen. Less of it needs to show where it agrees
    with the roof of a block in `like`; and its eaves may be less clear where it agrees with the
    walls below its gables, of each of which `gables` holds the tangent at which it falls, and how
    high it is at its ends.
    """
    found = [answer for answer in found if _is_above(answer, top, limits=ABOVE_WALLS, unit=unit)]
    best = max(found, key=lambda answer: answer.score, default=None)
    if best is None:
        return None
    lines_min = HIP_LINES_MIN if kind == "hip" else LINES_MIN
    if not any(_agrees(best, block, unit=unit) for block in like):
        fits = any(_fits(best, gable, unit=unit) for gable in gables)
        if best.lines < lines_min or (best.shown < EAVES_MIN and not fits):
            return None
    others = (a for a in found if abs(a.tangent - best.tangent) > PITCHES_APART)
    return best if all(a.score < CLEAR_SHARE * best.score for a in others) else None


def _agrees(answer: Answer, block: Block, *, unit: float) -> bool:
    """Whether a roof has a block's pitch and, as far out as its own, eaves at the same height."""
    for slope in block.slopes:
        eave = slope.top - slope.tangent * (block.edge(slope.facing) + answer.eaves.out)
        alike = abs(slope.tangent - answer.tangent) < ALIKE_TANGENT
        if alike and abs(eave - answer.eaves.height) < ALIKE_HEIGHT * unit:
            return True
    return False


def _fits(answer: Answer, gable: tuple[float, float], *, unit: float) -> bool:
    """Whether a wall below a gable falls at its pitch, and ends just below it."""
    tangent, foot = gable
    alike = abs(tangent - answer.tangent) < ALIKE_TANGENT
    return alike and _is_above(answer, foot, limits=ABOVE_GABLE, unit=unit)


def _is_above(answer: Answer, top: float, *, limits: tuple[float, float], unit: float) -> bool:
    """Whether the roof's upper side lies so far above a wall of this height."""
    above = answer.eaves.height + answer.tangent * answer.eaves.out - top
    return limits[0] < above / unit < limits[1]
