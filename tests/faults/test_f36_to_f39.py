"""Faults of uploads on a real server: cut connections, two senders, half-open ones."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from doorstep.captures.links import link_for
from doorstep.kit import db as database
from doorstep.kit.signing import Signer
from tests.capturing import PIECE, TUS, Phone, ask, checksum, photo
from tests.faulty import HOST, Network, network
from tests.serving import Served

CONTENT = photo(1, width=1600, height=1200)


@pytest.fixture
async def lossy(served: Served) -> AsyncIterator[Network]:
    """The network before the server."""
    async with network(served.port) as made:
        yield made


@pytest.fixture
async def phone(served: Served, lossy: Network) -> AsyncIterator[Phone]:
    """A phone on that network whose owner pressed Start."""
    pools = await database.connect(served.environment["DOORSTEP_DATABASE_URL"])
    request = await ask(pools, served.cast.alice)
    await pools.close()
    path = link_for(
        Signer(served.environment["DOORSTEP_SECRET_KEY"]),
        "",
        request_id=request.id,
        identifier=request.identifier,
        version=request.link_version,
    )
    base, close = f"http://{HOST}:{lossy.port}", {"Connection": "close"}
    async with httpx.AsyncClient(base_url=base, headers=close, timeout=20) as client:
        made = Phone(client, path)
        await made.start()
        yield made


async def test_f36_cut_at_any_point_the_rest_is_enough(phone: Phone, lossy: Network) -> None:
    location = (await phone.create(len(CONTENT))).headers["location"]
    lossy.plan = ["swallow", "cut:0.999", "reset:0.5", "cut:0.01"]
    cuts = 0
    while (offset := await stands(phone, location)) < len(CONTENT):
        try:
            answer = await phone.send(location, CONTENT[offset:], offset=offset)
            # What had been cut was still on its way when the phone asked.
            assert answer.status_code in (204, 409)
        except httpx.TransportError:
            cuts += 1
    assert (cuts, lossy.plan) == (4, [])
    await phone.has(CONTENT)


async def stands(phone: Phone, location: str) -> int:
    """How much is there by now."""
    return int((await phone.offset(location)).headers["upload-offset"])


async def test_f37_f38_two_senders_and_one_that_has_gone_silent(
    phone: Phone, served: Served
) -> None:
    location = (await phone.create(len(CONTENT))).headers["location"]
    piece = CONTENT[:9000]
    both = [phone.send(location, piece, headers=checksum(piece)) for _ in range(2)]
    assert sorted(one.status_code for one in await asyncio.gather(*both)) == [204, 409]

    # The phone has left the network in the middle of a piece, and nobody told the server.
    headers = {**TUS, **PIECE, **phone.cookie, **checksum(CONTENT[9000:]), "Upload-Offset": "9000"}
    lines = [f"{name}: {value}" for name, value in headers.items()]
    head = [f"PATCH {location} HTTP/1.1", "Host: x", *lines]
    head.append(f"Content-Length: {len(CONTENT) - 9000}")
    with socket.create_connection((HOST, served.port)) as silent:
        silent.sendall("\r\n".join([*head, "", ""]).encode() + CONTENT[9000:20_000])
        async with asyncio.timeout(2):
            answer = await phone.offset(location)
        assert answer.headers["upload-offset"] == "9000"
        assert (await phone.send(location, CONTENT[9000:], offset=9000)).status_code == 204
        await phone.has(CONTENT)
        # It comes back and sends the rest of its piece: too late, and nothing changes.
        silent.sendall(CONTENT[20_000:])
        assert silent.recv(20).startswith(b"HTTP/1.1 409")

    beyond = await phone.send(location, b"x", offset=len(CONTENT) + 1)
    grown = await phone.send(
        location, b"x", offset=len(CONTENT), headers={"Upload-Length": str(len(CONTENT) + 1)}
    )
    assert (beyond.status_code, grown.status_code) == (409, 413)
    await phone.has(CONTENT)


async def test_s05_s07_neither_link_nor_cookie_is_kept_anywhere(
    phone: Phone, served: Served
) -> None:
    """What opens a house is in no row and in no line of the log."""
    await phone.upload(CONTENT)
    assert (await phone.client.get(phone.path)).status_code == 200
    assert (await phone.client.get("/c/" + "0" * 28)).status_code == 404
    link, cookie = phone.path.removeprefix("/c/"), phone.cookie["Cookie"].partition("=")[2]
    secrets = [link[6:], cookie, cookie.rpartition("_")[2]]
    log = (Path(served.environment["DOORSTEP_DATA"]) / "web.log").read_text()
    assert not [one for one in secrets if one in log]
    tables = await served.fetch(
        "SELECT oid::regclass::text AS name FROM pg_class "
        "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    assert len(tables) > 50
    looked = " UNION ALL ".join(
        f"SELECT '{one['name']}' AS name FROM {one['name']} AS t WHERE t::text LIKE ANY ($1)"
        for one in tables
    )
    needles = [*secrets, *(one.encode().hex() for one in secrets)]
    assert await served.fetch(looked, [f"%{one}%" for one in needles]) == []
