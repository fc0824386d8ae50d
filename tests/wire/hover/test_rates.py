"""120 calls a minute for each integration: the 121st is refused, whoever answers it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from doorstep.auth import rates
from doorstep.auth.scopes import open_scope
from doorstep.kit.db import PooledDatabase, Role, Tx
from doorstep.kit.errors import TooMany
from doorstep.orgs.model import Actor
from tests.cast import Cast
from tests.pinned import PinnedDatabase

PATH = "/api/v2/wallets"
ORG = 987_654
CRM = Actor(kind="integration", id="crm")


@pytest.fixture
async def swept(owner: Tx) -> AsyncIterator[None]:
    """What the pools write is taken away."""
    yield
    await owner.execute("DELETE FROM api_rates WHERE org_id = $1", ORG)


async def test_the_121st_call_in_a_minute_is_refused(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    for _ in range(120):
        answer = await client.get(PATH, headers=cast.alice.bearer)
        assert answer.status_code == 200
    refused = await client.get(PATH, headers=cast.alice.bearer)
    other = await client.get(PATH, headers=cast.charlie.bearer)

    assert refused.status_code == 429
    assert refused.json() == {"error": "Rate Limit Exceeded", "code": "too_many"}
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert other.status_code == 200
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        await tx.execute(
            "UPDATE api_rates SET hits = (SELECT array_agg(one - interval '61 seconds' "
            "ORDER BY one) FROM unnest(hits[:1]) AS t(one)) || hits[2:]"
        )
    assert (await client.get(PATH, headers=cast.alice.bearer)).status_code == 200
    assert (await client.get(PATH, headers=cast.alice.bearer)).status_code == 429


async def test_exact_when_many_processes_count(pooled: PooledDatabase, swept: None) -> None:
    async def call() -> bool:
        try:
            await rates.admit(pooled, org_id=ORG, actor=CRM, calls_per_minute_max=120)
        except TooMany:
            return False
        return True

    admitted = await asyncio.gather(*(call() for _ in range(200)))
    assert sum(admitted) == 120
    async with open_scope(pooled, org_id=ORG, actor=CRM) as scope:
        spread = await scope.tx.fetchval("SELECT hits[120] - hits[1] FROM api_rates")
        assert timedelta(0) <= spread < timedelta(minutes=1)
