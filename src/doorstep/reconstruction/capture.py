"""In which order photos were taken: that of their names, unless their clocks say otherwise."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

# Without a time for so many of the photos, or with more of them taken in one moment, the names are
# the better witness: copies carry the time of the copy, and a few that were edited carry none.
TIMED_SHARE_MIN, DISTINCT_SHARE_MIN = 0.9, 0.9

# EXIF's form, with the digits of the second behind a point.
FORM = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?")

Moment = tuple[int, ...]


@dataclass(frozen=True)
class Stamp:
    """What a photo says of its making: the time, empty where there is none, and whose clock it is by."""

    taken_at: str
    clock: str


def capture_order(stamps: Sequence[Stamp]) -> list[int]:
    """Places of the photos, given by name, in the order of capture.

    Of one moment, names decide; a photo without a time stays behind the one before it by name.
    Clocks of two cameras are hardly ever together, so that they order nothing.
    """
    by_name = list(range(len(stamps)))
    moments = [_moment(stamp.taken_at) for stamp in stamps]
    known = [moment for moment in moments if moment is not None]
    clocks = {s.clock for s, moment in zip(stamps, moments, strict=True) if moment is not None}
    if len(known) < TIMED_SHARE_MIN * len(stamps) or len(clocks) > 1:
        return by_name
    if len(set(known)) < DISTINCT_SHARE_MIN * len(known):
        return by_name
    last = min(known, default=())
    filled = [last := moment or last for moment in moments]
    return sorted(by_name, key=lambda place: (filled[place], place))


def _moment(taken_at: str) -> Moment | None:
    """Year, month, day, hour, minute, second, microsecond; cameras that were never set say year 0."""
    found = FORM.fullmatch(taken_at)
    if found is None or found[1] == "0000":
        return None
    return (*map(int, found.groups()[:6]), int((found[7] or "").ljust(6, "0")))
