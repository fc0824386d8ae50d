"""What the phone and the pages ask of stored photos: the state, the finish, a served copy."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from doorstep.captures.sessions import CaptureSession, complete, lock_open
from doorstep.jobs import actions as jobs
from doorstep.jobs.model import JobState
from doorstep.kit.errors import Conflict, Invalid, NotFound
from doorstep.kit.storage import Storage
from doorstep.orgs.model import OrgScope
from doorstep.photos import measure_queries, measures, queries
from doorstep.photos.model import PHOTOS_PER_REQUEST_MAX, Photo, Size

SERVED_TYPE = "image/jpeg"


@dataclass(frozen=True, kw_only=True)
class Named:
    """One line of the manifest: a file that the phone says it has sent."""

    sha256: bytes
    size: int


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A length that the person typed in; `ends` are (a photo's hash, one end, the other end)."""

    kind: str
    metres: float
    ends: Sequence[tuple[bytes, measures.Point, measures.Point]]


async def finish(
    scope: OrgScope,
    session: CaptureSession,
    *,
    manifest: Sequence[Named],
    skipped_spots: Mapping[str, str],
    measured: Sequence[Measured] = (),
) -> None:
    """End the capture when every named file is stored; Conflict with the missing ones if not."""
    if not 0 < len(manifest) <= PHOTOS_PER_REQUEST_MAX:
        raise Invalid(fields={"photos": [f"name 1 to {PHOTOS_PER_REQUEST_MAX} of them"]})
    job_id = await lock_open(scope, session)
    rows = await queries.hashes_of_request(scope, capture_request_id=session.capture_request_id)
    stored = {(row["sha256"], row["bytes"]) for row in rows}
    missing = [one.sha256.hex() for one in manifest if (one.sha256, one.size) not in stored]
    if missing:
        raise Conflict(
            "Some photos have not arrived yet.", code="photos_missing", fields={"missing": missing}
        )
    if all(row["state"] == "rejected" for row in rows):
        raise Conflict("None of the photos can be used; take some again.", code="no_usable_photo")
    for one in measured:
        await _keep(scope, one, job_id=job_id)
    await complete(scope, session, skipped_spots=skipped_spots)
    await jobs.move(scope, job_id=job_id, to=JobState.PROCESSING_UPLOAD)


async def _keep(scope: OrgScope, measured: Measured, *, job_id: int) -> None:
    hashes = [sha256 for sha256, _, _ in measured.ends]
    ids = await measure_queries.ids_by_hash(scope, job_id=job_id, hashes=hashes)
    if len(ids) < len(set(hashes)):
        raise Invalid(fields={"measured": ["names a photo that has not arrived"]})
    ends = [measures.Ends(photo_id=ids[sha256], a=a, b=b) for sha256, a, b in measured.ends]
    # Who comes a second time sends it again, and twice the same is no second witness.
    await measure_queries.delete_homeowners(scope, job_id=job_id, kind=measured.kind)
    await measures.add(scope, job_id=job_id, kind=measured.kind, metres=measured.metres, ends=ends)


async def photos_of_session(scope: OrgScope, session: CaptureSession) -> list[Photo]:
    """What the session's request has, from every phone."""
    return await queries.list_of_request(scope, capture_request_id=session.capture_request_id)


async def open_picture(
    scope: OrgScope, storage: Storage, *, photo_id: uuid.UUID, size: Size
) -> bytes:
    """A served copy of a picture, a JPEG made from its pixels; NotFound when there is none."""
    photo = await queries.find(scope, photo_id=photo_id)
    return await _content(storage, photo, size=size)


async def open_of_job(
    scope: OrgScope, storage: Storage, *, job_id: int, photo_id: uuid.UUID, size: Size
) -> bytes:
    """As `open_picture`, for who may see this one job alone."""
    photo = await queries.find(scope, photo_id=photo_id)
    if photo is None or photo.job_id != job_id:
        raise NotFound
    return await _content(storage, photo, size=size)


async def open_numbered(scope: OrgScope, storage: Storage, *, number: int, size: Size) -> bytes:
    """As `open_picture`, of the picture that the published API knows by this number."""
    photo = await queries.find_numbered(scope, number=number)
    return await _content(storage, photo, size=size)


async def open_own_thumbnail(
    scope: OrgScope, storage: Storage, *, session: CaptureSession, photo_id: uuid.UUID
) -> bytes:
    """As `open_picture`, for the phone: its own request's thumbnails only."""
    photo = await queries.find(scope, photo_id=photo_id)
    if photo is None or photo.capture_request_id != session.capture_request_id:
        raise NotFound
    return await _content(storage, photo, size=Size.THUMBNAIL)


async def _content(storage: Storage, photo: Photo | None, *, size: Size) -> bytes:
    if photo is None:
        raise NotFound
    key = photo.display_key if size is Size.DISPLAY else photo.thumbnail_key
    if key is None:
        raise NotFound("This picture has no copy that can be shown.")
    return await storage.get(key)
