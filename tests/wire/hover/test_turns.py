"""What happened to one job is told in that order, however the worker comes to it."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from doorstep.events import actions as events
from doorstep.kit.db import Role
from doorstep.kit.outbound import Egress
from doorstep.web.services import Services
from doorstep.webhooks import tasks, turns
from doorstep.webhooks.actions import DELIVER
from doorstep.webhooks.sending import Lanes
from doorstep.worker.main import fan_out
from tests.background import Waiting, take
from tests.cast import Cast
from tests.fakes.receiver import Receiver
from tests.pinned import PinnedDatabase
from tests.wire.hover.asks import ask
from tests.wire.hover.test_wire_dialect import Crm, services

__all__ = ["services"]

HAPPENED = ["model-created", "new", "deleted"]


@pytest.fixture
async def crm(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, services: Services
) -> AsyncIterator[Crm]:
    with Receiver() as receiver:
        made = Crm(client=client, cast=cast, db=db, services=services, receiver=receiver)
        await made.verified()
        receiver.requests.clear()
        yield made


async def ask_and_delete(crm: Crm) -> list[Waiting]:
    """Three things happen to a job; the tasks that tell of them, oldest first."""
    asked = await ask(crm.client, crm.cast.alice)
    path = f"/api/v2/capture_requests/{asked['id']}"
    await crm.client.delete(path, headers=crm.cast.alice.bearer)
    return await take(crm.db, events.FAN_OUT)


async def deliver(crm: Crm) -> None:
    """Every delivery that waits for its first try, the newest first, once."""
    for task in reversed(await take(crm.db, DELIVER)):
        if task.delay > timedelta(seconds=1):
            continue
        await tasks.deliver(
            crm.db,
            payload=task.payload,
            egress=Egress(allow=crm.services.settings.egress_allow),
            signer=crm.services.signer,
            lanes=Lanes(),
        )


def heard(crm: Crm) -> list[str]:
    bodies = [json.loads(request.body) for request in crm.receiver.requests]
    return [body.get("state", body["event"]) for body in bodies]


@pytest.mark.parametrize("status", [200, 500])
async def test_the_first_is_told_first(crm: Crm, status: int) -> None:
    crm.receiver.reply = replace(crm.receiver.reply, status=status)
    for task in reversed(await ask_and_delete(crm)):
        await fan_out(crm.db, task.payload)

    for left in (2, 1, 0):
        await deliver(crm)
        assert heard(crm) == HAPPENED[: 3 - left]


async def test_what_was_not_told_to_anybody_yet_is_waited_for(crm: Crm) -> None:
    first, last = await ask_and_delete(crm)
    await fan_out(crm.db, last.payload)
    await deliver(crm)

    assert heard(crm) == []
    async with crm.db.transaction(Role.APP, org_id=crm.cast.alice.org_id) as tx:
        rows = await tx.fetch(
            "SELECT problem, attempts FROM webhook_deliveries WHERE state = 'queued'"
        )
    assert [tuple(row) for row in rows] == [("not_its_turn", 0)]
    (again,) = await take(crm.db, DELIVER)
    assert timedelta(seconds=0.2) <= again.delay < timedelta(seconds=0.7)

    await fan_out(crm.db, first.payload)
    await deliver(crm)
    await deliver(crm)
    assert heard(crm) == HAPPENED[:2]


async def test_nothing_is_waited_for_longer_than_a_minute(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert timedelta(minutes=1) == turns.KEPT
    monkeypatch.setattr(turns, "KEPT", timedelta(0))
    for task in await ask_and_delete(crm):
        await fan_out(crm.db, task.payload)

    await deliver(crm)

    assert heard(crm) == HAPPENED[::-1]


async def test_one_job_does_not_wait_for_another(crm: Crm) -> None:
    await ask(crm.client, crm.cast.alice)
    (_other,) = await take(crm.db, events.FAN_OUT)
    for task in await ask_and_delete(crm):
        await fan_out(crm.db, task.payload)

    for _ in HAPPENED:
        await deliver(crm)

    assert heard(crm) == HAPPENED
