"""A network that loses things: a TCP proxy of ours that does to each request what it is told."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

HOST = "127.0.0.1"
CHUNK_BYTES = 16 << 10
SLICE_BYTES = 700
# Closing with this option set sends a reset instead of an end.
RESET = struct.pack("ii", 1, 0)


@dataclass
class Network:
    """What lies between phones and servers; each connection carries one request."""

    servers: list[int]
    port: int = 0
    plan: list[str] = field(default_factory=list)
    """What happens to the next uploads of a piece, the last first: pass, slice, swallow, or cut,
    reset, kill after half of it; `cut:0.01` after another share."""
    kill: Callable[[int], Awaitable[None]] | None = None
    landed: dict[str, int] = field(default_factory=dict)
    turn: int = 0
    open: set[asyncio.Task[None]] = field(default_factory=set)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of a phone."""
        this = asyncio.current_task()
        assert this is not None
        self.open.add(this)
        this.add_done_callback(self.open.discard)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            async with closing(writer):
                await self._request(reader, writer)

    async def _request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        fault = self.plan.pop() if head.startswith(b"PATCH ") and self.plan else "pass"
        fault, _, share = fault.partition(":")
        self.landed[fault] = self.landed.get(fault, 0) + 1
        server, inward, outward = await self._connect()
        async with closing(outward):
            outward.write(head)
            through = float(share or 0.5) if fault in ("cut", "reset", "kill") else 1
            left = int(length_of(head) * through)
            size = SLICE_BYTES if fault == "slice" else CHUNK_BYTES
            while left and (chunk := await reader.read(min(left, size))):
                left -= len(chunk)
                outward.write(chunk)
                await outward.drain()
            if fault == "kill" and self.kill is not None:
                await self.kill(server)
            elif fault == "reset":
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, RESET
                )
            elif fault == "swallow":
                # The server has answered; the phone never hears of it.
                await inward.readuntil(b"\r\n\r\n")
            elif fault != "cut":
                while answer := await inward.read(CHUNK_BYTES):
                    writer.write(answer)
                    await writer.drain()

    async def _connect(self) -> tuple[int, asyncio.StreamReader, asyncio.StreamWriter]:
        """To one of the servers in turn, the next one when it is not there."""
        for _ in self.servers:
            self.turn += 1
            server = self.servers[self.turn % len(self.servers)]
            with contextlib.suppress(OSError):
                return server, *await asyncio.open_connection(HOST, server)
        raise ConnectionError


@asynccontextmanager
async def closing(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    """Close it whatever happens, also when its other end has gone."""
    try:
        yield
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def length_of(head: bytes) -> int:
    """The body's length, by the head of a request."""
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


@asynccontextmanager
async def network(*servers: int) -> AsyncIterator[Network]:
    """A network before these ports."""
    made = Network(list(servers))
    listening = await asyncio.start_server(made.carry, HOST, 0)
    made.port = listening.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        listening.close()
        for connection in made.open:
            connection.cancel()
        await asyncio.gather(*made.open, return_exceptions=True)
