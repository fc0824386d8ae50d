"""The calls of tus as the description has them: headers in, headers out, refusals."""

from typing import Annotated, Literal

import msgspec

from doorstep.api.description.calls import CAPTURE, WORDS, Reply, call
from doorstep.photos.model import VIDEO_BYTES_MAX

VERSION = "1.0.0"
CONTENT_TYPE = "application/offset+octet-stream"
METADATA_CHARACTERS_MAX = 4096
TAG = "Capture"
SPOKEN = {"Tus-Resumable": "string"}
CREATED = {**SPOKEN, "Location": "string", "Upload-Expires": "string"}
PROGRESS = {
    **SPOKEN,
    "Upload-Offset": "integer",
    "Upload-Length": "integer",
    "Upload-Expires": "string",
}
DISCOVERED = {
    **SPOKEN,
    "Tus-Version": "string",
    "Tus-Extension": "string",
    "Tus-Max-Size": "integer",
    "Tus-Checksum-Algorithm": "string",
}


class TusHeaders(msgspec.Struct, kw_only=True):
    """What every call of the protocol says."""

    version: Literal["1.0.0"] = msgspec.field(name="Tus-Resumable")


class NewUploadHeaders(TusHeaders, kw_only=True):
    """How long the file is, and what it is: `kind`, `spot`, `sequence`, `filename`, `sha256`."""

    length: Annotated[int, msgspec.Meta(ge=1, le=VIDEO_BYTES_MAX)] = msgspec.field(
        name="Upload-Length"
    )
    metadata: Annotated[
        str,
        msgspec.Meta(
            max_length=METADATA_CHARACTERS_MAX,
            description="`key base64,key base64` with kind, spot, sequence, filename, sha256.",
        ),
    ] = msgspec.field(name="Upload-Metadata", default="")


class PieceHeaders(TusHeaders, kw_only=True):
    """Where the piece belongs, and its checksum."""

    offset: Annotated[int, msgspec.Meta(ge=0)] = msgspec.field(name="Upload-Offset")
    checksum: Annotated[
        str, msgspec.Meta(description="`sha256 base64` of the piece; it is dropped if it differs.")
    ] = msgspec.field(name="Upload-Checksum", default="")


DISCOVER = call(
    TAG, security="", replies={204: Reply(description="What it can.", headers=DISCOVERED)}
)
CREATE = call(
    TAG,
    headers=NewUploadHeaders,
    replies={201: Reply(description="Begun.", headers=CREATED)},
    fails=(400, 401, 403, 409, 410, 412, 413, 429),
    security=CAPTURE,
)
LOOK = call(
    TAG,
    headers=TusHeaders,
    replies={
        200: Reply(description="How far it is.", headers=PROGRESS),
        **{status: Reply(description=WORDS[status]) for status in (400, 401, 404, 410, 412)},
    },
    security=CAPTURE,
)
SEND = call(
    TAG,
    headers=PieceHeaders,
    body=bytes,
    takes=(CONTENT_TYPE,),
    replies={204: Reply(description="Safe.", headers=PROGRESS)},
    fails=(400, 401, 403, 404, 408, 409, 410, 412, 413, 415, 460, 503, 507),
    security=CAPTURE,
)
TERMINATE = call(
    TAG,
    headers=TusHeaders,
    replies={204: Reply(description="Gone.", headers=SPOKEN)},
    fails=(400, 401, 403, 404, 410, 412),
    security=CAPTURE,
)
