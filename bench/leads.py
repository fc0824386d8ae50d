"""Leads a second over the vendors' door, beside a floor and beside the textbook's service.

One interleaved run, on a throwaway PostgreSQL with the product's durable settings:

- floor: pgbench inserts the lead's row alone, one durable commit each, over the socket;
- doorstep: one `doorstep web`, everything included (checks, journal, repeats, event, task);
- textbook: FastAPI and the SQLAlchemy ORM, one process, one transaction a request.

Each lead that a service acknowledged is looked for in its database afterwards. Needs `wrk`
(apt-get install wrk). Run it from the checkout, with little else on the machine:
PYTHONPATH=src .venv/bin/python bench/leads.py [--seconds N] [--rounds N] [--connections 16,64,256]
"""

import argparse
import asyncio
import itertools
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from doorstep.cli.sample import ORGANIZATIONS, make
from doorstep.kit import db as database
from doorstep.kit import postgres
from doorstep.kit.migrate import migrate

ROOT = Path(__file__).parent.parent
PEERS = ROOT / "bench" / "peers"
PATH = "/api/captorraapi/create"
SECRET_KEY = "a secret key of the benchmark, long enough"
READY_SECONDS_MAX = 60
SEEDS = itertools.count(1)
SOURCES = 128
"""Vendors that post; a single one would be held to its posts a second."""
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(kw_only=True)
class Contender:
    """One of the three: how it is run for some seconds, and which processes work for it."""

    name: str
    drive: Callable[[int, float], dict[str, float]]
    pids: Callable[[], list[int]]
    figures: dict[int, list[dict[str, float]]] = field(default_factory=dict)

    def measure(self, connections: int, *, seconds: float) -> None:
        """One run; its figures are kept."""
        before = cpu_seconds(self.pids())
        found = self.drive(connections, seconds)
        used = cpu_seconds(self.pids()) - before
        found["cpu"] = 1e6 * used / max(found["requests"], 1)
        self.figures.setdefault(connections, []).append(found)

    def median(self, connections: int, name: str) -> float:
        """The middle of this figure's rounds."""
        return statistics.median(run[name] for run in self.figures[connections])


@dataclass(kw_only=True)
class Machine:
    """The database of the run, and the folder of everything."""

    folder: Path
    cluster: postgres.Cluster
    pid: int
    org: dict[str, Any]

    def server(self) -> list[int]:
        """Every process of the server."""
        return [self.pid, *below(self.pid)]

    def count(self, table: str, name: str = postgres.DATABASE) -> int:
        """How many rows the table has."""

        async def ask() -> int:
            connection = await asyncpg.connect(self.cluster.url(database=name))
            found: int = await connection.fetchval(f"SELECT count(*) FROM {table}")
            await connection.close()
            return found

        return asyncio.run(ask())


def main() -> None:
    """Run the rounds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", default="16,64,256")
    parser.add_argument("--only", default="floor,doorstep,textbook")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing: apt-get install wrk")
    steps = [int(number) for number in options.connections.split(",")]
    with tempfile.TemporaryDirectory(prefix="doorstep-bench-") as folder, ExitStack() as stack:
        machine = stack.enter_context(started(Path(folder)))
        starts = {"floor": floor, "doorstep": doorstep, "textbook": textbook}
        contenders = [
            stack.enter_context(starts[name](machine)) for name in options.only.split(",")
        ]
        for contender in contenders:
            contender.drive(16, 1)
        for _ in range(options.rounds):
            for connections in steps:
                for contender in contenders:
                    contender.measure(connections, seconds=options.seconds)
    report(contenders, steps)


def report(contenders: list[Contender], steps: list[int]) -> None:
    """The medians of the rounds as a table."""
    head = (
        f"{'conns':>5} {'':10} {'req/s':>7} {'p50 ms':>7} {'p99 ms':>7} {'CPU us':>7} {'failed':>6}"
    )
    print(head + f" {'of floor':>8} {'of textbook':>11}")
    for connections in steps:
        rates = {one.name: one.median(connections, "rate") for one in contenders}
        for one in contenders:
            p50, p99, cpu, failed = (
                one.median(connections, name) for name in ("p50", "p99", "cpu", "failed")
            )
            line = f"{connections:5} {one.name:10} {rates[one.name]:7.0f} {p50:7.1f} {p99:7.1f}"
            line += f" {cpu:7.0f} {failed:6.0f}"
            for base, width in (("floor", 8), ("textbook", 11)):
                line += f" {rates[one.name] / rates[base]:{width}.2f}" if base in rates else ""
            print(line)


@contextmanager
def started(folder: Path) -> Iterator[Machine]:
    """A durable PostgreSQL with the product's tables and one organization."""
    cluster = postgres.Cluster(
        folder=folder / "postgres",
        socket_folder=postgres.find_socket_folder(folder),
        binaries=postgres.find_binaries(os.environ.get("DOORSTEP_PG_BIN", "")),
    )
    postgres.prepare(cluster)
    with (cluster.folder / "postgresql.conf").open("a", encoding="utf-8") as file:
        # The floor's clients are all connected at once; the product needs a dozen.
        file.write("max_connections = 300\n")
    with (folder / "postgres.log").open("wb") as log:
        server = subprocess.Popen(cluster.launched(parent=os.getpid()), stdout=log, stderr=log)
    try:
        wait(lambda: cluster.is_ready(server.pid))
        org = asyncio.run(furnish(cluster))
        yield Machine(folder=folder, cluster=cluster, pid=server.pid, org=org)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()


async def furnish(cluster: postgres.Cluster) -> dict[str, Any]:
    """The tables, the floor's table and database of the peer, and one organization."""
    await migrate(cluster.url())
    owner = await asyncpg.connect(cluster.url())
    await owner.execute("CREATE TABLE floor (LIKE leads INCLUDING ALL)")
    await owner.execute("CREATE DATABASE textbook")
    await owner.close()
    pools = await database.connect(cluster.url("doorstep_login"))
    org = await make(pools, ORGANIZATIONS[0])
    await pools.close()
    owner = await asyncpg.connect(cluster.url())
    made = await owner.fetch(
        "INSERT INTO sources (org_id, id, name, referrer) SELECT $1, gen_random_uuid(), "
        "'Vendor ' || number, gen_random_uuid() FROM generate_series(1, $2) number "
        "RETURNING referrer",
        org["id"],
        SOURCES,
    )
    await owner.close()
    return {**org, "referrers": " ".join(str(row["referrer"]) for row in made)}


@contextmanager
def floor(machine: Machine) -> Iterator[Contender]:
    """Nothing but the inserts."""

    def drive(connections: int, seconds: float) -> dict[str, float]:
        before = machine.count("floor")
        words = [str(machine.cluster.binaries / "pgbench"), "-n", "-M", "prepared", "-j", "2"]
        words += ["-c", str(connections), "-T", str(round(seconds)), "-f", str(PEERS / "floor.sql")]
        log = machine.folder / "floor"
        words += ["--log", f"--log-prefix={log}", "-h", str(machine.cluster.socket_folder)]
        run = subprocess.run(
            [*words, "-U", postgres.OWNER, postgres.DATABASE],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        assert machine.count("floor") > before, run.stderr
        rate = next(line for line in run.stdout.splitlines() if line.startswith("tps"))
        times = sorted(
            int(line.split()[2]) / 1e3
            for path in log.parent.glob("floor.*")
            for line in path.read_text().splitlines()
        )
        for path in log.parent.glob("floor.*"):
            path.unlink()
        middle, late = times[len(times) // 2], times[len(times) * 99 // 100]
        found = float(rate.split()[2])
        return {"requests": len(times), "rate": found, "p50": middle, "p99": late, "failed": 0}

    yield Contender(name="floor", drive=drive, pids=machine.server)


@contextmanager
def doorstep(machine: Machine) -> Iterator[Contender]:
    """One web process of the product."""
    port = free_port()
    environment = {
        "DOORSTEP_DATABASE_URL": machine.cluster.url("doorstep_login"),
        "DOORSTEP_DATA": str(machine.folder / "data"),
        "DOORSTEP_BASE_URL": f"http://127.0.0.1:{port}",
        "DOORSTEP_SECRET_KEY": SECRET_KEY,
        "PYTHONPATH": str(ROOT / "src"),
    }
    words = [sys.executable, "-m", "doorstep", "web", "--port", str(port)]
    with served(
        machine, words, environment=environment, port=port, name="doorstep", table="leads"
    ) as one:
        yield one


@contextmanager
def textbook(machine: Machine) -> Iterator[Contender]:
    """One process of the peer, in an environment of its own."""
    port = free_port()
    socket_folder = machine.cluster.socket_folder
    address = f"postgresql+asyncpg://{postgres.OWNER}@/textbook?host={socket_folder}"
    python = environment_of_peers() / "bin" / "python"
    words = [str(python), "-m", "uvicorn", "textbook:app", "--port", str(port)]
    words += ["--no-access-log", "--log-level", "warning", "--app-dir", str(PEERS)]
    environment = {"PEER_DATABASE_URL": address, **vendor(machine)}
    with served(
        machine, words, environment=environment, port=port, name="textbook", table="leads"
    ) as one:
        yield one


@contextmanager
def served(
    machine: Machine,
    words: list[str],
    *,
    environment: dict[str, str],
    port: int,
    name: str,
    table: str,
) -> Iterator[Contender]:
    """A service on this port, from its first answer to its end."""
    where = "textbook" if name == "textbook" else postgres.DATABASE
    with (machine.folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(words, env={**os.environ, **environment}, stdout=log, stderr=log)

    def drive(connections: int, seconds: float) -> dict[str, float]:
        before = machine.count(table, where)
        load = ["wrk", "-t", "2", "-c", str(connections), "-d", f"{seconds:.0f}s"]
        load += ["--timeout", "20s", "-s", str(PEERS / "lead.lua"), f"http://127.0.0.1:{port}"]
        own = {**vendor(machine), "LEAD_PATH": PATH, "LEAD_SEED": str(next(SEEDS))}
        run = subprocess.run(
            load, env={**os.environ, **own}, check=True, capture_output=True, text=True
        )
        found: dict[str, float] = json.loads(run.stdout.strip().splitlines()[-1])
        stored = machine.count(table, where) - before
        assert stored >= found["requests"], (stored, found, run.stdout)
        found["rate"] = found["requests"] / found["seconds"]
        return found

    try:
        wait(lambda: answers(port) or process.poll() is not None)
        if process.poll() is not None:
            sys.exit((machine.folder / f"{name}.log").read_text())
        yield Contender(name=name, drive=drive, pids=lambda: [process.pid, *machine.server()])
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def vendor(machine: Machine) -> dict[str, str]:
    """What the load and the peer have to know of the organization."""
    org = machine.org
    return {
        "LEAD_CAPTORRA_ID": org["captorra_id"],
        "LEAD_REFERRERS": org["referrers"],
        "LEAD_TYPE": org["case_types"][0]["guid"],
    }


def environment_of_peers() -> Path:
    """The peers' virtual environment, made on the first run."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "doorstep"
    made = cache / "bench-peers"
    wanted = (PEERS / "requirements.txt").read_text("utf-8")
    mark = made / "requirements.txt"
    if not mark.exists() or mark.read_text("utf-8") != wanted:
        script = f'source bin/lib/environment.sh; find_python; find_uv; "$uv" venv -q --clear --python "$system_python" "{made}"'
        script += (
            f'; "$uv" pip install -q --python "{made}/bin/python" -r bench/peers/requirements.txt'
        )
        subprocess.run(["bash", "-euc", script, "bin/bench"], check=True, cwd=ROOT)
        mark.write_text(wanted, "utf-8")
    return made


def cpu_seconds(pids: list[int]) -> float:
    """Processor time that these processes, and those that ended below them, have used."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, fields[11:15]))
    return total / TICKS


def below(pid: int) -> list[int]:
    """Process ids of all below this process."""
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [int(one) for one in found] + [deep for one in found for deep in below(int(one))]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as made:
        port: int = made.getsockname()[1]
    return port


def answers(port: int) -> bool:
    """Whether anything speaks HTTP there."""
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def wait(condition: Callable[[], bool]) -> None:
    """Wait until this holds; end the benchmark when it takes too long."""
    deadline = time.monotonic() + READY_SECONDS_MAX
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"nothing was ready after {READY_SECONDS_MAX} s")
        time.sleep(0.05)


if __name__ == "__main__":
    main()
