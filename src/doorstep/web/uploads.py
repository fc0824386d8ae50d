"""tus 1.0 for the capture page: core, creation, checksum, expiration, termination."""

import asyncio
import base64
import binascii
import contextlib
import re
import uuid
from dataclasses import replace
from email.utils import format_datetime

from litestar import Response, delete, head, patch, post, route
from litestar.enums import HttpMethod

from doorstep.captures.model import HOUSE, SPOTS, STRUCTURES
from doorstep.captures.sessions import CaptureSession, session_scope
from doorstep.kit.errors import AppError, BadRequest, Conflict, Unavailable
from doorstep.photos import uploads
from doorstep.photos.model import (
    FILENAME_CHARACTERS_MAX,
    SEQUENCE_MAX,
    VIDEO_BYTES_MAX,
    Kind,
    NewUpload,
    Upload,
)
from doorstep.web import upload_bodies, upload_calls
from doorstep.web.doors import AnyRequest
from doorstep.web.services import Services
from doorstep.web.upload_calls import CONTENT_TYPE, METADATA_CHARACTERS_MAX, VERSION

PATH = "/capture/uploads"
SHA256 = re.compile("[0-9a-f]{64}")
HEADERS = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}


class WrongVersion(AppError):
    """The client speaks another version of the protocol."""

    status = 412
    code = "wrong_version"
    text = "This door speaks tus 1.0.0."


class WrongType(AppError):
    """A piece that does not say it is one."""

    status = 415
    code = "wrong_type"
    text = f"A piece has the content type {CONTENT_TYPE}."


@route(
    PATH,
    http_method=[HttpMethod.OPTIONS],
    opt=upload_calls.DISCOVER,
)
async def discover() -> Response[None]:
    """What this server can do."""
    extensions = "creation,checksum,expiration,termination"
    return _answer(
        204,
        {
            "Tus-Version": VERSION,
            "Tus-Extension": extensions,
            "Tus-Max-Size": str(VIDEO_BYTES_MAX),
            "Tus-Checksum-Algorithm": ",".join(upload_bodies.ALGORITHMS),
        },
    )


@post(
    PATH,
    status_code=201,
    opt=upload_calls.CREATE,
)
async def create(
    request: AnyRequest, services: Services, session: CaptureSession
) -> Response[bytes]:
    """A new upload."""
    _check_version(request)
    new = _new_upload(request)
    async with session_scope(services.db, session) as scope:
        upload_id = await uploads.create(scope, session, new=new)
        made = await uploads.find(scope, session, upload_id=upload_id)
    # Relative: the phone may know us by another name than `base_url`.
    location = f"{PATH}/{upload_id}"
    headers = {**HEADERS, "Location": location, "Upload-Expires": _expiry(made)}
    return Response(content=b"", status_code=201, headers=headers, media_type="text/plain")


@head(
    PATH + "/{upload_id:uuid}",
    opt=upload_calls.LOOK,
)
async def look(
    request: AnyRequest, services: Services, session: CaptureSession, upload_id: uuid.UUID
) -> Response[None]:
    """How much has arrived, durably."""
    _check_version(request)
    async with session_scope(services.db, session) as scope:
        upload = await uploads.find(scope, session, upload_id=upload_id)
    return _answer(200, _progress(upload, upload.received))


@patch(
    PATH + "/{upload_id:uuid}",
    status_code=204,
    request_max_body_size=None,
    opt=upload_calls.SEND,
)
async def send(
    request: AnyRequest, services: Services, session: CaptureSession, upload_id: uuid.UUID
) -> Response[None]:
    """The next bytes: all of them under their checksum, or as many as arrive without one."""
    _check_version(request)
    if request.headers.get("content-type", "").partition(";")[0].strip() != CONTENT_TYPE:
        raise WrongType
    offset = _number(request, "upload-offset")
    async with session_scope(services.db, session) as scope:
        upload = await uploads.find(scope, session, upload_id=upload_id)
    if offset != upload.received:
        raise Conflict(
            "This is not where the upload stands.",
            code="wrong_offset",
            headers={"Upload-Offset": str(upload.received)},
        )
    received = await _receive(request, services, session=session, upload=upload)
    if received == upload.length and upload.state == "open":
        # What has arrived becomes a photo even when the phone hangs up now.
        composing = uploads.compose(services.db, services.storage, session=session, upload=upload)
        # Without room for the whole its pieces are safe all the same, and a task tries again.
        with contextlib.suppress(Unavailable):
            await asyncio.shield(composing)
    return _answer(204, _progress(upload, received))


@delete(
    PATH + "/{upload_id:uuid}",
    status_code=204,
    opt=upload_calls.TERMINATE,
)
async def terminate(
    request: AnyRequest, services: Services, session: CaptureSession, upload_id: uuid.UUID
) -> Response[None]:
    """The phone does not want this upload any more."""
    _check_version(request)
    async with session_scope(services.db, session) as scope:
        keys = await uploads.terminate(scope, session, upload_id=upload_id)
    # After the commit: an upload that goes on after all must not have lost a piece.
    for key in keys:
        await services.storage.delete(key)
    return _answer(204, {})


async def _receive(
    request: AnyRequest, services: Services, *, session: CaptureSession, upload: Upload
) -> int:
    """Store the body piece by piece; the offset that is durable at the end."""
    left = upload.length - upload.received
    checksum = request.headers.get("upload-checksum")
    if checksum is not None:
        pieces = upload_bodies.checked(request, checksum=checksum, bytes_max=left)
    else:
        pieces = upload_bodies.in_pieces(request, bytes_max=left)
    received = upload.received
    async for piece in pieces:
        received = await uploads.append(
            services.db,
            services.storage,
            session=session,
            upload=replace(upload, received=received),
            content=piece,
        )
    return received


def _check_version(request: AnyRequest) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        raise WrongVersion(headers={"Tus-Version": VERSION})


def _number(request: AnyRequest, name: str) -> int:
    value = request.headers.get(name, "")
    if not value.isascii() or not value.isdecimal() or len(value) > len(str(1 << 62)):
        raise BadRequest(f"{name} must be a whole number.", code="bad_header")
    return int(value)


def _new_upload(request: AnyRequest) -> NewUpload:
    length = _number(request, "upload-length")
    if length == 0:
        raise BadRequest("The file is empty.", code="empty_file")
    told = _metadata(request.headers.get("upload-metadata", ""))
    kind, spot, sequence = told.get("kind", "photo"), told.get("spot"), told.get("sequence", "0")
    if kind not in (Kind.PHOTO, Kind.VIDEO):
        raise BadRequest("The kind is photo or video.", code="bad_metadata")
    if spot is not None and spot not in SPOTS:
        raise BadRequest("There is no such spot.", code="bad_metadata")
    structure = told.get("structure", HOUSE)
    if structure not in STRUCTURES:
        raise BadRequest("There is no such structure.", code="bad_metadata")
    if not (sequence.isascii() and sequence.isdecimal()) or int(sequence[:9]) > SEQUENCE_MAX:
        raise BadRequest("The sequence is a small whole number.", code="bad_metadata")
    claim = told.get("sha256")
    if claim is not None and not SHA256.fullmatch(claim):
        raise BadRequest("The sha256 has 64 hexadecimal digits.", code="bad_metadata")
    name = "".join(c for c in told.get("filename", "") if c.isprintable())
    return NewUpload(
        kind=Kind(kind),
        length=length,
        spot=spot,
        structure=structure,
        sequence=int(sequence[:9]),
        filename=name[:FILENAME_CHARACTERS_MAX],
        claim=bytes.fromhex(claim) if claim else None,
    )


def _metadata(header: str) -> dict[str, str]:
    """`key base64,key base64` as text; names a person gave are never used as paths."""
    if len(header) > METADATA_CHARACTERS_MAX:
        raise BadRequest("The metadata is too long.", code="bad_metadata")
    found = {}
    for part in filter(None, (part.strip() for part in header.split(","))):
        key, _, value = part.partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise BadRequest("The metadata is not base64 text.", code="bad_metadata") from error
    return found


def _progress(upload: Upload, received: int) -> dict[str, str]:
    return {
        "Upload-Offset": str(received),
        "Upload-Length": str(upload.length),
        "Upload-Expires": _expiry(upload),
    }


def _expiry(upload: Upload) -> str:
    return format_datetime(upload.expires_at, usegmt=True)


def _answer(status: int, headers: dict[str, str]) -> Response[None]:
    return Response(content=None, status_code=status, headers={**HEADERS, **headers})


ROUTES = [discover, create, look, send, terminate]
