"""Three vocabularies for one pipeline: v1 and v2 `state`, v3 `reconstruction_state`, models.

Ours is a subset of the first. `cancelled` has no name in the second.
"""

from doorstep.jobs.model import JobState

RECONSTRUCTION_STATES: dict[str, str | None] = {
    JobState.UPLOADING: "draft",
    JobState.PROCESSING_UPLOAD: "working",
    JobState.WAITING_APPROVAL: "waiting_approval",
    JobState.WORKING: "working",
    JobState.PROCESSING: "processing",
    JobState.PAYING: "paying",
    JobState.COMPLETE: "completed",
    JobState.FAILED: "failed",
    JobState.CANCELLED: None,
}
FILTER_STATES: dict[str, list[str]] = {
    "processing": [
        *(JobState.PROCESSING_UPLOAD, JobState.WORKING, JobState.PROCESSING, JobState.PAYING)
    ],
    "needs_photos": [JobState.UPLOADING],
    "needs_approval": [JobState.WAITING_APPROVAL],
    "complete": [JobState.COMPLETE],
    "failed": [JobState.FAILED],
}
"""What the `states` of the v2 list stand for."""

DELIVERABLE_NAMES = {
    2: "roof_only",
    3: "complete",
    5: "total_living_area_plus",
    6: "total_living_area",
    7: "capture_only",
    8: "interiors",
}


def reconstruction_state(state: str) -> str | None:
    """The v3 name of a job's state."""
    return RECONSTRUCTION_STATES[JobState(state)]


def states_of(reconstruction: str) -> list[str]:
    """The job states behind a v3 name."""
    return [str(one) for one, name in RECONSTRUCTION_STATES.items() if name == reconstruction]
