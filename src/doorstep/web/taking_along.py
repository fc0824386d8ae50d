"""The homeowner's own photos as one file, as they were taken, made while it is sent.

The archive is written piece by piece: however many photos there are, one piece is in memory.
A browser keeps it and opens nothing of it by itself.
"""

import zipfile
from collections.abc import AsyncIterator, Sequence

from litestar import get
from litestar.response import Stream

from doorstep.api.description.calls import CAPTURE, call
from doorstep.captures.model import HOUSE
from doorstep.captures.sessions import CaptureSession, session_scope
from doorstep.kit.storage import Storage
from doorstep.photos import actions as photos
from doorstep.photos.model import Photo
from doorstep.web.services import Services
from doorstep.web.upload_calls import TAG

PATH = "/capture/photos.zip"
MEDIA_TYPE = "application/zip"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Disposition": 'attachment; filename="photos.zip"',
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}
SUFFIXES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
}


@get(PATH, opt=call(TAG, media_type=MEDIA_TYPE, fails=(401, 404), security=CAPTURE))
async def download(services: Services, session: CaptureSession) -> Stream:
    """Every photo and video of the request that can be used, byte for byte as it came."""
    async with session_scope(services.db, session) as scope:
        stored = await photos.photos_of_session(scope, session)
    taken = [photo for photo in stored if photo.state != "rejected"]

    async def pieces() -> AsyncIterator[bytes]:
        async for piece in archive(services.storage, taken):
            yield piece

    return Stream(pieces, media_type=MEDIA_TYPE, headers=HEADERS)


async def archive(storage: Storage, taken: Sequence[Photo]) -> AsyncIterator[bytes]:
    """A ZIP archive without compression: photos and videos are packed already."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as file:  # type: ignore[call-overload]
        for number, photo in enumerate(taken, start=1):
            entry = zipfile.ZipInfo(_name(number, photo))
            entry.external_attr = 0o644 << 16
            with file.open(entry, "w", force_zip64=True) as writing:
                async for piece in storage.stream(photo.original_key):
                    writing.write(piece)
                    yield sink.taken()
            yield sink.taken()
    yield sink.taken()


def _name(number: int, photo: Photo) -> str:
    parts = [photo.structure if photo.structure != HOUSE else None, photo.spot]
    where = "".join(f"-{part}" for part in parts if part)
    return f"{number:03d}{where}.{SUFFIXES[photo.media_type]}"


class _Sink:
    """What an archive writes to when nobody can go back in it."""

    def __init__(self) -> None:
        self._content = bytearray()

    def write(self, content: bytes) -> int:
        self._content += content
        return len(content)

    def flush(self) -> None:
        """Nothing waits here."""

    def taken(self) -> bytes:
        """What was written since the last time."""
        content = bytes(self._content)
        self._content.clear()
        return content


ROUTES = [download]
