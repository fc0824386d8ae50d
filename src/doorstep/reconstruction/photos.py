"""The photos of a run after selection: upright pictures and what is known of each."""

from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from pi_heif import register_heif_opener
from PIL import Image, ImageOps

from doorstep.reconstruction.workspace import IMAGES, PHOTOS, PHOTOS_INDEX, read_json, write_json

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Photo:
    """One photo. `scale` leads from the upright original to `size`.

    `number` is its place by name among all that were given, from 1: so photos are called in words,
    and on the page of a job. The order of capture may be another. `quarters` are the turns clockwise
    from the picture as the sensor saw it to the upright one; photos of one `camera` share a lens.
    """

    name: str
    file: str
    size: tuple[int, int]
    scale: float
    camera: str
    focal_px: float | None
    sharpness: float
    taken_at: str
    used: bool
    number: int
    quarters: int = 0
    reason: str = ""


def write_index(workspace: Path, photos: list[Photo]) -> None:
    """Write `photos.json`, in capture order."""
    write_json(workspace / PHOTOS_INDEX, {"version": 1, "photos": [asdict(p) for p in photos]})


def read_index(workspace: Path) -> list[Photo]:
    """All photos that could be decoded, also those left out."""
    listed = read_json(workspace / PHOTOS_INDEX)["photos"]
    return [Photo(**{**each, "size": tuple(each["size"])}) for each in listed]


def used_photos(workspace: Path) -> list[Photo]:
    """Those that the reconstruction works with."""
    return [photo for photo in read_index(workspace) if photo.used]


def read_gray(workspace: Path, photo: Photo) -> Picture:
    """Height x width, 8 bits."""
    return _read(workspace / PHOTOS / photo.file, cv2.IMREAD_GRAYSCALE)


def read_blue(workspace: Path, photo: Photo) -> Picture:
    """Height x width, 8 bits: the colour in which a roof stands out best against the sky."""
    return np.ascontiguousarray(_read(workspace / PHOTOS / photo.file, cv2.IMREAD_COLOR)[..., 0])


def read_colour(workspace: Path, photo: Photo) -> Picture:
    """Height x width x 3, blue first, 8 bits."""
    return _read(workspace / PHOTOS / photo.file, cv2.IMREAD_COLOR)


def read_original(workspace: Path, photo: Photo) -> Picture | None:
    """The photo as it was given, upright: height x width, 8 bits; None if it has gone bad."""
    register_heif_opener()
    try:
        with Image.open(workspace / IMAGES / photo.name) as opened:
            return np.asarray(ImageOps.exif_transpose(opened).convert("L"))
    except (OSError, SyntaxError, ValueError):
        return None


def _read(path: Path, flags: int) -> Picture:
    picture = cv2.imread(str(path), flags | cv2.IMREAD_IGNORE_ORIENTATION)
    if picture is None:
        message = f"{path} cannot be read any more"
        raise OSError(message)
    return np.asarray(picture, dtype=np.uint8)
