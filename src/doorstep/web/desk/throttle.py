"""Slows guessing of passwords: wrong tries are counted for each address of e-mail and each peer."""

import time
from collections.abc import Callable, Iterator

from doorstep.kit.errors import TooMany
from doorstep.kit.pace import Pace

# Few for one person from one place. More for an address and for a peer alone: a stranger
# must not lock a member out, nor one member an office behind one address.
PAIR_TRIES_MAX = 10
SINGLE_TRIES_MAX = 100
WINDOW_SECONDS = 15 * 60


class Throttle:
    """Remembers wrong tries for a quarter of an hour."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` counts seconds."""
        self._pairs = Pace(PAIR_TRIES_MAX, seconds=WINDOW_SECONDS, clock=clock)
        self._singles = Pace(SINGLE_TRIES_MAX, seconds=WINDOW_SECONDS, clock=clock)

    def refuse_guessing(self, *, email: str, peer: str) -> None:
        """TooMany when this address or this peer has had its tries."""
        for pace, key in self._counts(email, peer):
            if wait := pace.wait(key):
                raise TooMany(
                    f"Too many wrong passwords. Try again in {wait // 60 + 1} minutes.",
                    headers={"Retry-After": str(wait)},
                )

    def note_wrong(self, *, email: str, peer: str) -> None:
        """Count a wrong try."""
        for pace, key in self._counts(email, peer):
            pace.note(key)

    def _counts(self, email: str, peer: str) -> Iterator[tuple[Pace, str]]:
        email = email.lower()
        yield self._pairs, f"{email} {peer}"
        yield self._singles, f"email:{email}"
        yield self._singles, f"peer:{peer}"
