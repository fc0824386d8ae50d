"""A job: one property, from draft to complete. States are those of the wire's v1 and v2."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from doorstep.kit.errors import Conflict


class JobState(StrEnum):
    """Where a job is."""

    UPLOADING = "uploading"
    PROCESSING_UPLOAD = "processing_upload"
    WAITING_APPROVAL = "waiting_approval"
    WORKING = "working"
    PROCESSING = "processing"
    PAYING = "paying"
    COMPLETE = "complete"
    FAILED = "failed"
    CANCELLED = "cancelled"


MOVES: dict[JobState, frozenset[JobState]] = {
    JobState.UPLOADING: frozenset({JobState.PROCESSING_UPLOAD, JobState.CANCELLED}),
    JobState.PROCESSING_UPLOAD: frozenset(
        {JobState.WAITING_APPROVAL, JobState.WORKING, JobState.FAILED}
    ),
    JobState.WAITING_APPROVAL: frozenset({JobState.PROCESSING_UPLOAD, JobState.CANCELLED}),
    JobState.WORKING: frozenset(
        {JobState.PROCESSING, JobState.COMPLETE, JobState.FAILED, JobState.PROCESSING_UPLOAD}
    ),
    JobState.PROCESSING: frozenset({JobState.PAYING, JobState.COMPLETE, JobState.FAILED}),
    JobState.PAYING: frozenset({JobState.COMPLETE, JobState.FAILED}),
    JobState.COMPLETE: frozenset({JobState.PROCESSING_UPLOAD}),
    JobState.FAILED: frozenset({JobState.PROCESSING_UPLOAD, JobState.UPLOADING}),
    JobState.CANCELLED: frozenset(),
}

LABELS: dict[JobState, str] = {
    JobState.UPLOADING: "Photos needed",
    JobState.PROCESSING_UPLOAD: "Checking photos",
    JobState.WAITING_APPROVAL: "Waiting for approval",
    JobState.WORKING: "Building",
    JobState.PROCESSING: "Last steps",
    JobState.PAYING: "Being charged",
    JobState.COMPLETE: "Ready",
    JobState.FAILED: "Failed",
    JobState.CANCELLED: "Cancelled",
}

COMPLETE = 3
CAPTURE_ONLY = 7
DELIVERABLES = {2: "Roof only", COMPLETE: "Complete", 5: "Living area plus", 6: "Living area",
                CAPTURE_ONLY: "Capture only", 8: "Interiors"}  # fmt: skip


def states_before(to: JobState) -> list[str]:
    """The states from which a job may move to `to`."""
    return [str(start) for start, ends in MOVES.items() if to in ends]


def refuse_move(state: str, to: JobState) -> Conflict:
    """The error for a move that is not legal."""
    return Conflict(f"The job is {state}; it cannot become {to}.")


@dataclass(frozen=True, kw_only=True)
class Property:
    """What a new job says of the property and its owner."""

    name: str
    line_1: str | None = None
    line_2: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str = "US"
    customer_name: str | None = None
    customer_email: str | None = None
    customer_phone: str | None = None
    external_identifier: str | None = None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A job that is about to be made, with its first model."""

    job_id: int
    model_id: int
    place: Property
    user_id: int
    wallet_id: int | None
    deliverable_id: int
    client_identifier: uuid.UUID


@dataclass(frozen=True, kw_only=True)
class Job:
    """One row of `jobs`."""

    id: int
    state: str
    name: str
    user_id: int
    wallet_id: int | None
    customer_name: str | None
    customer_email: str | None
    customer_phone: str | None
    location_line_1: str | None
    location_line_2: str | None
    location_city: str | None
    location_region: str | None
    location_postal_code: str | None
    external_identifier: str | None
    deliverable_id: int
    client_identifier: uuid.UUID
    failure: dict[str, Any] | None
    archived_at: datetime | None
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None
    test_state: str | None

    @property
    def address(self) -> str:
        """The address on one line."""
        place = " ".join(p for p in (self.location_region, self.location_postal_code) if p)
        parts = (self.location_line_1, self.location_line_2, self.location_city, place)
        return ", ".join(part for part in parts if part)

    @property
    def label(self) -> str:
        """The state as people read it."""
        return LABELS[JobState(self.state)]
