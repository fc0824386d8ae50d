"""The body of a tus PATCH: streamed under a byte cap and a least speed, checked or in pieces."""

import asyncio
import base64
import binascii
import hashlib
import hmac
from collections.abc import AsyncIterator

from doorstep.kit.errors import AppError, BadRequest, TooLarge
from doorstep.photos.model import CHECKED_BODY_BYTES_MAX, PIECE_BYTES_MAX
from doorstep.web.doors import AnyRequest

ALGORITHMS = {"sha256": hashlib.sha256, "sha1": hashlib.sha1}

# A sender that stalls holds a connection: after the grace it must bring this many bytes.
GRACE_SECONDS = 10
BYTES_PER_SECOND_MIN = 8 << 10


class CutOff(AppError):
    """The sender hung up or stalled in the middle of a piece."""

    status = 408
    code = "cut_off"
    text = "The piece did not arrive in time."


class ChecksumMismatch(AppError):
    """The piece was changed on its way; it is dropped."""

    status = 460
    code = "checksum_mismatch"
    text = "The piece does not match its checksum; send it again."


async def checked(request: AnyRequest, *, checksum: str, bytes_max: int) -> AsyncIterator[bytes]:
    """The whole body, once, if its checksum is right."""
    name, _, encoded = checksum.partition(" ")
    if name not in ALGORITHMS:
        raise BadRequest(f"Checksums are {' or '.join(ALGORITHMS)}.", code="unknown_checksum")
    try:
        expected = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise BadRequest("The checksum is not base64.", code="unknown_checksum") from error
    content = bytearray()
    async for chunk in _chunks(request):
        content += chunk
        if len(content) > CHECKED_BODY_BYTES_MAX:
            raise TooLarge(f"A checked piece has {CHECKED_BODY_BYTES_MAX >> 20} MiB at most.")
        _refuse_beyond(len(content), bytes_max)
    if not hmac.compare_digest(ALGORITHMS[name](content).digest(), expected):
        raise ChecksumMismatch
    if content:
        yield bytes(content)


async def in_pieces(request: AnyRequest, *, bytes_max: int) -> AsyncIterator[bytes]:
    """The body in pieces; what came before a cut is kept, so that it need not be sent again."""
    content, total = bytearray(), 0
    try:
        async for chunk in _chunks(request):
            total += len(chunk)
            _refuse_beyond(total, bytes_max)
            content += chunk
            if len(content) >= PIECE_BYTES_MAX:
                yield bytes(content)
                content.clear()
    except CutOff:
        if content:
            yield bytes(content)
        raise
    if content:
        yield bytes(content)


async def _chunks(request: AnyRequest) -> AsyncIterator[bytes]:
    """The body as it arrives; a sender that stalls is cut off."""
    clock = asyncio.get_running_loop().time
    deadline, more = clock() + GRACE_SECONDS, True
    while more:
        try:
            event = await asyncio.wait_for(request.receive(), max(0, deadline - clock()))
        except TimeoutError as error:
            raise CutOff from error
        if event["type"] != "http.request":
            raise CutOff
        body: bytes = event["body"]
        more = event["more_body"]
        deadline += len(body) / BYTES_PER_SECOND_MIN
        yield body


def _refuse_beyond(received: int, bytes_max: int) -> None:
    if received > bytes_max:
        raise TooLarge("The piece reaches beyond the announced length.", code="beyond_length")
