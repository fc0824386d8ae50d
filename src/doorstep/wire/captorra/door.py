"""`POST /api/captorraapi/create`, as a raw ASGI handler on the hot path."""

import asyncio
import logging
import uuid
from collections.abc import Mapping

from asyncpg import InterfaceError, PostgresError
from litestar.types import Receive, Scope, Send

from doorstep.kit.errors import Unavailable
from doorstep.kit.ids import uuid7
from doorstep.leads.intake import Intake
from doorstep.leads.model import Entry, Origin, Post, new_lead
from doorstep.wire.captorra.reading import GUID_UNKNOWN, SYNTAX, Reading, Refusal, read

log = logging.getLogger(__name__)

PATH = "/api/captorraapi/create"
BODY_BYTES_MAX = 256 << 10
BODY_SECONDS_MAX = 20
HEADERS_KEPT_MAX = 40
NOBODY = 0

METHOD = b'{"Message":"The requested resource does not support http method \'%s\'."}'
LATER = b'{"success":false,"error":"Please try again"}'


class Door:
    """The vendors' door of one process."""

    def __init__(self, intake: Intake) -> None:
        """Everything goes through `intake`."""
        self._intake = intake

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; never with a 500."""
        if scope["method"] != "POST":
            await _send(send, 405, METHOD % scope["method"].encode(), allow=True)
            return
        try:
            status, body = await self._answer(scope, receive)
        except (Unavailable, OSError, PostgresError, InterfaceError, TimeoutError) as error:
            log.warning("post not stored: %r", error)
            await _send(send, 503, LATER, retry=True)
            return
        await _send(send, status, body)

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, bytes]:
        body, whole = await asyncio.wait_for(_body(receive), BODY_SECONDS_MAX)
        try:
            if not whole:
                raise Refusal(*SYNTAX)
            reading = read(body)
            origin = await self._intake.origin(
                captorra_id=reading.captorra_id,
                referrer=reading.referrer,
                case_type=reading.case_type,
            )
            if origin is None:
                raise Refusal(*GUID_UNKNOWN)
        except Refusal as refusal:
            await self._intake.write(Entry(post=_post(scope, body, refusal=refusal)))
            return 200 if whole else 413, _failure(refusal.error)
        return 200, await self._accept(scope, body, reading=reading, origin=origin)

    async def _accept(
        self, scope: Scope, body: bytes, *, reading: Reading, origin: Origin
    ) -> bytes:
        lead = new_lead(uuid7(), reading.values, case_type_id=origin.case_type_id)
        written = await self._intake.write(Entry(post=_post(scope, body, origin=origin), lead=lead))
        assert written.lead_id is not None
        return _success(written.lead_id, key=origin.success_key)


def _post(
    scope: Scope, body: bytes, *, origin: Origin | None = None, refusal: Refusal | None = None
) -> Post:
    peer = scope.get("client")
    return Post(
        id=uuid7(),
        org_id=origin.org_id if origin else NOBODY,
        source_id=origin.source_id if origin else None,
        peer=peer[0] if peer else "",
        headers=_headers(scope),
        body=body,
        outcome=refusal.outcome if refusal else "accepted",
        error=refusal.error if refusal else "",
    )


def _headers(scope: Scope) -> Mapping[str, str]:
    kept = scope["headers"][:HEADERS_KEPT_MAX]
    return {
        name.decode("latin-1"): value.decode("latin-1").replace("\x00", "")
        for name, value in kept
        if name not in (b"authorization", b"cookie")
    }


async def _body(receive: Receive) -> tuple[bytes, bool]:
    """The body and whether that is all of it; what is over the limit is not kept."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError
        body += message.get("body", b"")
        if len(body) > BODY_BYTES_MAX:
            return bytes(body[:BODY_BYTES_MAX]), False
        if not message.get("more_body", False):
            return bytes(body), True


def _success(lead_id: uuid.UUID, *, key: str) -> bytes:
    if key == "both":
        return b'{"success":true,"IntakeID":"%b","IntakeId":"%b"}' % ((str(lead_id).encode(),) * 2)
    return b'{"success":true,"%b":"%b"}' % (key.encode(), str(lead_id).encode())


def _failure(error: str) -> bytes:
    return b'{"success":false,"error":"%b"}' % error.encode()


async def _send(
    send: Send, status: int, body: bytes, *, allow: bool = False, retry: bool = False
) -> None:
    headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
    ]
    if allow:
        headers.append((b"allow", b"POST"))
    if retry:
        headers.append((b"retry-after", b"1"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
