"""Group commit: requests that wait together in a process are written by one statement.

There is no timer: a batch forms only while those before it commit, so a lone request
never waits. Nobody is answered before the commit of their batch.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from asyncpg.exceptions import (
    DataError,
    IntegrityConstraintViolationError,
    ProgramLimitExceededError,
)

from doorstep.kit.errors import Unavailable

ROWS_MAX = 256
WAITING_MAX = 4096
WRITERS_MAX = 1
ROWS_FOR_ANOTHER_WRITER = 32
RETRY_AFTER_SECONDS = "1"
ANSWER_SECONDS_MAX = 30.0
CHECK_SECONDS = 0.25
ONE_ROWS_FAULT = (
    ValueError,
    TypeError,
    DataError,
    IntegrityConstraintViolationError,
    ProgramLimitExceededError,
)
"""A single row can cause these; all else, such as a lost connection, strikes the whole batch."""

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Coalescer(Generic[Item, Answer]):
    """Collects items and writes them in batches.

    With more than one writer the next batch is on its way while the one before waits
    for the disk. Another writer starts only when enough wait for a batch of their own:
    small batches cost the database more for each row than they save in waiting.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Item]], Awaitable[Sequence[Answer]]],
        *,
        writers_max: int = WRITERS_MAX,
        seconds_max: float = ANSWER_SECONDS_MAX,
    ) -> None:
        """`write` commits all of its items in one statement and answers in their order.

        Who has waited `seconds_max` gets a TimeoutError; the item may be written all the same.
        """
        self._write = write
        self._seconds_max = seconds_max
        self._unanswered: deque[tuple[float, asyncio.Future[Answer]]] = deque()
        self._check: asyncio.TimerHandle | None = None
        self._waiting: deque[tuple[Item, asyncio.Future[Answer]]] = deque()
        self._writers: set[asyncio.Task[None]] = set()
        self._writers_max = writers_max
        self._starting = False

    async def submit(self, item: Item) -> Answer:
        """The answer for `item` once it is committed; Unavailable when too many wait."""
        return await self.put(item)

    def put(self, item: Item) -> "asyncio.Future[Answer]":
        """The same for who cannot wait: the answer to come."""
        if len(self._waiting) >= WAITING_MAX:
            raise Unavailable(headers={"Retry-After": RETRY_AFTER_SECONDS})
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((item, future))
        self._unanswered.append((loop.time(), future))
        if self._check is None:
            self._check = loop.call_later(CHECK_SECONDS, self._give_up_the_oldest)
        if self._needs_writer():
            self._starting = True
            writer = asyncio.create_task(self._drain())
            self._writers.add(writer)
            writer.add_done_callback(self._writers.discard)
        return future

    async def close(self) -> None:
        """Wait until everything that was submitted is answered."""
        while self._writers:
            await asyncio.wait(self._writers)
        if self._check is not None:
            self._check.cancel()
            self._check = None

    def _give_up_the_oldest(self) -> None:
        """One timer for all, because one for each costs more than the rest of a put."""
        loop = asyncio.get_running_loop()
        oldest = loop.time() - self._seconds_max + CHECK_SECONDS
        while self._unanswered:
            since, future = self._unanswered[0]
            if not future.done() and since > oldest:
                break
            self._unanswered.popleft()
            _fail(future, TimeoutError())
        again = bool(self._unanswered)
        self._check = loop.call_later(CHECK_SECONDS, self._give_up_the_oldest) if again else None

    def _needs_writer(self) -> bool:
        if self._starting or len(self._writers) >= self._writers_max:
            return False
        return not self._writers or len(self._waiting) >= ROWS_FOR_ANOTHER_WRITER

    async def _drain(self) -> None:
        self._starting = False
        while self._waiting:
            size = min(len(self._waiting), ROWS_MAX)
            await self._commit([self._waiting.popleft() for _ in range(size)])
        # Who submits from here on must find no writer that has looked for the last time.
        self._writers.discard(asyncio.current_task())

    async def _commit(self, batch: list[tuple[Item, asyncio.Future[Answer]]]) -> None:
        try:
            answers = await self._write([item for item, _ in batch])
        except Exception as error:  # noqa: BLE001  each one who waits is told
            if len(batch) == 1 or not isinstance(error, ONE_ROWS_FAULT):
                for _, future in batch:
                    _fail(future, error)
                return
            # One bad row must not fail its neighbours.
            for one in batch:
                await self._commit([one])
            return
        for (_, future), answer in zip(batch, answers, strict=True):
            if not future.done():
                future.set_result(answer)


def _fail(future: "asyncio.Future[Answer]", error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
