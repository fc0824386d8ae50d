"""CPU seconds and memory by stage for growing sets of photos, beside COLMAP's own defaults.

`python bench/reconstruction.py --photos 11 24 40 60 120` photographs one house as often as the largest
number says and takes fewer photos evenly out of that walk; numbers below 24 are a part of the walk
round, for so few photos all round do not hang together. It prints how the cost grows with the number
of photos; `--defaults` says for which of them COLMAP's own settings run as well. COLMAP's own are one camera, exhaustive matching and
incremental mapping with the library's defaults, up to the sparse model: what its automatic
reconstruction does on a processor, without the guided matching of its higher qualities, which took
20 seconds of CPU a pair. Its dense part needs a graphics card.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

from doorstep.reconstruction.child import run_in_child
from tests.houses.album import Order, write_album

DEFAULTS = """
import sys, pycolmap
images, place = sys.argv[1:3]
pycolmap.logging.minloglevel = 2
database = place + "/defaults.db"
pycolmap.extract_features(database, images, camera_mode=pycolmap.CameraMode.SINGLE)
pycolmap.match_exhaustive(database)
models = pycolmap.incremental_mapping(database, images, place)
with open("/proc/self/status") as status:
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
print(max((model.num_reg_images() for model in models.values()), default=0), peak // 1024)
"""
# Fewer photos than this all round do not hang together, and what every run costs hides how the rest
# grows. So few are neighbours out of a walk of so many.
GROWTH_PHOTOS_MIN, PART_OF = 24, 40


def main() -> int:
    """One line per number of photos and engine, and how both grow."""
    asked = _parse()
    place = Path(tempfile.mkdtemp(prefix="reconstruction-"))
    ours: dict[int, float] = {}
    theirs: dict[int, float] = {}
    width, height = (int(edge) for edge in asked.size.split("x"))
    most = max(asked.photos)
    walk = write_album(
        place / "walk", Order(kind="lshape", seed=2, photos=most, size=(width, height))
    )
    for photos in asked.photos:
        workspace = place / str(photos)
        (workspace / "images").mkdir(parents=True)
        for number in _evenly(photos, most):
            (workspace / "images" / walk[number].name).symlink_to(walk[number])
        ours[photos] = _ours(workspace, photos)
        if photos in asked.defaults:
            theirs[photos] = _defaults(workspace, photos)
    for name, costs in (("ours", ours), ("defaults", theirs)):
        counted = {n: cost for n, cost in costs.items() if n >= GROWTH_PHOTOS_MIN and cost > 0}
        if len(counted) > 1:
            power = np.polyfit(np.log(list(counted)), np.log(list(counted.values())), 1)[0]
            print(f"{name}: grows with the number of photos to the power of {power:.2f}")
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", nargs="*", type=int, default=[11, 24, 40, 60, 120])
    parser.add_argument("--size", default="1600x1200")
    parser.add_argument("--defaults", nargs="*", type=int, default=[11, 24, 40, 60])
    return parser.parse_args()


def _evenly(photos: int, most: int) -> list[int]:
    """Which photos of the walk to take."""
    over = photos if photos >= GROWTH_PHOTOS_MIN else min(PART_OF, most)
    return [round(number * most / over) for number in range(photos)]


def _ours(workspace: Path, photos: int) -> float:
    """CPU seconds; nought where no model was made."""
    (workspace / "options.json").write_text(json.dumps({"threads": 2}))
    failure = run_in_child(workspace, options=workspace / "options.json")
    if failure is not None:
        print(f"{photos:4} photos  ours      failed: {failure.organization}")
        return 0.0
    report = json.loads((workspace / "report.json").read_text())
    stages: list[dict[str, Any]] = report["stages"]
    registered = next(s["figures"]["registered"] for s in stages if s["stage"] == "mapping")
    memory = max(stage["memory_peak_mb"] for stage in stages)
    print(f"{photos:4} photos  ours      {registered:3} registered, "
          f"{report['seconds_cpu']:6.1f} s CPU, {memory:5.0f} MB")  # fmt: skip
    for stage in stages:
        cpu, most = stage["seconds_cpu"], stage["memory_peak_mb"]
        print(f"     {stage['stage']:12} {cpu:6.1f} s CPU {most:6.0f} MB at most so far")
    return float(report["seconds_cpu"])


def _defaults(workspace: Path, photos: int) -> float:
    """CPU seconds of COLMAP's own settings on the same photos."""
    place = workspace / "defaults"
    place.mkdir(exist_ok=True)
    before = _children_seconds()
    line = [sys.executable, "-c", DEFAULTS, str(workspace / "images"), str(place)]
    done = subprocess.run(line, check=False, capture_output=True, text=True)
    seconds = _children_seconds() - before
    if done.returncode:
        print(f"{photos:4} photos  defaults  failed: {done.stderr[-200:]}")
        return 0.0
    registered, memory = (int(word) for word in done.stdout.split()[-2:])
    print(
        f"{photos:4} photos  defaults  {registered:3} registered, {seconds:6.1f} s CPU, "
        f"{memory:5} MB (sparse only)"
    )
    return seconds


def _children_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    raise SystemExit(main())
