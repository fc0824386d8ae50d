"""CPU seconds and memory by stage for growing sets of photos, beside COLMAP's own defaults.

`python bench/reconstruction.py --photos 11 24 40 60` photographs one house that often.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

from doorstep.reconstruction.child import run_in_child
from tests.houses.album import Order, write_album

# What `colmap automatic_reconstructor` does without a graphics card, up to the sparse model.
DEFAULTS = """
import sys, pycolmap
images, place = sys.argv[1:3]
pycolmap.logging.minloglevel = 2
database = place + "/defaults.db"
pycolmap.extract_features(database, images, camera_mode=pycolmap.CameraMode.SINGLE)
pycolmap.match_exhaustive(database)
models = pycolmap.incremental_mapping(database, images, place)
print(max((model.num_reg_images() for model in models.values()), default=0))
"""


def main() -> int:
    """One line per number of photos and engine."""
    asked = _parse()
    place = Path(tempfile.mkdtemp(prefix="reconstruction-"))
    for photos in asked.photos:
        workspace = place / str(photos)
        width, height = (int(edge) for edge in asked.size.split("x"))
        order = Order(kind="lshape", seed=2, photos=photos, size=(width, height))
        write_album(workspace, order)
        _ours(workspace, photos)
        if asked.compare:
            _defaults(workspace, photos)
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", nargs="*", type=int, default=[11, 24, 40, 60])
    parser.add_argument("--size", default="1600x1200")
    parser.add_argument("--compare", action="store_true", help="also COLMAP's own settings")
    return parser.parse_args()


def _ours(workspace: Path, photos: int) -> None:
    (workspace / "options.json").write_text(json.dumps({"threads": 2}))
    failure = run_in_child(workspace, options=workspace / "options.json")
    if failure is not None:
        print(f"{photos:4} photos  ours      failed: {failure.organization}")
        return
    report = json.loads((workspace / "report.json").read_text())
    stages: list[dict[str, Any]] = report["stages"]
    registered = next(s["figures"]["registered"] for s in stages if s["stage"] == "mapping")
    memory = max(stage["memory_peak_mb"] for stage in stages)
    print(f"{photos:4} photos  ours      {registered:3} registered, "
          f"{report['seconds_cpu']:6.1f} s CPU, {memory:5.0f} MB")  # fmt: skip
    print("     " + ", ".join(f"{s['stage']} {s['seconds_cpu']:.1f}" for s in stages))


def _defaults(workspace: Path, photos: int) -> None:
    place = workspace / "defaults"
    place.mkdir(exist_ok=True)
    before = _children_seconds()
    line = [sys.executable, "-c", DEFAULTS, str(workspace / "images"), str(place)]
    done = subprocess.run(line, check=False, capture_output=True, text=True)
    registered = done.stdout.split()[-1] if done.stdout else "no"
    seconds = _children_seconds() - before
    print(
        f"{photos:4} photos  defaults  {registered:>3} registered, {seconds:6.1f} s CPU (sparse only)"
    )


def _children_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    raise SystemExit(main())
