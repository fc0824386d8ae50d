"""Decode, turn upright, size down, and judge each photo; find the capture order."""

from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from pi_heif import register_heif_opener
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from doorstep.reconstruction.capture import Stamp, capture_order
from doorstep.reconstruction.failures import ReconstructionFailed, too_few_photos
from doorstep.reconstruction.held import quarters, sensor_size
from doorstep.reconstruction.options import Options, SelectOptions
from doorstep.reconstruction.photos import Photo, write_index
from doorstep.reconstruction.progress import Step
from doorstep.reconstruction.reports import StageReport
from doorstep.reconstruction.workspace import (
    IMAGES,
    PHOTOS,
    PHOTOS_INDEX,
    write_folder_atomically,
)

NAME = "select"
VERSION = 4
TITLE = "Looking through the photos"
OUTPUTS = (PHOTOS, PHOTOS_INDEX)

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif")
PIXELS_MAX = 80_000_000
FILM_WIDTH_MM = 36.0
JPEG_QUALITY = 95
THUMBNAIL_PX = (32, 24)
# Two photos nearer than this in mean grey level of their thumbnails are the same shot.
DUPLICATE_GREY_MAX = 0.6


@dataclass(frozen=True)
class _Look:
    photo: Photo
    thumbnail: NDArray[np.float32]
    stamp: Stamp


def options_of(options: Options) -> SelectOptions:
    """The part of the options that this stage depends on."""
    return options.select


def run(workspace: Path, options: Options, *, step: Step) -> StageReport:
    """Write upright photos of a common largest size, and an index that judges each."""
    register_heif_opener()
    paths = sorted(p for p in (workspace / IMAGES).iterdir() if p.suffix.lower() in SUFFIXES)
    paths = paths[: options.select.photos_max]
    looks: list[_Look] = []
    unreadable: list[str] = []

    def fill(folder: Path) -> None:
        for number, path in enumerate(paths):
            step(number / len(paths), f"Photo {number + 1} of {len(paths)}")
            look = _look(path, folder, number=number + 1, side_px_max=options.select.side_px_max)
            if look is None:
                unreadable.append(path.name)
            else:
                looks.append(look)

    write_folder_atomically(workspace / PHOTOS, fill)
    order = capture_order([look.stamp for look in looks])
    photos = _judge([looks[place] for place in order], options.select)
    usable = sum(photo.used for photo in photos)
    if usable < options.select.photos_min:
        raise ReconstructionFailed(
            too_few_photos(usable=usable, needed=options.select.photos_min, unreadable=unreadable)
        )
    write_index(workspace, photos)
    ordered_by = "name" if order == sorted(order) else "time"
    return StageReport(NAME, {**_figures(photos, unreadable), "ordered_by": ordered_by})


def _figures(photos: list[Photo], unreadable: list[str]) -> dict[str, object]:
    return {
        "given": len(photos) + len(unreadable),
        "used": sum(photo.used for photo in photos),
        "left_out": {photo.name: photo.reason for photo in photos if not photo.used},
        "unreadable": unreadable,
        "cameras": sorted({photo.camera for photo in photos}),
        "focal_known": sum(photo.focal_px is not None for photo in photos),
    }


def _look(path: Path, folder: Path, *, number: int, side_px_max: int) -> _Look | None:
    try:
        with Image.open(path) as opened:
            if opened.width * opened.height > PIXELS_MAX:
                return None
            exif = opened.getexif()
            held = _orientation(opened)
            opened.draft("RGB", (side_px_max, side_px_max))
            upright = ImageOps.exif_transpose(opened).convert("RGB")
            full = _upright_size(path)
    except (OSError, UnidentifiedImageError, SyntaxError, ValueError):
        return None
    scale = min(1.0, side_px_max / max(full))
    size = (round(full[0] * scale), round(full[1] * scale))
    if upright.size != size:
        upright = upright.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    # The whole name: IMG_1.jpg and IMG_1.png are two photos.
    file = f"{path.name}.jpg"
    upright.save(folder / file, quality=JPEG_QUALITY, subsampling=0)
    grey = np.asarray(upright.convert("L"))
    details = exif.get_ifd(ExifTags.IFD.Exif)
    turned = quarters(held, size)
    stamp = Stamp(_taken_at(details), _maker(exif))
    photo = Photo(
        name=path.name,
        file=file,
        size=size,
        scale=scale,
        camera=_camera_name(exif, details, size=sensor_size(size, turned)),
        focal_px=_focal_px(details, size),
        sharpness=_sharpness(grey),
        taken_at=stamp.taken_at,
        used=True,
        number=number,
        quarters=turned,
    )
    small = cv2.resize(grey, THUMBNAIL_PX, interpolation=cv2.INTER_AREA)
    return _Look(photo, small.astype(np.float32), stamp)


def _orientation(opened: Image.Image) -> int:
    """As EXIF has it; the reader of HEIC turns the picture itself, and keeps the word apart."""
    said = opened.info.get("original_orientation")
    return int(said or opened.getexif().get(ExifTags.Base.Orientation, 1))


def _upright_size(path: Path) -> tuple[int, int]:
    with Image.open(path) as opened:
        turned = opened.getexif().get(ExifTags.Base.Orientation, 1) in (5, 6, 7, 8)
        return (opened.height, opened.width) if turned else opened.size


def _camera_name(exif: Image.Exif, details: dict[int, object], *, size: tuple[int, int]) -> str:
    focal = details.get(
        ExifTags.Base.FocalLengthIn35mmFilm, details.get(ExifTags.Base.FocalLength, "")
    )
    return f"{_maker(exif)} {focal} {size[0]}x{size[1]}".strip()


def _maker(exif: Image.Exif) -> str:
    """Maker and model of the camera."""
    maker = str(exif.get(ExifTags.Base.Make, "")).strip("\0 ")
    model = str(exif.get(ExifTags.Base.Model, "")).strip("\0 ")
    return f"{maker} {model}"


def _taken_at(details: dict[int, object]) -> str:
    """`2026:05:01 10:00:03.25`; empty where the photo does not say."""
    second = str(details.get(ExifTags.Base.DateTimeOriginal, "")).strip("\0 ")
    part = str(details.get(ExifTags.Base.SubsecTimeOriginal, "")).strip("\0 ")
    return f"{second}.{part}" if second and part else second


def _focal_px(details: dict[int, object], size: tuple[int, int]) -> float | None:
    """Focal length in pixels from the 35 mm equivalent, which counts along the long side."""
    equivalent = details.get(ExifTags.Base.FocalLengthIn35mmFilm)
    if not isinstance(equivalent, int) or equivalent <= 0:
        return None
    return max(size) * equivalent / FILM_WIDTH_MM


def _sharpness(grey: NDArray[np.uint8]) -> float:
    side = 800 / max(grey.shape)
    small = cv2.resize(grey, None, fx=side, fy=side, interpolation=cv2.INTER_AREA)
    return float(cv2.Laplacian(small, cv2.CV_32F).var())


def _judge(looks: list[_Look], options: SelectOptions) -> list[Photo]:
    if not looks:
        return []
    median = float(np.median([look.photo.sharpness for look in looks]))
    judged: list[Photo] = []
    kept: list[_Look] = []
    for look in looks:
        twin = next((each for each in kept if _same_shot(each, look)), None)
        if look.photo.sharpness < options.sharpness_share_min * median:
            judged.append(replace(look.photo, used=False, reason="blurred"))
        elif twin is not None:
            reason = f"same as {twin.photo.name}"
            judged.append(replace(look.photo, used=False, reason=reason))
        else:
            kept.append(look)
            judged.append(look.photo)
    return judged


def _same_shot(one: _Look, other: _Look) -> bool:
    difference = np.abs(one.thumbnail - other.thumbnail).mean()
    return bool(difference < DUPLICATE_GREY_MAX)
