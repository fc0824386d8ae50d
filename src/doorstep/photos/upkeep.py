"""Housekeeping of stored files, every six hours by one worker.

1. Pieces and half-written files that a killed process left go, once they are so old that
   nobody can be writing them, and only if no upload names them.
2. Uploads that are here and became no photo, and photos that no check has seen, get their
   task again: the disk may have been full for longer than the first one tried.
3. Originals are read and compared with their hashes, each once a week. One that is not what
   was sent is put aside and named, before a model is built of it.
"""

import asyncio
import contextlib
import hashlib
import logging
import shutil
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from doorstep.auth.scopes import task_scope
from doorstep.captures.sessions import CaptureSession
from doorstep.events.actions import record
from doorstep.kit.db import Database, Role
from doorstep.kit.storage import Storage
from doorstep.kit.tasks import enqueue_many
from doorstep.photos import queries, upload_queries
from doorstep.photos.model import DAMAGED, UPLOAD_LIFE, Photo
from doorstep.photos.uploads import ORIGINALS, PIECES, SCRATCH, check_task, compose_task

log = logging.getLogger(__name__)

SWEEP = "photos.sweep"
SWEEP_EVERY = timedelta(hours=6)
LEFTOVER_AGE = 2 * UPLOAD_LIFE
TASK_AGE = timedelta(hours=1)
SCRUB_AGE = timedelta(days=7)
SCRUB_BYTES_MAX = 4 << 30
SCRUB_PHOTOS_MAX = 200
BATCH_KEYS = 500


async def sweep(db: Database, storage: Storage) -> None:
    """Do all of it, if it is due and no other worker has begun it."""
    async with db.transaction(Role.WORKER) as tx:
        now = await upload_queries.claim_upkeep(tx, name=SWEEP, every=SWEEP_EVERY)
    if now is None:
        return
    await forget_leftovers(db, storage, than=now - LEFTOVER_AGE)
    for org_id in await _organizations(storage, ORIGINALS, PIECES):
        await take_up_again(db, org_id=org_id)
    left = SCRUB_BYTES_MAX
    for org_id in await _organizations(storage, ORIGINALS):
        left -= await scrub(db, storage, org_id=org_id, bytes_max=left)


async def forget_leftovers(db: Database, storage: Storage, *, than: datetime) -> None:
    """Remove what was written before `than` and belongs to nothing."""
    for org_id in await _organizations(storage, PIECES):
        keys = [key async for key in storage.older(f"{PIECES}/{org_id}/", than=than)]
        for start in range(0, len(keys), BATCH_KEYS):
            await _forget_unnamed(db, storage, org_id=org_id, keys=keys[start : start + BATCH_KEYS])
    await storage.forget_unfinished(than=than)
    await asyncio.to_thread(_forget_scratch, than.timestamp())


async def take_up_again(db: Database, *, org_id: int) -> None:
    """Ask once more for what should have become a photo, or ready, long ago."""
    async with task_scope(db, org_id=org_id, task=SWEEP) as scope:
        whole = await upload_queries.left_whole(scope, age=TASK_AGE)
        unchecked = await queries.left_unchecked(scope, age=TASK_AGE)
        tasks = [check_task(scope, photo_id) for photo_id in unchecked]
        for row in whole:
            session = CaptureSession(
                org_id=org_id, id=row["session_id"], capture_request_id=row["capture_request_id"]
            )
            tasks.append(compose_task(scope, session, upload_id=row["id"]))
        await enqueue_many(scope.tx, tasks)


async def scrub(db: Database, storage: Storage, *, org_id: int, bytes_max: int) -> int:
    """Compare the originals that waited longest with their hashes; how many bytes were read."""
    async with task_scope(db, org_id=org_id, task=SWEEP) as scope:
        due = await queries.due_for_scrub(scope, age=SCRUB_AGE, rows_max=SCRUB_PHOTOS_MAX)
    read = 0
    for photo in due:
        if read + photo.bytes > bytes_max:
            break
        read += photo.bytes
        if await _is_whole(storage, photo):
            async with task_scope(db, org_id=org_id, task=SWEEP) as scope:
                await queries.note_scrub(scope, photo_id=photo.id)
        else:
            await _lose(db, storage, org_id=org_id, key=photo.original_key)
    return read


async def _organizations(storage: Storage, *folders: str) -> list[int]:
    """Whoever has something in one of these folders of the store."""
    names = {name for folder in folders for name in await storage.folders(folder)}
    return sorted(int(name) for name in names if name.isdecimal())


async def _forget_unnamed(
    db: Database, storage: Storage, *, org_id: int, keys: Sequence[str]
) -> None:
    async with task_scope(db, org_id=org_id, task=SWEEP) as scope:
        used = await upload_queries.keys_in_use(scope, keys=keys)
    for key in keys:
        # A key is used once, so one that no upload names by now is never named again.
        if key not in used:
            await storage.delete(key)


def _forget_scratch(before: float) -> None:
    """What was being joined or looked at on this machine when its process was killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{SCRATCH}*"):
        with contextlib.suppress(OSError):
            if folder.lstat().st_mtime < before:
                shutil.rmtree(folder)


async def _is_whole(storage: Storage, photo: Photo) -> bool:
    digest = hashlib.sha256()
    try:
        async for chunk in storage.stream(photo.original_key):
            digest.update(chunk)
    except FileNotFoundError:
        return False
    return digest.digest() == photo.sha256


async def _lose(db: Database, storage: Storage, *, org_id: int, key: str) -> None:
    """Put the damaged original aside: its place is free for the right bytes."""
    log.error("original %s is not what was stored", key)
    await storage.rename(key, key + DAMAGED)
    async with task_scope(db, org_id=org_id, task=SWEEP) as scope:
        for row in await queries.lose(scope, original_key=key):
            await record(
                scope,
                "photo.lost",
                job_id=row["job_id"],
                capture_request_id=row["capture_request_id"],
                photo_id=str(row["id"]),
            )
