"""SIFT features of every photo, into a database that COLMAP reads."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

import cv2
import numpy as np
import pycolmap
from numpy.typing import NDArray

from doorstep.reconstruction.held import on_sensor, sensor_size
from doorstep.reconstruction.options import FeatureOptions, Options
from doorstep.reconstruction.photos import Photo, read_gray, used_photos
from doorstep.reconstruction.progress import Step
from doorstep.reconstruction.reports import StageReport
from doorstep.reconstruction.workspace import FEATURES, write_atomically

NAME = "features"
VERSION = 3
TITLE = "Finding details that can be recognised"
OUTPUTS = (FEATURES,)

# Without a focal length in the photo, a phone's main camera sees about this many widths away.
FOCAL_WIDTHS_GUESS = 0.75
# COLMAP counts from the pixel's corner, OpenCV from its centre.
PIXEL_CENTRE = 0.5
# Blur before squeezing, so that narrow details do not turn into false ones.
SQUEEZE_BLUR_PX = 0.8

Features = tuple[NDArray[np.float32], NDArray[np.uint8]]


def options_of(options: Options) -> FeatureOptions:
    """The part of the options that this stage depends on."""
    return options.features


def run(workspace: Path, options: Options, *, step: Step) -> StageReport:
    """Write a database with the features of every used photo, where its sensor saw them."""
    photos = used_photos(workspace)
    counts: dict[str, int] = {}

    def fill(path: Path) -> None:
        path.unlink(missing_ok=True)
        with pycolmap.Database.open(path) as database:
            cameras = _write_cameras(database, photos)
            for number, (photo, found) in enumerate(
                _extract_all(workspace, photos, options=options)
            ):
                _write_photo(database, photo, found=found, camera=cameras[photo.camera])
                counts[photo.name] = len(found[0])
                step((number + 1) / len(photos), f"Photo {number + 1} of {len(photos)}")

    write_atomically(workspace / FEATURES, fill)
    return StageReport(NAME, {"features": sum(counts.values()), "by_photo": counts})


def _extract_all(
    workspace: Path, photos: list[Photo], *, options: Options
) -> Iterable[tuple[Photo, Features]]:
    """Photos in order; each thread holds one decoded photo at a time."""
    cv2.setNumThreads(1)

    def extract(photo: Photo) -> Features:
        return find_features(read_gray(workspace, photo), options.features)

    with ThreadPoolExecutor(options.threads) as pool:
        yield from zip(photos, pool.map(extract, photos), strict=True)


def find_features(grey: NDArray[np.uint8], options: FeatureOptions) -> Features:
    """Keypoints as n x 4 (x, y, scale, angle) and root-SIFT descriptors as n x 128 bytes.

    Walking round a house turns its walls about the vertical, which narrows them in the photo
    and little else. So features are also taken from the photo squeezed sideways: what is seen
    frontally here then matches what is seen at a slant there. Between photos 15 degrees apart
    this finds ten times as many matches at the corners.
    """
    levels = [
        _features_squeezed(grey, width=width, count=count, contrast=options.contrast)
        for width, count in options.squeezes
    ]
    return np.concatenate([each[0] for each in levels]), np.concatenate(
        [each[1] for each in levels]
    )


def _features_squeezed(
    grey: NDArray[np.uint8], *, width: float, count: int, contrast: float
) -> Features:
    sift = cv2.SIFT.create(nfeatures=count, contrastThreshold=contrast, enable_precise_upscale=True)
    squeezed = _squeeze(grey, width)
    # Whole pixels are left of the width, which is hardly ever the very share that was asked for.
    narrower = squeezed.shape[1] / grey.shape[1]
    # Photos are upright already: a fixed angle makes descriptors tell more things apart.
    upright = {(k.pt, k.size): k for k in sift.detect(squeezed, None)}
    for keypoint in upright.values():
        keypoint.angle = 0.0
    keypoints, raw = sift.compute(squeezed, list(upright.values()))
    if len(keypoints) == 0:
        return np.zeros((0, 4), np.float32), np.zeros((0, 128), np.uint8)
    placed = np.array(
        [
            ((k.pt[0] + PIXEL_CENTRE) / narrower, k.pt[1] + PIXEL_CENTRE, k.size / 2, 0.0)
            for k in keypoints
        ],
        np.float32,
    )
    root = np.sqrt(raw / np.maximum(raw.sum(axis=1, keepdims=True), 1e-6))
    return placed, np.clip(np.rint(root * 512), 0, 255).astype(np.uint8)


def _squeeze(grey: NDArray[np.uint8], width: float) -> NDArray[np.uint8]:
    if width == 1.0:
        return grey
    blurred = cv2.GaussianBlur(
        grey, (0, 0), sigmaX=SQUEEZE_BLUR_PX * np.sqrt(1 / width**2 - 1), sigmaY=0.01
    )
    narrow = (max(round(grey.shape[1] * width), 16), grey.shape[0])
    return np.asarray(cv2.resize(blurred, narrow, interpolation=cv2.INTER_LINEAR), np.uint8)


def _write_cameras(database: pycolmap.Database, photos: list[Photo]) -> dict[str, int]:
    """One shared camera for all photos that one phone took at one zoom."""
    ordered = sorted(photos, key=lambda photo: photo.camera)
    return {
        name: database.write_camera(_camera(next(group)))
        for name, group in groupby(ordered, key=lambda photo: photo.camera)
    }


def _camera(photo: Photo) -> pycolmap.Camera:
    width, height = sensor_size(photo.size, photo.quarters)
    focal = photo.focal_px or FOCAL_WIDTHS_GUESS * max(width, height)
    camera = pycolmap.Camera(
        model="RADIAL", width=width, height=height, params=[focal, width / 2, height / 2, 0, 0]
    )
    camera.has_prior_focal_length = photo.focal_px is not None
    return camera


def _write_photo(
    database: pycolmap.Database, photo: Photo, *, found: Features, camera: int
) -> None:
    image_id = database.write_image(pycolmap.Image(name=photo.file, camera_id=camera))
    placed = found[0].copy()
    upright = found[0][:, :2].astype(np.float64)
    placed[:, :2] = on_sensor(upright, size=photo.size, quarters=photo.quarters)
    database.write_keypoints(image_id, placed)
    database.write_descriptors(
        image_id,
        pycolmap.FeatureDescriptors(type=pycolmap.FeatureExtractorType.SIFT, data=found[1]),
    )
