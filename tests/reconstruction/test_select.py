"""Which photos are used, and how they come out."""

import shutil
from pathlib import Path

import pytest
from PIL import Image

from doorstep.reconstruction import ReconstructionFailed
from doorstep.reconstruction.options import Options
from doorstep.reconstruction.photos import read_index, read_original, used_photos
from doorstep.reconstruction.progress import Step, silent
from doorstep.reconstruction.stages import select
from tests.reconstruction.conftest import write_noise

STEP = Step("select", 0, 1, silent)


def test_photos_are_upright_in_order_and_know_their_focal_length(
    workspace: Path, options: Options
) -> None:
    for number in range(3):
        write_noise(workspace / "images" / f"{number}.jpg", seed=number, orientation=6)

    report = select.run(workspace, options, step=STEP)

    photos = read_index(workspace)
    assert [photo.name for photo in photos] == ["0.jpg", "1.jpg", "2.jpg"]
    assert photos[0].size == (240, 320)
    assert photos[0].focal_px == pytest.approx(320 * 26 / 36)
    with Image.open(workspace / "photos" / "0.jpg.jpg") as upright:
        assert upright.size == (240, 320)
    assert report.figures["used"] == 3
    assert report.figures["ordered_by"] == "name"


def test_large_photos_are_sized_down(workspace: Path, options: Options) -> None:
    for number in range(3):
        write_noise(workspace / "images" / f"{number}.jpg", seed=number, size=(1600, 1200))

    select.run(workspace, options, step=STEP)

    photo = read_index(workspace)[0]
    assert photo.size == (800, 600)
    assert photo.scale == 0.5


def test_the_same_shot_twice_counts_once(workspace: Path, options: Options) -> None:
    for number in range(3):
        write_noise(workspace / "images" / f"{number}.jpg", seed=number)
    shutil.copy(workspace / "images" / "1.jpg", workspace / "images" / "1-again.jpg")

    select.run(workspace, options, step=STEP)

    left_out = [photo for photo in read_index(workspace) if not photo.used]
    assert [(photo.name, photo.reason) for photo in left_out] == [("1.jpg", "same as 1-again.jpg")]


def test_photos_go_in_the_order_of_their_clock_and_are_called_by_name(
    workspace: Path, options: Options
) -> None:
    for number, second in enumerate((9, 3, 6)):
        at = f"2026:05:01 10:00:0{second}"
        write_noise(workspace / "images" / f"{number}.jpg", seed=number, taken_at=at)

    report = select.run(workspace, options, step=STEP)

    assert [(photo.name, photo.number) for photo in used_photos(workspace)] == [
        ("1.jpg", 2),
        ("2.jpg", 3),
        ("0.jpg", 1),
    ]
    assert used_photos(workspace)[0].taken_at == "2026:05:01 10:00:03.25"
    assert report.figures["ordered_by"] == "time"


def test_too_few_photos_is_a_failure_both_sides_understand(
    workspace: Path, options: Options
) -> None:
    for number in range(2):
        write_noise(workspace / "images" / f"{number}.jpg", seed=number)
    (workspace / "images" / "2.jpg").write_bytes(b"\xff\xd8 not a photo")

    with pytest.raises(ReconstructionFailed) as caught:
        select.run(workspace, options, step=STEP)

    failure = caught.value.failure
    assert failure.code == "too_few_photos"
    assert failure.homeowner.startswith("We have 2 usable photos and need at least 3.")
    assert failure.organization.endswith("These could not be read: 2.jpg.")


def test_photos_of_an_iphone_are_read(workspace: Path, options: Options) -> None:
    for number in range(2):
        write_noise(workspace / "images" / f"{number}.jpg", seed=number)
    # Noise of 320 x 240 from the one encoder that needs no system library; 26 mm in its EXIF.
    shutil.copy(Path(__file__).with_name("noise.heic"), workspace / "images" / "2.heic")

    select.run(workspace, options, step=STEP)

    photo = read_index(workspace)[2]
    assert (photo.name, photo.file, photo.size) == ("2.heic", "2.heic.jpg", (320, 240))
    assert photo.focal_px == pytest.approx(320 * 26 / 36)
    original = read_original(workspace, photo)
    assert original is not None
    assert original.shape == (240, 320)
