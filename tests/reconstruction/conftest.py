"""Workspaces with photos in them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image

from doorstep.reconstruction.options import Options

MakeWorkspace = Callable[..., Path]


@pytest.fixture
def options() -> Options:
    return Options.fast()


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "images").mkdir()
    (tmp_path / "reports").mkdir()
    return tmp_path


def write_noise(
    path: Path,
    *,
    seed: int,
    size: tuple[int, int] = (320, 240),
    orientation: int = 1,
    taken_at: str = "",
) -> None:
    """A photo of nothing in particular that resembles no other."""
    coarse = np.random.default_rng(seed).integers(0, 255, (24, 32, 3), dtype=np.uint8)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.FocalLengthIn35mmFilm] = 26
    if taken_at:
        details[ExifTags.Base.DateTimeOriginal] = taken_at
        details[ExifTags.Base.SubsecTimeOriginal] = "25"
    Image.fromarray(coarse).resize(size, Image.Resampling.NEAREST).save(path, exif=exif)
