"""HTTP to addresses that strangers chose: the egress guard.

1. The URL is parsed once; what is odd in it is refused, never interpreted.
2. The name is resolved once, within two seconds; one forbidden address among the
   answers refuses the whole name, because the next lookup might return just that one.
3. The connection goes to the checked address, with the name in SNI and Host, and the
   peer's address is compared afterwards.
4. No redirects, no proxies, no cookies; the answer is cut at 64 KiB and 15 seconds.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpcore

from doorstep.kit.errors import TransportError
from doorstep.kit.settings import Network
from doorstep.kit.targets import Address, Target, canonical, parse, refusal

SECONDS_MAX = 15.0
CONNECT_SECONDS_MAX = 5.0
RESOLVE_SECONDS_MAX = 2.0
ANSWER_BYTES_MAX = 64 << 10
ADDRESSES_MAX = 4
RESOLVERS_MAX = 32
PORTS = frozenset({443, 8443})

Resolve = Callable[[str], Awaitable[Sequence[Address]]]

# Lookups have threads of their own: a name server that hangs must not stop file access.
_lookups = ThreadPoolExecutor(RESOLVERS_MAX, thread_name_prefix="lookup")


class Refused(TransportError):
    """The guard does not go there; no byte was sent."""

    def __init__(self, code: str, *, answer: str = "") -> None:
        """`code` says which rule."""
        super().__init__(code, permanent=True, answer=answer)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back; `body` is cut at ANSWER_BYTES_MAX."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def resolve_by_system(host: str) -> Sequence[Address]:
    """Every address of the name, as the system's resolver has them."""
    found = await asyncio.get_running_loop().run_in_executor(
        _lookups, lambda: socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    )
    # A scoped address (`fe80::1%eth0`) is judged and dialled without its scope.
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


class Egress:
    """The one way out to addresses that strangers chose."""

    def __init__(
        self,
        *,
        allow: Sequence[Network] = (),
        resolve: Resolve = resolve_by_system,
        tls: ssl.SSLContext | None = None,
        seconds_max: float = SECONDS_MAX,
    ) -> None:
        """`allow` are the operator's networks, which may be private and without TLS."""
        self._allow = tuple(allow)
        self._resolve = resolve
        self._tls = tls
        self._seconds_max = seconds_max

    async def check(self, url: str) -> None:
        """Refused when a POST would be; a name that has no address now may get one later."""
        target = _parsed(url)
        try:
            await self._addresses(target)
        except Refused:
            raise
        except TransportError:
            if target.scheme != "https":
                raise Refused("not_https") from None

    async def reach(self, url: str) -> None:
        """Open a connection to where a POST would go, and close it; raises TransportError."""
        target = _parsed(url)
        addresses = await self._addresses(target)
        try:
            stream = await _Checked(addresses).connect_tcp(
                target.host, target.port, min(CONNECT_SECONDS_MAX, self._seconds_max)
            )
        except httpcore.TimeoutException as error:
            raise TransportError("timeout", permanent=False) from error
        except httpcore.NetworkError as error:
            raise TransportError("connect", permanent=False) from error
        await stream.aclose()

    async def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
        """The answer, whatever its status; raises TransportError when there is none."""
        target = _parsed(url)
        try:
            async with asyncio.timeout(self._seconds_max):
                addresses = await self._addresses(target)
                return await self._exchange(target, addresses, headers=headers, body=body)
        except TimeoutError as error:
            raise TransportError("timeout", permanent=False) from error
        except httpcore.TimeoutException as error:
            raise TransportError("timeout", permanent=False, answer=str(error)) from error
        except httpcore.ConnectError as error:
            raise TransportError(_reason(error), permanent=False, answer=str(error)) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise TransportError("cut", permanent=False, answer=str(error)) from error

    def _tls_context(self) -> ssl.SSLContext:
        # Reading the machine's certificates takes 30 ms; plain HTTP and checking a URL need none.
        self._tls = self._tls or ssl.create_default_context()
        return self._tls

    async def _addresses(self, target: Target) -> Sequence[Address]:
        addresses = [target.literal] if target.literal else await self._resolved(target.host)
        for address in addresses:
            allowed = _within(address, self._allow)
            why = None if allowed else refusal(address)
            if why:
                raise Refused(why, answer=str(address))
            if not allowed and target.scheme != "https":
                raise Refused("not_https")
            if not allowed and target.port not in PORTS:
                raise Refused("port_not_allowed", answer=str(target.port))
        return addresses[:ADDRESSES_MAX]

    async def _resolved(self, host: str) -> list[Address]:
        try:
            async with asyncio.timeout(RESOLVE_SECONDS_MAX):
                found = await self._resolve(host)
        except TimeoutError as error:
            raise TransportError("dns_timeout", permanent=False) from error
        except (OSError, UnicodeError) as error:
            raise TransportError("dns", permanent=False, answer=str(error)) from error
        if not found:
            raise TransportError("dns", permanent=False, answer="no address")
        return list(dict.fromkeys(canonical(address) for address in found))

    async def _exchange(
        self,
        target: Target,
        addresses: Sequence[Address],
        *,
        headers: Mapping[str, str],
        body: bytes,
    ) -> Answer:
        url = httpcore.URL(
            scheme=target.scheme.encode(),
            host=target.host.encode(),
            port=target.port,
            target=target.path.encode(),
        )
        lines = {"Host": target.authority, "Connection": "close", **headers}
        timeouts = dict.fromkeys(("read", "write", "pool"), self._seconds_max)
        pool = httpcore.AsyncConnectionPool(
            ssl_context=self._tls_context() if target.scheme == "https" else None,
            network_backend=_Checked(addresses),
            max_connections=1,
        )
        async with (
            pool,
            pool.stream(
                "POST",
                url,
                headers=list(lines.items()),
                content=body,
                extensions={"timeout": {**timeouts, "connect": CONNECT_SECONDS_MAX}},
            ) as response,
        ):
            return Answer(
                status=response.status,
                headers={
                    k.decode("latin-1").lower(): v.decode("latin-1") for k, v in response.headers
                },
                body=await _read(response),
            )


class _Checked(httpcore.AsyncNetworkBackend):
    """Dials the checked addresses, whatever the name resolves to by now."""

    def __init__(self, addresses: Sequence[Address]) -> None:
        self._addresses = addresses
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(  # allow: sizes httpcore names and orders these
        self,
        host: str,  # noqa: ARG002  the name was resolved and checked
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's own word
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        failure: Exception | None = None
        for address in self._addresses:
            try:
                stream = await self._backend.connect_tcp(
                    str(address), port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            peer = stream.get_extra_info("server_addr")
            if peer is None or _peer_address(peer) != address:
                await stream.aclose()
                raise Refused("wrong_peer", answer=str(peer))
            return stream
        assert failure is not None
        raise failure

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


async def _read(response: httpcore.Response) -> bytes:
    parts, size = [], 0
    async for part in response.aiter_stream():
        parts.append(part)
        size += len(part)
        if size >= ANSWER_BYTES_MAX:
            break
    return b"".join(parts)[:ANSWER_BYTES_MAX]


def _parsed(url: str) -> Target:
    try:
        return parse(url)
    except ValueError as error:
        raise Refused("bad_url", answer=str(error)) from error


def _within(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)


def _peer_address(peer: Sequence[Any]) -> Address:
    return ipaddress.ip_address(str(peer[0]).partition("%")[0])


def _reason(error: httpcore.ConnectError) -> str:
    causes: list[BaseException | None] = [error, error.__cause__, error.__context__]
    return "tls" if any(isinstance(cause, ssl.SSLError) for cause in causes) else "connect"
