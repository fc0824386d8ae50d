"""What was asked outside, kept for a minute a process: a page never waits for it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from doorstep.readiness.facts import Outside

KEPT_SECONDS = 60.0
AGAIN_SECONDS_MIN = 5.0
"""Nobody makes a machine ask more often."""
ORGS_MAX = 500

Ask = Callable[[Sequence[str]], Awaitable[Outside]]


@dataclass
class _Asked:
    task: "asyncio.Task[Outside]"
    began: float


@dataclass
class Keeper:
    """Asks in the background, once at a time for each organization, whose endpoints differ."""

    ask: Ask
    _kept: dict[int, _Asked] = field(default_factory=dict)

    def look(self, org_id: int, *, urls: Sequence[str], again: bool = False) -> Outside | None:
        """What is known by now; begins to ask where that is too old, or nothing."""
        asked = self._kept.get(org_id)
        if asked is None or self._is_old(asked, again=again):
            self._make_room()
            task = asyncio.create_task(self._asking(urls))
            asked = self._kept[org_id] = _Asked(task=task, began=time.monotonic())
        if not asked.task.done():
            return None
        return asked.task.result()

    async def stop(self) -> None:
        """Ask no more."""
        for one in self._kept.values():
            one.task.cancel()
        await asyncio.gather(*(one.task for one in self._kept.values()), return_exceptions=True)
        self._kept.clear()

    async def settle(self) -> None:
        """Wait for everything that is being asked."""
        await asyncio.gather(*(one.task for one in self._kept.values()))

    async def _asking(self, urls: Sequence[str]) -> Outside:
        return await self.ask(urls)

    def _is_old(self, asked: _Asked, *, again: bool) -> bool:
        age = time.monotonic() - asked.began
        return asked.task.done() and age > (AGAIN_SECONDS_MIN if again else KEPT_SECONDS)

    def _make_room(self) -> None:
        """Forget those that are done, the oldest first; the others end by themselves."""
        while len(self._kept) >= ORGS_MAX:
            self._kept.pop(next(iter(self._kept)))
