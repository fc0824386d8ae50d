"""A set of photos on disk, as a phone would leave it, or the same walk as a video."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

from tests.houses.cameras import FOCAL_35MM, Lens, Pose, closer_looks, phone_lens, walk
from tests.houses.plan import Finish, House, Kind, design
from tests.houses.render import Studio, finish
from tests.houses.scene import build_scene
from tests.houses.street import with_street
from tests.houses.truth import truth

JPEG_QUALITY = 90
SECONDS_BETWEEN_PHOTOS = 6
VIDEO_FRAMES_PER_SECOND = 8.0
STARTED_AT = datetime(2026, 5, 9, 10, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Order:
    """What to photograph and how."""

    kind: Kind = "gable"
    seed: int = 1
    photos: int = 36
    size: tuple[int, int] = (640, 480)
    finish: Finish | None = None
    marker: bool = False
    close_photos: int = 0
    bare: bool = False
    """Without plants, on a lawn that is alike from all sides."""
    turns: float = 1.0
    street: bool = False
    """With neighbours all round and a chimney."""


def write_album(folder: Path, order: Order) -> list[Path]:
    """Photos `IMG_0000.jpg`, ... in `folder/images`, and `folder/truth.json`."""
    house = design(order.kind, seed=order.seed, finish=order.finish)
    lens = phone_lens(order.size)
    poses = walk(house, order.photos, seed=order.seed, turns=order.turns)
    poses += closer_looks(house, order.close_photos, seed=order.seed)
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, picture in enumerate(_pictures(house, lens, poses=poses, order=order)):
        path = images / f"IMG_{number:04d}.jpg"
        exif = _exif(order.size, number=number)
        Image.fromarray(picture).save(path, quality=JPEG_QUALITY, exif=exif)
        paths.append(path)
    known = truth(
        house, lens, poses=poses, names=[path.name for path in paths], marker=order.marker
    )
    (folder / "truth.json").write_text(json.dumps(known, indent=1), encoding="utf-8")
    return paths


def write_video(path: Path, order: Order) -> None:
    """The same walk as a video; `order.photos` counts its frames."""
    house = design(order.kind, seed=order.seed, finish=order.finish)
    lens = phone_lens(order.size)
    code = cv2.VideoWriter.fourcc(*("MJPG" if path.suffix == ".avi" else "mp4v"))
    video = cv2.VideoWriter(str(path), code, VIDEO_FRAMES_PER_SECOND, order.size)
    if not video.isOpened():
        message = f"cannot write a video to {path}"
        raise OSError(message)
    poses = walk(house, order.photos, seed=order.seed, turns=order.turns)
    for picture in _pictures(house, lens, poses=poses, order=order):
        video.write(np.ascontiguousarray(picture[..., ::-1]))
    video.release()


def _pictures(
    house: House, lens: Lens, *, poses: list[Pose], order: Order
) -> Iterator[NDArray[np.uint8]]:
    scene = build_scene(house, seed=order.seed, marker=order.marker, bare=order.bare)
    if order.street:
        scene = with_street(scene, house, seed=order.seed)
    studio = Studio(scene)
    chance = np.random.default_rng(order.seed)
    rays = lens.rays()
    for pose in poses:
        yield finish(studio.photograph(lens, pose, rays=rays), chance)


def _exif(size: tuple[int, int], *, number: int) -> Image.Exif:
    taken = STARTED_AT + timedelta(seconds=number * SECONDS_BETWEEN_PHOTOS)
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Doorstep"
    exif[ExifTags.Base.Model] = "Rendered Phone"
    exif[ExifTags.Base.Orientation] = 1
    exif[ExifTags.Base.DateTime] = taken.strftime("%Y:%m:%d %H:%M:%S")
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = taken.strftime("%Y:%m:%d %H:%M:%S")
    details[ExifTags.Base.FocalLength] = 5.4
    details[ExifTags.Base.FocalLengthIn35mmFilm] = FOCAL_35MM
    details[ExifTags.Base.ExifImageWidth] = size[0]
    details[ExifTags.Base.ExifImageHeight] = size[1]
    return exif
