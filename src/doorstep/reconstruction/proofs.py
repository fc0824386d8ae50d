"""Which photos prove a number: those that show the part of the house it is of, and where in them.

A photo counts by how much of the part it shows, free of the house's own walls and roofs, and how
large. What else may stand before it, as a tree, no face tells: photos go first in which details close
to the part were found again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from doorstep.reconstruction.cameras import View
from doorstep.reconstruction.geometry.tracing import Tracer
from doorstep.reconstruction.photos import Photo
from doorstep.reconstruction.structure import Structure

PROOFS_MAX = 2
# Of a part this share must be in the photo and not behind the house.
SHOWN_SHARE_MIN = 0.5
# A second photo from nearly the same place proves nothing new.
APART_DEG_MIN = 4.0
# What may stand before a point of the part itself, as a share of the house's size.
SLACK_SHARE = 0.02
# A place that is drawn lies in the photo, or not further beside it than this share of its width.
BESIDE_SHARE_MAX = 0.5
PLACES = 12
# Details count this near to a part, as a share of the house's size; a photo is believed to see the
# part with so many of them, and with this share of what the photo with the most has.
NEAR_SHARE = 0.05
DETAILS_MIN, DETAILS_SHARE_MIN = 3, 0.3

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Camera:
    """A photo in the house's own frame; `scale` leads from the upright original to its pixels."""

    view: View
    scale: float

    def drawn(self, points: Matrix) -> list[list[float]]:
        """Pixels of points (n x 3) in the upright original."""
        pixels, _ = self.view.project(points)
        drawn: list[list[float]] = np.round((pixels + 0.5) / self.scale - 0.5, 1).tolist()
        return drawn


@dataclass(frozen=True)
class _Candidate:
    camera: Camera
    score: float
    towards: Matrix


@dataclass(frozen=True)
class Details:
    """Points (n x 3) in the house's own frame, and in which photos each was found (n x photos)."""

    points: Matrix
    seen: NDArray[np.bool_]


class Witnesses:
    """All photos of a run, round a house of flat faces that hide each other.

    The cameras are in the order in which the details name their photos.
    """

    def __init__(
        self, structure: Structure, cameras: Sequence[Camera], *, details: Details, tracer: Tracer
    ) -> None:
        self._cameras, self._details, self._tracer = cameras, details, tracer
        corners = np.concatenate([surface.corners for surface in structure.surfaces])
        size = float(np.ptp(corners, axis=0).max())
        self._slack, self._near = SLACK_SHARE * size, NEAR_SHARE * size

    def of_edge(self, ends: Matrix) -> list[dict[str, Any]]:
        """At most two photos that show an edge (2 x 3), its ends as `a` and `b`."""
        share = (np.arange(PLACES) + 0.5)[:, None] / PLACES
        places = ends[0] + share * (ends[1] - ends[0])
        return [
            {"photo": one.view.name, "a": a, "b": b}
            for one in self._best(ends, places)
            for a, b in [one.drawn(ends)]
        ]

    def of_outline(self, corners: Matrix, *, known: Sequence[str]) -> list[dict[str, Any]]:
        """At most two photos that show a face (n x 3); `a` and `b` are the ends of its longest side.

        Those in which it is `known` to be seen go before all others.
        """
        middle = corners.mean(axis=0)
        halves = (corners + np.roll(corners, -1, axis=0)) / 2
        rim = np.concatenate([corners, halves])
        places = np.concatenate([middle + share * (rim - middle) for share in (0.3, 0.6, 0.9)])
        lengths = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
        longest = int(np.argmax(lengths))
        proofs = []
        for one in self._best(corners, places, known=known):
            drawn = one.drawn(corners)
            ends = drawn[longest], drawn[(longest + 1) % len(drawn)]
            proofs.append({"photo": one.view.name, "a": ends[0], "b": ends[1], "corners": drawn})
        return proofs

    def _best(self, points: Matrix, places: Matrix, *, known: Sequence[str] = ()) -> list[Camera]:
        found = [self._candidate(one, points, places=places) for one in self._cameras]
        known = known or self._near_details(places)
        ranked = sorted(
            (one for one in found if one),
            key=lambda one: (one.camera.view.name not in known, -one.score),
        )
        if not ranked:
            return []
        first = ranked[0]
        near = np.cos(np.radians(APART_DEG_MIN))
        apart = [one for one in ranked[1:] if one.towards @ first.towards < near]
        others = apart or ranked[1:]
        return [one.camera for one in (first, *others[: PROOFS_MAX - 1])]

    def _near_details(self, places: Matrix) -> list[str]:
        """Names of the photos in which details near these places (n x 3) were found."""
        if not len(self._details.points):
            return []
        away, _ = cKDTree(places).query(self._details.points)
        counts = self._details.seen[away < self._near].sum(axis=0)
        least = max(DETAILS_MIN, DETAILS_SHARE_MIN * float(counts.max()))
        return [
            one.view.name
            for one, count in zip(self._cameras, counts, strict=True)
            if count >= least
        ]

    def _candidate(self, camera: Camera, points: Matrix, *, places: Matrix) -> _Candidate | None:
        """How well a photo shows points that are to be drawn and the places between them."""
        view, size = camera.view, np.array(camera.view.size)
        pixels, depth = view.project(points)
        beside = BESIDE_SHARE_MAX * size
        if (depth <= 0).any() or (pixels < -beside).any() or (pixels > size + beside).any():
            return None
        seen, _ = view.project(places)
        inside = ((seen > 0) & (seen < size)).all(axis=1)
        origins = np.broadcast_to(view.centre, places.shape)
        clear = self._tracer.is_clear(origins, places, slack=self._slack)
        share = float((inside & clear).mean())
        if share < SHOWN_SHARE_MIN:
            return None
        towards = points.mean(axis=0) - view.centre
        large = _extent(np.clip(pixels, 0, size)) / float(size[0])
        return _Candidate(camera, share**2 * large, towards / np.linalg.norm(towards))


def _extent(pixels: Matrix) -> float:
    """How large a segment or a face (n x 2) is: a face that is seen from its edge is small."""
    if len(pixels) == 2:
        return float(np.linalg.norm(pixels[1] - pixels[0]))
    x, y = pixels.T
    return float(np.sqrt(np.abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2))


def cameras_of(
    structure: Structure, views: Sequence[View], *, photos: Sequence[Photo]
) -> list[Camera]:
    """The registered photos in the house's own frame."""
    scales = {photo.name: photo.scale for photo in photos}
    return [Camera(structure.moved(view), scales[view.name]) for view in views]
