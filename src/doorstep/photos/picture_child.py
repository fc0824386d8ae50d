"""Opens one hostile file; runs as a program of its own, with nothing to lose.

    picture_child.py picture FILE FOLDER    -> display.jpg, thumbnail.jpg, details.bin
    picture_child.py video FILE FOLDER      -> frame-00.jpg, frame-01.jpg, ...
    picture_child.py logo FILE FOLDER       -> logo.webp

It prints one line of JSON and imports nothing of ours: it is started without the
server's environment, and puts itself under limits before it looks at the file.
"""

import contextlib
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

PIXELS_MAX = 60_000_000
DISPLAY_PIXELS = 1600
THUMBNAIL_PIXELS = 320
SHORT_SIDE_MIN = 400
MEMORY_BYTES_MAX = {"picture": 1500 << 20, "video": 3 << 30, "logo": 1500 << 20}
CPU_SECONDS_MAX = {"picture": 20, "video": 280, "logo": 20}
FILE_BYTES_MAX = 60 << 20
DISPLAY_QUALITY = 85
THUMBNAIL_QUALITY = 78

LOGO_WIDTH, LOGO_HEIGHT = 320, 120
LOGO_SIDE_MIN = 16
LOGO_QUALITIES = (85, 65, 45, 25)
LOGO_BYTES_MAX = 10_000

MEASURED_PIXELS = 640
BLANK_DEVIATION = 3.0
BLURRED_VARIANCE = 25.0
DARK_MEAN = 45.0
BRIGHT_MEAN = 225.0

FRAMES_MAX = 60
FRAME_LONG_SIDE = 1920
FRAME_QUALITY = 92
FRAME_SECONDS_MIN = 0.5
VIDEO_SECONDS_MAX = 600
LOOKS_PER_SECOND = 6
FRAMES_PER_SECOND = 30.0
FRAMES_PER_SECOND_MAX = 240
SHARPNESS_PIXELS = 320

DETAILS_MAGIC = b"DSF1"
DETAILS_PIXELS = 800
# Width left after squeezing, and how many details to keep at it: walking round a house narrows
# its walls, so a squeezed copy looks like what is seen a few steps further on.
DETAILS_SQUEEZES = ((1.0, 1000), (0.6, 400))
DETAILS_CONTRAST = 0.02
DETAILS_PER_PIXEL = 32
SQUEEZE_BLUR = 0.8


class Refused(Exception):
    """The file is of no use; the code says why."""


def main(arguments: list[str]) -> int:
    """Do one job; the exit status."""
    job, source, folder = arguments
    confine(job)
    try:
        made = {"picture": picture, "video": video, "logo": logo}[job](source, Path(folder))
    except Refused as refusal:
        made = {"problem": str(refusal)}
    sys.stdout.write(json.dumps(made))
    return 0


def confine(job: str) -> None:
    """Limits that hold whatever the decoder does."""
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY_BYTES_MAX[job]),
        (resource.RLIMIT_CPU, CPU_SECONDS_MAX[job]),
        (resource.RLIMIT_FSIZE, FILE_BYTES_MAX),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(what, (limit, limit))
    with contextlib.suppress(OSError):
        os.nice(5)


def picture(source: str, folder: Path) -> dict[str, Any]:
    """Rebuild a picture from its pixels, upright and without anything but pixels."""
    import pyvips

    pyvips.block_untrusted_set(True)
    try:
        image = _open(pyvips, source)
        if image.width * image.height > PIXELS_MAX:
            raise Refused("too_many_pixels")
        if min(image.width, image.height) < SHORT_SIDE_MIN:
            raise Refused("too_small")
        width, height = _upright_size(image)
        shown = _shrunk(pyvips, source, pixels=DISPLAY_PIXELS)
        hints = _hints(shown)
        shown.write_to_file(
            str(folder / "display.jpg"), Q=DISPLAY_QUALITY, keep="none", interlace=True
        )
        shown.thumbnail_image(THUMBNAIL_PIXELS, height=THUMBNAIL_PIXELS).write_to_file(
            str(folder / "thumbnail.jpg"), Q=THUMBNAIL_QUALITY, keep="none"
        )
        (folder / "details.bin").write_bytes(_details(shown))
    except pyvips.Error as error:
        raise Refused("unreadable") from error
    return {"width": width, "height": height, "hints": hints}


def logo(source: str, folder: Path) -> dict[str, Any]:
    """Rebuild an organization's logo, small enough for the first page on a slow network."""
    import pyvips

    pyvips.block_untrusted_set(True)
    try:
        image = _open(pyvips, source)
        if image.width * image.height > PIXELS_MAX:
            raise Refused("too_many_pixels")
        if min(image.width, image.height) < LOGO_SIDE_MIN:
            raise Refused("too_small")
        small = pyvips.Image.thumbnail(
            source, LOGO_WIDTH, height=LOGO_HEIGHT, size="down", fail_on="truncated"
        )
        small = small.colourspace("srgb").cast("uchar").copy_memory()
        for quality in LOGO_QUALITIES:
            content = small.webpsave_buffer(Q=quality, keep="none", effort=4)
            if len(content) <= LOGO_BYTES_MAX:
                break
    except pyvips.Error as error:
        raise Refused("unreadable") from error
    (folder / "logo.webp").write_bytes(content)
    return {"width": small.width, "height": small.height}


def _is_heic(source: str) -> bool:
    with open(source, "rb") as opened:  # noqa: PTH123  a pathlib import less in the child
        return opened.read(12)[4:8] == b"ftyp"


def _open(pyvips: Any, source: str) -> Any:
    """The header, by the loader that the magic bytes name and no other."""
    if _is_heic(source):
        return _heic(pyvips, source)
    return pyvips.Image.new_from_file(source, access="sequential", fail_on="truncated")


def _heic(pyvips: Any, source: str) -> Any:
    """HEIC by libheif of its own wheel; the size is looked at before anything is decoded."""
    import numpy as np
    import pi_heif

    try:
        opened = pi_heif.open_heif(source, convert_hdr_to_8bit=True)
        if opened.size[0] * opened.size[1] > PIXELS_MAX:
            raise Refused("too_many_pixels")
        # Rows may be longer in memory than the picture is wide. And it must be a copy: the
        # decoder gives its memory back while the picture is still in use.
        pixels = np.asarray(opened)[:, : opened.size[0], :3].tobytes()
    except (ValueError, OSError, RuntimeError, EOFError) as error:
        raise Refused("unreadable") from error
    return pyvips.Image.new_from_memory(pixels, *opened.size, 3, "uchar")


def _upright_size(image: Any) -> tuple[int, int]:
    turned = image.get_typeof("orientation") and image.get("orientation") in (5, 6, 7, 8)
    return (image.height, image.width) if turned else (image.width, image.height)


def _shrunk(pyvips: Any, source: str, *, pixels: int) -> Any:
    """At most `pixels` on the long side, upright, three bands of sRGB, no transparency."""
    if _is_heic(source):
        image = _heic(pyvips, source).thumbnail_image(pixels, height=pixels, size="down")
    else:
        image = pyvips.Image.thumbnail(
            source, pixels, height=pixels, size="down", fail_on="truncated"
        )
    if image.hasalpha():
        image = image.flatten(background=255)
    return image.colourspace("srgb").cast("uchar").copy_memory()


def _hints(image: Any) -> list[str]:
    """What a person should know while still there; raises Refused for a picture of nothing."""
    grey = image.thumbnail_image(MEASURED_PIXELS, height=MEASURED_PIXELS, size="down")
    grey = grey.colourspace("b-w").extract_band(0).cast("float")
    if grey.deviate() < BLANK_DEVIATION:
        raise Refused("blank")
    import pyvips

    edges = grey.conv(pyvips.Image.new_from_array([[0, 1, 0], [1, -4, 1], [0, 1, 0]]))
    mean = grey.avg()
    found = {
        "blurred": edges.deviate() ** 2 < BLURRED_VARIANCE,
        "dark": mean < DARK_MEAN,
        "bright": mean > BRIGHT_MEAN,
    }
    return [name for name, is_so in found.items() if is_so]


def _details(image: Any) -> bytes:
    """What can be recognised in another picture: places and SIFT descriptors of a small copy.

    A magic, width, height and count as 16 bits; then the places (x, y in 1/32 of a pixel) and
    128 bytes for each. `reconstruction/overlap.py` reads it.
    """
    import struct

    import cv2
    import numpy as np

    cv2.setNumThreads(1)
    small = image.thumbnail_image(DETAILS_PIXELS, height=DETAILS_PIXELS, size="down")
    grey = small.colourspace("b-w").extract_band(0).numpy()
    places, descriptors = [], []
    for width, count in DETAILS_SQUEEZES:
        sift = cv2.SIFT.create(nfeatures=count, contrastThreshold=DETAILS_CONTRAST)
        squeezed = _squeezed(cv2, grey, width=width)
        # Pictures are upright already: a fixed angle tells more things apart.
        upright = {(one.pt, one.size): one for one in sift.detect(squeezed, None)}
        for one in upright.values():
            one.angle = 0.0
        kept, raw = sift.compute(squeezed, list(upright.values()))
        if not kept:
            continue
        places += [((one.pt[0] + 0.5) / width, one.pt[1] + 0.5) for one in kept]
        root = np.sqrt(raw / np.maximum(raw.sum(axis=1, keepdims=True), 1e-6))
        descriptors.append(np.clip(np.rint(root * 512), 0, 255).astype(np.uint8))
    header = struct.pack("<4s3H", DETAILS_MAGIC, grey.shape[1], grey.shape[0], len(places))
    whole = np.rint(np.array(places).reshape(-1, 2) * DETAILS_PER_PIXEL).astype("<u2")
    parts: list[bytes] = [header, whole.tobytes(), *(each.tobytes() for each in descriptors)]
    return b"".join(parts)


def _squeezed(cv2: Any, grey: Any, *, width: float) -> Any:
    if width == 1.0:
        return grey
    blur = SQUEEZE_BLUR * (1 / width**2 - 1) ** 0.5
    blurred = cv2.GaussianBlur(grey, (0, 0), sigmaX=blur, sigmaY=0.01)
    return cv2.resize(blurred, (max(round(grey.shape[1] * width), 16), grey.shape[0]))


def video(source: str, folder: Path) -> dict[str, Any]:
    """The sharpest frame of each stretch of a walk-round video, evenly spread over it."""
    # Only this file, decoded on one thread: a container must not name other files or hosts.
    os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = "protocol_whitelist;file|threads;1"
    import cv2

    cv2.setNumThreads(1)
    opened = cv2.VideoCapture(source, cv2.CAP_FFMPEG)
    if not opened.isOpened():
        raise Refused("unreadable")
    rate = opened.get(cv2.CAP_PROP_FPS)
    rate = rate if 1 <= rate <= FRAMES_PER_SECOND_MAX else FRAMES_PER_SECOND
    count = opened.get(cv2.CAP_PROP_FRAME_COUNT)
    if opened.get(cv2.CAP_PROP_FRAME_WIDTH) * opened.get(cv2.CAP_PROP_FRAME_HEIGHT) > PIXELS_MAX:
        raise Refused("too_many_pixels")
    seconds = count / rate if 0 < count < VIDEO_SECONDS_MAX * rate else VIDEO_SECONDS_MAX
    stretch = max(FRAME_SECONDS_MIN, seconds / FRAMES_MAX)
    names = _pick(cv2, opened, folder=folder, rate=rate, stretch=stretch)
    if not names:
        raise Refused("no_frames")
    return {"frames": names}


def _pick(cv2: Any, opened: Any, *, folder: Path, rate: float, stretch: float) -> list[str]:
    names: list[str] = []
    step = max(1, round(rate / LOOKS_PER_SECOND))
    best, best_sharpness, current, number = None, -1.0, 0, 0
    while opened.grab() and number < VIDEO_SECONDS_MAX * rate:
        here = int(number / rate / stretch)
        if here != current:
            _keep(cv2, best, folder=folder, names=names)
            best, best_sharpness, current = None, -1.0, here
        if number % step == 0:
            read, frame = opened.retrieve()
            if read:
                sharpness = _sharpness(cv2, frame)
                if sharpness > best_sharpness:
                    best, best_sharpness = frame, sharpness
        number += 1
    _keep(cv2, best, folder=folder, names=names)
    return names


def _sharpness(cv2: Any, frame: Any) -> float:
    scale = SHARPNESS_PIXELS / max(frame.shape[:2])
    small = cv2.resize(frame, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return float(cv2.Laplacian(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), cv2.CV_64F).var())


def _keep(cv2: Any, frame: Any, *, folder: Path, names: list[str]) -> None:
    if frame is None or len(names) >= FRAMES_MAX or min(frame.shape[:2]) < SHORT_SIDE_MIN:
        return
    scale = FRAME_LONG_SIDE / max(frame.shape[:2])
    if scale < 1:
        frame = cv2.resize(frame, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    name = f"frame-{len(names):02d}.jpg"
    cv2.imwrite(str(folder / name), frame, [cv2.IMWRITE_JPEG_QUALITY, FRAME_QUALITY])
    names.append(name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
