"""Views of a walk round nothing in particular: overlapping parts of one endless picture."""

import struct
from io import BytesIO

import numpy as np
from PIL import Image

SIZE = (640, 480)
STEP_SHARE = 0.375
DETAILS_PER_VIEW = 200
"""Of a view's width, how far the next one is away."""


def views(count: int, *, seed: int = 1) -> list[Image.Image]:
    """Views that close a ring: the last overlaps with the first as all neighbours do."""
    step = int(SIZE[0] * STEP_SHARE)
    chance = np.random.default_rng(seed)
    coarse = chance.integers(0, 255, (SIZE[1] // 10, count * step // 10, 3)).astype(np.uint8)
    whole = Image.fromarray(coarse).resize((count * step, SIZE[1]), Image.Resampling.BICUBIC)
    pixels = np.asarray(whole)
    return [
        Image.fromarray(np.take(pixels, np.arange(at, at + SIZE[0]), axis=1, mode="wrap"))
        for at in range(0, count * step, step)
    ]


def details(number: int, *, count: int, seed: int = 1) -> bytes:
    """What the sandbox would find in such a view, made without a picture."""
    step = int(SIZE[0] * STEP_SHARE)
    chance = np.random.default_rng(seed)
    everything = DETAILS_PER_VIEW * count * step // SIZE[0]
    places = chance.uniform((0, 0), (count * step, SIZE[1]), (everything, 2))
    descriptors = chance.integers(0, 255, (everything, 128)).astype(np.uint8)
    places[:, 0] = (places[:, 0] - number * step) % (count * step)
    seen = places[:, 0] < SIZE[0]
    header = struct.pack("<4s3H", b"DSF1", *SIZE, int(seen.sum()))
    whole = (places[seen] * 32).astype("<u2")
    return header + whole.tobytes() + descriptors[seen].tobytes()


def jpeg(picture: Image.Image) -> bytes:
    """As a phone would send it."""
    out = BytesIO()
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()
