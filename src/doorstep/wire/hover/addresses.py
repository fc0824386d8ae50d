"""The addresses of a job's files and pictures, as its shapes name them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from doorstep.builds.drawings.views import VERSIONS, names_ordered
from doorstep.jobs.model import CAPTURE_ONLY, JobState
from doorstep.kit.clock import iso_millis

Row = asyncpg.Record

MEASUREMENTS = ("pdf", "json", "xlsx")
MODEL = "model.glb"
PICTURED = frozenset(JobState) - {
    JobState.UPLOADING,
    JobState.PROCESSING_UPLOAD,
    JobState.CANCELLED,
}
"""States in which the photos are named: they have all been looked at."""


def is_measured(model: Row, *, job: Row) -> bool:
    """Whether the measurements of a model are given out now."""
    is_ready = job["state"] == JobState.COMPLETE and job["deliverable_id"] != CAPTURE_ONLY
    return bool(is_ready and model["measured"])


def is_drawn(model: Row, *, job: Row) -> bool:
    """Whether there are pictures drawn of them."""
    return bool(is_measured(model, job=job) and model["drawn"])


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Addresses under one installation's own, never under a request's `Host`.

    `images` are the photos to name, by model.
    """

    base_url: str
    images: Mapping[int, Sequence[Row]]

    def artifacts(self, model_id: int) -> str:
        """Where the files of a model lie."""
        return f"{self.base_url}/api/v3/models/{model_id}/artifacts"

    def measurements(self, model: Row, *, job: Row) -> dict[str, str | None]:
        """The three files of a model's measurements; null until they are ready."""
        ready = is_measured(model, job=job)
        return {
            kind: f"{self.artifacts(model['id'])}/measurements.{kind}" if ready else None
            for kind in MEASUREMENTS
        }

    def wireframes(self, model: Row, *, job: Row) -> dict[str, Any]:
        """The pictures of a model, each in its versions; null where there is nothing to draw."""
        start = f"{self.artifacts(model['id'])}/wireframe_"
        names = names_ordered(job["deliverable_id"]) if is_drawn(model, job=job) else frozenset()
        found: dict[str, Any] = {
            name: {
                version: _picture(start, name, version=version) if name in names else None
                for version in versions
            }
            for name, versions in VERSIONS.items()
        }
        return {**found, "footprint": found["footprint"]["url"]}

    def viewer(self, job_id: int) -> str:
        """The page that shows a job's model to members."""
        return f"{self.base_url}/3d/{job_id}"

    def model_3d(self, model: Row, *, job: Row) -> dict[str, str | None]:
        """The model's page and its file; null until there is one."""
        ready = is_measured(model, job=job) and model["modelled"]
        return {
            "url": self.viewer(job["id"]) if ready else None,
            "glb": f"{self.artifacts(model['id'])}/{MODEL}" if ready else None,
        }

    def images_of(self, model: Row, *, job: Row) -> list[dict[str, Any]]:
        """The photos of a model, once they have all been looked at."""
        if job["state"] not in PICTURED:
            return []
        return [
            {
                "id": one["number"],
                "url": self._image(one),
                "created_at": iso_millis(one["created_at"]),
            }
            for one in self.images.get(model["id"], ())
        ]

    def pictures(self, model_id: int) -> list[str]:
        """The addresses of a model's photos alone."""
        return [self._image(one) for one in self.images.get(model_id, ())]

    def _image(self, one: Row) -> str:
        return f"{self.base_url}/api/v2/images/{one['number']}/image.jpg"


def _picture(start: str, name: str, *, version: str) -> str:
    query = "" if version == "url" else f"?version={version}"
    return f"{start}{name}.png{query}"
