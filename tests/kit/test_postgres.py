"""The embedded PostgreSQL: found without importing, private, durable, clean after a kill."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from doorstep.kit import leftovers, postgres
from doorstep.kit.errors import CannotStart
from tests.conftest import running
from tests.processes import environment, until


@pytest.fixture
def fresh(tmp_path: Path) -> postgres.Cluster:
    """A cluster that does not exist yet; a kill of processes needs no flushed disk."""
    return postgres.Cluster(
        folder=tmp_path / "postgres",
        socket_folder=postgres.find_socket_folder(tmp_path),
        binaries=postgres.find_binaries(),
        durable=False,
    )


@pytest.fixture(scope="module")
def initialized(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a cluster that was made once: making one costs more than starting it."""
    folder = tmp_path_factory.mktemp("initialized")
    made = postgres.Cluster(
        folder=folder / "postgres",
        socket_folder=postgres.find_socket_folder(folder),
        binaries=postgres.find_binaries(),
        durable=False,
    )
    postgres.prepare(made)
    return made.folder


@pytest.fixture
def made(fresh: postgres.Cluster, initialized: Path) -> postgres.Cluster:
    """A cluster that has never run."""
    shutil.copytree(initialized, fresh.folder)
    return fresh


@pytest.fixture(scope="module")
def durable(
    tmp_path_factory: pytest.TempPathFactory, initialized: Path
) -> Iterator[postgres.Cluster]:
    """A running server as the product runs it."""
    folder = tmp_path_factory.mktemp("durable")
    shutil.copytree(initialized, folder / "postgres")
    made = postgres.Cluster(
        folder=folder / "postgres",
        socket_folder=postgres.find_socket_folder(folder),
        binaries=postgres.find_binaries(),
    )
    with running(made):
        yield made


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder outside of pytest's own, which nobody but its user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="doorstep-test-"))
    yield folder
    shutil.rmtree(folder)


def test_binaries_are_found_without_importing_their_package() -> None:
    """Importing the carrier would make folders and change modes on the machine."""
    program = (
        "import sys; from doorstep.kit import postgres; postgres.find_binaries();"
        "sys.exit(any(name in sys.modules for name in postgres.CARRIERS))"
    )
    run = subprocess.run([sys.executable, "-c", program], env=environment(), check=False)
    assert run.returncode == 0


def test_a_chosen_folder_without_programs_is_refused(tmp_path: Path) -> None:
    """The message names the variable."""
    with pytest.raises(CannotStart, match="DOORSTEP_PG_BIN"):
        postgres.find_binaries(str(tmp_path))


async def test_the_server_listens_on_a_private_socket_only(fresh: postgres.Cluster) -> None:
    """No port, and a folder that nobody else may enter."""
    with running(fresh):
        connection = await asyncpg.connect(fresh.url())
        assert await connection.fetchval("SHOW listen_addresses") == ""
        await connection.close()
    assert fresh.socket_folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        ("data_sync_retry", "off"),
        ("data_checksums", "on"),
        ("server_encoding", "UTF8"),
    ],
)
async def test_an_acknowledged_row_is_on_the_disk(
    durable: postgres.Cluster, setting: str, value: str
) -> None:
    """Each of these, otherwise set, loses or spoils rows at a power cut."""
    connection = await asyncpg.connect(durable.url())
    try:
        assert await connection.fetchval(f"SHOW {setting}") == value
    finally:
        await connection.close()


async def test_letters_are_folded_beyond_ascii(durable: postgres.Cluster) -> None:
    """Addresses of e-mail and names are compared in lower case."""
    connection = await asyncpg.connect(durable.url())
    try:
        assert await connection.fetchval("SELECT lower('JÜRGEN')") == "jürgen"
    finally:
        await connection.close()


async def test_rows_survive_a_kill_of_the_server(made: postgres.Cluster) -> None:
    """And the next start is not stopped by the dead one's marks."""
    with running(replace(made, durable=True)) as process:
        connection = await asyncpg.connect(made.url())
        await connection.execute("CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)")
        process.kill()
        process.wait()
        connection.terminate()
    assert (made.folder / "postmaster.pid").exists()
    with running(made):
        connection = await asyncpg.connect(made.url())
        assert await connection.fetchval("SELECT id FROM kept") == 7
        await connection.close()


async def test_a_server_without_its_supervisor_is_stopped_first(made: postgres.Cluster) -> None:
    """Two servers in one folder would spoil it."""
    postgres.prepare(made)
    unbound = subprocess.Popen([*postgres.launch(*made.identity), *made.command()])
    while not made.is_ready(unbound.pid):
        time.sleep(0.02)
    with running(made) as process:
        assert unbound.wait(5) == 0
        assert leftovers.postmaster(made.folder) == process.pid


def test_the_server_stops_when_its_parent_is_killed(made: postgres.Cluster) -> None:
    """However the parent ends, nothing stays behind."""
    program = (
        "import os, subprocess, sys, time; from pathlib import Path;"
        "from doorstep.kit.postgres import Cluster;"
        "cluster = Cluster(*map(Path, sys.argv[1:]));"
        "print(subprocess.Popen(cluster.launched(parent=os.getpid())).pid, flush=True);"
        "time.sleep(60)"
    )
    places = [str(place) for place in (made.folder, made.socket_folder, made.binaries)]
    parent = subprocess.Popen(
        [sys.executable, "-c", program, *places], stdout=subprocess.PIPE, env=environment()
    )
    assert parent.stdout is not None
    server = int(parent.stdout.readline())
    until(lambda: made.is_ready(server))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until(lambda: not leftovers.processes_in(made.folder))


def test_a_lock_file_that_names_a_stranger_is_no_server(made: postgres.Cluster) -> None:
    """After a reboot the number may belong to anybody."""
    (made.folder / "postmaster.pid").write_text(f"{os.getpid()}\n")
    with running(made) as process:
        assert process.poll() is None


def test_a_half_made_cluster_is_made_again(fresh: postgres.Cluster) -> None:
    """A killed initdb leaves its half beside the place, never in it."""
    half = fresh.folder.with_name("postgres.new")
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    postgres.prepare(fresh)
    assert (fresh.folder / "global" / "pg_control").exists()
    assert not half.exists()


def test_another_major_version_is_refused_in_words(made: postgres.Cluster) -> None:
    """The message says which programs are needed."""
    (made.folder / "PG_VERSION").write_text("16\n")
    with pytest.raises(CannotStart, match=r"made by PostgreSQL 16 .* DOORSTEP_PG_BIN"):
        postgres.prepare(made)


def test_a_long_path_gets_a_short_socket_folder(tmp_path: Path) -> None:
    """A socket's address holds 107 bytes."""
    deep = tmp_path / ("d" * 120)
    deep.mkdir()
    folder = postgres.find_socket_folder(deep)
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(folder / postgres.SOCKET_NAME))
        assert folder.stat().st_mode & 0o777 == 0o700
        assert postgres.find_socket_folder(deep) == folder
    finally:
        (folder / postgres.SOCKET_NAME).unlink()
        folder.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has another user to become")
async def test_root_without_namespaces_drops_to_another_user(reachable: Path) -> None:
    """As in most containers."""
    dropped = postgres.Cluster(
        folder=reachable / "postgres",
        socket_folder=postgres.find_socket_folder(reachable),
        binaries=postgres.find_binaries(),
        durable=False,
        identity=("--user", "65534:65534"),
    )
    with running(dropped) as process:
        assert Path(f"/proc/{process.pid}").stat().st_uid == 65534
        connection = await asyncpg.connect(dropped.url())
        await connection.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has another user to become")
def test_a_folder_out_of_the_other_users_reach_is_refused(fresh: postgres.Cluster) -> None:
    """As below a home of root; the message says what to do."""
    with pytest.raises(CannotStart, match="as an ordinary user"):
        postgres.prepare(replace(fresh, identity=("--user", "65534:65534")))
