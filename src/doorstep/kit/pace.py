"""So many of something within a while, for each key.

The counts live in the process. With N processes somebody gets N times as many, and no
row is written for their sake.
"""

import time
from collections import OrderedDict, deque
from collections.abc import Callable

from doorstep.kit.errors import TooMany

KEYS_MAX = 10_000


class Pace:
    """Remembers the last moments of each key."""

    def __init__(
        self, most: int, *, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """At most `most` within `seconds`; `clock` counts seconds."""
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._moments: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, key: str) -> int:
        """For how many seconds the key has had its share; zero when it may go on."""
        moments = self._moments.get(key, deque())
        while moments and moments[0] <= self._clock() - self._seconds:
            moments.popleft()
        if len(moments) < self._most:
            return 0
        return int(moments[0] + self._seconds - self._clock()) + 1

    def refuse(self, key: str) -> None:
        """TooMany when the key has had its share."""
        if wait := self.wait(key):
            raise TooMany(headers={"Retry-After": str(wait)})

    def note(self, key: str) -> None:
        """Count one."""
        self._moments.setdefault(key, deque(maxlen=self._most)).append(self._clock())
        self._moments.move_to_end(key)
        if len(self._moments) > KEYS_MAX:
            self._moments.popitem(last=False)

    def admit(self, key: str) -> None:
        """Count one, or TooMany."""
        self.refuse(key)
        self.note(key)
