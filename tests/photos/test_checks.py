"""The task `photos.check`: what becomes of a stored file."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image, ImageFilter

from doorstep.kit.db import Tx
from doorstep.photos import checks, model
from doorstep.photos.tasks import HANDLERS
from doorstep.web.services import Services
from tests.captures.test_link import in_org
from tests.capturing import Phone, ask, path_of, photo
from tests.cast import Cast
from tests.pinned import PinnedDatabase

ORIENTATION, SOFTWARE, GPS_IFD = 0x0112, 0x0131, 0x8825
NOBODY = "00000000-0000-7000-8000-000000000000"


async def run_checks(services: Services, db: PinnedDatabase, pinned: Tx, cast: Cast) -> None:
    """What the worker does with the tasks of everything that is stored."""
    while True:
        async with in_org(pinned, cast.alice.org_id):
            rows = await pinned.fetch("SELECT id FROM photos WHERE state = 'stored'")
        if not rows:
            return
        for row in rows:
            payload = {"org_id": cast.alice.org_id, "photo_id": str(row["id"])}
            await HANDLERS["photos.check"](db, payload, storage=services.storage)


@pytest.fixture
async def checked(
    phone: Phone, services: Services, db: PinnedDatabase, pinned: Tx, cast: Cast
) -> object:
    """Upload a file, check it, and say what the phone is told."""

    async def upload(content: bytes, **told: str) -> dict[str, object]:
        await phone.upload(content, **told)
        await run_checks(services, db, pinned, cast)
        shown: list[dict[str, object]] = (await phone.state())["photos"]  # type: ignore[assignment]
        return shown[-1]

    return upload


def encoded(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The picture as a file."""
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def scene(width: int = 1600, height: int = 1200) -> Image.Image:
    """Something with edges."""
    return Image.open(BytesIO(photo(1, width=width, height=height)))


def png_header(width: int, height: int) -> bytes:
    """A PNG that unpacks to width x height bits and is a few kilobytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width // 8 + 1) * min(height, 2000)), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


async def test_a_good_photo_is_ready_with_copies_of_two_sizes(
    checked: object, phone: Phone, client: httpx.AsyncClient
) -> None:
    shown = await checked(encoded(scene(2400, 1800)))  # type: ignore[operator]
    assert (shown["state"], shown["problem"], shown["hints"]) == ("ready", None, [])
    answer = await client.get(f"/capture/photos/{shown['id']}/thumb", headers=phone.cookie)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert max(Image.open(BytesIO(answer.content)).size) == 320


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
async def test_other_kinds_of_picture_are_taken(checked: object, kind: str) -> None:
    shown = await checked(encoded(scene(800, 600), kind))  # type: ignore[operator]
    assert shown["state"] == "ready"


async def test_f43_f45_s13_served_copies_are_upright_and_carry_nothing_but_pixels(
    checked: object, phone: Phone, services: Services, pinned: Tx, cast: Cast
) -> None:
    picture = scene(800, 600)
    exif = picture.getexif()
    exif[ORIENTATION], exif[SOFTWARE] = 6, "needle"
    exif.get_ifd(GPS_IFD)[1] = "N"
    exif.get_ifd(GPS_IFD)[2] = (33.0, 36.0, 38.0)
    content = encoded(picture, exif=exif, comment=b"<?php needle")
    await checked(content + b"<html>needle</html>")  # type: ignore[operator]
    async with in_org(pinned, cast.alice.org_id):
        row = await pinned.fetchrow("SELECT * FROM photos")
    assert row is not None
    assert (row["width"], row["height"]) == (600, 800)
    for key in (row["display_key"], row["thumbnail_key"]):
        served = await services.storage.get(key)
        assert b"needle" not in served
        assert b"Exif" not in served
        opened = Image.open(BytesIO(served))
        assert not opened.getexif()
        assert opened.height > opened.width
    assert b"needle" in await services.storage.get(row["original_key"])


def truncated() -> bytes:
    """A JPEG cut in the middle."""
    content = encoded(scene())
    return content[: len(content) // 2]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (truncated, "unreadable"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 4000, "unreadable"),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 4000, "unreadable"),
        (b"RIFF\x00\x00\x10\x00WEBP" + b"\x00" * 4000, "unreadable"),
        (lambda: png_header(20_000, 20_000), "too_many_pixels"),
        (lambda: png_header(9_000, 9_000), "too_many_pixels"),
        (lambda: encoded(Image.new("RGB", (1, 1))), "too_small"),
        (lambda: encoded(scene(1600, 300)), "too_small"),
        (lambda: encoded(Image.new("RGB", (1600, 1200), "grey")), "blank"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "not_a_picture"),
        (lambda: encoded(scene(800, 600), "TIFF"), "not_a_picture"),
        (lambda: encoded(scene(800, 600), "GIF"), "not_a_picture"),
        (b"%PDF-1.7 and more", "not_a_picture"),
        (b"8BPS\x00\x01 and more", "not_a_picture"),
        (b"\x00\x00\x00\x18ftypavif" + b"\x00" * 4000, "not_a_picture"),
        (b"\x1aE\xdf\xa3" + b"\x00" * 4000, "not_a_picture"),
    ],
)
async def test_f40_f41_f42_a_hostile_or_broken_picture_is_refused_by_name(
    checked: object,
    phone: Phone,
    client: httpx.AsyncClient,
    *,
    content: bytes | Callable[[], bytes],
    problem: str,
) -> None:
    # Pictures are made when their test runs: every process collects all tests.
    sent = content if isinstance(content, bytes) else content()
    shown = await checked(sent, filename="house.jpg")  # type: ignore[operator]
    assert (shown["state"], shown["problem"]) == ("rejected", problem)
    assert shown["text"] == model.PROBLEMS[problem]
    answer = await client.get(f"/capture/photos/{shown['id']}/thumb", headers=phone.cookie)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("shade", "hint"), [(lambda p: p // 12, "dark"), (lambda p: 255 - p // 12, "bright")]
)
async def test_a_poor_photo_is_kept_with_a_hint(checked: object, shade: object, hint: str) -> None:
    pixels = np.asarray(scene())
    shown = await checked(encoded(Image.fromarray(shade(pixels).astype("uint8"))))  # type: ignore[operator]
    assert shown["state"] == "ready"
    assert hint in shown["hints"]


async def test_a_blurred_photo_is_kept_with_a_hint(checked: object) -> None:
    soft = scene().filter(ImageFilter.GaussianBlur(9))
    shown = await checked(encoded(soft))  # type: ignore[operator]
    assert (shown["state"], shown["hints"]) == ("ready", ["blurred"])


async def test_checking_twice_changes_nothing(
    checked: object, services: Services, db: PinnedDatabase, cast: Cast
) -> None:
    shown = await checked(encoded(scene()))  # type: ignore[operator]
    payload = {"org_id": cast.alice.org_id, "photo_id": shown["id"]}
    await HANDLERS["photos.check"](db, payload, storage=services.storage)
    payload["photo_id"] = NOBODY
    await HANDLERS["photos.check"](db, payload, storage=services.storage)


async def test_a_neighbours_thumbnail_is_not_found(
    checked: object, client: httpx.AsyncClient, services: Services, db: PinnedDatabase, cast: Cast
) -> None:
    shown = await checked(encoded(scene()))  # type: ignore[operator]
    for troupe in (cast.alice, cast.charlie):
        request = await ask(db, troupe, email="other@example.com")
        other = Phone(client, path_of(services, request))
        await other.start()
        theirs = await client.get(f"/capture/photos/{shown['id']}/thumb", headers=other.cookie)
        nothing = await client.get(f"/capture/photos/{NOBODY}/thumb", headers=other.cookie)
        assert theirs.status_code == nothing.status_code == 404
        assert theirs.content == nothing.content


async def test_the_child_knows_no_secret_of_ours(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("DOORSTEP_SECRET_KEY", "needle")
    seen = checks._bare_environment(tmp_path)  # type: ignore[arg-type]
    assert "needle" not in str(seen)
    assert not any(name.startswith("DOORSTEP") for name in seen)
