"""A build: one run of the engine for one job, by one builder at a time."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

ATTEMPTS_MAX = 3
SAMPLE_FOLDER = "/sample/"
"""In the key of a file that no build of a real house made."""
PROGRESS_SECONDS_MIN = 1.0


class BuildState(StrEnum):
    """Where a build is; `parked`: it took its builder down three times, a person must look."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETE = "complete"
    FAILED = "failed"
    PARKED = "parked"


PARKED_FAILURE = {
    "code": "parked",
    "homeowner": "We could not build the model from your photos yet. They are safe; "
    "somebody will look into it.",
    "organization": f"The build stopped its builder {ATTEMPTS_MAX} times and is parked. "
    "The photos are kept; build again after looking at the builder's log.",
}
LOST_PHOTO_FAILURE = {
    "code": "photo_lost",
    "homeowner": "One of your photos could not be read. Somebody will get in touch.",
    "organization": "A stored photo is missing or differs from what was uploaded; "
    "nothing was built from it.",
}


@dataclass(frozen=True, kw_only=True)
class Output:
    """A file that the engine leaves in its workspace, and where it is published.

    One that is not there `always` depends on what the photos show.
    """

    made: str
    tree: str
    name: str
    media_type: str
    always: bool = True


OUTPUTS = (
    Output(made="model.glb", tree="org", name="model.glb", media_type="model/gltf-binary"),
    Output(
        made="dense.glb",
        tree="org",
        name="dense.glb",
        media_type="model/gltf-binary",
        always=False,
    ),
    Output(
        made="measurements.json",
        tree="org",
        name="measurements.json",
        media_type="application/json",
        always=False,
    ),
    Output(
        made="evidence.json",
        tree="org",
        name="evidence.json",
        media_type="application/json",
        always=False,
    ),
    Output(made="preview.jpg", tree="org", name="preview.jpg", media_type="image/jpeg"),
    Output(made="cameras.json", tree="org", name="cameras.json", media_type="application/json"),
    Output(
        made="poses.json",
        tree="org",
        name="poses.json",
        media_type="application/json",
        always=False,
    ),
    Output(made="report.json", tree="org", name="report.json", media_type="application/json"),
    Output(made="home.glb", tree="home", name="model.glb", media_type="model/gltf-binary"),
)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A builder's hold on a build: only writes that carry the newest fence count."""

    build_id: uuid.UUID
    job_id: int
    structure: str
    fence: int
    attempts: int


@dataclass(frozen=True, kw_only=True)
class Build:
    """One row of `builds`."""

    id: uuid.UUID
    job_id: int
    structure: str
    state: str
    stage: str
    done: float
    note: str
    attempts: int
    failure: dict[str, Any] | None
    report: dict[str, Any] | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class BuildPhoto:
    """A photo that a model was built from; `name` is the engine's, the size that of the upright original."""

    name: str
    number: int
    id: uuid.UUID
    spot: str | None
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class BuildFile:
    """One published file."""

    tree: str
    name: str
    key: str
    bytes: int
    media_type: str

    @property
    def is_sample(self) -> bool:
        """Whether it is of the sample house that test jobs are given."""
        return SAMPLE_FOLDER in self.key
