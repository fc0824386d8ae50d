"""How often something comes in a second, for as many keys as memory allows, and how much was too much."""

import asyncio
import ipaddress
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from contextlib import suppress
from typing import Generic, TypeVar

KEYS_MAX = 10_000
TOLD_KEYS_MAX = 100
WINDOW_SECONDS = 1.0
HOUSEHOLD_BITS = 64
"""One customer of an IPv6 network has that many bits of addresses to come from."""

NETWORK_BITS, SITE_BITS = 24, 48
"""What is kept of an address that is written down, in IPv4 and in IPv6."""

Key = TypeVar("Key", bound=Hashable)


class Rates(Generic[Key]):
    """Counts what comes for each key in its current second, in this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` counts seconds."""
        self._clock = clock
        self._seconds: OrderedDict[Key, tuple[float, int]] = OrderedDict()

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._seconds)

    def count(self, key: Key) -> int:
        """How many have come for the key in its second, with this one."""
        now = self._clock()
        began, number = self._seconds.pop(key, (now, 0))
        if now - began >= WINDOW_SECONDS:
            began, number = now, 0
        self._seconds[key] = began, number + 1
        # The key that was quiet for longest goes first: its second is over.
        while len(self._seconds) > KEYS_MAX:
            self._seconds.popitem(last=False)
        return number + 1


class Tally(Generic[Key]):
    """Adds up what was turned away, and tells it a second later: one line for each key."""

    def __init__(self, tell: Callable[[Key, int], Awaitable[object]], *, rest: Key) -> None:
        """`tell` is called with a key and how many; past 100 keys a second all others are `rest`."""
        self._tell = tell
        self._rest = rest
        self._counts: dict[Key, int] = {}
        self._telling: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()

    def add(self, key: Key) -> None:
        """One more."""
        if not self._counts:
            task = asyncio.create_task(self._flush())
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)
        if key not in self._counts and len(self._counts) >= TOLD_KEYS_MAX:
            key = self._rest
        self._counts[key] = self._counts.get(key, 0) + 1

    async def close(self) -> None:
        """Tell all at once: a process that stops does not wait for the end of a second."""
        self._closing.set()
        await asyncio.gather(*self._telling, return_exceptions=True)

    async def _flush(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), WINDOW_SECONDS)
        counts, self._counts = self._counts, {}
        for key, number in counts.items():
            await self._tell(key, number)


def network(peer: str) -> str:
    """An address without its end, which tells whose network it is and not who; empty for none."""
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    bits = NETWORK_BITS if isinstance(address, ipaddress.IPv4Address) else SITE_BITS
    return str(ipaddress.ip_network((str(address), bits), strict=False))


def neighbourhood(peer: str) -> str:
    """Whom an address stands for: itself, or its /64 network in IPv6; text that is none as it is."""
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return peer
    if isinstance(address, ipaddress.IPv4Address):
        return peer
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), HOUSEHOLD_BITS), strict=False))
