"""What the vendors' doors share: the body within its limits, the headers worth keeping, the peer."""

import asyncio
from collections.abc import Mapping
from typing import Any

from litestar.types import HTTPScope as Scope
from litestar.types import Receive

BODY_BYTES_MAX = 256 << 10
BODY_SECONDS_MAX = 20
HEADERS_KEPT_MAX = 40
SIGNATURE = b"x-doorstep-signature"
SECRET_HEADERS = frozenset((b"authorization", b"cookie", SIGNATURE))
OWN_HEADERS = frozenset((b"released-from", b"replayed-from"))
"""Under these names the journal says where a post comes from: no sender may."""


class TooSlow(Exception):
    """The body did not come in its time."""


async def body_of(receive: Receive) -> tuple[bytes, bool]:
    """The body and whether that is all of it; what is over the limit is not kept."""
    try:
        async with asyncio.timeout(BODY_SECONDS_MAX):
            return await _body(receive)
    except TimeoutError:
        raise TooSlow from None


def header(scope: Scope, name: bytes) -> bytes:
    """The first header of this name; empty when there is none."""
    for key, value in scope["headers"]:
        if key == name:
            return value
    return b""


def peer_of(scope: Scope) -> str:
    """The client's address."""
    client = scope.get("client")
    return client[0] if client else ""


def kept_headers(scope: Scope) -> Mapping[str, str]:
    """The headers for the journal, without what is secret and what only we say."""
    return {
        name.decode("latin-1"): value.decode("latin-1").replace("\x00", "")
        for name, value in list(scope["headers"])[:HEADERS_KEPT_MAX]
        if name not in SECRET_HEADERS and name not in OWN_HEADERS
    }


async def _body(receive: Receive) -> tuple[bytes, bool]:
    body = b""
    while True:
        message: Any = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError
        body += message.get("body", b"")
        if len(body) > BODY_BYTES_MAX:
            return body[:BODY_BYTES_MAX], False
        if not message.get("more_body", False):
            return body, True
