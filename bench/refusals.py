"""How long a refusal takes whose text must tell nothing: R4 for four causes, side by side.

One web process on a throwaway PostgreSQL with the product's durable settings, one
connection, the causes in turn, so that whatever the machine does strikes all alike.
Run it from the checkout, with little else on the machine:
PYTHONPATH=src:. .venv/bin/python bench/refusals.py [--rounds N]
"""

import argparse
import asyncio
import http.client
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import asyncpg

from bench.leads import PATH, ROOT, SECRET_KEY, Machine, answers, free_port, started, wait

R4 = b'{"success":false,"error":"Referrer/Type GUID does not exist."}'
WARM_UP = 50


def main() -> None:
    """Post each cause in turn and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1000)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="doorstep-bench-") as folder,
        started(Path(folder)) as machine,
    ):
        port = free_port()
        process = start(machine, port=port)
        try:
            wait(lambda: answers(port))
            report(measure(port, posts_of(machine), rounds=options.rounds))
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


def start(machine: Machine, *, port: int) -> subprocess.Popen[bytes]:
    """A web process that turns no stranger away."""
    environment = {
        "DOORSTEP_DATABASE_URL": machine.cluster.url("doorstep_login"),
        "DOORSTEP_DATA": str(machine.folder / "data"),
        "DOORSTEP_BASE_URL": f"http://127.0.0.1:{port}",
        "DOORSTEP_SECRET_KEY": SECRET_KEY,
        "DOORSTEP_STRANGER_POSTS_PER_SECOND": "10000",
        "PYTHONPATH": str(ROOT / "src"),
    }
    words = [sys.executable, "-m", "doorstep", "web", "--port", str(port)]
    with (machine.folder / "web.log").open("wb") as log:
        return subprocess.Popen(words, env={**os.environ, **environment}, stdout=log, stderr=log)


def posts_of(machine: Machine) -> dict[str, bytes]:
    """One post of each cause; the disabled source is the first of the organization's."""
    known, disabled = machine.org["captorra_id"], machine.org["referrers"].split()[0]
    asyncio.run(switch_off(machine, disabled))
    return {
        "unknown organization": body("999999999", disabled),
        "unknown Referrer": body(known, str(uuid.uuid4())),
        "foreign Referrer": body(known, asyncio.run(foreign(machine))),
        "disabled source": body(known, disabled),
    }


def body(captorra_id: str, referrer: str) -> bytes:
    """A readable post with these ids."""
    values = {"CaptorraId": captorra_id, "First": "John", "Last": "Smith", "Referrer": referrer}
    return json.dumps(values).encode()


async def switch_off(machine: Machine, referrer: str) -> None:
    """The vendor may post no more."""
    owner = await asyncpg.connect(machine.cluster.url())
    await owner.execute("UPDATE sources SET disabled_at = now() WHERE referrer = $1", referrer)
    await owner.close()


async def foreign(machine: Machine) -> str:
    """The Referrer of another organization's vendor."""
    owner = await asyncpg.connect(machine.cluster.url())
    org_id = await owner.fetchval(
        "INSERT INTO orgs (id, name, customer_display_name, captorra_id) "
        "SELECT max(id) + 1, 'Other', 'Other', '654321000' FROM orgs RETURNING id"
    )
    referrer = await owner.fetchval(
        "INSERT INTO sources (org_id, id, name, referrer) "
        "VALUES ($1, gen_random_uuid(), 'Theirs', gen_random_uuid()) RETURNING referrer",
        org_id,
    )
    await owner.close()
    return str(referrer)


def measure(port: int, posts: dict[str, bytes], *, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each answer, by cause."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    times: dict[str, list[float]] = {cause: [] for cause in posts}
    for number in range(WARM_UP + rounds):
        for cause, content in posts.items():
            began = time.perf_counter()
            connection.request("POST", PATH, content, {"Content-Type": "application/json"})
            answer = connection.getresponse().read()
            took = 1e3 * (time.perf_counter() - began)
            assert answer == R4, answer
            if number >= WARM_UP:
                times[cause].append(took)
    return times


def report(times: dict[str, list[float]]) -> None:
    """The middles and the late ones, and how far each middle is from the first."""
    first = statistics.median(next(iter(times.values())))
    print(f"{'R4 for':22} {'n':>6} {'p50 ms':>8} {'p90 ms':>8} {'p50 apart':>10}")
    for cause, found in times.items():
        middle = statistics.median(found)
        late = statistics.quantiles(found, n=10)[-1]
        apart = 100 * (middle - first) / first
        print(f"{cause:22} {len(found):6} {middle:8.3f} {late:8.3f} {apart:+9.1f} %")


if __name__ == "__main__":
    main()
