"""The background entries of photos: rebuild the scope, call one action."""

import uuid

from doorstep.captures.sessions import CaptureSession, session_scope
from doorstep.kit.db import Database
from doorstep.kit.errors import AppError
from doorstep.kit.storage import Storage
from doorstep.kit.tasks import Payload, Retry
from doorstep.photos import checks, upkeep, uploads
from doorstep.photos.model import UPLOAD_LIFE


async def check_later(db: Database, payload: Payload, *, storage: Storage) -> None:
    """Open a stored file in the sandbox and settle it as ready or rejected."""
    await checks.check(
        db, storage, org_id=payload["org_id"], photo_id=uuid.UUID(payload["photo_id"])
    )


async def compose_later(db: Database, payload: Payload, *, storage: Storage) -> None:
    """Compose an upload whose web process died between the last piece and the photo."""
    session = CaptureSession(
        org_id=payload["org_id"],
        id=uuid.UUID(payload["session_id"]),
        capture_request_id=payload["capture_request_id"],
    )
    async with session_scope(db, session) as scope:
        try:
            upload = await uploads.find(scope, session, upload_id=uuid.UUID(payload["upload_id"]))
        except AppError:
            return  # It was terminated, and nobody waits for it.
    if upload.state == "open":
        await uploads.compose(db, storage, session=session, upload=upload)


async def expire_later(db: Database, payload: Payload, *, storage: Storage) -> None:
    """Forget what phones left behind; again a day later while uploads are open."""
    open_still = await uploads.expire(
        db, storage, org_id=payload["org_id"], capture_request_id=payload["capture_request_id"]
    )
    if open_still:
        raise Retry(UPLOAD_LIFE)


async def sweep_later(db: Database, payload: Payload, *, storage: Storage) -> None:
    """Tidy the store and look after what lies in it, when that is due."""
    del payload
    await upkeep.sweep(db, storage)


HANDLERS = {
    upkeep.SWEEP: sweep_later,
    uploads.CHECK: check_later,
    uploads.COMPOSE: compose_later,
    uploads.EXPIRE: expire_later,
}
"""Task name -> `(db, payload, storage=)`; the worker binds the seams."""
