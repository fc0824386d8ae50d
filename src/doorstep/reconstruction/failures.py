"""Every way a reconstruction can fail, each in words for both sides."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from doorstep.reconstruction.workspace import FAILURE, read_json, write_json


@dataclass(frozen=True)
class Failure:
    """What went wrong: a stable code, and a sentence for each reader."""

    code: str
    homeowner: str
    organization: str

    def write(self, workspace: Path) -> None:
        """Leave `failure.json` in the workspace."""
        write_json(workspace / FAILURE, asdict(self))

    @classmethod
    def read(cls, workspace: Path) -> Self | None:
        """The failure that a run left behind, if any."""
        path = workspace / FAILURE
        return cls(**read_json(path)) if path.exists() else None


class ReconstructionFailed(Exception):
    """Raised by a stage; carries the typed failure up to the edge."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.code}: {failure.organization}")
        self.failure = failure


def too_few_photos(*, usable: int, needed: int, unreadable: list[str]) -> Failure:
    """Fewer than the engine can begin with."""
    broken = f" These could not be read: {', '.join(unreadable)}." if unreadable else ""
    photos = "photo" if usable == 1 else "photos"
    return Failure(
        code="too_few_photos",
        homeowner=(
            f"We have {usable} usable {photos} and need at least {needed}. "
            "Please walk once round the house and take a photo every few steps."
        ),
        organization=f"{usable} usable {photos}, at least {needed} are needed.{broken}",
    )


def photos_do_not_connect(*, registered: int, given: int, gap: str) -> Failure:
    """Too few photos share enough details with others."""
    return Failure(
        code="photos_do_not_connect",
        homeowner=(
            "The photos do not overlap enough to join them. Please walk round the house again in "
            f"small steps, so that each photo shows most of the one before it. {gap}"
        ),
        organization=f"Only {registered} of {given} photos hang together. {gap}",
    )


def model_contradicts_photos(*, misplaced: list[str], worst: str) -> Failure:
    """Alike sides were mixed up; a wrong model is worse than none."""
    return Failure(
        code="model_contradicts_photos",
        homeowner=(
            "Some sides of the house look so alike that the photos were mixed up. Please take a "
            f"few more photos at the corners. {worst}"
        ),
        organization=(
            f"The layout found contradicts the photos ({', '.join(misplaced)}), "
            f"so it is not published. {worst}"
        ),
    )


def sides_look_alike(*, one: str, other: str, why: str) -> Failure:
    """Photos of different sides match each other, and the walk does not tell which do."""
    return Failure(
        code="sides_look_alike",
        homeowner=(
            "Several sides of the house look the same, so that we cannot tell which photo shows "
            "which side. Please walk once all the way round, take a photo every few steps, and "
            f"end where you began. {why}"
        ),
        organization=(
            f"Several sides of the house look alike ({one} and {other} show two of them), and "
            f"the walk does not tell them apart, so nothing is published. {why}"
        ),
    )


def nothing_dense() -> Failure:
    """Cameras are known, but no wall could be measured."""
    return Failure(
        code="no_surface",
        homeowner=(
            "The photos fit together, but show too little of the walls. Please take some from "
            "nearer, with the whole wall in the picture."
        ),
        organization="The photos register, but no surface could be measured between them.",
    )


def out_of_time(*, seconds: float) -> Failure:
    """The limit of wall time was reached."""
    return Failure(
        code="out_of_time",
        homeowner="Building the model took too long. Your photos are safe; we will look into it.",
        organization=f"Stopped at the limit of {seconds:.0f} s. The finished stages are kept.",
    )


def out_of_memory() -> Failure:
    """The limit of memory was reached."""
    return Failure(
        code="out_of_memory",
        homeowner="Building the model needed too much memory. Your photos are safe.",
        organization="The memory limit of the reconstruction was reached.",
    )


def cancelled() -> Failure:
    """Somebody asked to stop."""
    return Failure(
        code="cancelled",
        homeowner="Building the model was stopped. Your photos are safe.",
        organization="Cancelled. The finished stages are kept and will be used again.",
    )


def engine_stopped(*, reason: str) -> Failure:
    """The process died, or failed in a way nobody foresaw."""
    return Failure(
        code="engine_stopped",
        homeowner="Building the model stopped unexpectedly. Your photos are safe.",
        organization=f"The reconstruction ended unexpectedly: {reason}",
    )
