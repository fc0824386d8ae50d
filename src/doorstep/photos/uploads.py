"""Files on their way in: tus 1.0 with the offset in PostgreSQL and each piece an object.

1. `create` makes an empty upload under the caps of its request.
2. `append` stores a piece durably, then moves the offset by compare-and-set: what is
   reported as received is on the disk, and of two senders of one piece one wins.
3. `compose` joins the pieces into one content-addressed original and makes the photo.
   It may run twice and in two processes at once; both come to the same result.
"""

import hashlib
import secrets
import tempfile
import uuid
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import asyncpg

from doorstep.auth.scopes import task_scope
from doorstep.captures.sessions import CaptureSession, lock_open, session_scope
from doorstep.jobs import change_queries as job_rows
from doorstep.kit import crash
from doorstep.kit.db import Database
from doorstep.kit.errors import Conflict, Gone, NotFound, TooLarge, TooMany
from doorstep.kit.ids import uuid7
from doorstep.kit.storage import Storage, written
from doorstep.kit.tasks import Task, enqueue_many
from doorstep.orgs.model import OrgScope
from doorstep.photos import queries, upload_queries
from doorstep.photos.model import (
    BYTES_MAX,
    BYTES_PER_REQUEST_MAX,
    IDLE_UPLOAD_AGE,
    MAGIC_BYTES,
    OPEN_UPLOADS_MAX,
    PHOTOS_PER_REQUEST_MAX,
    SEQUENCE_STEP,
    UPLOAD_LIFE,
    NewUpload,
    Photo,
    Upload,
    media_type_of,
    problem_of_type,
)

CHECK = "photos.check"
COMPOSE = "photos.compose"
COMPOSE_DELAY = timedelta(seconds=20)
EXPIRE = "photos.expire"
PIECES, ORIGINALS = "pieces", "originals"
SCRATCH = "doorstep-photos-"


async def create(scope: OrgScope, session: CaptureSession, *, new: NewUpload) -> uuid.UUID:
    """A new upload's id; TooLarge or TooMany with the number that was passed.

    A phone that announces the same bytes again never heard the first answer: it goes on
    with the upload that is there.
    """
    await lock_open(scope, session)
    there = await upload_queries.find_claimed(scope, session_id=session.id, new=new)
    if there is not None:
        if there["full"]:
            # Everything is here and no photo: the disk was full for longer than the task tried.
            await enqueue_many(scope.tx, [compose_task(scope, session, upload_id=there["id"])])
        return uuid.UUID(str(there["id"]))
    if new.length > BYTES_MAX[new.kind]:
        raise TooLarge(f"A {new.kind} may have {BYTES_MAX[new.kind] >> 20} MB at most.")
    await _refuse_over_caps(scope, session, length=new.length)
    upload_id = uuid7()
    await upload_queries.insert(
        scope,
        upload_id=upload_id,
        capture_request_id=session.capture_request_id,
        session_id=session.id,
        new=new,
        life=UPLOAD_LIFE,
    )
    await enqueue_many(scope.tx, [_expire_task(scope, session)])
    return upload_id


async def find(scope: OrgScope, session: CaptureSession, *, upload_id: uuid.UUID) -> Upload:
    """An upload of the session's request; NotFound for another's, Gone when it has ended."""
    upload = await upload_queries.find(
        scope, capture_request_id=session.capture_request_id, upload_id=upload_id
    )
    if upload is None:
        raise NotFound
    # One that is here as a whole and no photo yet does not end: only we are late.
    given_up = upload.state == "open" and upload.expired and upload.received < upload.length
    if upload.state == "terminated" or given_up:
        raise Gone("This upload has ended; start it again.", code="upload_ended")
    return upload


async def append(
    db: Database, storage: Storage, *, session: CaptureSession, upload: Upload, content: bytes
) -> int:
    """Store the next piece; the new offset. Conflict when somebody else was faster."""
    start, end = upload.received, upload.received + len(content)
    key = f"{PIECES}/{session.org_id}/{upload.id}/{start}-{secrets.token_hex(6)}"
    storage.require_room(len(content))
    await storage.put(key, content)
    crash.point("upload.after_piece")
    async with session_scope(db, session) as scope:
        moved = await upload_queries.advance(
            scope,
            upload_id=upload.id,
            start=start,
            length=len(content),
            key=key,
            life=UPLOAD_LIFE,
        )
        if moved and end == upload.length:
            task = compose_task(scope, session, upload_id=upload.id)
            await enqueue_many(scope.tx, [task])
    if not moved:
        await storage.delete(key)
        raise Conflict("Another piece arrived at this place first.", code="wrong_offset")
    return end


async def terminate(scope: OrgScope, session: CaptureSession, *, upload_id: uuid.UUID) -> list[str]:
    """End an upload; the keys of its pieces, to be deleted when this is committed.

    One that is stored already stays stored.
    """
    upload = await find(scope, session, upload_id=upload_id)
    return await _end(scope, upload_id=upload.id)


async def expire(db: Database, storage: Storage, *, org_id: int, capture_request_id: int) -> bool:
    """End what nobody continued and forget its pieces; whether some uploads are still open."""
    async with task_scope(db, org_id=org_id, task=EXPIRE) as scope:
        old = await upload_queries.expired(scope, capture_request_id=capture_request_id)
        keys = [key for one in old for key in await _end(scope, upload_id=one)]
        totals = await upload_queries.totals(scope, capture_request_id=capture_request_id)
    for key in keys:
        await storage.delete(key)
    return bool(totals["open"])


async def compose(
    db: Database, storage: Storage, *, session: CaptureSession, upload: Upload
) -> None:
    """Make one original, and a photo, of an upload of which everything has arrived."""
    async with session_scope(db, session) as scope:
        pieces = await upload_queries.pieces(scope, upload_id=upload.id)
    if not pieces:
        return  # Another process was faster: the pieces are gone because the photo is there.
    with written(), tempfile.TemporaryDirectory(prefix=SCRATCH) as folder:
        whole = Path(folder, "whole")
        try:
            sha256, start = await _join(storage, pieces, into=whole)
        except FileNotFoundError:
            async with session_scope(db, session) as scope:
                settled = await find(scope, session, upload_id=upload.id)
            if settled.state == "open":
                raise
            return
        key = f"{ORIGINALS}/{session.org_id}/{sha256.hex()}"
        await storage.put_file(key, whole)
    async with session_scope(db, session) as scope:
        await _make_photo(scope, upload=upload, sha256=sha256, start=start, key=key)
    for piece in pieces:
        await storage.delete(piece["key"])


async def _refuse_over_caps(scope: OrgScope, session: CaptureSession, *, length: int) -> None:
    request_id = session.capture_request_id
    totals = await upload_queries.totals(scope, capture_request_id=request_id)
    if totals["files"] >= PHOTOS_PER_REQUEST_MAX:
        raise TooLarge(f"One link takes {PHOTOS_PER_REQUEST_MAX} files.", code="too_many_files")
    if totals["bytes"] + length > BYTES_PER_REQUEST_MAX:
        raise TooLarge(f"One link takes {BYTES_PER_REQUEST_MAX >> 30} GB.", code="too_many_bytes")
    if totals["open"] < OPEN_UPLOADS_MAX:
        return
    # A phone that lost its notes leaves uploads behind that nobody will continue.
    abandoned = await upload_queries.idle(
        scope, capture_request_id=request_id, life=UPLOAD_LIFE, age=IDLE_UPLOAD_AGE
    )
    for upload_id in abandoned:
        await _end(scope, upload_id=upload_id)
    if totals["open"] - len(abandoned) >= OPEN_UPLOADS_MAX:
        raise TooMany(f"{OPEN_UPLOADS_MAX} uploads are open already.", headers={"Retry-After": "5"})


async def _end(scope: OrgScope, *, upload_id: uuid.UUID) -> list[str]:
    pieces = await upload_queries.pieces(scope, upload_id=upload_id)
    ended = await upload_queries.settle(scope, upload_id=upload_id, state="terminated")
    return [piece["key"] for piece in pieces] if ended else []


async def _join(
    storage: Storage, pieces: Sequence[asyncpg.Record], *, into: Path
) -> tuple[bytes, bytes]:
    """(SHA-256 of the whole, its first bytes)."""
    digest, start = hashlib.sha256(), b""
    with into.open("wb") as whole:
        for piece in pieces:
            async for chunk in storage.stream(piece["key"]):
                digest.update(chunk)
                whole.write(chunk)
                start = start if len(start) >= MAGIC_BYTES else (start + chunk)[:MAGIC_BYTES]
    return digest.digest(), start


async def _make_photo(
    scope: OrgScope, *, upload: Upload, sha256: bytes, start: bytes, key: str
) -> None:
    job_id = await upload_queries.job_of(scope, upload_id=upload.id)
    media_type = media_type_of(start)
    problem = problem_of_type(upload.kind, media_type)
    photo = Photo(
        id=uuid7(),
        job_id=job_id,
        capture_request_id=upload.capture_request_id,
        session_id=upload.session_id,
        kind=upload.kind,
        spot=upload.spot,
        structure=upload.structure,
        sequence=upload.sequence * SEQUENCE_STEP,
        sha256=sha256,
        bytes=upload.length,
        media_type=media_type or "application/octet-stream",
        original_key=key,
        state="rejected" if problem else "stored",
        problem=problem,
    )
    photo_id = await queries.insert(scope, photo=photo)
    await job_rows.note_photographed(scope, job_id=job_id)
    if photo_id and not problem:
        await enqueue_many(scope.tx, [check_task(scope, photo_id)])
    await upload_queries.settle(
        scope,
        upload_id=upload.id,
        state="rejected" if problem else "stored",
        problem=problem,
        photo_id=photo_id or await queries.id_by_hash(scope, job_id=job_id, sha256=sha256),
    )


def check_task(scope: OrgScope, photo_id: uuid.UUID) -> Task:
    """The task that opens a picture in the sandbox."""
    payload = {"org_id": scope.org_id, "photo_id": str(photo_id)}
    return Task(name=CHECK, payload=payload, key=f"{CHECK}:{photo_id}")


def _expire_task(scope: OrgScope, session: CaptureSession) -> Task:
    """One for each request: it comes back as long as uploads are open."""
    request_id = session.capture_request_id
    payload = {"org_id": scope.org_id, "capture_request_id": request_id}
    key = f"{EXPIRE}:{scope.org_id}:{request_id}"
    return Task(name=EXPIRE, payload=payload, key=key, delay=UPLOAD_LIFE + IDLE_UPLOAD_AGE)


def compose_task(scope: OrgScope, session: CaptureSession, *, upload_id: uuid.UUID) -> Task:
    """Composing is done at once as well; the task is for a process that dies before it."""
    payload = {
        "org_id": scope.org_id,
        "session_id": str(session.id),
        "capture_request_id": session.capture_request_id,
        "upload_id": str(upload_id),
    }
    return Task(name=COMPOSE, payload=payload, key=f"{COMPOSE}:{upload_id}", delay=COMPOSE_DELAY)
