"""How near a known length brings the scale, when somebody clicks its ends in a few photos.

`python bench/known_length.py --kinds lshape --seeds 5 --photos 48` builds each house without a sheet
and clicks each length that its truth knows, twenty times, in 2, 3 and 5 of the ten photos that show
it largest; clicks are off by `--px` (one standard deviation, each way). It prints the error of the
scale beside the range that is stated for it.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

from bench.accuracy import true_scale
from doorstep.reconstruction.cameras import View
from doorstep.reconstruction.child import run_in_child
from doorstep.reconstruction.options import Options, ScaleOptions
from doorstep.reconstruction.progress import Step
from doorstep.reconstruction.stages import scale
from doorstep.reconstruction.workspace import SCALE, read_json
from tests.houses.album import Order, write_album

PHOTOS, TRIES, BEST = (2, 3, 5), 20, 10
MARGIN_PX = 5
RANGE_SIGMAS = 1.645


def main() -> int:
    """One line for each house, length and number of photos."""
    asked = _parse()
    place = asked.keep or Path(tempfile.mkdtemp(prefix="known-length-"))
    for kind, seed in product(asked.kinds, asked.seeds):
        workspace = place / f"{kind}-{seed}"
        if not (workspace / "truth.json").exists():
            width, height = (int(edge) for edge in asked.size.split("x"))
            order = Order(kind=kind, seed=seed, photos=asked.photos, size=(width, height))
            write_album(workspace, order)
        (workspace / "options.json").write_text(json.dumps({"preset": asked.preset}))
        failure = run_in_child(workspace, options=workspace / "options.json")
        if failure is not None:
            print(f"{workspace.name}: {failure.organization}")
            continue
        truth = json.loads((workspace / "truth.json").read_text())
        for known, photos in product(truth["known_lengths"], PHOTOS):
            _report(workspace, truth, known=known, photos=photos, px=asked.px)
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kinds", nargs="*", default=["gable", "lshape"])
    parser.add_argument("--seeds", nargs="*", type=int, default=[1])
    parser.add_argument("--photos", type=int, default=48)
    parser.add_argument("--size", default="1600x1200")
    parser.add_argument("--px", type=float, default=1.0)
    parser.add_argument("--preset", default="normal")
    parser.add_argument("--keep", type=Path, help="keep the workspaces here")
    return parser.parse_args()


def _report(
    workspace: Path, truth: dict[str, Any], *, known: dict[str, Any], photos: int, px: float
) -> None:
    true = true_scale(workspace, truth)
    errors, ranges = [], []
    for clicked in _clicks(truth, known=known, photos=photos, px=px):
        asked = Options(scale=ScaleOptions(known_lengths=(clicked,)))
        scale.run(workspace, asked, step=Step("scale", 0.0, 1.0, lambda _: None))
        found = read_json(workspace / SCALE)
        if found["metres_per_unit"]:
            errors.append(abs(found["metres_per_unit"] / true - 1))
            ranges.append(RANGE_SIGMAS * found["relative_uncertainty"])
    what = f"{workspace.name:12} {known['name']:18} {known['metres']:6.2f} m, {photos} photos"
    if not errors:
        print(f"{what}: no scale")
        return
    held = np.mean(np.array(errors) <= np.array(ranges))
    print(
        f"{what}: median {np.median(errors):.2%}, p90 {np.percentile(errors, 90):.2%}, "
        f"range {np.median(ranges):.2%}, held {held:.0%}, no scale in {TRIES - len(errors)}",
        flush=True,
    )


def _clicks(
    truth: dict[str, Any], *, known: dict[str, Any], photos: int, px: float
) -> Iterator[dict[str, Any]]:
    """The length with its ends clicked in so many photos, again and again."""
    chance = np.random.default_rng(photos)
    shown = _shown(truth["cameras"], np.array(known["ends_m"]))[:BEST]
    if len(shown) < photos:
        return
    for _ in range(TRIES):
        chosen = chance.choice(len(shown), photos, replace=False)
        seen = []
        for name, pixels in (shown[index] for index in chosen):
            one, other = pixels + chance.normal(0, px, (2, 2))
            seen.append({"photo": name, "a": one.tolist(), "b": other.tolist()})
        yield {"name": known["name"], "metres": known["metres"], "observations": seen}


def _shown(
    cameras: dict[str, Any], ends: NDArray[np.float64]
) -> list[tuple[str, NDArray[np.float64]]]:
    """Photos with both ends (2 x 3, metres) in them, and where; the largest first."""
    found = []
    for pose in cameras["poses"]:
        rotation = np.array(pose["R"])
        view = View(
            name=pose["photo"],
            file=pose["photo"],
            number=0,
            size=tuple(cameras["size"]),
            matrix=np.array(cameras["K"]),
            distortion=tuple(cameras["distortion_k1_k2"]),
            rotation=rotation,
            translation=-rotation @ np.array(pose["centre_m"]),
        )
        pixels, depth = view.project(ends)
        inside = (pixels > MARGIN_PX) & (pixels < np.array(view.size) - MARGIN_PX)
        if (depth > 0).all() and inside.all():
            found.append((float(np.linalg.norm(pixels[1] - pixels[0])), pose["photo"], pixels))
    found.sort(key=lambda one: -one[0])
    return [(name, pixels) for _, name, pixels in found]


if __name__ == "__main__":
    raise SystemExit(main())
