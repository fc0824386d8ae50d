"""F44: HEIC as an iPhone makes it, decoded without a codec that we may not ship.

`iphone.heic` is a grid of four tiles of 512 pixels that the container turns upright, with a
thumbnail, a maker note, focal length and place; `ten-bits.heic` is Main 10 and of odd
size, with the same EXIF. Both were made with an encoder that is no part of the product or of its tests.
"""

import struct
from importlib.metadata import distribution
from io import BytesIO
from pathlib import Path

import numpy as np
import pi_heif
import pytest
from PIL import Image, ImageOps

from doorstep.kit.db import Tx
from doorstep.photos.model import media_type_of, problem_of_type
from doorstep.web.services import Services
from tests.captures.test_link import in_org
from tests.capturing import Phone
from tests.cast import Cast
from tests.photos.test_checks import run_checks
from tests.pinned import PinnedDatabase

HERE = Path(__file__).parent
IPHONE, TEN_BITS = ((HERE / f"{name}.heic").read_bytes() for name in ("iphone", "ten-bits"))
NEEDLE = b"needle-of-the-tests"
SKY, ROOF, GRASS = (140, 180, 230), (80, 60, 60), (90, 140, 70)


async def checked(
    phone: Phone,
    services: Services,
    db: PinnedDatabase,
    pinned: Tx,
    cast: Cast,
    *contents: bytes,
) -> list[dict[str, object]]:
    """Upload, check, and what the rows say."""
    for content in contents:
        await phone.upload(content, filename="IMG_0001.HEIC")
    await run_checks(services, db, pinned, cast)
    async with in_org(pinned, cast.alice.org_id):
        return [dict(row) for row in await pinned.fetch("SELECT * FROM photos ORDER BY id")]


def test_the_product_carries_a_decoder_of_heic_and_no_encoder() -> None:
    found = pi_heif.libheif_info()
    assert "libde265" in found["decoders"]
    assert set(found["encoders"]) <= {"mask"}
    names = [str(file) for file in distribution("pi-heif").files or ()]
    assert any("libheif" in name for name in names)
    assert not [name for name in names if "x265" in name or "x264" in name]


async def test_f44_a_photo_of_an_iphone_is_taken_upright_and_without_its_place(
    phone: Phone, services: Services, db: PinnedDatabase, pinned: Tx, cast: Cast
) -> None:
    rows = await checked(phone, services, db, pinned, cast, IPHONE, TEN_BITS)
    assert NEEDLE in IPHONE
    assert [(row["width"], row["height"]) for row in rows] == [(750, 1000), (747, 997)]
    for row in rows:
        assert (row["state"], row["media_type"]) == ("ready", "image/heic")
        for key in (row["display_key"], row["thumbnail_key"]):
            served = await services.storage.get(str(key))
            assert NEEDLE not in served
            assert b"Exif" not in served
            shown = Image.open(BytesIO(served))
            assert (shown.format, shown.height > shown.width) == ("JPEG", True)
        # The phone was held upright, so the ridge points to the right and the grass is left.
        shown = Image.open(BytesIO(await services.storage.get(str(row["display_key"]))))
        for place, colour in (((40, 500), GRASS), ((520, 500), ROOF), ((700, 500), SKY)):
            pixel = np.asarray(shown)[place[1], place[0]].astype(int)
            assert np.abs(pixel - colour).max() < 12, (place, pixel)
        # The engine gets the file as it came, and finds its focal length.
        original = await services.storage.get(str(row["original_key"]))
        assert original in (IPHONE, TEN_BITS)
        pi_heif.register_heif_opener()
        with Image.open(BytesIO(original)) as opened:
            assert ImageOps.exif_transpose(opened).size == (row["width"], row["height"])
            assert opened.getexif().get_ifd(0x8769)[0xA405] == 24


def with_size(width: int, height: int) -> bytes:
    """The picture of tiles, said to have another size, also where the grid says it."""
    before, after = struct.pack(">II", 1000, 750), struct.pack(">II", width, height)
    content = IPHONE.replace(b"ispe\0\0\0\0" + before, b"ispe\0\0\0\0" + after)
    grid = bytes([0, 0, 1, 1])
    return content.replace(
        grid + struct.pack(">HH", 1000, 750), grid + struct.pack(">HH", width, height)
    )


def grid_of_itself() -> bytes:
    """The tiles of the grid are the grid."""
    here = IPHONE.index(b"dimg") + 4
    [number] = struct.unpack(">H", IPHONE[here : here + 2])
    return IPHONE[: here + 4] + struct.pack(">H", number) * 4 + IPHONE[here + 12 :]


def beyond_the_end() -> bytes:
    """Every place where an item lies is said to be past the end of the file."""
    here = IPHONE.index(b"iloc") + 12
    content = bytearray(IPHONE)
    for item in range(struct.unpack(">H", IPHONE[here - 2 : here])[0]):
        at = here + item * 14 + 6
        content[at : at + 4] = struct.pack(">I", 0x7FFFFF00)
    return bytes(content)


@pytest.mark.slow
async def test_f44_hostile_boxes_are_refused_in_time(
    phone: Phone, services: Services, db: PinnedDatabase, pinned: Tx, cast: Cast
) -> None:
    hostile = {
        "too large": (with_size(9000, 9000), "too_many_pixels"),
        "larger than its tiles": (with_size(5000, 5000), "unreadable"),
        "a grid of itself": (grid_of_itself(), "unreadable"),
        "beyond the end": (beyond_the_end(), "unreadable"),
        "cut": (IPHONE[: len(IPHONE) * 3 // 4], "unreadable"),
        "no end of boxes": (IPHONE[:24] + bytes([0, 0, 0, 8]) + b"free" * 4000, "unreadable"),
    }
    rows = await checked(
        phone, services, db, pinned, cast, *(content for content, _ in hostile.values())
    )
    for row, (name, (_, problem)) in zip(rows, hostile.items(), strict=True):
        assert (row["state"], row["problem"]) == ("rejected", problem), name


@pytest.mark.parametrize("brand", [b"hevc", b"msf1", b"avif", b"avis", b"qt  ", b"crx "])
def test_f44_sequences_live_photos_and_raw_files_are_no_pictures(brand: bytes) -> None:
    start = b"\0\0\0\x18ftyp" + brand + bytes(20)
    assert problem_of_type("photo", media_type_of(start)) == "not_a_picture"
