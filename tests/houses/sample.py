"""Makes the sample house that ships with the product: `python -m tests.houses.sample`.

A rendered house goes through the product's own engine. What test jobs are given is written to
`src/doorstep/builds/sample`: record, proofs, model, the homeowner's copy, picture, and the fewest
photos that prove every number, each picture with the word on it. It takes about five minutes and is
done again only when the record's shape changes.
"""

import json
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from doorstep.reconstruction.child import run_in_child
from tests.houses.album import Order, write_album

SAMPLE = Path(__file__).parents[2] / "src" / "doorstep" / "builds" / "sample"
ORDER = Order(
    kind="gable", seed=11, photos=40, size=(1280, 960), finish="siding", marker=True, close_photos=3
)
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
    for name in ("model.glb", "home.glb"):
        shutil.copyfile(workspace / name, SAMPLE / name)
    record = _read(workspace / "measurements.json")
    _write(SAMPLE / "measurements.json", {"version": record["version"], "sample": True, **record})
    _write(SAMPLE / "report.json", _read(workspace / "report.json"))
    evidence, poses = _read(workspace / "evidence.json"), _read(workspace / "poses.json")
    shown = fewest(evidence["proofs"])
    views = [view for view in poses["views"] if view["photo"] in shown]
    _write(SAMPLE / "poses.json", poses | {"views": views})
    proofs = {
        part: [_smaller(proof) for proof in found if proof["photo"] in shown]
        for part, found in evidence["proofs"].items()
    }
    _write(SAMPLE / "evidence.json", evidence | {"proofs": proofs})
    with Image.open(workspace / "preview.jpg") as preview:
        marked(preview).save(SAMPLE / "preview.jpg", quality=PREVIEW_QUALITY)
    for name in sorted(shown):
        with Image.open(workspace / "images" / name) as photo:
            small = photo.resize(PHOTO_SIZE, Image.Resampling.LANCZOS)
            path = SAMPLE / "photos" / name
            marked(small).save(path, quality=PHOTO_QUALITY, progressive=True)


def fewest(proofs: dict[str, list[dict[str, Any]]]) -> set[str]:
    """Photos of which each part has one, about as few as can be: always the one that proves most."""
    shown: set[str] = set()
    left = [{proof["photo"] for proof in found} for found in proofs.values() if found]
    while left:
        counts = Counter(name for names in left for name in sorted(names))
        shown.add(counts.most_common(1)[0][0])
        left = [names for names in left if not names & shown]
    return shown


def _smaller(proof: dict[str, Any]) -> dict[str, Any]:
    """The same places in the photo as it is shipped."""
    scale = PHOTO_SIZE[0] / ORDER.size[0]

    def moved(place: list[float]) -> list[float]:
        return [round((value + 0.5) * scale - 0.5, 1) for value in place]

    drawn = {end: moved(proof[end]) for end in ("a", "b")}
    corners = [moved(place) for place in proof.get("corners", [])]
    return proof | drawn | ({"corners": corners} if corners else {})


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


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, separators=(",", ":")), "utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
