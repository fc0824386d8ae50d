"""A walk-round video becomes frames that a build can use."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from doorstep.auth.scopes import open_scope
from doorstep.kit.db import Tx
from doorstep.photos import queries
from doorstep.web.services import Services
from tests.captures.test_link import in_org
from tests.capturing import Phone, photo
from tests.cast import STAGE, Cast
from tests.photos.test_checks import run_checks
from tests.pinned import PinnedDatabase

SECONDS, RATE = 6, 15


def walk(path: Path, *, size: tuple[int, int] = (960, 720)) -> bytes:
    """A camera that passes along a wall, blurred for the second half of every second."""
    rng = np.random.default_rng(5)
    wall = cv2.resize(
        rng.integers(0, 255, (60, 640, 3), dtype=np.uint8),
        (8 * size[0], size[1]),
        interpolation=cv2.INTER_NEAREST,
    )
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"mp4v"), RATE, size)  # type: ignore[attr-defined]
    for number in range(SECONDS * RATE):
        left = number * 20
        frame = wall[:, left : left + size[0]]
        writer.write(cv2.GaussianBlur(frame, (31, 31), 0) if number % RATE > RATE // 2 else frame)
    writer.release()
    return path.read_bytes()


@pytest.mark.slow
async def test_sharp_spread_frames_are_picked(
    phone: Phone,
    services: Services,
    db: PinnedDatabase,
    pinned: Tx,
    cast: Cast,
    tmp_path: Path,
) -> None:
    await phone.upload(photo(1), sequence="1")
    await phone.upload(walk(tmp_path / "walk.mp4"), kind="video", sequence="2")
    await phone.upload(photo(2), sequence="3")
    await run_checks(services, db, pinned, cast)
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        job_id = await scope.tx.fetchval("SELECT job_id FROM capture_requests")
        found = await queries.list_of_job(scope, job_id=job_id)
        originals = await queries.originals_of_job(scope, job_id=job_id)
        assert await queries.count_unchecked(scope, job_id=job_id) == 0
    kinds = [one.kind for one in found]
    frames = kinds.count("frame")
    assert kinds == ["photo", "video", *["frame"] * frames, "photo"]
    assert 2 * SECONDS - 2 <= frames <= 2 * SECONDS
    assert {one.state for one in found} == {"ready"}
    assert len(originals) == frames + 2
    assert {media_type for _, _, media_type in originals} == {"image/jpeg"}
    sharpness = []
    for _, key, _ in originals[1:-1]:
        content = np.frombuffer(await services.storage.get(key), np.uint8)
        grey = cv2.imdecode(content, cv2.IMREAD_GRAYSCALE)
        assert grey is not None
        assert grey.shape == (720, 960)
        sharpness.append(cv2.Laplacian(grey, cv2.CV_64F).var())
    # Every second stretch of half a second is blurred throughout; the others are not.
    assert np.median(sharpness[::2]) > 5 * np.median(sharpness[1::2])


async def test_a_video_that_is_none_is_refused(
    phone: Phone, services: Services, db: PinnedDatabase, pinned: Tx, cast: Cast
) -> None:
    await phone.upload(b"\x00\x00\x00\x18ftypisom" + b"\x00" * 5000, kind="video")
    await phone.upload(b"#EXTM3U\nfile:///etc/passwd\n", kind="video")
    await run_checks(services, db, pinned, cast)
    async with in_org(pinned, cast.alice.org_id):
        rows = await pinned.fetch("SELECT problem FROM photos ORDER BY id")
    assert [row["problem"] for row in rows] == ["unreadable", "not_a_video"]
