"""A receiver, an endpoint to it, and the worker's part played by hand."""

import ipaddress
import uuid
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from doorstep.auth.scopes import open_scope, task_scope
from doorstep.events import actions as events
from doorstep.kit.db import Database
from doorstep.kit.outbound import Egress
from doorstep.kit.settings import Settings
from doorstep.kit.signing import Signer
from doorstep.orgs.model import OrgScope
from doorstep.webhooks import actions, delivery_queries, queries, tasks
from doorstep.webhooks.model import Attempt, Delivery, Endpoint, standard_secret
from doorstep.webhooks.sending import Lanes
from tests.background import Waiting, take
from tests.cast import STAGE, Cast
from tests.fakes.receiver import Receiver

ALWAYS: dict[str, Any] = {
    "since": datetime(2000, 1, 1, tzinfo=UTC),
    "until": datetime(9000, 1, 1, tzinfo=UTC),
    "also_taken": False,
}
"""Everything that was ever missed."""
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


@dataclass(kw_only=True)
class Desk:
    """One organization's webhooks and the worker that delivers them."""

    db: Database
    org_id: int
    egress: Egress
    signer: Signer
    lanes: Lanes = field(default_factory=Lanes)
    delays: list[timedelta] = field(default_factory=list)

    def scope(self) -> AbstractAsyncContextManager[OrgScope]:
        """The organization's scope."""
        return open_scope(self.db, org_id=self.org_id, actor=STAGE)

    async def register(self, url: str) -> Endpoint:
        """A new endpoint; that it was made is told to nobody here."""
        async with self.scope() as scope:
            made = await actions.register(scope, url=url, egress=self.egress)
        await take(self.db, events.FAN_OUT)
        return made

    async def happen(self, name: str, **told: Any) -> uuid.UUID:
        """Record an event."""
        async with self.scope() as scope:
            return await events.record(scope, name, **told)

    async def fan_out(self) -> None:
        """Run every waiting fan-out."""
        for task in await take(self.db, events.FAN_OUT):
            for event_id in task.payload["event_ids"]:
                async with task_scope(self.db, org_id=self.org_id, task=events.FAN_OUT) as scope:
                    event = await events.find(scope, event_id=uuid.UUID(event_id))
                    await actions.fan_out(scope, event)

    async def work(self, *, rounds: int = 1) -> None:
        """Fan out and run every waiting delivery, `rounds` times."""
        for _ in range(rounds):
            await self.fan_out()
            for task in await take(self.db, actions.DELIVER):
                await self.deliver(task)

    async def deliver(self, task: Waiting) -> None:
        """Run one task."""
        self.delays.append(task.delay)
        await tasks.deliver(
            self.db,
            payload=task.payload,
            egress=self.egress,
            signer=self.signer,
            lanes=self.lanes,
        )

    async def deliveries(self) -> list[Delivery]:
        """Every delivery, newest first."""
        async with self.scope() as scope:
            return await delivery_queries.page(scope)

    async def attempts(self, delivery_id: uuid.UUID) -> list[Attempt]:
        """The tries of a delivery."""
        async with self.scope() as scope:
            return await delivery_queries.attempts(scope, delivery_id=delivery_id)

    async def endpoint(self, endpoint_id: int) -> Endpoint:
        """The endpoint as it is now."""
        async with self.scope() as scope:
            return await actions.find(scope, endpoint_id=endpoint_id)

    def secret(self, endpoint: Endpoint) -> str:
        """As a receiver gets it."""
        return standard_secret(self.signer, endpoint.secret_sealed)

    async def fail_since(self, endpoint_id: int, by: timedelta) -> None:
        """Let the endpoint have failed for so long."""
        async with self.scope() as scope:
            await scope.tx.execute(
                "UPDATE webhook_endpoints SET failing_since = now() - $2::interval WHERE id = $1",
                endpoint_id,
                by,
            )

    async def forget_pause(self) -> None:
        """Let the time pass for which a failing endpoint is left alone."""
        async with self.scope() as scope:
            await scope.tx.execute("UPDATE webhook_endpoints SET paused_until = NULL")

    async def events(self, name: str) -> list[dict[str, Any]]:
        """The payloads of the events of this name."""
        async with self.scope() as scope:
            rows = await scope.tx.fetch(
                "SELECT payload FROM events WHERE name = $1 ORDER BY id", name
            )
        return [row["payload"] for row in rows]

    async def endpoints(self) -> list[Endpoint]:
        """All of them."""
        async with self.scope() as scope:
            return await queries.page(scope)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A customer's server."""
    with Receiver() as made:
        yield made


@pytest.fixture
def desk(db: Database, cast: Cast, settings: Settings) -> Desk:
    """Alice's webhooks."""
    return Desk(
        db=db,
        org_id=cast.alice.org_id,
        egress=Egress(allow=LOOPBACK),
        signer=Signer(settings.secret_key),
    )
