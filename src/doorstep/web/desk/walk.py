"""The photos of a job in the order of a walk round the house."""

from collections.abc import Sequence
from dataclasses import dataclass

from doorstep.captures.model import HOUSE, SPOTS, STRUCTURE_TEXTS
from doorstep.web.desk.job_queries import Shot
from doorstep.web.desk.words import hint_text, spot_text

SOMEWHERE = "Between the spots"


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A spot and what was taken there and on the way to the next one."""

    spot: str | None
    shots: list[Shot]

    @property
    def name(self) -> str:
        """What people call it."""
        return spot_text(self.spot) or SOMEWHERE

    @property
    def usable(self) -> int:
        """How many of its photos a model can be built of, as far as is known."""
        return sum(shot.state != "rejected" for shot in self.shots)


@dataclass(frozen=True, kw_only=True)
class Walk:
    """Every spot of the house in its order, photos of no spot, and the buildings beside it."""

    stops: list[Stop]
    others: list[tuple[str, list[Shot]]]


def walk(shots: Sequence[Shot]) -> Walk:
    """Lay the photos out: what a phone took after a spot is on the way from there."""
    at: dict[str | None, list[Shot]] = {spot: [] for spot in SPOTS}
    beside: dict[str, list[Shot]] = {}
    session, here = None, None
    for shot in shots:
        if shot.structure != HOUSE:
            beside.setdefault(shot.structure, []).append(shot)
            continue
        if shot.session_id != session:
            session, here = shot.session_id, None
        here = shot.spot or here
        at.setdefault(here if here in at else None, []).append(shot)
    return Walk(
        stops=[Stop(spot=spot, shots=found) for spot, found in at.items()],
        others=[
            (STRUCTURE_TEXTS[name], beside[name]) for name in STRUCTURE_TEXTS if name in beside
        ],
    )


def described(shot: Shot, *, place: str, number: int, count: int) -> str:
    """What a picture shows, for who cannot see it: where it was taken, and its faults."""
    what = "video" if shot.kind == "video" else "photo"
    which = f", {what} {number} of {count}" if count > 1 else f", {what}"
    return ", ".join([f"{place}{which}", *(hint_text(hint) for hint in shot.hints)])
