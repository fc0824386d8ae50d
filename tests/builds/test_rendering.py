"""Rendering is bounded: a few at a time, some wait, and the rest are told to come back."""

import asyncio
import threading

import pytest

from doorstep.builds.papers.offer import AT_ONCE_MAX, WAITING_MAX, rendered
from doorstep.kit.errors import Unavailable


async def test_only_so_many_render_and_wait() -> None:
    gate, running = threading.Event(), []

    def work(number: int) -> bytes:
        running.append(number)
        assert gate.wait(10)
        return b"%d" % number

    asked = [asyncio.create_task(rendered(work, number)) for number in range(WAITING_MAX)]
    try:
        async with asyncio.timeout(10):
            while len(running) < AT_ONCE_MAX:
                await asyncio.sleep(0.01)
        with pytest.raises(Unavailable) as refused:
            await rendered(work, 99)
        assert refused.value.headers == {"Retry-After": "5"}
        assert len(running) == AT_ONCE_MAX == 2
    finally:
        gate.set()
    assert await asyncio.gather(*asked) == [b"0", b"1", b"2", b"3", b"4", b"5"]
    assert await rendered(work, 7) == b"7"
