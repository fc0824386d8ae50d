"""Photos out of a walk-round video: the sharpest frame of each short stretch."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

FRAMES_COUNT = 60
FRAMES_READ_MAX = 20_000
SHARPNESS_SIDE_PX = 480
JPEG_QUALITY = 94


class VideoUnreadable(Exception):
    """The file is no video that can be decoded, or holds no frame."""


@dataclass(frozen=True)
class _Frame:
    picture: NDArray[np.uint8]
    sharpness: float


def take_frames(video: Path, images: Path, *, count: int = FRAMES_COUNT) -> list[Path]:
    """Write at most `count` frames as `<name of the video>-0000.jpg`, ... to `images`, in order of time."""
    total = sum(1 for _ in _pictures(video, decode=False))
    if total == 0:
        raise VideoUnreadable(f"{video.name} holds no frame that can be decoded")
    stretches = min(count, total)
    paths: list[Path] = []
    best: _Frame | None = None
    for number, picture in enumerate(_pictures(video, decode=True)):
        sharpness = _sharpness(picture)
        if best is None or sharpness > best.sharpness:
            best = _Frame(picture, sharpness)
        is_last = (number + 1) * stretches // total > len(paths)
        if is_last and best is not None:
            path = images / f"{video.stem}-{len(paths):04}.jpg"
            cv2.imwrite(str(path), best.picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
            paths.append(path)
            best = None
    return paths


def _pictures(video: Path, *, decode: bool) -> Iterator[NDArray[np.uint8]]:
    """A video's frames; without `decode` empty ones, only to be counted."""
    capture = cv2.VideoCapture(str(video))
    try:
        for _ in range(FRAMES_READ_MAX):
            if not capture.grab():
                return
            found, picture = capture.retrieve() if decode else (True, np.zeros((0, 0, 3)))
            if not found:
                return
            yield np.asarray(picture, np.uint8)
    finally:
        capture.release()


def _sharpness(picture: NDArray[np.uint8]) -> float:
    shrink = min(1.0, SHARPNESS_SIDE_PX / max(picture.shape))
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    return float(cv2.Laplacian(small, cv2.CV_32F).var())
