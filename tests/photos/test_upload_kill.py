"""Power cuts of the web process in the middle of an upload: what was reported is there."""

import asyncio
import hashlib
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from doorstep.auth.scopes import open_scope
from doorstep.kit import db as database
from doorstep.kit.db import Role
from doorstep.kit.postgres import Cluster
from doorstep.kit.settings import Settings
from doorstep.photos import queries, upkeep
from doorstep.web.services import Services, services_on
from tests.capturing import Phone, ask, checksum, path_of, photo
from tests.cast import STAGE, gather
from tests.databases import make_database

DATABASE = "kill"
PIECE_BYTES = 250_000
START_SECONDS_MAX = 30


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A database that stays, and how to start a web process on it."""

    settings: Settings
    port: int

    @contextmanager
    def web(self, *, crash: str = "") -> Iterator[subprocess.Popen[bytes]]:
        """A web process; it dies at the crash point, or is killed at the end."""
        told = {
            "DOORSTEP_DATABASE_URL": self.settings.database_url,
            "DOORSTEP_STORAGE_URL": self.settings.storage_url,
            "DOORSTEP_BASE_URL": self.settings.base_url,
            "DOORSTEP_SECRET_KEY": self.settings.secret_key,
            "DOORSTEP_DATA": str(self.settings.data),
            "DOORSTEP_CRASH": crash,
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "doorstep", "web", "--port", str(self.port)],
            env={**os.environ, **told},
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


@asynccontextmanager
async def answering(machine: Machine) -> AsyncIterator[httpx.AsyncClient]:
    """A client, as soon as the process answers."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{machine.port}") as client:
        async with asyncio.timeout(START_SECONDS_MAX):
            while True:
                try:
                    if (await client.get("/healthz")).is_success:
                        break
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
        yield client


@pytest.fixture
async def machine(cluster: Cluster, settings: Settings) -> Machine:
    """A database of its own, for these processes commit."""
    await make_database(cluster, DATABASE)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = cluster.url("doorstep_login", DATABASE)
    return Machine(settings=replace(settings, database_url=url), port=port)


@pytest.mark.slow
async def test_r09_every_kill_between_piece_and_offset_costs_one_piece(machine: Machine) -> None:
    pools = await database.connect(machine.settings.database_url)
    services = services_on(machine.settings, pools)
    cast = await gather(pools)
    request = await ask(pools, cast.alice)
    phone = Phone(httpx.AsyncClient(), path_of(services, request))
    content, location, kills = photo(1, width=1600, height=1200), "", 0
    offset = 0
    while offset < len(content):
        # The second piece that this process takes is stored, and then the power is cut.
        with machine.web(crash="upload.after_piece:2"):
            async with answering(machine) as phone.client:
                if not location:
                    await phone.start()
                    location = (await phone.create(len(content))).headers["location"]
                told = int((await phone.offset(location)).headers["upload-offset"])
                assert told == offset
                try:
                    while offset < len(content):
                        piece = content[offset : offset + PIECE_BYTES]
                        answer = await phone.send(
                            location, piece, offset=offset, headers=checksum(piece)
                        )
                        assert answer.status_code == 204
                        offset = int(answer.headers["upload-offset"])
                except httpx.TransportError:
                    kills += 1
    assert kills >= 2
    async with open_scope(pools, org_id=cast.alice.org_id, actor=STAGE) as scope:
        rows = await queries.hashes_of_request(scope, capture_request_id=request.id)
    assert [row["sha256"] for row in rows] == [hashlib.sha256(content).digest()]
    key = f"originals/{cast.alice.org_id}/{hashlib.sha256(content).hexdigest()}"
    assert await services.storage.get(key) == content
    await sweep_what_the_kills_left(services, kills=kills)
    assert await services.storage.get(key) == content
    await pools.close()


async def sweep_what_the_kills_left(services: Services, *, kills: int) -> None:
    """Each kill left a piece that no upload names: it goes when it is old, and not before."""
    root = Path(services.settings.storage_url.removeprefix("file://"))
    left = [path for path in root.glob("pieces/*/*/*") if path.is_file()]
    assert len(left) == kills
    await upkeep.sweep(services.db, services.storage)
    assert all(path.exists() for path in left)
    for path in (*left, left[0].parent):
        os.utime(path, (0, 0))
    async with services.db.transaction(Role.WORKER) as tx:
        await tx.execute("UPDATE upkeep SET begun_at = begun_at - interval '7 hours'")
    await upkeep.sweep(services.db, services.storage)
    assert not any(path.exists() for path in left)
