"""Group commit: requests that wait together in a process are written by one statement.

There is no timer: a batch forms only while the one before it commits, so a lone
request never waits. Nobody is answered before the commit of their batch.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from doorstep.kit.errors import Unavailable

ROWS_MAX = 256
WAITING_MAX = 4096
WRITERS_MAX = 1
RETRY_AFTER_SECONDS = "1"

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Coalescer(Generic[Item, Answer]):
    """Collects items and writes them in batches."""

    def __init__(self, write: Callable[[Sequence[Item]], Awaitable[Sequence[Answer]]]) -> None:
        """`write` commits all of its items in one statement and answers in their order."""
        self._write = write
        self._waiting: deque[tuple[Item, asyncio.Future[Answer]]] = deque()
        self._writer: asyncio.Task[None] | None = None

    async def submit(self, item: Item) -> Answer:
        """The answer for `item` once it is committed; Unavailable when too many wait."""
        if len(self._waiting) >= WAITING_MAX:
            raise Unavailable(headers={"Retry-After": RETRY_AFTER_SECONDS})
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._writer is None:
            self._writer = asyncio.create_task(self._drain())
        return await future

    async def close(self) -> None:
        """Wait until everything that was submitted is answered."""
        if self._writer is not None:
            await self._writer

    async def _drain(self) -> None:
        try:
            while self._waiting:
                size = min(len(self._waiting), ROWS_MAX)
                await self._commit([self._waiting.popleft() for _ in range(size)])
        finally:
            self._writer = None

    async def _commit(self, batch: list[tuple[Item, asyncio.Future[Answer]]]) -> None:
        try:
            answers = await self._write([item for item, _ in batch])
        except Exception as error:  # noqa: BLE001  each one who waits is told
            if len(batch) == 1:
                _fail(batch[0][1], error)
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
