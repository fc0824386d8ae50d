"""Whether two views show the same place: a few hundred details of a small copy of each.

The details come as bytes from the process that opened the picture, which may have been led
astray by it, so nothing in them is believed but numbers within their bounds.
"""

import struct
from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

MAGIC = b"DSF1"
HEADER = struct.Struct("<4sHHH")
PLACE_BYTES, DESCRIPTOR_BYTES = 4, 128
DETAILS_MAX = 2000
# Places are stored as whole numbers of this share of a pixel.
PLACES_PER_PIXEL = 32.0
RATIO = 0.8
EPIPOLAR_PX_MAX = 2.0
# Where fewer of the distinct matches fit one scene, the walls only look alike.
FITTING_SHARE_MIN = 0.5
CERTAINTY = 0.999
TRIES_MAX = 500
# An epipolar geometry needs eight, and finds as many among any.
MATCHES_MIN = 8


@dataclass(frozen=True)
class Details:
    """Places (n x 2, in pixels of the small copy) and unit descriptors (n x 128)."""

    places: NDArray[np.float32]
    descriptors: NDArray[np.float32]

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Details out of a file; none where it is not what the sandbox writes."""
        if len(content) < HEADER.size:
            return cls.none()
        magic, _width, _height, count = HEADER.unpack_from(content)
        whole = HEADER.size + count * (PLACE_BYTES + DESCRIPTOR_BYTES)
        if magic != MAGIC or count > DETAILS_MAX or len(content) != whole:
            return cls.none()
        places = np.frombuffer(content, "<u2", 2 * count, HEADER.size).reshape(count, 2)
        raw = np.frombuffer(content, np.uint8, DESCRIPTOR_BYTES * count, whole - 128 * count)
        unit = raw.reshape(count, DESCRIPTOR_BYTES).astype(np.float32)
        unit /= np.maximum(np.linalg.norm(unit, axis=1, keepdims=True), 1e-6)
        return cls(places.astype(np.float32) / np.float32(PLACES_PER_PIXEL), unit)

    @classmethod
    def none(cls) -> Self:
        """Of a picture in which nothing can be recognised."""
        return cls(np.zeros((0, 2), np.float32), np.zeros((0, 128), np.float32))


def shared_details(one: Details, other: Details) -> int:
    """How many details both views show in places that one scene explains."""
    if min(len(one.places), len(other.places)) < MATCHES_MIN:
        return 0
    here, there = _distinct_matches(one.descriptors, other.descriptors)
    if len(here) < MATCHES_MIN:
        return 0
    fitting = _fitting(one.places[here], other.places[there])
    shared = int(np.count_nonzero(fitting))
    return shared if shared >= FITTING_SHARE_MIN * len(here) else 0


def _fitting(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Which pairs of places fit the one epipolar geometry that most of them fit."""
    try:
        _, found = cv2.findFundamentalMat(
            one, other, cv2.FM_RANSAC, EPIPOLAR_PX_MAX, CERTAINTY, TRIES_MAX
        )
    except cv2.error:
        return np.zeros(0, np.uint8)  # All in one line, or in one place.
    # Without a geometry there is None, which the library's types do not say.
    return np.asarray(() if found is None else found, np.uint8)  # type: ignore[redundant-expr]


def _distinct_matches(
    one: NDArray[np.float32], other: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Mutual best matches that are clearly better than the second best."""
    likeness = one @ other.T
    forth, back = likeness.argmax(axis=1), likeness.argmax(axis=0)
    rows = np.arange(len(one))
    best = likeness[rows, forth]
    likeness[rows, forth] = -1
    second = likeness.max(axis=1)
    good = (back[forth] == rows) & (1 - best < RATIO**2 * (1 - second))
    here = np.flatnonzero(good)
    return here, forth[here]
