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

from tests.houses.cameras import Pose, closer_looks, phone_lens, walk
from tests.houses.phones import TURNED, UPRIGHT, Mix, Shot, developed, shots, unrelated
from tests.houses.plan import Finish, House, Kind, design
from tests.houses.recesses import recessed, with_recesses
from tests.houses.render import Studio, finish
from tests.houses.scene import build_scene
from tests.houses.street import with_street
from tests.houses.truth import truth

JPEG_QUALITY = 90
SECONDS_BETWEEN_PHOTOS = 6
STRAY_AFTER = 10
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
    mix: tuple[Mix, ...] = ()
    """What else happens to photos: some held upright, some by another lens, and so on."""
    recess: bool = False
    """With openings that are holes, some within boards, and glass that mirrors."""


def write_album(folder: Path, order: Order) -> list[Path]:
    """Photos `IMG_0000.jpg`, ... in `folder/images`, and `folder/truth.json`."""
    house = _house(order)
    poses = walk(house, order.photos, seed=order.seed, turns=order.turns)
    poses += closer_looks(house, order.close_photos, seed=order.seed)
    taken = shots(order.size, poses, mix=order.mix)
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    paths = []
    pictures = _pictures(house, taken, poses=poses, order=order)
    for number, (picture, shot) in enumerate(zip(pictures, taken, strict=True)):
        path = images / shot.name.format(number)
        exif = Image.Exif() if shot.stripped else _exif(shot, number=number)
        Image.fromarray(developed(picture, shot)).save(path, quality=JPEG_QUALITY, exif=exif)
        paths.append(path)
    if "light" in order.mix:
        _write_unrelated(images, taken[STRAY_AFTER], size=order.size)
    known = truth(
        house,
        phone_lens(order.size),
        poses=poses,
        names=[path.name for path in paths],
        marker=order.marker,
    )
    (folder / "truth.json").write_text(json.dumps(known, indent=1), encoding="utf-8")
    return paths


def write_video(path: Path, order: Order) -> None:
    """The same walk as a video; `order.photos` counts its frames."""
    house = _house(order)
    lens = phone_lens(order.size)
    code = cv2.VideoWriter.fourcc(*("MJPG" if path.suffix == ".avi" else "mp4v"))
    video = cv2.VideoWriter(str(path), code, VIDEO_FRAMES_PER_SECOND, order.size)
    if not video.isOpened():
        message = f"cannot write a video to {path}"
        raise OSError(message)
    poses = walk(house, order.photos, seed=order.seed, turns=order.turns)
    for picture in _pictures(house, [Shot(lens)] * len(poses), poses=poses, order=order):
        video.write(np.ascontiguousarray(picture[..., ::-1]))
    video.release()


def _house(order: Order) -> House:
    house = design(order.kind, seed=order.seed, finish=order.finish)
    return recessed(house, seed=order.seed) if order.recess else house


def _pictures(
    house: House, taken: list[Shot], *, poses: list[Pose], order: Order
) -> Iterator[NDArray[np.uint8]]:
    scene = build_scene(house, seed=order.seed, marker=order.marker, bare=order.bare)
    if order.recess:
        scene = with_recesses(scene, house, seed=order.seed)
    if order.street:
        scene = with_street(scene, house, seed=order.seed)
    studio = Studio(scene)
    chance = np.random.default_rng(order.seed)
    rays = {lens: lens.rays() for lens in {shot.lens for shot in taken}}
    for pose, shot in zip(poses, taken, strict=True):
        light = studio.photograph(shot.lens, pose, rays=rays[shot.lens])
        yield finish(light * np.float32(2.0**shot.stops), chance)


def _write_unrelated(images: Path, shot: Shot, *, size: tuple[int, int]) -> None:
    """A photo of something else, taken in between."""
    picture = unrelated(size, np.random.default_rng(0))
    path = images / f"IMG_{STRAY_AFTER:04d}b.jpg"
    exif = _exif(shot, number=STRAY_AFTER, seconds=SECONDS_BETWEEN_PHOTOS / 2)
    Image.fromarray(picture).save(path, quality=JPEG_QUALITY, exif=exif)


def _exif(shot: Shot, *, number: int, seconds: float = 0.0) -> Image.Exif:
    after = timedelta(seconds=number * SECONDS_BETWEEN_PHOTOS + seconds)
    taken = (STARTED_AT + after + shot.clock_ahead).strftime("%Y:%m:%d %H:%M:%S")
    width, height = shot.lens.size[::-1] if shot.held_upright else shot.lens.size
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = shot.maker
    exif[ExifTags.Base.Model] = shot.model
    exif[ExifTags.Base.Orientation] = TURNED if shot.held_upright else UPRIGHT
    exif[ExifTags.Base.DateTime] = taken
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = taken
    details[ExifTags.Base.FocalLength] = 5.4
    details[ExifTags.Base.FocalLengthIn35mmFilm] = shot.equivalent_mm
    details[ExifTags.Base.ExifImageWidth] = width
    details[ExifTags.Base.ExifImageHeight] = height
    return exif
