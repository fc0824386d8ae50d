"""Slows guessing of passwords: wrong tries are counted for each address of e-mail and each peer.

The counts live in the process. With N web processes a guesser gets N times as many
tries, which is still far too few, and no row is written for an attacker's sake.
"""

import time
from collections import OrderedDict, deque
from collections.abc import Callable

from doorstep.kit.errors import TooMany

# Few for one person from one place. More for an address and for a peer alone: a stranger
# must not lock a member out, nor one member an office behind one address.
PAIR_TRIES_MAX = 10
SINGLE_TRIES_MAX = 100
WINDOW_SECONDS = 15 * 60
KEYS_MAX = 10_000


class Throttle:
    """Remembers wrong tries for a quarter of an hour."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` counts seconds."""
        self._clock = clock
        self._tries: OrderedDict[str, deque[float]] = OrderedDict()

    def refuse_guessing(self, *, email: str, peer: str) -> None:
        """TooMany when this address or this peer has had its tries."""
        for key, tries_max in _keys(email, peer).items():
            recent = self._recent(key)
            if len(recent) >= tries_max:
                wait = int(recent[0] + WINDOW_SECONDS - self._clock()) + 1
                raise TooMany(
                    f"Too many wrong passwords. Try again in {wait // 60 + 1} minutes.",
                    headers={"Retry-After": str(wait)},
                )

    def note_wrong(self, *, email: str, peer: str) -> None:
        """Count a wrong try."""
        for key, tries_max in _keys(email, peer).items():
            self._tries.setdefault(key, deque(maxlen=tries_max)).append(self._clock())
            self._tries.move_to_end(key)
        while len(self._tries) > KEYS_MAX:
            self._tries.popitem(last=False)

    def _recent(self, key: str) -> deque[float]:
        tries = self._tries.get(key, deque())
        while tries and tries[0] <= self._clock() - WINDOW_SECONDS:
            tries.popleft()
        return tries


def _keys(email: str, peer: str) -> dict[str, int]:
    """What is counted, and how many wrong tries each may have."""
    email = email.lower()
    return {
        f"pair:{email} {peer}": PAIR_TRIES_MAX,
        f"email:{email}": SINGLE_TRIES_MAX,
        f"peer:{peer}": SINGLE_TRIES_MAX,
    }
