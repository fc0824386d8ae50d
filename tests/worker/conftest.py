"""A worker as the product runs it, on a database whose commits are real."""

import asyncio
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from doorstep.auth.scopes import open_scope
from doorstep.events import actions as events
from doorstep.kit import db as database
from doorstep.kit import postgres
from doorstep.kit.outbound import Egress
from doorstep.messages import actions as messages
from doorstep.webhooks import actions as webhooks
from doorstep.webhooks.model import Endpoint
from tests.cast import STAGE, Cast, gather
from tests.databases import make_database
from tests.processes import environment

LOGIN = "doorstep_login"
SECRET_KEY = "a secret key of the tests, long enough"


@pytest.fixture
async def own_database_url(cluster: postgres.Cluster) -> str:
    """A database that nothing is rolled back in."""
    name = f"worker_{uuid.uuid4().hex}"
    await make_database(cluster, name)
    return cluster.url(LOGIN, database=name)


@dataclass(kw_only=True)
class Stage:
    """Both organizations, and the worker's environment."""

    db: database.PooledDatabase
    cast: Cast
    environment: dict[str, str]

    async def register(self, url: str, *, allow: Egress) -> Endpoint:
        """A new endpoint of Alice's organization."""
        async with open_scope(self.db, org_id=self.cast.alice.org_id, actor=STAGE) as scope:
            return await webhooks.register(scope, url=url, egress=allow)

    async def happen(self, name: str) -> uuid.UUID:
        """An event in Alice's organization."""
        async with open_scope(self.db, org_id=self.cast.alice.org_id, actor=STAGE) as scope:
            return await events.record(scope, name)

    async def queue(self, **message: Any) -> uuid.UUID:
        """A message of Alice's organization."""
        async with open_scope(self.db, org_id=self.cast.alice.org_id, actor=STAGE) as scope:
            return await messages.queue(scope, **message)

    @asynccontextmanager
    async def worker(self, **extra: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """A worker process; `crash="point"` kills it there."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "doorstep", "worker",
            env=environment(self.environment | {f"DOORSTEP_{k.upper()}": v for k, v in extra.items()}),
        )  # fmt: skip
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


@pytest.fixture
async def stage(
    own_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    """Everything a worker needs; the organizations are new in each test."""
    pools = await database.connect(own_database_url)
    try:
        yield Stage(
            db=pools,
            cast=await gather(pools),
            environment={
                "DOORSTEP_DATABASE_URL": own_database_url,
                "DOORSTEP_DATA": str(tmp_path_factory.mktemp("data")),
                "DOORSTEP_BASE_URL": "http://127.0.0.1:8000",
                "DOORSTEP_SECRET_KEY": SECRET_KEY,
                "DOORSTEP_EGRESS_ALLOW": "127.0.0.0/8",
                "DOORSTEP_MAIL_FROM": "Doorstep <post@doorstep.example>",
            },
        )
    finally:
        await pools.close()
