"""The product as a browser meets it: a real server and a real worker on a database of their own."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import uvicorn

from doorstep.kit import db as database
from doorstep.kit.db import PooledDatabase
from doorstep.kit.postgres import Cluster
from doorstep.kit.settings import Settings
from doorstep.kit.tasks import work
from doorstep.web.app import create_app
from doorstep.web.services import Services, services_on
from doorstep.worker.main import handlers
from tests.cast import Cast, gather
from tests.databases import make_database

DATABASE = "browser"
# Browsers trust 127.0.0.1 as they trust TLS; this name, mapped to it, they do not.
PLAIN_HOST = "phone.test"
START_SECONDS_MAX = 10


@dataclass(frozen=True, kw_only=True)
class Live:
    """A running product."""

    port: int
    services: Services
    db: PooledDatabase
    cast: Cast

    @property
    def trusted(self) -> str:
        """Where a page is in a secure context: the in-page camera works."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def plain(self) -> str:
        """Where it is not, as on a home network."""
        return f"http://{PLAIN_HOST}:{self.port}"


class QuietServer(uvicorn.Server):
    """A server inside the test's process: the signals are not its business."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield


@asynccontextmanager
async def live_product(cluster: Cluster, settings: Settings) -> AsyncIterator[Live]:
    """Start, serve, stop."""
    await make_database(cluster, DATABASE)
    url = cluster.url("doorstep_login", DATABASE)
    settings = replace(settings, database_url=url)
    pools = await database.connect(url)
    services = services_on(settings, pools)
    config = uvicorn.Config(
        create_app(settings), port=0, log_level="warning", ws="none", timeout_graceful_shutdown=2
    )
    server = QuietServer(config)
    serving = asyncio.create_task(server.serve())
    working = asyncio.create_task(work(url, handlers(settings, pools)))
    try:
        async with asyncio.timeout(START_SECONDS_MAX):
            while not server.started:
                await asyncio.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Live(port=port, services=services, db=pools, cast=await gather(pools))
    finally:
        working.cancel()
        server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await working
        await serving
        await pools.close()
