"""A web process as the product runs it, on a database of its own whose commits are real."""

import asyncio
import signal
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from doorstep.kit import db as database
from doorstep.kit import postgres
from tests.cast import Cast, gather
from tests.databases import make_database
from tests.processes import environment, until

LOGIN = "doorstep_login"
LEADS = "/api/captorraapi/create"


@dataclass(kw_only=True)
class Served:
    """A running web process, the organizations in its database, and how to reach both."""

    process: subprocess.Popen[bytes]
    port: int
    cast: Cast
    owner_url: str
    environment: dict[str, str]

    @property
    def url(self) -> str:
        """The vendors' door."""
        return f"http://127.0.0.1:{self.port}{LEADS}"

    async def fetch(self, query: str, *values: object) -> list[Any]:
        """Rows, as the owner sees them."""
        owner = await asyncpg.connect(self.owner_url)
        try:
            await database.set_codecs(owner)
            return await owner.fetch(query, *values)
        finally:
            await owner.close()

    def raw(self, sent: bytes, *, seconds: float = 20) -> bytes:
        """What comes back on a connection of its own until the server closes it."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            connection.sendall(sent)
            answer = bytearray()
            # A server that answers before it read all resets the connection behind its answer.
            with suppress(ConnectionResetError):
                while part := connection.recv(65536):
                    answer += part
            return bytes(answer)


@asynccontextmanager
async def serving(cluster: postgres.Cluster, **extra: str) -> AsyncIterator[Served]:
    """A web process on a new database, from its first answer to its end."""
    name = f"served_{uuid.uuid4().hex}"
    await make_database(cluster, name)
    pools = await database.connect(cluster.url(LOGIN, database=name))
    cast = await gather(pools)
    await pools.close()
    with socket.create_server(("127.0.0.1", 0)) as found, tempfile.TemporaryDirectory() as folder:
        port = found.getsockname()[1]
        found.close()
        settings = environment(
            {
                "DOORSTEP_DATABASE_URL": cluster.url(LOGIN, database=name),
                "DOORSTEP_DATA": folder,
                "DOORSTEP_BASE_URL": f"http://127.0.0.1:{port}",
                "DOORSTEP_SECRET_KEY": "a secret key of the tests, long enough",
                **extra,
            }
        )
        served = Served(
            process=start(port, settings),
            port=port,
            cast=cast,
            owner_url=cluster.url(database=name),
            environment=settings,
        )
        try:
            await asyncio.to_thread(wait_until_ready, served)
            yield served
        finally:
            served.process.send_signal(signal.SIGTERM)
            served.process.wait(20)


def start(port: int, settings: dict[str, str]) -> subprocess.Popen[bytes]:
    """A web process on this port."""
    log = Path(settings["DOORSTEP_DATA"]) / "web.log"
    with log.open("ab") as output:
        words = [sys.executable, "-m", "doorstep", "web", "--port", str(port)]
        return subprocess.Popen(words, env=settings, stdout=output, stderr=output)


def wait_until_ready(served: Served) -> None:
    """Wait for the first answer."""

    def answers() -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{served.port}/healthz", timeout=5).is_success
        except httpx.HTTPError:
            return served.process.poll() is not None

    until(answers, 60)
    assert served.process.poll() is None
