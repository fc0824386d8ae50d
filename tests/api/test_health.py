"""`/healthz`, `/readyz`, `/metrics`: what an operator's monitor asks."""

from contextlib import AbstractAsyncContextManager

import httpx

from doorstep.kit.db import Role, Tx
from doorstep.web.app import Dispatcher
from doorstep.web.services import Services, services_on
from tests.cast import Cast
from tests.tenancy.life import live


class DeadDatabase:
    """A database that is not there."""

    def transaction(
        self, role: Role, *, org_id: int | None = None
    ) -> AbstractAsyncContextManager[Tx]:
        """Refuses."""
        raise ConnectionRefusedError(role, org_id)

    def batch(self, role: Role) -> AbstractAsyncContextManager[Tx]:
        """Refuses."""
        raise ConnectionRefusedError(role)


async def test_a_living_process_says_so(client: httpx.AsyncClient) -> None:
    answer = await client.get("/healthz")

    assert (answer.status_code, answer.text) == (200, "ok\n")


async def test_a_process_with_its_database_is_ready(client: httpx.AsyncClient) -> None:
    answer = await client.get("/readyz")

    assert (answer.status_code, answer.text) == (200, "ready\n")


async def test_without_its_database_it_is_not(
    client: httpx.AsyncClient, app: Dispatcher, services: Services
) -> None:
    app.app.state.services = services_on(services.settings, DeadDatabase())

    ready, alive = await client.get("/readyz"), await client.get("/healthz")

    assert (ready.status_code, ready.text) == (503, "database: ConnectionRefusedError\n")
    assert ready.headers["retry-after"] == "1"
    assert alive.status_code == 200


async def test_figures_count_answers_and_waiting_tasks(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    await live(client, cast.alice)

    answer = await client.get("/metrics")

    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.text.splitlines()
    assert 'doorstep_tasks_due{task="messages.deliver"} 1' in lines
    assert any(line.startswith('doorstep_requests_total{status="201"} ') for line in lines)
    assert "lucille" not in answer.text
