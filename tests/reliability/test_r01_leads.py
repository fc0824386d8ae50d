"""R01: an acknowledged lead is on the disk, whoever is killed. F13: without a database, 503."""

import asyncio
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from doorstep.kit import postgres
from doorstep.wire.captorra.vectors import Ids, example
from tests.processes import until
from tests.serving import Served, serving, start, wait_until_ready

SECONDS = 20
SECONDS_MAX = 240
POSTS_MIN = 500
CLIENTS = 32
SEED = 7


@dataclass
class Durable:
    """A PostgreSQL that may be killed and started again."""

    cluster: postgres.Cluster
    process: subprocess.Popen[bytes]

    def start(self) -> None:
        """Start it on the same folder and wait until it answers."""
        postgres.prepare(self.cluster)
        self.process = launched(self.cluster)

    def kill(self) -> None:
        """No warning and no goodbye."""
        self.process.kill()
        self.process.wait()


def launched(cluster: postgres.Cluster) -> subprocess.Popen[bytes]:
    words = cluster.launched(parent=os.getpid())
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(lambda: cluster.is_ready(process.pid), 60)
    return process


@pytest.fixture
def durable() -> Iterator[Durable]:
    folder = Path(tempfile.mkdtemp(prefix="doorstep-kill-"))
    try:
        cluster = postgres.Cluster(
            folder=folder / "postgres",
            socket_folder=postgres.find_socket_folder(folder),
            binaries=postgres.find_binaries(os.environ.get("DOORSTEP_PG_BIN", "")),
        )
        postgres.prepare(cluster)
        made = Durable(cluster, launched(cluster))
        yield made
        made.process.send_signal(signal.SIGINT)
        made.process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Vendor:
    """Posts one lead after the other and remembers what was promised."""

    url: str
    body: dict[str, str]
    acknowledged: dict[str, str] = field(default_factory=dict)
    failures: int = 0

    async def post(self, *, done: asyncio.Event, number: int) -> None:
        sent = 0
        while not done.is_set():
            sent += 1
            name = f"{number}-{sent}"
            try:
                async with httpx.AsyncClient(timeout=10) as client:
                    while not done.is_set():
                        body = json.dumps({**self.body, "Last": name, "ID": name})
                        answer = await client.post(self.url, content=body)
                        if answer.status_code == 200:
                            self.acknowledged[answer.json()["IntakeID"]] = name
                        else:
                            assert answer.status_code == 503, answer.text
                            assert answer.headers["retry-after"] == "1"
                            self.failures += 1
                            await asyncio.sleep(0.05)
                        sent += 1
                        name = f"{number}-{sent}"
            except httpx.HTTPError:
                self.failures += 1
                await asyncio.sleep(0.05)


async def killing(served: Served, durable: Durable, *, vendor: Vendor) -> dict[str, int]:
    """Kill the database and the web process in turns; how often each.

    It goes on for some seconds, and on a busy machine until enough was posted and killed.
    """
    dice = random.Random(SEED)
    killed = {"web": 0, "postgres": 0}
    began = time.monotonic()
    while (seconds := time.monotonic() - began) < SECONDS_MAX and (
        seconds < SECONDS
        or len(vendor.acknowledged) <= POSTS_MIN
        or killed["web"] == 0
        or killed["postgres"] < 2
    ):
        await asyncio.sleep(dice.uniform(0.5, 1.5))
        if killed["web"] < killed["postgres"]:
            served.process.kill()
            served.process.wait()
            served.process = start(served.port, served.environment)
            await asyncio.to_thread(wait_until_ready, served)
            killed["web"] += 1
        else:
            durable.kill()
            await asyncio.sleep(0.3)
            await asyncio.to_thread(durable.start)
            killed["postgres"] += 1
    return killed


def vendor_of(served: Served) -> Vendor:
    alice = served.cast.alice
    ids = Ids(
        captorra_id=alice.captorra_id,
        referrer=str(alice.referrer),
        case_type=str(alice.case_type),
    )
    return Vendor(url=served.url, body=example(ids))


@pytest.mark.slow
async def test_r01_what_was_acknowledged_is_stored(durable: Durable) -> None:
    async with serving(durable.cluster) as served:
        await served.fetch("UPDATE sources SET posts_per_second_max = 10000")
        vendor = vendor_of(served)
        done = asyncio.Event()
        posting = [vendor.post(done=done, number=number) for number in range(CLIENTS)]
        vendors = asyncio.gather(*posting)
        killed = await killing(served, durable, vendor=vendor)
        done.set()
        await vendors
        rows = await served.fetch(
            "SELECT l.id, l.last_name, p.outcome, e.id IS NOT NULL AS told FROM leads l "
            "JOIN lead_posts p ON p.org_id = l.org_id AND p.id = l.post_id "
            "LEFT JOIN events e ON e.org_id = l.org_id AND e.lead_id = l.id"
        )

    stored = {str(row["id"]): row["last_name"] for row in rows}
    lost = {key: name for key, name in vendor.acknowledged.items() if stored.get(key) != name}
    figure = {"acknowledged": len(vendor.acknowledged), "stored": len(stored), "lost": len(lost)}
    figure |= {**killed, "failed": vendor.failures}
    sys.stdout.write(json.dumps({"id": "R01", "seed": SEED, **figure}) + "\n")
    assert lost == {}
    assert len(vendor.acknowledged) > POSTS_MIN
    assert killed["web"] > 0
    assert killed["postgres"] > 1
    assert vendor.failures > 0, "no kill landed while a post was under way"
    assert all(row["told"] and row["outcome"] == "accepted" for row in rows)


@pytest.mark.slow
async def test_f13_without_a_database_the_answer_is_503(durable: Durable) -> None:
    async with serving(durable.cluster) as served:
        vendor = vendor_of(served)
        body = json.dumps(vendor.body)
        async with httpx.AsyncClient(timeout=20) as client:
            before = await client.post(served.url, content=body)
            durable.kill()
            began = time.monotonic()
            during = await asyncio.gather(
                *(client.post(served.url, content=body) for _ in range(20))
            )
            seconds = time.monotonic() - began
            await asyncio.to_thread(durable.start)
            after = await client.post(served.url, content=body)

    assert before.status_code == 200
    assert {answer.status_code for answer in during} == {503}
    assert {answer.headers["retry-after"] for answer in during} == {"1"}
    assert during[0].json() == {"success": False, "error": "Please try again"}
    assert seconds < 5
    assert after.json() == before.json()
