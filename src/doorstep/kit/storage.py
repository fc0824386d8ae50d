"""Files in a local folder or an S3 bucket, one interface; objects are written once.

Local objects are flushed to the disk, with their folder, before `put` returns: what
is reported as stored survives a power cut.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, NotFoundError
from obstore.store import LocalStore, S3Store

CHUNK_BYTES = 1 << 20
# A larger file is put in parts, which cannot ask for create-only in the same step.
WHOLE_BYTES_MAX = 16 << 20


class Storage:
    """The object store of one installation."""

    def __init__(self, url: str) -> None:
        """`url` is `file:///folder` or `s3://bucket/prefix`."""
        parts = urlsplit(url)
        self._root: Path | None = None
        self._store: LocalStore | S3Store
        if parts.scheme == "file":
            self._root = Path(unquote(parts.path))
            self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._store = LocalStore(self._root)
        else:
            self._store = S3Store.from_url(url)

    async def put(self, key: str, content: bytes) -> None:
        """Store `content`, durably; an object that exists already is left as it is."""
        try:
            await obstore.put_async(self._store, key, content, mode="create")
        except AlreadyExistsError:
            return
        if self._root is not None:
            await asyncio.to_thread(_flush, self._root / key, self._root)

    async def put_file(self, key: str, path: Path) -> None:
        """Store the file at `path`, as `put` does; a large one never lies in memory as a whole."""
        try:
            size = (await asyncio.to_thread(path.stat)).st_size
            if size <= WHOLE_BYTES_MAX:
                await obstore.put_async(self._store, key, path, mode="create")
            elif await self._exists(key):
                return
            else:
                await obstore.put_async(self._store, key, path, use_multipart=True)
        except AlreadyExistsError:
            return
        if self._root is not None:
            await asyncio.to_thread(_flush, self._root / key, self._root)

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

    async def delete(self, key: str) -> None:
        """Remove the object if it is there."""
        try:
            await obstore.delete_async(self._store, key)
        except (NotFoundError, FileNotFoundError):
            return


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
