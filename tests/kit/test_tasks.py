"""The queue from outside: what is enqueued is run, and a stop loses nothing."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from doorstep.kit.db import PooledDatabase, Role, Tx
from doorstep.kit.tasks import Handler, Retry, Task, enqueue_many, work

NAME = "tests.task"
SECONDS_MAX = 20


@pytest.fixture(autouse=True)
async def clean(owner: Tx) -> AsyncIterator[None]:
    """Nothing of this file stays in the queue."""
    yield
    await owner.execute("DELETE FROM pgqueuer WHERE entrypoint = $1", NAME)
    await owner.execute("DELETE FROM pgqueuer_log WHERE entrypoint = $1", NAME)


async def enqueue(pooled: PooledDatabase, **more: Any) -> None:
    async with pooled.transaction(Role.APP) as tx:
        await enqueue_many(tx, [Task(name=NAME, payload={"n": 7}, **more)])


async def queued(owner: Tx) -> list[str]:
    rows = await owner.fetch("SELECT status FROM pgqueuer WHERE entrypoint = $1", NAME)
    return [row["status"] for row in rows]


async def run_until(url: str, handler: Handler, *, ready: asyncio.Event, **more: Any) -> None:
    """Work until the handler says so, then stop as a process is stopped."""
    working = asyncio.create_task(work(url, {NAME: handler}, **more))
    await asyncio.wait_for(ready.wait(), SECONDS_MAX)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(working, SECONDS_MAX)


async def test_a_task_is_run_with_its_payload_and_is_gone(
    database_url: str, pooled: PooledDatabase, owner: Tx
) -> None:
    seen: list[Mapping[str, Any]] = []
    ready = asyncio.Event()

    async def handler(payload: Mapping[str, Any]) -> None:
        seen.append(payload)
        ready.set()

    await enqueue(pooled)
    await run_until(database_url, handler, ready=ready)

    assert seen == [{"n": 7}]
    assert await queued(owner) == []


async def test_a_transaction_that_rolls_back_enqueues_nothing(
    pooled: PooledDatabase, owner: Tx
) -> None:
    async def fail() -> None:
        async with pooled.transaction(Role.APP) as tx:
            await enqueue_many(tx, [Task(name=NAME, payload={})])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()

    assert await queued(owner) == []


async def test_two_waiting_tasks_with_one_key_are_one(pooled: PooledDatabase, owner: Tx) -> None:
    await enqueue(pooled, key="one")
    await enqueue(pooled, key="one")

    assert await queued(owner) == ["queued"]


async def test_a_wish_to_wait_is_a_new_task(
    database_url: str, pooled: PooledDatabase, owner: Tx
) -> None:
    ready = asyncio.Event()

    async def handler(_: Mapping[str, Any]) -> None:
        ready.set()
        raise Retry(timedelta(hours=1))

    await enqueue(pooled)
    await run_until(database_url, handler, ready=ready)

    rows = await owner.fetch(
        "SELECT attempts, execute_after > now() + interval '50 minutes' AS later "
        "FROM pgqueuer WHERE entrypoint = $1",
        NAME,
    )
    assert [(row["attempts"], row["later"]) for row in rows] == [(0, True)]


async def test_a_short_task_in_hand_ends_before_the_stop(
    database_url: str, pooled: PooledDatabase, owner: Tx
) -> None:
    ready, ended = asyncio.Event(), asyncio.Event()

    async def handler(_: Mapping[str, Any]) -> None:
        ready.set()
        await asyncio.sleep(0.5)
        ended.set()

    await enqueue(pooled)
    await run_until(database_url, handler, ready=ready)

    assert ended.is_set()
    assert await queued(owner) == []


async def test_a_long_task_is_put_back_at_a_stop(
    database_url: str, pooled: PooledDatabase, owner: Tx
) -> None:
    ready = asyncio.Event()

    async def handler(_: Mapping[str, Any]) -> None:
        ready.set()
        await asyncio.sleep(3600)

    await enqueue(pooled)
    await run_until(database_url, handler, ready=ready, one_at_a_time=True)

    assert await queued(owner) == ["queued"]


async def test_a_failing_task_is_tried_again_later(
    database_url: str, pooled: PooledDatabase, owner: Tx
) -> None:
    ready = asyncio.Event()

    async def handler(_: Mapping[str, Any]) -> None:
        ready.set()
        raise ValueError("once more")

    await enqueue(pooled)
    await run_until(database_url, handler, ready=ready)

    rows = await owner.fetch("SELECT status, attempts FROM pgqueuer WHERE entrypoint = $1", NAME)
    assert [(row["status"], row["attempts"]) for row in rows] == [("queued", 1)]
