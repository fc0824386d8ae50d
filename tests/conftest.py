"""What every test may ask for: a real PostgreSQL, a database in it, a rolled-back connection."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import httpx
import pytest

from doorstep.kit import db as database
from doorstep.kit import postgres
from doorstep.kit.migrate import migrate
from doorstep.kit.settings import Settings
from tests.pinned import PinnedDatabase

if TYPE_CHECKING:
    from doorstep.web.app import Dispatcher
    from doorstep.web.services import Services
    from tests.cast import Cast
    from tests.described import Described

START_SECONDS_MAX = 60
# What the tests import stays: looking at it again and again takes a tenth of their time.
GARBAGE_THRESHOLDS = 50_000, 50, 100
LOGIN = "doorstep_login"


def pytest_collection_finish() -> None:
    """Everything is imported."""
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)


@contextmanager
def running(cluster: postgres.Cluster) -> Iterator[subprocess.Popen[bytes]]:
    """The server of this cluster from ready to stopped."""
    postgres.prepare(cluster)
    log = cluster.folder.parent / "postgres.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            cluster.launched(parent=os.getpid()), stdout=output, stderr=output
        )
    try:
        deadline = time.monotonic() + START_SECONDS_MAX
        while not cluster.is_ready(process.pid):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.02)
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(START_SECONDS_MAX)


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    """A running server of this test process, which forgets everything at a power cut."""
    # Not pytest's own folder: its path is too long for a socket.
    folder = Path(tempfile.mkdtemp(prefix="doorstep-test-"))
    try:
        made = postgres.Cluster(
            folder=folder / "postgres",
            socket_folder=postgres.find_socket_folder(folder),
            binaries=postgres.find_binaries(os.environ.get("DOORSTEP_PG_BIN", "")),
            durable=False,
        )
        with running(made):
            yield made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
async def owner_url(cluster: postgres.Cluster) -> str:
    """The migrated database, as its owner, who passes row-level security."""
    await migrate(cluster.url())
    return cluster.url()


@pytest.fixture(scope="session")
def database_url(cluster: postgres.Cluster, owner_url: str) -> str:
    """The migrated database, as the product's processes log in."""
    assert owner_url
    return cluster.url(LOGIN)


@pytest.fixture
async def owner(owner_url: str) -> AsyncIterator[database.Tx]:
    """A connection of the owner outside every transaction: what it writes stays."""
    connection = await asyncpg.connect(owner_url)
    try:
        await database.set_codecs(connection)
        yield connection
    finally:
        await connection.close()


@pytest.fixture(scope="session")
async def lent() -> AsyncIterator[list[database.Tx]]:
    """The connection that one test after the other has: it knows the statements by now."""
    held: list[database.Tx] = []
    yield held
    for connection in held:
        await connection.close()


@pytest.fixture
async def pinned(database_url: str, lent: list[database.Tx]) -> AsyncIterator[database.Tx]:
    """The connection under `db`, to look at the rows; rolled back after the test."""
    if not lent or lent[0].is_closed():
        lent[:] = [await asyncpg.connect(database_url)]
        await database.set_codecs(lent[0])
    connection = lent[0]
    await connection.execute("BEGIN")
    yield connection
    if not connection.is_closed():
        await connection.execute("ROLLBACK; RESET ALL")


@pytest.fixture
def db(pinned: database.Tx) -> PinnedDatabase:
    """The database of most tests: real roles and policies, and nothing of it stays."""
    return PinnedDatabase(pinned)


@pytest.fixture
async def pooled(database_url: str) -> AsyncIterator[database.PooledDatabase]:
    """The product's pools, for tests of commits and of concurrency; clean up what you write."""
    pools = await database.connect(database_url)
    try:
        yield pools
    finally:
        await pools.close()


@pytest.fixture
def settings(tmp_path: Path, database_url: str, owner_url: str) -> Settings:
    """Settings of a process on this database, with files of its own."""
    return Settings(
        database_url=database_url,
        owner_url=owner_url,
        storage_url=(tmp_path / "files").as_uri(),
        base_url="http://127.0.0.1:8000",
        secret_key="a secret key of the tests, long enough",
        data=tmp_path,
    )


@pytest.fixture
def services(settings: Settings, db: PinnedDatabase) -> Services:
    """The services of a web process on the rolled-back database."""
    # The web is imported by who needs it: a broken page fails its own tests, not all.
    from doorstep.readiness.keeping import Keeper
    from doorstep.web.services import services_on
    from tests.asked import everything_is_fine

    return replace(services_on(settings, db), keeper=Keeper(ask=everything_is_fine))


@pytest.fixture(scope="session")
def dispatcher() -> Dispatcher:
    """The application, made once: its routes cost more than most tests."""
    from doorstep.web.app import Dispatcher, litestar

    return Dispatcher(litestar())


@pytest.fixture
async def app(dispatcher: Dispatcher, services: Services) -> AsyncIterator[Dispatcher]:
    """The application on this test's services."""
    from doorstep.web.routes import hot_routes

    dispatcher.app.state.services = services
    async with hot_routes(dispatcher.app.state):
        yield dispatcher


@pytest.fixture
async def described(app: Dispatcher) -> Described:
    """What every answer of a described call must look like."""
    from tests.described import Described

    if "described" not in app.app.state:
        app.app.state["described"] = Described(app.app)
    found: Described = app.app.state["described"]
    return found


@pytest.fixture
async def client(app: Dispatcher, described: Described) -> AsyncIterator[httpx.AsyncClient]:
    """The public door; an answer that is not as described fails the test."""

    async def check(answer: httpx.Response) -> None:
        await answer.aread()
        problems = list(described.problems(answer))
        assert problems == [], f"{answer.request.method} {answer.request.url.path}: {problems}"

    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(
        transport=transport,
        base_url="http://127.0.0.1:8000",
        event_hooks={"response": [check]},
    ) as made:
        yield made


@pytest.fixture
async def cast(db: PinnedDatabase) -> Cast:
    """Two organizations and their people."""
    from tests.cast import gather

    return await gather(db)
