"""Files in a local folder or an S3 bucket, one interface; objects are written once.

Local objects are flushed to the disk, with their folder, before `put` returns: what
is reported as stored survives a power cut. What could not be flushed is not there.
"""

import asyncio
import contextlib
import errno
import logging
import os
import re
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError
from obstore.store import LocalStore, S3Store

from doorstep.kit.errors import NoRoom, Unavailable

log = logging.getLogger(__name__)

CHUNK_BYTES = 1 << 20
# The store writes into a file of such a name and renames it when it is whole.
UNFINISHED = re.compile(r"#\d+$")
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
# A larger file is put in parts, which cannot ask for create-only in the same step.
WHOLE_BYTES_MAX = 16 << 20


class Storage:
    """The object store of one installation."""

    def __init__(self, url: str, *, reserve_bytes: int = 0) -> None:
        """`url` is `file:///folder` or `s3://bucket/prefix`.

        Of a local disk, uploads leave `reserve_bytes` to everything else that needs it.
        """
        parts = urlsplit(url)
        self._reserve_bytes = reserve_bytes
        self._root: Path | None = None
        self._store: LocalStore | S3Store
        if parts.scheme == "file":
            self._root = Path(unquote(parts.path))
            self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._store = LocalStore(self._root)
        else:
            self._store = S3Store.from_url(url)

    def room(self) -> int | None:
        """Bytes that uploads may still fill; None where nobody can say."""
        if self._root is None:
            return None
        disk = os.statvfs(self._root)
        return max(0, disk.f_bavail * disk.f_frsize - self._reserve_bytes)

    def require_room(self, size: int) -> None:
        """NoRoom when storing `size` bytes would take what is left for others."""
        room = self.room()
        if room is not None and room < size:
            raise NoRoom

    async def put(self, key: str, content: bytes) -> None:
        """Store `content`, durably; an object that exists already is left as it is."""
        with written():
            with contextlib.suppress(AlreadyExistsError):
                await obstore.put_async(self._store, key, content, mode="create")
            await self._flushed(key)

    async def put_file(self, key: str, path: Path) -> None:
        """Store the file at `path`, as `put` does; a large one never lies in memory as a whole."""
        with written():
            size = (await asyncio.to_thread(path.stat)).st_size
            with contextlib.suppress(AlreadyExistsError):
                if size <= WHOLE_BYTES_MAX:
                    await obstore.put_async(self._store, key, path, mode="create")
                elif not await self._exists(key):
                    await obstore.put_async(self._store, key, path, use_multipart=True)
            await self._flushed(key)

    async def _flushed(self, key: str) -> None:
        """Flush a local object, one that was there before as well: its writer may have died.

        What the disk refused to take is taken away: after a failed flush the system may
        forget the bytes and call the next flush a success.
        """
        if self._root is None:
            return
        try:
            await asyncio.to_thread(_flush, self._root / key, self._root)
        except OSError:
            await self.delete(key)
            raise

    async def _exists(self, key: str) -> bool:
        try:
            await obstore.head_async(self._store, key)
        except (NotFoundError, FileNotFoundError):
            return False
        return True

    async def get(self, key: str) -> bytes:
        """The whole object; FileNotFoundError when there is none."""
        try:
            found = await obstore.get_async(self._store, key)
        except (NotFoundError, FileNotFoundError) as error:
            raise FileNotFoundError(key) from error
        return bytes(await found.bytes_async())

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        """The object in pieces of about 1 MiB; FileNotFoundError when there is none."""
        try:
            found = await obstore.get_async(self._store, key)
        except (NotFoundError, FileNotFoundError) as error:
            raise FileNotFoundError(key) from error
        async for piece in found.stream(min_chunk_size=CHUNK_BYTES):
            yield bytes(piece)

    async def keys(self, prefix: str) -> AsyncIterator[str]:
        """The keys of all objects whose key begins with `prefix`, a folder's name and `/`."""
        async for found in obstore.list(self._store, prefix=prefix):
            for one in found:
                yield one["path"]

    async def delete(self, key: str) -> None:
        """Remove the object if it is there."""
        try:
            await obstore.delete_async(self._store, key)
        except (NotFoundError, FileNotFoundError):
            return

    async def rename(self, key: str, to: str) -> None:
        """Call the object otherwise, if it is there."""
        try:
            await obstore.rename_async(self._store, key, to)
        except (NotFoundError, FileNotFoundError):
            return

    async def folders(self, prefix: str) -> list[str]:
        """The names of what lies directly under `prefix`, a folder."""
        found = await obstore.list_with_delimiter_async(self._store, prefix)
        return [one.rpartition("/")[2] for one in found["common_prefixes"]]

    async def older(self, prefix: str, *, than: datetime) -> AsyncIterator[str]:
        """The keys under `prefix` that were written before that."""
        async for some in obstore.list(self._store, prefix):
            for one in some:
                if one["last_modified"] < than:
                    yield one["path"]

    async def forget_unfinished(self, *, than: datetime) -> int:
        """Remove what a killed process was writing before that, and empty folders; how many.

        No object is ever read under such a name. A bucket does this by a rule of its own.
        """
        if self._root is None:
            return 0
        return await asyncio.to_thread(_forget_unfinished, self._root, than.timestamp())


@contextlib.contextmanager
def written() -> Iterator[None]:
    """A disk that is full or broken, as the caller hears of it."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (OSError, BaseError) as error:
        log.error("the files cannot be written: %s", str(error).partition("\n")[0])  # noqa: TRY400  no traceback
        if _is_full(error):
            raise NoRoom from error
        raise Unavailable("Files cannot be stored just now.", code="files_unavailable") from error


def _is_full(error: Exception) -> bool:
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno in NO_ROOM
    # The store's own errors carry the number in their text only.
    return any(f"(os error {number})" in str(error) for number in NO_ROOM)


def _flush(path: Path, root: Path) -> None:
    """Flush to disk the file and each folder up to the root, so that the name is durable too."""
    for target in (path, *path.parents):
        descriptor = os.open(target, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if target == root:
            return


def _forget_unfinished(root: Path, before: float) -> int:
    removed = 0
    for folder, _, names in os.walk(root, topdown=False):
        here = Path(folder)
        for path in (here / name for name in names if UNFINISHED.search(name)):
            if path.stat().st_mtime < before:
                path.unlink(missing_ok=True)
                removed += 1
        if here != root and here.stat().st_mtime < before:
            # One that is not empty, or is just being used, stays.
            with contextlib.suppress(OSError):
                here.rmdir()
    return removed
