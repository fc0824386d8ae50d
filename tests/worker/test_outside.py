"""A real worker process between events and the world: slow receivers, and deaths in the middle."""

import asyncio
import ipaddress
import time
import uuid
from contextlib import ExitStack

import pytest

from doorstep.auth.scopes import open_scope
from doorstep.kit.outbound import Egress
from doorstep.kit.signing import Signer
from doorstep.webhooks.model import standard_secret
from tests.cast import STAGE
from tests.fakes.receiver import Receiver, Reply
from tests.worker.conftest import SECRET_KEY, Stage

LOOPBACK = Egress(allow=(ipaddress.ip_network("127.0.0.0/8"),))
HANGING = 20


async def met(condition: object, *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.05)


async def told(stage: Stage) -> list[uuid.UUID]:
    async with open_scope(stage.db, org_id=stage.cast.alice.org_id, actor=STAGE) as scope:
        rows = await scope.tx.fetch("SELECT id FROM events")
    return [row["id"] for row in rows]


async def done(stage: Stage, *, seconds: float) -> None:
    """Wait until every event was delivered."""
    deadline = time.monotonic() + seconds
    events = await told(stage)
    delivered = 0
    while delivered < len(events):
        assert time.monotonic() < deadline, f"{delivered} of {len(events)}"
        await asyncio.sleep(0.5)
        async with open_scope(stage.db, org_id=stage.cast.alice.org_id, actor=STAGE) as scope:
            delivered = await scope.tx.fetchval(
                "SELECT count(*) FROM webhook_deliveries WHERE state = 'delivered'"
            )


@pytest.mark.slow
async def test_twenty_hanging_receivers_delay_nobody(stage: Stage) -> None:
    with ExitStack() as stack:
        healthy = stack.enter_context(Receiver())
        slow = [stack.enter_context(Receiver()) for _ in range(HANGING)]
        for receiver in slow:
            receiver.reply = Reply(delay=30)
            await stage.register(receiver.url, allow=LOOPBACK)
        await stage.register(healthy.url, allow=LOOPBACK)
        async with stage.worker():
            await met(lambda: healthy.requests, seconds=20)
            await met(lambda: all(receiver.requests for receiver in slow), seconds=20)
            delays = []
            for number in range(5):
                before = len(healthy.requests)
                event_id = str(await stage.happen("build.started"))
                committed = time.time()
                await met(
                    lambda: any(r.headers["webhook-id"] == event_id for r in healthy.requests),  # noqa: B023
                    seconds=10,
                )
                assert len(healthy.requests) > before, number
                delays.append(healthy.requests[-1].at - committed)
    assert max(delays) < 5, delays


@pytest.mark.slow
async def test_a_worker_that_dies_after_the_post_posts_again_under_the_same_id(
    stage: Stage,
) -> None:
    with Receiver() as receiver:
        endpoint = await stage.register(receiver.url, allow=LOOPBACK)
        async with stage.worker(crash="webhook.after_send") as worker:
            assert await asyncio.wait_for(worker.wait(), 20) == 137
        sent_before = len(receiver.requests)
        assert sent_before > 0
        async with stage.worker():
            await done(stage, seconds=90)
    secret = standard_secret(Signer(SECRET_KEY), endpoint.secret_sealed)
    distinct = receiver.distinct(secret=secret)
    assert set(distinct) == {str(event_id) for event_id in await told(stage)}
    assert 1 <= len(receiver.requests) - len(distinct) <= sent_before
