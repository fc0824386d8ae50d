"""What a call says of itself where its signature cannot: `opt=call("Jobs", body=NewJob)`.

Handlers with typed bodies and answers need none of this. Those of the published wire read
trees of parameters in three encodings, so the shapes are declared here, beside the handler,
and the tests hold every answer of the product against them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from doorstep.api.desk.answers import Problem

OPT = "call"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
HTML = "text/html"
TEXT = "text/plain"

BEARER = "token"
CLIENT = "client"
CAPTURE = "capture"
SESSION = "session"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One answer: its shape, several, or none for an empty body; `headers` are always there."""

    description: str
    shape: Any = None
    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def shapes(self) -> tuple[Any, ...]:
        """Every shape that it may have."""
        if self.shape is None:
            return ()
        return self.shape if isinstance(self.shape, tuple) else (self.shape,)


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call. `query`, `headers` and `body` are structs; shapes are struct types too."""

    tag: str
    summary: str = ""
    at: str = ""
    """The address that is described, where the handler has several."""
    method: str = "post"
    """Of a door that is answered before the framework."""
    query: type | None = None
    headers: type | None = None
    body: type | None = None
    takes: tuple[str, ...] = (JSON, FORM, MULTIPART)
    path: Mapping[str, str] = field(default_factory=dict)
    """Names of path parameters, as in PATH_PARAMETERS, where they differ from the usual."""
    answer: Any = None
    media_type: str = JSON
    replies: Mapping[int, Reply] = field(default_factory=dict)
    """Answers beside, or instead of, the usual ones."""
    fails: tuple[int, ...] = ()
    """Refusals beside the usual ones."""
    failure: Any = Problem
    security: str = BEARER
    anonymous: bool = False
    """Whether it also answers without a credential, or with one in the body."""
    once: bool = False
    """Whether it takes an `Idempotency-Key`."""

    def refusals(self, *, has_path: bool) -> tuple[int, ...]:
        """The statuses of every refusal that has no reply of its own."""
        usual = {400, 401, 403, 429} if self.security == BEARER else set()
        usual |= {404} if has_path and self.security == BEARER else set()
        usual |= {422} if self.security == BEARER and (self.body or self.query) else set()
        usual |= {409, 422} if self.once else set()
        usual |= {413} if self.body else set()
        return tuple(sorted({*usual, *self.fails} - self.replies.keys()))


def call(tag: str, **facts: Any) -> dict[str, Any]:
    """The `opt` of a handler."""
    return {OPT: Call(tag=tag, **facts)}


PATH_PARAMETERS: dict[str, dict[str, Any]] = {
    "request_id": {
        "description": "Number of the capture request.",
        "schema": {"type": "integer", "minimum": 1, "examples": [1521803]},
    },
    "request_name": {
        "description": "Number or identifier of the capture request.",
        "schema": {"type": "string", "minLength": 1, "examples": ["XcUUtA"]},
    },
    "identifier": {
        "description": "The six characters of a capture request.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{6}$", "examples": ["XcUUtA"]},
    },
    "job_id": {
        "description": "Number of the job.",
        "schema": {"type": "integer", "minimum": 1, "examples": [10168587]},
    },
    "job_name": {
        "description": "Number of the job, or identifier of its capture request.",
        "schema": {"type": "string", "minLength": 1, "examples": ["10168587"]},
    },
    "model_id": {
        "description": "Number of the model.",
        "schema": {"type": "integer", "minimum": 1, "examples": [17338410]},
    },
    "intake_id": {
        "description": "The IntakeID that the post was answered with.",
        "schema": {"type": "string", "format": "uuid"},
    },
    "image_id": {
        "description": "Number of the photo, from the job.",
        "schema": {"type": "integer", "minimum": 1, "examples": [166283885]},
    },
    "org_id": {
        "description": "Number of the organization.",
        "schema": {"type": "integer", "minimum": 1, "examples": [492855]},
    },
    "user_id": {
        "description": "Number of the member.",
        "schema": {"type": "integer", "minimum": 1, "examples": [1153372]},
    },
    "wallet_id": {
        "description": "Number of the wallet.",
        "schema": {"type": "integer", "minimum": 1, "examples": [492767]},
    },
    "share_id": {
        "description": "Number of the share.",
        "schema": {"type": "integer", "minimum": 1, "examples": [88123]},
    },
    "access_id": {
        "description": "Number of the access, which is the job's.",
        "schema": {"type": "integer", "minimum": 1, "examples": [10168587]},
    },
    "deliverable_id": {
        "description": "Number of the deliverable.",
        "schema": {"type": "integer", "enum": [2, 3, 5, 6, 8], "examples": [3]},
    },
    "webhook_id": {
        "description": "Number of the webhook.",
        "schema": {"type": "integer", "minimum": 1, "examples": [12343]},
    },
    "code": {
        "description": "The code that was sent to the webhook's URL.",
        "schema": {"type": "string", "format": "uuid"},
    },
    "token": {
        "description": "The secret at the end of the link in an invitation.",
        "schema": {"type": "string", "minLength": 1},
    },
    "upload_id": {
        "description": "Id of the upload, from the `Location` of its creation.",
        "schema": {"type": "string", "format": "uuid"},
    },
    "photo_id": {
        "description": "Id of the photo, from `/capture/state`.",
        "schema": {"type": "string", "format": "uuid"},
    },
    "service": {
        "description": "Name of the vendor's service; it ends in `service.svc`.",
        "schema": {"type": "string", "pattern": "^[A-Za-z]+[Ss]ervice\\.svc$"},
    },
}
"""Every name in braces in an address."""

WORDS = {
    400: "The call cannot be read.",
    401: "No credential, or one that is unknown, expired or revoked.",
    403: "The credential lacks the right.",
    404: "Not there, or not yours.",
    408: "The body did not come in its time.",
    409: "That makes no sense in the present state.",
    410: "The link has ended.",
    412: "Another version of the protocol is asked for.",
    413: "Larger than this door takes.",
    415: "Another content type is asked for.",
    422: "Readable, but some values are not acceptable.",
    429: "Too many calls; `Retry-After` says when to come back.",
    460: "The piece came damaged; nothing changed.",
    503: "Nothing was stored; try again.",
    507: "No room on the disk; nothing was stored, and what is stored is safe.",
}
HEADER_WORDS = {
    "Retry-After": "Seconds until the next try makes sense.",
    "Idempotent-Replayed": "`true` when this is the answer of an earlier call with the same key.",
    "Location": "Where to go on.",
    "Set-Cookie": "The session of the capture.",
    "Tus-Resumable": "Version of the protocol.",
    "Tus-Version": "Versions that are spoken.",
    "Tus-Extension": "Extensions that are spoken.",
    "Tus-Max-Size": "Bytes that one upload may have.",
    "Tus-Checksum-Algorithm": "Checksums that a piece may carry.",
    "Upload-Expires": "When an upload that nobody continues ends.",
    "Upload-Offset": "How many bytes are safe.",
    "Upload-Length": "How many bytes there are in all.",
}
