"""R09, R10, F36 to F38, F48: whatever the network and the servers do, every byte arrives once.

Two tabs of one phone send the same photos over a network that cuts, resets, swallows answers
and slices, to two web processes that are killed in the middle of pieces.
"""

import asyncio
import hashlib
import json
import random
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import httpx
import pytest

from doorstep.auth.scopes import open_scope
from doorstep.kit import db as database
from doorstep.photos import queries, upload_queries
from doorstep.photos.tasks import HANDLERS
from doorstep.web.services import Services, services_on
from tests.capturing import PIECE, TUS, Phone, ask, checksum, metadata, path_of, photo
from tests.cast import STAGE, Cast, gather
from tests.faulty import HOST, Network, network
from tests.photos.test_upload_kill import Machine, answering, machine

__all__ = ["machine"]

pytestmark = pytest.mark.slow

SEED = 5
PIECE_BYTES = 64 << 10
PHOTO_BYTES = 8 * PIECE_BYTES
FAULTS = {"pass": 10, "slice": 3, "cut": 5, "reset": 4, "swallow": 5, "kill": 2}
SECONDS_MAX = 200
ANSWER_SECONDS_MAX = 20


@dataclass
class Servers:
    """Web processes on one database; one that is killed is started again."""

    machine: Machine
    stack: ExitStack
    running: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)
    kills: int = 0

    def start(self, port: int) -> None:
        """A process on this port."""
        here = replace(self.machine, port=port)
        self.running[port] = self.stack.enter_context(here.web())

    async def kill(self, port: int) -> None:
        """As a power cut would."""
        self.kills += 1
        self.running[port].kill()
        await asyncio.to_thread(self.running[port].wait)
        self.start(port)


@dataclass
class Tab:
    """One open page: sends files piece by piece, and asks again after anything."""

    network: Network
    cookie: dict[str, str]
    sent: int = 0
    wrong_offsets: int = 0

    async def ask(self, method: str, path: str, **more: object) -> httpx.Response | None:
        """The answer, on a connection of its own; None when the network lost it."""
        headers = {**self.cookie, **TUS, **more.pop("headers", {}), "Connection": "close"}  # type: ignore[dict-item]
        url = f"http://{HOST}:{self.network.port}{path}"
        async with httpx.AsyncClient(timeout=ANSWER_SECONDS_MAX) as client:
            try:
                return await client.request(method, url, headers=headers, **more)  # type: ignore[arg-type]
            except httpx.TransportError:
                return None

    async def upload(self, content: bytes) -> None:
        """Until the server says that all of it is there."""
        if hashlib.sha256(content).hexdigest() in await self.known():
            return
        location = await self.create(content)
        safe = 0
        while True:
            known = await self.ask("HEAD", location)
            if known is None or known.status_code != 200:
                await asyncio.sleep(0.05)
                continue
            offset = int(known.headers["upload-offset"])
            assert safe <= offset <= len(content), "what was reported as stored is gone"
            if offset == len(content):
                return
            piece = content[offset : offset + PIECE_BYTES]
            self.sent += len(piece)
            headers = {**PIECE, **checksum(piece), "Upload-Offset": str(offset)}
            answer = await self.ask("PATCH", location, headers=headers, content=piece)
            if answer is not None and answer.status_code == 204:
                safe = int(answer.headers["upload-offset"])
                assert safe == offset + len(piece)
            elif answer is not None:
                # The other tab was faster, or the piece was cut before it was whole.
                assert answer.status_code in (408, 409, 460), answer.text
                self.wrong_offsets += answer.status_code == 409

    async def known(self) -> list[str]:
        """SHA-256 of what the server says it has."""
        while True:
            answer = await self.ask("GET", "/capture/state")
            if answer is not None:
                return [one["sha256"] for one in answer.json()["photos"]]
            await asyncio.sleep(0.1)

    async def create(self, content: bytes) -> str:
        """Announce the file until somebody hears it."""
        told = metadata(sha256=hashlib.sha256(content).hexdigest(), filename="IMG_0001.jpg")
        headers = {"Upload-Length": str(len(content)), "Upload-Metadata": told}
        while True:
            answer = await self.ask("POST", "/capture/uploads", headers=headers)
            if answer is not None and answer.status_code == 201:
                return str(answer.headers["location"])
            await asyncio.sleep(0.1)

    async def finish(self, *contents: bytes) -> httpx.Response:
        """Name these files."""
        body = {
            "photos": [
                {"sha256": hashlib.sha256(one).hexdigest(), "size": len(one)} for one in contents
            ]
        }
        while True:
            answer = await self.ask("POST", "/capture/finish", json=body)
            if answer is not None:
                return answer
            await asyncio.sleep(0.1)


@dataclass
class Scene:
    """A request, its phone, two servers and the network between them."""

    servers: Servers
    network: Network
    services: Services
    cast: Cast
    request_id: int
    cookie: dict[str, str]

    async def stored(self) -> list[str]:
        """SHA-256 of what lies in the store, read from there, for each photo row."""
        async with open_scope(self.services.db, org_id=self.cast.alice.org_id, actor=STAGE) as at:
            rows = await queries.hashes_of_request(at, capture_request_id=self.request_id)
        found = []
        for row in rows:
            key = f"originals/{self.cast.alice.org_id}/{row['sha256'].hex()}"
            content = await self.services.storage.get(key)
            assert hashlib.sha256(content).digest() == row["sha256"]
            found.append(row["sha256"].hex())
        return sorted(found)


@asynccontextmanager
async def scene(machine: Machine) -> AsyncIterator[Scene]:
    """Everything runs and the phone's owner has pressed Start."""
    with socket.create_server((HOST, 0)) as one:
        other = one.getsockname()[1]
    pools = await database.connect(machine.settings.database_url)
    services, cast = services_on(machine.settings, pools), await gather(pools)
    request = await ask(pools, cast.alice)
    with ExitStack() as stack:
        servers = Servers(machine, stack)
        for port in (machine.port, other):
            servers.start(port)
        async with network(machine.port, other) as lossy:
            lossy.kill = servers.kill
            for port in servers.running:
                async with answering(replace(machine, port=port)) as client:
                    phone = Phone(client, path_of(services, request))
                    if port == other:
                        await phone.start()
            yield Scene(servers, lossy, services, cast, request.id, phone.cookie)
    await pools.close()


async def test_r09_r10_two_tabs_two_servers_and_a_bad_network_lose_nothing(
    machine: Machine,
) -> None:
    photos = [photo(n) + random.Random(n).randbytes(PHOTO_BYTES) for n in range(4)]
    async with scene(machine) as at, asyncio.timeout(SECONDS_MAX):
        plan = [name for name, number in FAULTS.items() for _ in range(number)]
        random.Random(SEED).shuffle(plan)
        at.network.plan = plan
        first, second = (Tab(at.network, at.cookie) for _ in range(2))
        assert (await first.finish(*photos)).json()["errors"]["missing"] == [
            hashlib.sha256(one).hexdigest() for one in photos
        ]
        await asyncio.gather(send_all(first, photos[:3]), send_all(second, photos[2::-1]))
        await first.upload(photos[2])

        # One is on the phone still: the answer names it, and nothing is closed.
        await settle(at)
        answer = await second.finish(*photos)
        assert answer.status_code == 409
        assert answer.json()["errors"]["missing"] == [hashlib.sha256(photos[3]).hexdigest()]
        await second.upload(photos[3])
        assert plan == []
        await settle(at)
        assert await at.stored() == sorted(hashlib.sha256(one).hexdigest() for one in photos)

        # Eight tabs press the button at once: one ends it, and nobody hears that it failed.
        tabs = [Tab(at.network, at.cookie) for _ in range(8)]
        answers = [
            one.status_code for one in await asyncio.gather(*(t.finish(*photos) for t in tabs))
        ]
        assert sorted(answers) == [200, *[409] * 7]
        assert at.servers.kills >= 1
        figures(at, first, second, length=sum(map(len, photos)))


async def send_all(tab: Tab, contents: list[bytes]) -> None:
    """One after the other, as a page does with its shelf."""
    for content in contents:
        await tab.upload(content)


async def settle(at: Scene) -> None:
    """A process that died while it joined the pieces left that to the task; this is the worker."""
    async with open_scope(at.services.db, org_id=at.cast.alice.org_id, actor=STAGE) as scope:
        rows = await upload_queries.left_whole(scope, age=timedelta(0))
    for row in rows:
        payload = {
            "org_id": at.cast.alice.org_id,
            "upload_id": str(row["id"]),
            "session_id": str(row["session_id"]),
            "capture_request_id": row["capture_request_id"],
        }
        await HANDLERS["photos.compose"](at.services.db, payload, storage=at.services.storage)


def figures(at: Scene, *tabs: Tab, length: int) -> None:
    """What it cost: each fault may cost the piece that it hit, a kill also the other tab's."""
    landed, resent = at.network.landed, sum(tab.sent for tab in tabs) - length
    hits = sum(number for name, number in landed.items() if name not in ("pass", "slice"))
    beaten = sum(tab.wrong_offsets for tab in tabs)
    told = {"kills": at.servers.kills, "faults": landed, "bytes": length, "sent again": resent}
    told["beaten by the other tab"] = beaten
    sys.stdout.write(json.dumps({"id": "R09", "seed": SEED, **told}) + "\n")
    assert resent <= (hits + at.servers.kills + beaten) * PIECE_BYTES
