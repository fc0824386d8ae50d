"""Background tasks: enqueued in the transaction of the change, run by any worker, maybe twice.

A handler that raises `Retry` is run again after its delay. Any other exception is
retried with growing delays and, after `ATTEMPTS_MAX`, parked as `failed` for a person.
"""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import asyncpg
from pgqueuer.db import AsyncpgDriver
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job
from pgqueuer.qm import QueueManager
from pgqueuer.queries import Queries

from doorstep.kit.db import Role, Tx
from doorstep.kit.writes import Write, write_together

log = logging.getLogger(__name__)

ATTEMPTS_MAX = 12
BACKOFF_SECONDS_MAX = 600
POLL_SECONDS = 0.5
STOP_SECONDS_MAX = 6
HEARTBEAT_SECONDS_MAX = 30
BATCH_TASKS = 10
TASKS_AT_ONCE_MAX = 2 * BATCH_TASKS

WORKER_NAME, BUILDER_NAME = "doorstep-worker", "doorstep-builder"
"""One connection to the queue for each such process."""

ENQUEUE = """
    INSERT INTO pgqueuer (priority, entrypoint, payload, execute_after, dedupe_key, status)
    SELECT priority, entrypoint, payload, now() + delay, key, 'queued'
    FROM unnest($1::int[], $2::text[], $3::bytea[], $4::interval[], $5::text[])
        AS task(priority, entrypoint, payload, delay, key)
    ON CONFLICT (dedupe_key) WHERE status IN ('queued', 'picked') AND dedupe_key IS NOT NULL
        DO NOTHING
"""

Payload = Mapping[str, Any]
Handler = Callable[[Payload], Awaitable[None]]


class Retry(Exception):
    """Raised by a handler to be run again after `delay`."""

    def __init__(self, delay: timedelta) -> None:
        """Run again no sooner than after `delay`."""
        super().__init__(str(delay))
        self.delay = delay


@dataclass(frozen=True, kw_only=True)
class Task:
    """One call of the handler `name`, not before `delay` has passed.

    Two waiting tasks with the same `key` are one.
    """

    name: str
    payload: Payload
    delay: timedelta = timedelta(0)
    key: str | None = None
    priority: int = field(default=0)


async def enqueue_many(tx: Tx, tasks: Sequence[Task]) -> None:
    """Put the tasks in the queue when, and only when, `tx` commits."""
    if tasks:
        await write_together(tx, [enqueuing(tasks)])


def enqueuing(tasks: Sequence[Task]) -> Write:
    """The write that puts the tasks in the queue.

    The library's own goes with a row of its log for each task, which nothing of ours reads.
    """
    return Write(
        ENQUEUE,
        (
            [task.priority for task in tasks],
            [task.name for task in tasks],
            [json.dumps(task.payload).encode() for task in tasks],
            [task.delay for task in tasks],
            [task.key for task in tasks],
        ),
    )


async def count_waiting(tx: Tx) -> dict[str, int]:
    """How many tasks of each name are due and not taken."""
    rows = await tx.fetch(
        "SELECT entrypoint, count(*) AS number FROM pgqueuer "
        "WHERE status = 'queued' AND execute_after <= now() GROUP BY entrypoint"
    )
    return {row["entrypoint"]: row["number"] for row in rows}


async def work(
    url: str,
    handlers: Mapping[str, Handler],
    *,
    called: str = "doorstep-tasks",
    one_at_a_time: bool = False,
    at_once_max: int = TASKS_AT_ONCE_MAX,
) -> None:
    """Run tasks until cancelled; `at_once_max` is more where tasks only wait for others.

    `called` is the name under which the database knows who holds on to the queue.

    A stop lets tasks in hand end for a few seconds, the long ones of `one_at_a_time` not
    at all; what is left is put back. Raises when the database goes away: the process ends
    and its supervisor starts it again, which also works after a change of address.
    """
    connection = await asyncpg.connect(
        url, server_settings={"role": Role.WORKER.value, "application_name": called}
    )
    try:
        queries = Queries(AsyncpgDriver(connection))
        manager = _OneAtATime(queries) if one_at_a_time else QueueManager(queries)
        in_hand: set[asyncio.Task[None]] = set()
        for name, handler in handlers.items():
            manager.entrypoint(name, on_failure="hold")(_guarded(handler, queries, in_hand=in_hand))
        running = asyncio.create_task(
            manager.run(
                dequeue_timeout=timedelta(seconds=POLL_SECONDS),
                batch_size=BATCH_TASKS,
                max_concurrent_tasks=at_once_max,
                heartbeat_timeout=timedelta(seconds=HEARTBEAT_SECONDS_MAX),
                shutdown_on_listener_failure=True,
            )
        )
        try:
            await asyncio.shield(running)
        except asyncio.CancelledError:
            manager.shutdown.set()
            await _stop(in_hand, seconds=0 if one_at_a_time else STOP_SECONDS_MAX)
            await asyncio.wait({running}, timeout=STOP_SECONDS_MAX)
            raise
    finally:
        await connection.close()


async def _stop(in_hand: set[asyncio.Task[None]], *, seconds: float) -> None:
    if in_hand and seconds:
        await asyncio.wait(set(in_hand), timeout=seconds)
    for task in set(in_hand):
        task.cancel()


class _OneAtATime(QueueManager):
    """Takes the next task when the one before has ended, and leaves the rest to others."""

    async def fetch_jobs(  # allow: sizes the library calls it so
        self,
        batch_size: int,
        global_concurrency_limit: int | None,
        heartbeat_timeout: timedelta,
    ) -> AsyncGenerator[Job, None]:
        """At most one job, and none while one runs."""
        del batch_size
        if self.job_context:
            return
        async for job in super().fetch_jobs(1, global_concurrency_limit, heartbeat_timeout):
            yield job
            return


def _guarded(
    handler: Handler, queries: Queries, *, in_hand: set[asyncio.Task[None]]
) -> Callable[[Job], Awaitable[None]]:
    async def run(job: Job) -> None:
        this = asyncio.current_task()
        assert this is not None
        in_hand.add(this)
        try:
            await handler(json.loads(job.payload or b"{}"))
        except Retry as retry:
            # A new row: waiting is no failed attempt.
            await queries.enqueue(job.entrypoint, job.payload, job.priority, retry.delay)
        except asyncio.CancelledError:
            # The library takes a cancelled task for done with; it is put back.
            await queries.enqueue(job.entrypoint, job.payload, job.priority)
            raise
        except Exception as error:
            if job.attempts + 1 >= ATTEMPTS_MAX:
                raise
            log.warning("task %s failed, will be tried again", job.entrypoint, exc_info=error)
            seconds = min(2**job.attempts, BACKOFF_SECONDS_MAX)
            raise RetryRequested(timedelta(seconds=seconds), repr(error)) from error
        finally:
            in_hand.discard(this)

    return run
