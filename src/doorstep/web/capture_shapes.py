"""What the phone sends at the end, and what it is told in between."""

import uuid
from typing import Annotated, Literal

import msgspec

from doorstep.photos.measures import PER_JOB_MAX, PHOTOS_PER_MEASURE_MAX

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$", examples=["9f" * 32])]


class FinishedPhoto(msgspec.Struct):
    """One line of the manifest."""

    sha256: Hash
    size: Annotated[int, msgspec.Meta(gt=0)]
    name: Annotated[str, msgspec.Meta(max_length=200)] = ""
    spot: str | None = None


class MarkedEnds(msgspec.Struct):
    """Where both ends of a length lie in a photo, as shares of its width and height."""

    sha256: Hash
    a: tuple[Share, Share]
    b: tuple[Share, Share]


class TypedMeasure(msgspec.Struct):
    """A length that the person measured; the ends are for the organization to mark if empty."""

    kind: str
    metres: float
    ends: Annotated[list[MarkedEnds], msgspec.Meta(max_length=PHOTOS_PER_MEASURE_MAX)] = []


class Finish(msgspec.Struct):
    """The phone says: this is everything."""

    photos: Annotated[list[FinishedPhoto], msgspec.Meta(max_length=200)]
    skipped_spots: dict[str, str] = {}
    measured: Annotated[list[TypedMeasure], msgspec.Meta(max_length=PER_JOB_MAX)] = []


class Finished(msgspec.Struct):
    """The request is closed."""

    state: Literal["complete"]


class PlaceAnswer(msgspec.Struct):
    """What the phone found when it compared; `metres` only if its owner allows that."""

    answer: Literal["yes", "no", "unknown"]
    metres: Annotated[int, msgspec.Meta(ge=0, le=30_000_000)] | None = None


class CoverageAsked(msgspec.Struct):
    """Ready to finish? Spots that cannot be reached are no gaps."""

    skipped_spots: dict[str, str] = {}


class CoverageGap(msgspec.Struct):
    """Two neighbours in the walk that do not overlap, by their photos and spots."""

    before: uuid.UUID
    after: uuid.UUID
    before_spot: str | None
    after_spot: str | None


class CoverageFound(msgspec.Struct):
    """What a quick look at the pictures says; `gaps` count when it is `judged`.

    `waiting` and `asked`: ask again in a moment. `unjudged`: there is no answer; go on without.
    """

    state: Literal["waiting", "asked", "judged", "unjudged"]
    views: int
    pieces: int | None
    gaps: list[CoverageGap]


class PhotoState(msgspec.Struct):
    """A stored file as the phone sees it."""

    id: uuid.UUID
    sha256: str
    bytes: int
    kind: str
    spot: str | None
    structure: str
    state: str
    problem: str | None
    text: str | None
    hints: list[str]


class CaptureState(msgspec.Struct):
    """Everything that the phone may know of its request."""

    state: str
    job_state: str
    photos: list[PhotoState]
    model: str | None
    wanted: list[str]
    place: tuple[float, float] | None
    """Latitude and longitude of the house, for the phone to compare with."""
    note: str | None
