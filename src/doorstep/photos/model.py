"""Photos and uploads: their limits, their kinds, and what is wrong with a refused one."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from doorstep.captures.model import HOUSE

PHOTO_BYTES_MAX = 40 << 20
VIDEO_BYTES_MAX = 400 << 20
PHOTOS_PER_REQUEST_MAX = 200
BYTES_PER_REQUEST_MAX = 3 << 30
OPEN_UPLOADS_MAX = 6
PIECE_BYTES_MAX = 4 << 20
CHECKED_BODY_BYTES_MAX = 8 << 20
UPLOAD_LIFE = timedelta(hours=24)
IDLE_UPLOAD_AGE = timedelta(minutes=10)
FILENAME_CHARACTERS_MAX = 120
SEQUENCE_MAX = 1_000_000

# Between two shots of one phone there is room in the order for the frames of a video.
SEQUENCE_STEP = 100


class Kind(StrEnum):
    """What a file is: taken as a photo, as a video, or picked out of a video by us."""

    PHOTO = "photo"
    VIDEO = "video"
    FRAME = "frame"


class Size(StrEnum):
    """The served copies of a picture; its original is never served."""

    DISPLAY = "display"
    THUMBNAIL = "thumbnail"


BYTES_MAX = {Kind.PHOTO: PHOTO_BYTES_MAX, Kind.VIDEO: VIDEO_BYTES_MAX}

PROBLEMS = {
    "not_a_picture": "This file is not a JPEG, PNG, WebP or HEIC picture.",
    "not_a_video": "This file is not an MP4, MOV or WebM video.",
    "unreadable": "This picture is damaged and cannot be opened. Take it again.",
    "too_many_pixels": "This picture has more than 60 megapixels.",
    "too_small": "This picture is too small to measure from. Take it with the camera.",
    "blank": "This picture shows nothing but one colour. Take it again.",
    "lost": "This picture was damaged on our disk. Take it again.",
    "no_frames": "No sharp pictures could be taken out of this video. Walk slower, or take photos.",
}

PICTURE_TYPES = ("image/jpeg", "image/png", "image/webp", "image/heic")
VIDEO_TYPES = ("video/mp4", "video/quicktime", "video/webm")

MAGIC_BYTES = 32
DAMAGED = ".damaged"
"""What an original that the disk lost is called, beside the place of a good one."""
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1")
_QUICKTIME_BRANDS = (b"qt  ",)
_MP4_BRANDS = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ",
               b"3gp4", b"3gp5", b"3gp6", b"3g2a", b"MSNV", b"mmp4")  # fmt: skip


def media_type_of(start: bytes) -> str | None:
    """The media type by the first `MAGIC_BYTES` of a file, if it is one that we take."""
    if start.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return "image/webp"
    if start.startswith(b"\x1aE\xdf\xa3"):
        return "video/webm"
    if start[4:8] == b"ftyp":
        return _by_brand(start[8:12])
    return None


def _by_brand(brand: bytes) -> str | None:
    if brand in _HEIC_BRANDS:
        return "image/heic"
    if brand in _QUICKTIME_BRANDS:
        return "video/quicktime"
    return "video/mp4" if brand in _MP4_BRANDS else None


def problem_of_type(kind: str, media_type: str | None) -> str | None:
    """What is wrong with a file of this media type sent as this kind."""
    if kind == Kind.VIDEO:
        return None if media_type in VIDEO_TYPES else "not_a_video"
    return None if media_type in PICTURE_TYPES else "not_a_picture"


@dataclass(frozen=True, kw_only=True)
class NewUpload:
    """What a phone says of a file before it sends it; none of it is trusted."""

    kind: Kind
    length: int
    spot: str | None
    structure: str
    sequence: int
    filename: str
    claim: bytes | None = None
    """The SHA-256 that the phone announces; it only tells two files of one phone apart."""


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file on its way in."""

    id: uuid.UUID
    capture_request_id: int
    session_id: uuid.UUID
    kind: str
    spot: str | None
    structure: str
    filename: str
    sequence: int
    length: int
    received: int
    state: str
    photo_id: uuid.UUID | None
    expires_at: datetime
    expired: bool


@dataclass(frozen=True, kw_only=True)
class Photo:
    """A stored file: a photo, a video, or a frame of one. No phone sent that of a test job."""

    id: uuid.UUID
    job_id: int
    capture_request_id: int | None
    session_id: uuid.UUID | None
    kind: str
    spot: str | None
    sequence: int
    sha256: bytes
    bytes: int
    media_type: str
    original_key: str
    state: str
    problem: str | None
    width: int | None = None
    height: int | None = None
    display_key: str | None = None
    thumbnail_key: str | None = None
    hints: list[str] = field(default_factory=list)
    structure: str = HOUSE
    created_at: datetime | None = None

    @property
    def problem_text(self) -> str | None:
        """What is wrong, as a person reads it."""
        return PROBLEMS.get(self.problem, self.problem) if self.problem else None
