"""S12, S13, F41, F43 to F45: whatever a picture holds, what is served is pixels, or it is refused."""

import struct
import subprocess
import sys
import zlib
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from doorstep.kit.db import Tx
from doorstep.photos.checks import CHILD
from doorstep.web.services import Services
from tests.captures.test_link import in_org
from tests.capturing import Phone
from tests.cast import Cast
from tests.photos.test_checks import ORIENTATION, encoded, png_header, run_checks, scene
from tests.pinned import PinnedDatabase

NEEDLE = b"needle-of-the-tests"
KILOBYTES_MAX = 1_700_000
# What a JPEG may consist of when it is nothing but pixels: JFIF, tables, scan; no APP1 to APP15
# and no comment.
HARMLESS = {0xE0, 0xDB, 0xC4, 0xC0, 0xC2, 0xDA, 0xDD}


def with_exif(picture: Image.Image, **tags: Any) -> bytes:
    """A JPEG with these tags; the needle is in most of them."""
    exif = picture.getexif()
    exif[ORIENTATION] = tags.get("orientation", 1)
    exif[0x010F] = NEEDLE.decode()
    exif.get_ifd(0x8769)[0x927C] = NEEDLE * tags.get("maker_note", 1)
    exif.get_ifd(0x8769)[0x920A] = tags.get("focal", 0)
    exif.get_ifd(0x8825)[2] = (33.0, 36.0, 38.0)
    return encoded(picture, exif=exif, comment=NEEDLE, icc_profile=tags.get("icc", b""))


def bomb_of_exif() -> bytes:
    """Directories of tags that name each other, and a tag that says it has 4 GB."""
    entry = struct.pack("<HHII", 0x010E, 2, 0xFFFFFFF0, 8)
    block = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + entry + struct.pack("<I", 8) + NEEDLE
    segment = b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block
    content = encoded(scene(800, 600))
    return content[:2] + segment * 40 + content[2:]


def chunk(name: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def bomb_of_text() -> bytes:
    """A PNG whose compressed comment unpacks to 200 MB."""
    content = encoded(scene(800, 600), "PNG")
    text = b"Comment\0\0" + zlib.compress(NEEDLE + bytes(200 << 20), 9)
    return content[:33] + chunk(b"zTXt", text) + content[33:]


def commented_png() -> bytes:
    """A PNG with texts beside its pixels."""
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", NEEDLE.decode())
    told.add_itxt("XML:com.adobe.xmp", NEEDLE.decode())
    return encoded(scene(800, 600), "PNG", pnginfo=told)


def sixteen_bits() -> bytes:
    """A grey PNG of 16 bits a pixel."""
    values = np.asarray(scene(800, 600).convert("L")).astype("uint16") * 257
    return encoded(Image.fromarray(values), "PNG")


def animated(kind: str) -> bytes:
    """Three pictures in one file."""
    frames = [scene(800, 600), scene(800, 600).rotate(180), scene(800, 600).rotate(90)]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def polyglot() -> bytes:
    """A picture that is also an archive and a page."""
    return encoded(scene(800, 600)) + b"PK\x03\x04" + NEEDLE + b"<script>" + NEEDLE


Hung = dict[str, tuple[bytes, str | None, tuple[int, int] | None]]


def hang() -> Hung:
    """The gallery; it is made where it is looked at, for every process imports this file."""
    return {
        # what: (content, the problem, width and height as people see it)
        "cmyk": (encoded(scene(800, 600).convert("CMYK")), None, (800, 600)),
        "grey": (encoded(scene(800, 600).convert("L")), None, (800, 600)),
        "16 bits": (sixteen_bits(), None, (800, 600)),
        "palette": (encoded(scene(800, 600).quantize(16), "PNG"), None, (800, 600)),
        "alpha": (encoded(scene(800, 600).convert("RGBA"), "PNG"), None, (800, 600)),
        "progressive": (encoded(scene(800, 600), progressive=True), None, (800, 600)),
        "animated webp": (animated("WEBP"), None, (800, 600)),
        "animated png": (animated("PNG"), None, (800, 600)),
        "texts": (commented_png(), None, (800, 600)),
        "polyglot": (polyglot(), None, (800, 600)),
        "odd profile": (with_exif(scene(800, 600), icc=NEEDLE * 50), None, (800, 600)),
        "maker note": (with_exif(scene(800, 600), maker_note=3000), None, (800, 600)),
        "orientation 99": (with_exif(scene(800, 600), orientation=99), None, (800, 600)),
        "bomb of exif": (bomb_of_exif(), None, (800, 600)),
        "header only": (png_header(7000, 7000), "unreadable", None),
        "bomb": (png_header(60_000, 60_000), "too_many_pixels", None),
        "too wide": (png_header(2_000_000, 400), "too_many_pixels", None),
    }


@pytest.mark.slow
async def test_s12_s13_a_gallery_of_hostile_pictures(
    phone: Phone, services: Services, db: PinnedDatabase, pinned: Tx, cast: Cast
) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()  # type: ignore[no-untyped-call]
    gallery = hang()
    gallery["profile"] = (with_exif(scene(800, 600), icc=profile), None, (800, 600))
    gallery["bomb of text"] = (bomb_of_text(), None, (800, 600))
    for turn in range(1, 9):
        stands = (600, 800) if turn > 4 else (800, 600)
        content = with_exif(scene(800, 600), orientation=turn, focal=turn)
        gallery[f"orientation {turn}"] = (content, None, stands)
    for content, _, _ in gallery.values():
        await phone.upload(content)
    await run_checks(services, db, pinned, cast)
    async with in_org(pinned, cast.alice.org_id):
        rows = await pinned.fetch("SELECT * FROM photos ORDER BY id")
    assert len(rows) == len(gallery)
    for row, (name, (content, problem, size)) in zip(rows, gallery.items(), strict=True):
        seen = (row["state"], row["problem"])
        assert seen == ("rejected" if problem else "ready", problem), name
        if problem:
            continue
        assert (row["width"], row["height"]) == size, name
        for key in (row["display_key"], row["thumbnail_key"]):
            served = await services.storage.get(key)
            assert NEEDLE not in served, name
            assert markers(served) <= HARMLESS, name
            shown = Image.open(BytesIO(served))
            assert (shown.mode, shown.width > shown.height) == ("RGB", size == (800, 600)), name
        assert await services.storage.get(row["original_key"]) == content
    await turned_right(services, [row["display_key"] for row in rows[-8:]])


# How the camera's pixels are turned to stand upright, for each value of the tag.
TURNS = (
    None,
    Image.Transpose.FLIP_LEFT_RIGHT,
    Image.Transpose.ROTATE_180,
    Image.Transpose.FLIP_TOP_BOTTOM,
    Image.Transpose.TRANSPOSE,
    Image.Transpose.ROTATE_270,
    Image.Transpose.TRANSVERSE,
    Image.Transpose.ROTATE_90,
)


async def turned_right(services: Services, keys: list[str]) -> None:
    """Each copy shows what a camera with this tag saw."""
    for key, turn in zip(keys, TURNS, strict=True):
        shown = np.asarray(Image.open(BytesIO(await services.storage.get(key))).convert("L"))
        right = scene(800, 600).convert("L")
        expected = np.asarray(right if turn is None else right.transpose(turn))
        assert np.abs(shown.astype(float) - expected).mean() < 6, turn


def markers(jpeg: bytes) -> set[int]:
    """The kinds of a JPEG's segments, up to its pixels."""
    found, at = set[int](), 2
    while at < len(jpeg):
        assert jpeg[at] == 0xFF
        found.add(jpeg[at + 1])
        if jpeg[at + 1] == 0xDA:
            assert jpeg.endswith(b"\xff\xd9")
            break
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return found


EATER = """
import runpy, sys
runpy.run_path(sys.argv[1])["confine"]("picture")
import resource
kept = []
try:
    while True:
        kept.append(bytearray(64 << 20))
except MemoryError:
    eaten = len(kept)
    kept.clear()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = resource.getrlimit(resource.RLIMIT_CPU)
    print(eaten * 64, peak, *seconds)
"""


@pytest.mark.slow
def test_s12_a_child_that_eats_memory_hits_its_limit() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-c", EATER, str(CHILD)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    megabytes, peak, soft, hard = map(int, done.stdout.split())
    assert 1000 < megabytes <= 1500
    assert peak < KILOBYTES_MAX
    assert (soft, hard) == (20, 20)
