"""`doorstep up`: everything on this machine, supervised."""

import asyncio
import http.client
import os
import re
import signal
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from doorstep.cli import announcement, data_folder
from doorstep.cli.data_folder import DataFolder
from doorstep.cli.verbs import listen
from doorstep.kit import postgres
from doorstep.kit.errors import CannotStart
from doorstep.kit.supervisor import Program, Supervisor

LOGIN = "doorstep_login"
READY_SECONDS_MAX = 60
DATABASE_STAGE, PROCESS_STAGE = 0, 1
DATABASE_STOP_SECONDS_MAX = 60


def up(
    *,
    data: Path | None = None,
    host: str = "127.0.0.1",
    port: int = 8000,
    sample: bool = True,
    ready: Path | None = None,
) -> None:
    """Start the database, the web, the worker and the builder, and keep them running.

    Parameters
    ----------
    data
        Folder for everything that is kept; DOORSTEP_DATA or ./doorstep-data by default.
    host
        Address to listen on; 0.0.0.0 lets phones on your network in.
    port
        Port to listen on; 0 takes a free one.
    sample
        Make two sample organizations to try things with.
    ready
        File that is written, as JSON, when everything answers.
    """
    chosen = data or data_folder.DATA
    announcement.clear(ready)
    folder = data_folder.take(chosen, say=say)
    listening = listen(host, port)
    run = Run(folder, listening, host, sample=sample, ready=ready)
    failure = asyncio.run(run.until_stopped())
    if failure is not None:
        raise failure


def say(text: str) -> None:
    """One line of progress; a terminal that has gone away is no reason to stop."""
    try:
        sys.stdout.write(f"  {text}\n")
        sys.stdout.flush()
    except OSError:
        return


@dataclass
class Run:
    """One run of everything, from the first child to the last."""

    folder: DataFolder
    listening: socket.socket
    host: str
    sample: bool
    ready: Path | None
    supervisor: Supervisor = field(init=False)

    def __post_init__(self) -> None:
        """The supervisor is made here, its children in `start`."""
        self.supervisor = Supervisor(logs=self.folder.logs, say=say)

    async def until_stopped(self) -> CannotStart | None:
        """Start everything, then wait for a signal; what went wrong, if it did not start."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._on_signal, stop)
        starting = asyncio.create_task(self.start())
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
                await stopping
        except CannotStart as error:
            return error
        finally:
            starting.cancel()
            stopping.cancel()
            await asyncio.gather(starting, stopping, return_exceptions=True)
            say("stopping")
            await self.supervisor.stop()
            announcement.clear(self.ready)
        return None

    def _on_signal(self, stop: asyncio.Event) -> None:
        if stop.is_set():
            self.supervisor.hurry()
        stop.set()

    async def start(self) -> None:
        """Start in order and announce; raises CannotStart."""
        began = time.monotonic()
        environment = await self._database()
        await self._once("migrate", environment)
        say(f"schema     up to date after {time.monotonic() - began:.1f} s")
        descriptor = str(self.listening.fileno())
        loading = asyncio.create_task(self._load_sample(environment))
        await asyncio.gather(
            self._keep("web", environment, descriptor),
            self._keep("worker", environment),
            self._keep("builder", environment),
        )
        facts = await loading
        await self._answers()
        say(f"everything answers after {time.monotonic() - began:.1f} s")
        facts = {"base_url": environment["DOORSTEP_BASE_URL"], **facts}
        announcement.show(facts, data=self.folder.path)
        if self.ready is not None:
            announcement.write(self.ready, facts)

    async def _database(self) -> dict[str, str]:
        """Start the embedded PostgreSQL unless DOORSTEP_DATABASE_URL names another."""
        environment = base_environment(self.folder, self.base_url())
        if "DOORSTEP_DATABASE_URL" in environment:
            say("database   the one that DOORSTEP_DATABASE_URL names")
            return environment
        began = time.monotonic()
        fresh = not self.folder.cluster.exists()
        if fresh:
            say("database   making a new one")
        cluster = await asyncio.to_thread(find_cluster, self.folder)
        await self.supervisor.start(database_program(cluster, lock=self.folder.lock))
        say(f"database   ready in {time.monotonic() - began:.1f} s")
        environment |= {
            "DOORSTEP_DATABASE_URL": cluster.url(LOGIN),
            "DOORSTEP_OWNER_URL": cluster.url(),
        }
        self.folder.keep_environment(environment)
        return environment

    async def _keep(self, name: str, environment: Mapping[str, str], *arguments: str) -> None:
        # A killed supervisor cannot wait for them, and all they do survives a kill.
        bound = ("--parent", str(os.getpid()), "--signal", str(int(signal.SIGKILL)))
        await self.supervisor.start(
            Program(
                name=name,
                command=(*postgres.launch(*bound), *process_command(name, *arguments)),
                environment=environment,
                stage=PROCESS_STAGE,
                files=(self.folder.lock, *map(int, arguments)),
            )
        )

    async def _once(self, name: str, environment: Mapping[str, str]) -> str:
        bound = ("--parent", str(os.getpid()), "--signal", str(int(signal.SIGKILL)))
        return await self.supervisor.run_once(
            Program(
                name=name,
                command=(*postgres.launch(*bound), *process_command(name)),
                environment=environment,
                stage=PROCESS_STAGE,
                files=(self.folder.lock,),
            )
        )

    async def _load_sample(self, environment: Mapping[str, str]) -> dict[str, object]:
        if not self.sample:
            return {}
        facts = announcement.read(await self._once("sample", environment))
        say("sample     two organizations to try things with")
        return facts

    async def _answers(self) -> None:
        """Wait until the web says that it is ready and all run; raises CannotStart."""
        deadline = time.monotonic() + READY_SECONDS_MAX
        children = self.supervisor.children.values()
        while not await asyncio.to_thread(is_answering, self.listening) or any(
            child.ended.is_set() for child in children
        ):
            for child in children:
                self.supervisor.check(child)
            if time.monotonic() > deadline:
                raise CannotStart(
                    f"Nothing answered within {READY_SECONDS_MAX} s; see {self.folder.logs}."
                )
            await asyncio.sleep(0.05)

    def base_url(self) -> str:
        """The address that people reach us at when nothing else is said."""
        port = self.listening.getsockname()[1]
        host = announcement.own_address() if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def base_environment(folder: DataFolder, base_url: str) -> dict[str, str]:
    """The operator's environment, and what it does not say about this run."""
    environment = {
        "DOORSTEP_BASE_URL": base_url,
        **os.environ,
        "DOORSTEP_DATA": str(folder.path),
        "PYTHONUNBUFFERED": "1",
    }
    if "DOORSTEP_SECRET_KEY" not in environment:
        environment.setdefault("DOORSTEP_SECRET_KEY_FILE", str(folder.secret_key))
    return environment


def process_command(name: str, *arguments: str) -> tuple[str, ...]:
    """How to start one of our own processes."""
    return (sys.executable, "-m", "doorstep.cli.processes", name, *arguments)


def find_cluster(folder: DataFolder) -> postgres.Cluster:
    """The cluster in this data folder; raises CannotStart."""
    return postgres.Cluster(
        folder=folder.cluster,
        socket_folder=postgres.find_socket_folder(folder.path),
        binaries=postgres.find_binaries(os.environ.get("DOORSTEP_PG_BIN", "")),
    )


def database_program(cluster: postgres.Cluster, *, lock: int) -> Program:
    """PostgreSQL as a supervised program, which prepares its folder before each start."""
    return Program(
        name="postgres",
        command=tuple(cluster.launched(parent=os.getpid())),
        environment={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
        stage=DATABASE_STAGE,
        stop_signal=signal.SIGINT,
        stop_seconds_max=DATABASE_STOP_SECONDS_MAX,
        files=(lock,),
        # An ERROR of PostgreSQL is an answer to one of us, who tells it better.
        loud=re.compile(rb"\b(FATAL|PANIC)\b"),
        before_start=lambda: postgres.prepare(cluster),
        is_ready=cluster.is_ready,
    )


def is_answering(listening: socket.socket) -> bool:
    """Whether `/readyz` on this socket's port says 200."""
    host, port = listening.getsockname()[:2]
    loopback = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  the key of a table
    connection = http.client.HTTPConnection(loopback.get(host, host), port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
