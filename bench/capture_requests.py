"""Capture requests: making them beside what PostgreSQL needs, and reading among a million.

One run, on a throwaway PostgreSQL with the product's durable settings:

- floor: pgbench writes the same rows, into tables with the same indexes, one durable commit each;
- doorstep: one `doorstep web`, everything included (token, rate, checks, events, tasks);
- lists and searches in organizations with so many requests, by the time and the CPU of each. They
  are asked in turn, so that whatever else the machine does meets all of them.

Needs `wrk` (apt-get install wrk). Run it from the checkout, with little else on the machine:
PYTHONPATH=src:. .venv/bin/python bench/capture_requests.py [--seconds N] [--rows 1000,1000000]
"""

import argparse
import asyncio
import http.client
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from bench.leads import ROOT, SECRET_KEY, Machine, answers, cpu_seconds, free_port, started, wait
from doorstep.auth import actions as auth
from doorstep.auth.scopes import next_org_id, open_scope, task_scope
from doorstep.captures import count_queries as request_counts
from doorstep.cli.sample import OPERATOR
from doorstep.jobs import count_queries as job_counts
from doorstep.jobs import terms
from doorstep.kit import db as database
from doorstep.kit import postgres
from doorstep.orgs import queries as orgs

CREATE = "/api/v2/capture_requests"
INTEGRATIONS = 60
"""Programs that call; a single one would be held to its calls a minute."""
CALLS_PER_MINUTE = 6000
READS = {
    "list of requests": CREATE,
    "requests, last page": f"{CREATE}?page={{last}}&per=100",
    "requests of a state": f"{CREATE}?state=new",
    "requests of one user": f"{CREATE}?current_user_id={{user}}",
    "user and state": f"{CREATE}?current_user_id={{user}}&state=new",
    "exists": f"{CREATE}/exists?email=person-7@example.com",
    "jobs of v3": "/api/v3/jobs",
    "jobs of v3, updated": "/api/v3/jobs?sort_by=updated_at",
    "jobs of v3, completed": "/api/v3/jobs?sort_by=completed_at&reconstruction_state=completed",
    "jobs of v3, failed": "/api/v3/jobs?reconstruction_state=failed",
    "jobs of v2": "/api/v2/jobs",
    "jobs of v2, states": "/api/v2/jobs?states[]=needs_photos&states[]=failed",
    "jobs of v2, deliverable": "/api/v2/jobs?deliverable_ids[]=7",
    "jobs of v2, archived": "/api/v2/jobs?archived=true",
    "v3, search: 30 houses": "/api/v3/jobs?search=sitwell+balboa",
    "v3, search: every house": "/api/v3/jobs?search=balboa",
    "v3, search: 1 in 4": "/api/v3/jobs?search=balboa+elm",
    "v3, search: her houses": "/api/v3/jobs?search=ada+sitwell",
    "v3, search: none": "/api/v3/jobs?search=qqqq",
    "v2, search: 30 houses": "/api/v2/jobs?search=sitwell+balboa",
    "v2, search: none": "/api/v2/jobs?search=qqqq",
}
GROWING = {
    "v3, search: 500, 500..": "/api/v3/jobs?search=500+balboa",
    "v2, search: 500, 500..": "/api/v2/jobs?search=500+balboa",
    "v3, search: 5, 50, 500..": "/api/v3/jobs?search=5+balboa",
    "v2, search: every house": "/api/v2/jobs?search=balboa",
    "v2, search: 1 in 4": "/api/v2/jobs?search=balboa+elm",
}
"""What finds a thousand times as much among so many, and counts it in v2."""
MIDDLE = {"requests, page 5,000": f"{CREATE}?page=5000&per=100"}
"""Where there are so many."""
ROUNDS = 6
READS_A_ROUND = 10
READS_BEFORE = 15
"""Until every connection has its plans."""
FILLED_AT_ONCE = 50_000
FILL = """
    WITH job AS (
        INSERT INTO jobs (org_id, name, user_id, deliverable_id, client_identifier,
            location_line_1, location_city, customer_name, state, completed_at, created_at,
            updated_at)
        SELECT $1, 'Beach house', $2, CASE WHEN n % 30 = 0 THEN 7 ELSE 3 END, gen_random_uuid(),
            n || ' Balboa Blvd', CASE WHEN n <= 30 THEN 'Sitwell' WHEN n % 4 = 1 THEN 'Elm Park'
                ELSE 'Newport Beach' END, 'Lucille Bluth',
            CASE WHEN n % 10 = 0 THEN 'complete' WHEN n % 25 = 1 THEN 'failed'
                ELSE 'uploading' END,
            CASE WHEN n % 10 = 0 THEN now() - n * interval '1 second' END,
            now() - interval '1 hour' + n * interval '1 millisecond',
            now() - interval '1 hour' + n * interval '1 millisecond'
        FROM generate_series($3::bigint, $4::bigint) n RETURNING id, state
    ), model AS (
        INSERT INTO models (org_id, job_id) SELECT $1, id FROM job
    )
    INSERT INTO capture_requests (org_id, identifier, capturing_user_name, capturing_user_email,
        requesting_user_id, signup_type, job_id, state)
    SELECT $1, lpad(to_hex(id), 6, '0'), 'Lucille Bluth', 'person-' || id || '@example.com',
        $2, 'homeowner', id, CASE WHEN state = 'uploading' THEN 'new' ELSE 'complete' END
    FROM job"""
LOAD = """
local tokens = {%s}
local made = 0
function setup(thread) thread:set("seed", math.random(1e9)) end
function init() math.randomseed(seed) end
function request()
  made = made + 1
  local body = '{"current_user_email":"ada@harbor.example","capture_request":{"capturing_user_name":' ..
    '"Lucille Bluth","capturing_user_email":"person-' .. math.random(1e9) .. '@example.com",' ..
    '"job_attributes":{"name":"Beach house","location_line_1":"' .. made .. ' Balboa Blvd",' ..
    '"location_city":"Newport Beach","location_region":"CA","external_identifier":"8675309"}}}'
  local token = tokens[math.random(#tokens)]
  return wrk.format("POST", "/api/v2/capture_requests",
    {["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. token}, body)
end
function response(status) if status ~= 201 then failed = (failed or 0) + 1 end end
function done(summary, latency)
  io.write(string.format('{"requests": %%d, "seconds": %%f, "p50": %%f, "p99": %%f}\\n',
    summary.requests - summary.errors.status, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
"""


@dataclass(kw_only=True)
class Web:
    """One web process of the product."""

    machine: Machine
    port: int
    pid: int

    def get(self, path: str, *, token: str) -> float:
        """Milliseconds of one read."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        began = time.perf_counter()
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        content = answer.read()
        took = time.perf_counter() - began
        connection.close()
        assert answer.status == http.client.OK, content
        return took * 1e3

    def cpu(self) -> float:
        """Processor seconds of the process and of the database so far."""
        return cpu_seconds([self.pid, *self.machine.server()])


def main() -> None:
    """Measure, and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--rows", default="1000,1000000")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing: apt-get install wrk")
    with (
        tempfile.TemporaryDirectory(prefix="doorstep-bench-") as folder,
        started(Path(folder)) as machine,
        serving(machine) as web,
    ):
        if options.seconds:
            creating(web, seconds=options.seconds, connections=options.connections)
        reading(web, sizes=[int(rows) for rows in options.rows.split(",")])


def creating(web: Web, *, seconds: int, connections: int) -> None:
    """The first table."""
    tokens = asyncio.run(integrations(web.machine, org_id=web.machine.org["id"]))
    mark = ask(web.machine, "SELECT txid_current()")
    post_one(web, token=tokens[0])
    script = asyncio.run(floor_script(web.machine, since=mark))
    (web.machine.folder / "floor.sql").write_text(script)
    print(f"{'':10} {'made/s':>8} {'p50 ms':>8} {'p99 ms':>8} {'CPU us':>8}")
    for name, drive in (("floor", pgbench), ("doorstep", load)):
        before = web.cpu()
        found = drive(web, tokens=tokens, seconds=seconds, connections=connections)
        cpu = 1e6 * (web.cpu() - before) / max(found["requests"], 1)
        rate = found["requests"] / found["seconds"]
        print(f"{name:10} {rate:8.0f} {found['p50']:8.1f} {found['p99']:8.1f} {cpu:8.0f}")


@dataclass(kw_only=True)
class Filled:
    """An organization with so many requests, and the programs that call for it."""

    size: int
    user_id: int
    tokens: list[str]

    def path(self, template: str) -> str:
        """The address with what is this organization's."""
        return template.format(user=self.user_id, last=max(1, self.size // 100))


def reading(web: Web, *, sizes: list[int]) -> None:
    """The second table: 95th percentile and processor of each read, and how they grow."""
    filled = [asyncio.run(fill(web.machine, size)) for size in sizes]
    head = " ".join(f"{size:>12}" for size in sizes)
    for reads in (READS, GROWING):
        print(f"\n{'p95 ms among':24} {head} {'ratio':>8}   CPU ms {head} {'ratio':>8}")
        for name, path in reads.items():
            figures = read(web, [(one, one.path(path)) for one in filled])
            line = f"{name:24}"
            for number, label in enumerate(("", "         ")):
                found = [one[number] for one in figures]
                line += label + " ".join(f"{one:13.1f}" for one in found)
                line += f" {found[-1] / found[0]:8.2f}"
            print(line, flush=True)
    if sizes[-1] >= 500_000:
        for name, path in MIDDLE.items():
            ((p95, cpu),) = read(web, [(filled[-1], path)])
            print(f"{name:24} p95 {p95:.1f} ms, CPU {cpu:.1f} ms")


def read(web: Web, asked: list[tuple[Filled, str]]) -> list[tuple[float, float]]:
    """(95th percentile in milliseconds, milliseconds of processor) of each, asked in turn."""
    took: list[list[float]] = [[] for _ in asked]
    cpu = [0.0 for _ in asked]
    for org, path in asked:
        for number in range(READS_BEFORE):
            web.get(path, token=org.tokens[number])
    for turn in range(ROUNDS):
        for place, (org, path) in enumerate(asked):
            before = web.cpu()
            for number in range(READS_A_ROUND):
                token = org.tokens[(turn * READS_A_ROUND + number) % INTEGRATIONS]
                took[place].append(web.get(path, token=token))
            cpu[place] += web.cpu() - before
    reads = ROUNDS * READS_A_ROUND
    return [
        (statistics.quantiles(times, n=20)[-1], 1e3 * used / reads)
        for times, used in zip(took, cpu, strict=True)
    ]


@contextmanager
def serving(machine: Machine) -> Iterator[Web]:
    """The product's web process, with integrations that call it."""
    port = free_port()
    environment = {
        **os.environ,
        "DOORSTEP_DATABASE_URL": machine.cluster.url("doorstep_login"),
        "DOORSTEP_DATA": str(machine.folder / "data"),
        "DOORSTEP_BASE_URL": f"http://127.0.0.1:{port}",
        "DOORSTEP_SECRET_KEY": SECRET_KEY,
        "DOORSTEP_API_CALLS_PER_MINUTE": str(CALLS_PER_MINUTE),
        "PYTHONPATH": str(ROOT / "src"),
    }
    words = [sys.executable, "-m", "doorstep", "web", "--port", str(port)]
    with (machine.folder / "web.log").open("wb") as log:
        process = subprocess.Popen(words, env=environment, stdout=log, stderr=log)
    try:
        wait(lambda: answers(port) or process.poll() is not None)
        if process.poll() is not None:
            sys.exit((machine.folder / "web.log").read_text())
        yield Web(machine=machine, port=port, pid=process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


async def integrations(machine: Machine, *, org_id: int) -> list[str]:
    """Access tokens of as many programs."""
    pools = await database.connect(machine.cluster.url("doorstep_login"))
    tokens = []
    async with open_scope(pools, org_id=org_id, actor=OPERATOR) as scope:
        for number in range(INTEGRATIONS):
            name = f"bench-{org_id}-{number}"
            await auth.make_client(scope, client_id=name, name="Bench")
            access, _ = await auth.issue_tokens(scope, client_id=name)
            tokens.append(access)
    await pools.close()
    return tokens


def post_one(web: Web, *, token: str) -> None:
    """One create call, whose rows are the floor's."""
    asked = {
        "current_user_email": "ada@harbor.example",
        "capture_request": {
            "capturing_user_name": "Lucille Bluth",
            "capturing_user_email": "lucille@example.com",
            "job_attributes": {
                "name": "Beach house",
                "location_line_1": "1 Balboa Blvd",
                "location_city": "Newport Beach",
                "location_region": "CA",
                "external_identifier": "8675309",
            },
        },
    }
    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request("POST", CREATE, body=json.dumps(asked), headers=headers)
    answer = connection.getresponse()
    assert answer.status == http.client.CREATED, answer.read()
    connection.close()


async def floor_script(machine: Machine, *, since: int) -> str:
    """The rows of that call as inserts into copies of their tables, which lack foreign keys."""
    owner = await asyncpg.connect(machine.cluster.url())
    await owner.execute("CREATE SEQUENCE floor_numbers START 1000000")
    lines = ["BEGIN;"]
    tables = await owner.fetch(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
        "AND NOT relispartition AND relname NOT LIKE 'floor%' ORDER BY relname"
    )
    for (table,) in tables:
        columns = await columns_of(owner, table)
        told = ", ".join(f'"{name}"::text' for name in columns)
        rows = await owner.fetch(
            f"SELECT {told} FROM {table} WHERE xmin::text::bigint >= $1",
            since,
        )
        if not rows:
            continue
        await owner.execute(f"CREATE TABLE floor_{table} (LIKE {table} INCLUDING ALL)")
        for row in rows:
            values = [
                columns[name] or literal(text)
                for name, text in zip(columns, row.values(), strict=True)
            ]
            names = ", ".join(f'"{name}"' for name in columns)
            lines.append(f"INSERT INTO floor_{table} ({names}) VALUES ({', '.join(values)});")
    await owner.close()
    lines.append("COMMIT;")
    return "\n".join(lines) + "\n"


def literal(text: str | None) -> str:
    """A value that pgbench takes for no variable of its own."""
    if text is None:
        return "NULL"
    escaped = text.replace("\\", "\\\\").replace("'", "''").replace(":", "\\x3a")
    return f"E'{escaped}'"


async def columns_of(owner: Any, table: str) -> dict[str, str]:
    """Each column with how a fresh value is made, where it is in a unique index."""
    rows = await owner.fetch(
        """
        SELECT a.attname, format_type(a.atttypid, NULL) AS type, EXISTS (
            SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisunique
                AND a.attnum = ANY (i.indkey) AND a.attname NOT IN ('org_id', 'kind')) AS fresh
        FROM pg_attribute a
        WHERE a.attrelid = $1::text::regclass AND a.attnum > 0 AND NOT a.attisdropped
            AND a.attgenerated = ''
        """,
        table,
    )
    makers = {
        "uuid": "gen_random_uuid()",
        "bigint": "nextval('floor_numbers')",
        "integer": "nextval('floor_numbers')",
        "bytea": "decode(md5(nextval('floor_numbers')::text), 'hex')",
        "text": "lpad(to_hex(nextval('floor_numbers')), 6, '0')",
        "character varying": "lpad(to_hex(nextval('floor_numbers')), 6, '0')",
    }
    return {row["attname"]: makers.get(row["type"], "") if row["fresh"] else "" for row in rows}


def pgbench(web: Web, *, tokens: list[str], seconds: int, connections: int) -> dict[str, float]:
    """The floor, which needs no token."""
    del tokens
    machine = web.machine
    log = machine.folder / "floor"
    words = [str(machine.cluster.binaries / "pgbench"), "-n", "-M", "prepared", "-j", "2"]
    words += ["-c", str(connections), "-T", str(seconds), "-f", str(machine.folder / "floor.sql")]
    words += ["--log", f"--log-prefix={log}", "-h", str(machine.cluster.socket_folder)]
    run = subprocess.run(
        [*words, "-U", postgres.OWNER, postgres.DATABASE],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-1000:]
    times = sorted(
        int(line.split()[2]) / 1e3
        for path in machine.folder.glob("floor.[0-9]*")
        for line in path.read_text().splitlines()
    )
    return {
        "requests": len(times),
        "seconds": seconds,
        "p50": times[len(times) // 2],
        "p99": times[len(times) * 99 // 100],
    }


def load(web: Web, *, tokens: list[str], seconds: int, connections: int) -> dict[str, float]:
    """The product."""
    script = web.machine.folder / "create.lua"
    script.write_text(LOAD % ", ".join(f'"{token}"' for token in tokens))
    before = web.machine.count("capture_requests")
    words = ["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--timeout", "20s"]
    run = subprocess.run(
        [*words, "-s", str(script), f"http://127.0.0.1:{web.port}"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(run.stdout.strip().splitlines()[-1])
    stored = web.machine.count("capture_requests") - before
    assert stored >= found["requests"] > 0, (stored, found)
    return found


async def fill(machine: Machine, size: int) -> Filled:
    """An organization with as many requests, each with its job and its model."""
    pools = await database.connect(machine.cluster.url("doorstep_login"))
    org_id = await next_org_id(pools)
    async with open_scope(pools, org_id=org_id, actor=OPERATOR) as scope:
        await orgs.insert_org(scope, name=f"Houses {size}", captorra_id=str(org_id))
        user_id = await orgs.insert_user(
            scope, email=f"ada@{org_id}.example", name="Ada", role="admin"
        )
    owner = await asyncpg.connect(machine.cluster.url())
    await owner.execute("SET session_replication_role = replica; SET synchronous_commit = off")
    for first in range(1, size + 1, FILLED_AT_ONCE):
        last = min(first + FILLED_AT_ONCE - 1, size)
        await owner.execute(FILL, org_id, user_id, first, last)
    # What the triggers would have counted, and what the worker writes.
    async with open_scope(pools, org_id=org_id, actor=OPERATOR) as scope:
        await job_counts.mend(scope)
        await request_counts.mend(scope)
    more = True
    while more:
        async with task_scope(pools, org_id=org_id, task=terms.INDEX) as scope:
            more = await terms.index_next(scope)
    await pools.close()
    await owner.execute("VACUUM ANALYZE")
    await owner.close()
    tokens = await integrations(machine, org_id=org_id)
    return Filled(size=size, user_id=user_id, tokens=tokens)


def ask(machine: Machine, sql: str) -> int:
    """One number of the database."""

    async def fetch() -> int:
        connection = await asyncpg.connect(machine.cluster.url())
        found: int = await connection.fetchval(sql)
        await connection.close()
        return found

    return asyncio.run(fetch())


if __name__ == "__main__":
    main()
