"""Makes the sample house that ships with the product: `python -m tests.houses.sample`.

A rendered house goes through the product's own engine. What test jobs are given is written to
`src/doorstep/builds/sample`: record, model, the homeowner's copy, picture, and some photos, each
picture with the word on it. It takes about five minutes and is done again only when the record's
shape changes.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from doorstep.reconstruction.child import run_in_child
from tests.houses.album import Order, write_album

SAMPLE = Path(__file__).parents[2] / "src" / "doorstep" / "builds" / "sample"
ORDER = Order(
    kind="gable", seed=11, photos=40, size=(1280, 960), finish="siding", marker=True, close_photos=3
)
# From corner to corner round the house, and the sheet from near.
SHOWN = (0, 5, 10, 15, 20, 25, 30, 35)
PHOTO_SIZE, PHOTO_QUALITY, PREVIEW_QUALITY = (800, 600), 62, 80
TEXTURE_PX, PREVIEW_SIZE = 600, (960, 720)


def main() -> int:
    given = sys.argv[1:]
    workspace = Path(given[0]) if given else Path(tempfile.mkdtemp(prefix="sample-"))
    if not (workspace / "truth.json").exists():
        write_album(workspace, ORDER)
    truth = json.loads((workspace / "truth.json").read_text("utf-8"))
    options = {
        "threads": 2,
        "scale": {"marker": truth["marker"]},
        "texture": {"side_px": TEXTURE_PX},
        "export": {"preview_px": PREVIEW_SIZE},
    }
    (workspace / "options.json").write_text(json.dumps(options), "utf-8")
    failure = run_in_child(workspace, options=workspace / "options.json")
    assert failure is None, failure
    write_sample(workspace)
    total = sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file())
    sys.stdout.write(f"{total // 1024} KiB in {SAMPLE}\n")
    return 0


def write_sample(workspace: Path) -> None:
    """What the package ships, out of a finished workspace."""
    shutil.rmtree(SAMPLE, ignore_errors=True)
    (SAMPLE / "photos").mkdir(parents=True)
    for name in ("model.glb", "home.glb", "poses.json"):
        shutil.copyfile(workspace / name, SAMPLE / name)
    record = json.loads((workspace / "measurements.json").read_text("utf-8"))
    _write(SAMPLE / "measurements.json", {"version": record["version"], "sample": True, **record})
    _write(SAMPLE / "report.json", json.loads((workspace / "report.json").read_text("utf-8")))
    with Image.open(workspace / "preview.jpg") as preview:
        marked(preview).save(SAMPLE / "preview.jpg", quality=PREVIEW_QUALITY)
    for number in SHOWN:
        with Image.open(workspace / "images" / f"IMG_{number:04d}.jpg") as photo:
            small = photo.resize(PHOTO_SIZE, Image.Resampling.LANCZOS)
            path = SAMPLE / "photos" / f"IMG_{number:04d}.jpg"
            marked(small).save(path, quality=PHOTO_QUALITY, progressive=True)


def marked(picture: Image.Image) -> Image.Image:
    """The picture with the word "Sample" in its upper left corner."""
    made = picture.convert("RGB")
    drawing = ImageDraw.Draw(made)
    font = ImageFont.load_default(size=made.width // 28)
    place = (made.width // 40, made.width // 40)
    left, top, right, bottom = drawing.textbbox(place, "Sample", font=font)
    edge = made.width // 100
    drawing.rectangle((left - edge, top - edge, right + edge, bottom + edge), fill="#1f2937")
    drawing.text(place, "Sample", font=font, fill="white")
    return made


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, separators=(",", ":")), "utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
