"""Nobody may take the others' time: so many posts a second, the rest is turned away.

A source has its own posts a second. Who posts without a source of ours, and who reports
calls, is counted by the address, by the organization that the post names, and all
together: the first keeps one sender from the others, the second one organization's
senders from another's, the last many addresses from everybody. The organization counts
by the text of its id, so that the count tells nobody which organizations there are.

What was turned away is not stored, for its sender is told to send it again; how many it
were is one line in the journal for each second, so that the firm hears of it.
"""

import time
import uuid
from collections.abc import Awaitable, Callable

from doorstep.kit.errors import TooMany
from doorstep.kit.ids import uuid7
from doorstep.kit.rates import Rates, Tally, neighbourhood
from doorstep.leads.model import Entry, Origin, Post

RETRY_AFTER_SECONDS = "1"
THROTTLED = "throttled"
ORGANIZATION_TIMES = 10
EVERYBODY_TIMES = 50
"""What an organization's senders, and all senders, may come to: so many addresses' worth."""
ID_CHARACTERS_MAX = 40


class Strangers:
    """The posts a second of senders of whom nothing is known but an address and a name."""

    def __init__(self, per_second_max: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        """So many from one address; `clock` counts seconds."""
        self._limit = per_second_max
        self._addresses: Rates[str] = Rates(clock)
        self._organizations: Rates[str] = Rates(clock)
        self._everybody: Rates[None] = Rates(clock)

    def over(self, *, peer: str, captorra_id: str) -> bool:
        """Count a post; whether it is one too many. One that is does not count for the others."""
        if self._addresses.count(neighbourhood(peer)) > self._limit:
            return True
        organization = captorra_id[:ID_CHARACTERS_MAX]
        if self._organizations.count(organization) > ORGANIZATION_TIMES * self._limit:
            return True
        return self._everybody.count(None) > EVERYBODY_TIMES * self._limit


Place = tuple[int, uuid.UUID | None]
"""Organization and source that hear of it."""


class Throttle:
    """Counts the posts of each source, and those of strangers, in this process."""

    def __init__(
        self, write: Callable[[Entry], Awaitable[object]], *, strangers_per_second_max: int
    ) -> None:
        """`write` puts an entry into the journal."""
        self._write = write
        self._sources: Rates[uuid.UUID | None] = Rates()
        self._strangers = Strangers(strangers_per_second_max)
        self._tally: Tally[Place] = Tally(self._tell, rest=(0, None))

    def admit(self, origin: Origin) -> None:
        """Count a post of the origin's source; TooMany when its second is full."""
        if self._sources.count(origin.source_id) > origin.rules.posts_per_second_max:
            self._turn_away(origin)

    def admit_stranger(self, origin: Origin, *, peer: str, captorra_id: str) -> None:
        """Count a post of a sender who has no source that we may know; TooMany likewise."""
        if self._strangers.over(peer=peer, captorra_id=captorra_id):
            self._turn_away(origin)

    async def close(self) -> None:
        """Wait until every second that is being counted is in the journal."""
        await self._tally.close()

    def _turn_away(self, origin: Origin) -> None:
        self._tally.add((origin.org_id, origin.source_id))
        raise TooMany(headers={"Retry-After": RETRY_AFTER_SECONDS})

    async def _tell(self, place: Place, number: int) -> None:
        post = Post(
            id=uuid7(),
            org_id=place[0],
            source_id=place[1],
            peer="",
            headers={},
            body=b"",
            outcome=THROTTLED,
            error=f"{number} posts of one second were turned away",
        )
        await self._write(Entry(post=post))
