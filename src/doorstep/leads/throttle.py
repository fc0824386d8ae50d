"""One source may not take the others' time: so many posts a second, the rest is turned away.

What was turned away is not stored, for its sender is told to send it again; how many it
were is one line in the journal for each second, so that the firm hears of it.
"""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from doorstep.kit.errors import TooMany
from doorstep.kit.ids import uuid7
from doorstep.leads.model import Entry, Origin, Post

RETRY_AFTER_SECONDS = "1"
SOURCES_KEPT_MAX = 10_000
THROTTLED = "throttled"


@dataclass
class _Second:
    began: float
    posts: int = 0
    turned_away: int = 0


class Throttle:
    """Counts the posts of each source in the current second, in this process."""

    def __init__(self, write: Callable[[Entry], Awaitable[object]]) -> None:
        """`write` puts an entry into the journal."""
        self._write = write
        self._seconds: dict[uuid.UUID, _Second] = {}
        self._telling: set[asyncio.Task[None]] = set()

    def admit(self, origin: Origin, *, peer: str) -> None:
        """Count a post of the origin's source; TooMany when the second is full."""
        if origin.source_id is None:
            return
        now = time.monotonic()
        second = self._seconds.get(origin.source_id)
        if second is None or now - second.began >= 1:
            if len(self._seconds) > SOURCES_KEPT_MAX:
                self._seconds.clear()
            second = self._seconds[origin.source_id] = _Second(now)
        second.posts += 1
        if second.posts <= origin.rules.posts_per_second_max:
            return
        if second.turned_away == 0:
            task = asyncio.create_task(self._tell(second, origin, peer=peer))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)
        second.turned_away += 1
        raise TooMany(headers={"Retry-After": RETRY_AFTER_SECONDS})

    async def close(self) -> None:
        """Wait until every second that is being counted is in the journal."""
        await asyncio.gather(*self._telling, return_exceptions=True)

    async def _tell(self, second: _Second, origin: Origin, *, peer: str) -> None:
        await asyncio.sleep(1)
        post = Post(
            id=uuid7(),
            org_id=origin.org_id,
            source_id=origin.source_id,
            peer=peer,
            headers={},
            body=b"",
            outcome=THROTTLED,
            error=f"{second.turned_away} posts of one second were turned away",
        )
        await self._write(Entry(post=post))
