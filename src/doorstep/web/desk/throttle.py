"""Slows guessing of passwords: wrong tries are counted per address of e-mail and per peer.

The counts live in the process. With N web processes a guesser gets N times as many
tries, which is still far too few, and no row is written for an attacker's sake.
"""

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence

from doorstep.kit.errors import TooMany

TRIES_MAX = 10
WINDOW_SECONDS = 15 * 60
KEYS_MAX = 10_000


class Throttle:
    """Remembers wrong tries for a quarter of an hour."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` counts seconds."""
        self._clock = clock
        self._tries: OrderedDict[str, deque[float]] = OrderedDict()

    def refuse_guessing(self, keys: Sequence[str]) -> None:
        """TooMany when one of the keys has had its tries."""
        for key in keys:
            recent = self._recent(key)
            if len(recent) >= TRIES_MAX:
                wait = int(recent[0] + WINDOW_SECONDS - self._clock()) + 1
                raise TooMany(
                    f"Too many wrong passwords. Try again in {wait // 60 + 1} minutes.",
                    headers={"Retry-After": str(wait)},
                )

    def note_wrong(self, keys: Sequence[str]) -> None:
        """Count a wrong try against each key."""
        for key in keys:
            self._tries.setdefault(key, deque(maxlen=TRIES_MAX)).append(self._clock())
            self._tries.move_to_end(key)
        while len(self._tries) > KEYS_MAX:
            self._tries.popitem(last=False)

    def forget(self, key: str) -> None:
        """The right password came: earlier slips no longer count."""
        self._tries.pop(key, None)

    def _recent(self, key: str) -> deque[float]:
        tries = self._tries.get(key, deque())
        while tries and tries[0] <= self._clock() - WINDOW_SECONDS:
            tries.popleft()
        return tries
