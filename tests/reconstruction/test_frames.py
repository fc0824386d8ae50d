"""Photos out of a video."""

from pathlib import Path

import pytest
from PIL import Image

from doorstep.reconstruction.frames import VideoUnreadable, take_frames
from tests.houses.album import Order, write_video


@pytest.mark.slow
def test_frames_are_spread_over_the_walk(tmp_path: Path) -> None:
    write_video(tmp_path / "walk.mp4", Order(photos=9, size=(160, 120)))

    paths = take_frames(tmp_path / "walk.mp4", tmp_path, count=3)

    assert [path.name for path in paths] == ["walk-0000.jpg", "walk-0001.jpg", "walk-0002.jpg"]
    with Image.open(paths[0]) as first:
        assert first.size == (160, 120)


def test_what_is_no_video_says_so(tmp_path: Path) -> None:
    (tmp_path / "walk.mp4").write_bytes(b"not a video")
    with pytest.raises(VideoUnreadable, match=r"walk\.mp4 holds no frame"):
        take_frames(tmp_path / "walk.mp4", tmp_path)
