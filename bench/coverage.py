"""How well the quick look finds the gaps of a walk, and what it costs.

`python bench/coverage.py --rendered --kinds gable hip lshape --seeds 1 2` renders houses, or name
folders with `images/` and `truth.json`. Of each walk runs of photos are taken away, two at a time
on opposite sides, and the look is asked where neighbours do not overlap. By the true cameras two
neighbours less than `--near` degrees apart overlap, more than `--far` they do not; what lies
between is counted apart. With `--engine N` the real engine maps N of the broken walks, and says
for each gap whether both of its sides are in one model.
"""

import argparse
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import cv2
import pycolmap

from doorstep.reconstruction.coverage import SHARED_MIN
from doorstep.reconstruction.options import Options
from doorstep.reconstruction.overlap import Details, shared_details
from doorstep.reconstruction.photos import Photo, read_index, write_index
from doorstep.reconstruction.progress import Step, silent
from doorstep.reconstruction.ring import SPOTS_COUNT, View, judge
from doorstep.reconstruction.stages import features, mapping, matching, select
from tests.houses.album import Order, write_album

CHILD = ROOT / "src" / "doorstep" / "photos" / "picture_child.py"
SPOT_DEGREES = 360 / SPOTS_COUNT
OUTER_SHARE = 0.8
# A gap may be named by a closer look that stands beside the walk's own photo.
NAMED_DEGREES = 12.0
SILENT = Step("", 0.0, 1.0, silent)


@dataclass(frozen=True)
class Walk:
    """The views of one house in capture order, and where each was taken about the house."""

    name: str
    folder: Path
    files: list[str]
    degrees: list[float]
    ring: list[int]
    """Those that make the walk round; the others are closer looks."""


@dataclass
class Tally:
    """What was asked, and what was said."""

    gaps: Counter[str] = field(default_factory=Counter)
    by_degrees: dict[int, Counter[str]] = field(default_factory=dict)
    comparisons: list[int] = field(default_factory=list)

    def print(self, title: str) -> None:
        """Precision and recall over everything asked."""
        hit, missed, false = (self.gaps[name] for name in ("found", "missed", "false"))
        print(f"{title}: found {hit}, missed {missed}, false alarms {false}")
        print(
            f"  precision {hit / max(1, hit + false):.3f}, recall {hit / max(1, hit + missed):.3f}"
        )
        for degrees, said in sorted(self.by_degrees.items()):
            print(f"  {degrees:3}-{degrees + 5} degrees: {said['gap']:4} gaps in {said.total()}")
        if self.comparisons:
            print(f"  pairs compared: median {np.median(self.comparisons):.0f}")


def main() -> int:
    """Measure every house asked for."""
    asked = _parse()
    cv2.setNumThreads(1)
    total = {True: Tally(), False: Tally()}
    engine = Counter[str]()
    for walk in _walks(asked):
        look = _Look(walk, asked.keep)
        for with_spots in (True, False):
            tally = Tally()
            for removed in _removals(walk, asked):
                _ask(walk, look, removed=removed, with_spots=with_spots, asked=asked, tally=tally)
            tally.print(f"{walk.name}, {'with' if with_spots else 'without'} spots")
            _add(total[with_spots], tally)
        look.print()
        for removed in list(_removals(walk, asked))[: asked.engine]:
            engine += _against_engine(walk, look, removed=removed, asked=asked)
    for with_spots, tally in total.items():
        tally.print(f"\nALL, {'with' if with_spots else 'without'} spots")
    for outcome, count in sorted(engine.items()):
        print(f"  engine: {outcome}: {count}")
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, help="houses with images and truth.json")
    parser.add_argument("--rendered", action="store_true", help="render houses as well")
    parser.add_argument("--kinds", nargs="*", default=["gable", "hip", "lshape"])
    parser.add_argument("--finishes", nargs="*", default=["siding", "brick", "stucco"])
    parser.add_argument("--seeds", nargs="*", type=int, default=[1])
    parser.add_argument("--photos", type=int, default=36)
    parser.add_argument("--size", default="1024x768")
    parser.add_argument("--keep", type=Path, help="keep pictures and details here")
    parser.add_argument("--runs", nargs="*", type=int, default=[0, 1, 2, 3, 4, 5, 6, 8])
    parser.add_argument("--starts", type=int, default=6, help="places to remove a run from")
    parser.add_argument("--near", type=float, default=17.0)
    parser.add_argument("--far", type=float, default=60.0)
    parser.add_argument("--engine", type=int, default=0, help="broken walks to map, per house")
    asked = parser.parse_args()
    asked.keep = asked.keep or Path(tempfile.mkdtemp(prefix="coverage-"))
    return asked


def _walks(asked: argparse.Namespace) -> Iterator[Walk]:
    yield from (_walk(folder) for folder in asked.folders)
    if not asked.rendered:
        return
    width, height = (int(edge) for edge in asked.size.split("x"))
    for kind in asked.kinds:
        for finish in asked.finishes:
            for seed in asked.seeds:
                order = Order(
                    kind=kind, seed=seed, photos=asked.photos, size=(width, height), finish=finish
                )
                folder = asked.keep / f"{kind}-{finish}-{seed}"
                if not (folder / "truth.json").exists():
                    write_album(folder, order)
                yield _walk(folder)


def _walk(folder: Path) -> Walk:
    poses = json.loads((folder / "truth.json").read_text("utf-8"))["cameras"]["poses"]
    centres = np.array([pose["centre_m"][:2] for pose in poses])
    house = (centres.min(axis=0) + centres.max(axis=0)) / 2
    away = np.linalg.norm(centres - house, axis=1)
    degrees = np.degrees(np.arctan2(*(centres - house).T[::-1])) % 360
    ring = [i for i in range(len(poses)) if away[i] > OUTER_SHARE * np.median(away)]
    files = [pose["photo"] for pose in poses]
    return Walk(folder.name, folder, files, degrees.tolist(), ring)


class _Look:
    """The product's own details of each photo; each pair is compared once over all removals."""

    def __init__(self, walk: Walk, keep: Path) -> None:
        folder = keep / "details" / walk.name
        folder.mkdir(parents=True, exist_ok=True)
        began = resource.getrusage(resource.RUSAGE_CHILDREN)
        made = [self._make(walk.folder / "images" / file, folder) for file in walk.files]
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.photo_seconds = ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime
        self.details = [Details.read(path.read_bytes()) for path in made]
        self.shared: dict[tuple[int, int], int] = {}
        self.pair_seconds = 0.0

    def compare(self, one: int, other: int) -> bool:
        """Whether two views overlap."""
        pair = (min(one, other), max(one, other))
        if pair not in self.shared:
            began = time.process_time()
            self.shared[pair] = shared_details(self.details[pair[0]], self.details[pair[1]])
            self.pair_seconds += time.process_time() - began
        return self.shared[pair] >= SHARED_MIN

    def print(self) -> None:
        """What it cost."""
        photo = self.photo_seconds / len(self.details)
        pair = self.pair_seconds / max(1, len(self.shared))
        print(f"  CPU: {photo:.2f} s a photo while it arrives, {1000 * pair:.1f} ms a pair")

    @staticmethod
    def _make(photo: Path, folder: Path) -> Path:
        kept = folder / f"{photo.stem}.bin"
        if not kept.exists():
            command = [sys.executable, "-I", str(CHILD), "picture", str(photo), str(folder)]
            subprocess.run(command, check=True, capture_output=True)
            (folder / "details.bin").rename(kept)
        return kept


def _removals(walk: Walk, asked: argparse.Namespace) -> Iterator[set[int]]:
    """Two runs of the ring on about opposite sides; equal for every way of asking."""
    chance = random.Random(len(walk.files))
    for run in asked.runs:
        for _ in range(asked.starts if run else 1):
            start = chance.randrange(len(walk.ring))
            other = start + len(walk.ring) // 2 + chance.randrange(-3, 4)
            places = [first + step for first in (start, other) for step in range(run)]
            yield {walk.ring[place % len(walk.ring)] for place in places}


def _ask(  # allow: sizes a bench passes everything by name
    walk: Walk,
    look: _Look,
    *,
    removed: set[int],
    with_spots: bool,
    asked: argparse.Namespace,
    tally: Tally,
) -> None:
    kept = [i for i in range(len(walk.files)) if i not in removed]
    views = [View(phone="", spot=_spot(walk, i) if with_spots else None) for i in kept]
    found = judge(views, lambda a, b: look.compare(kept[a], kept[b]), skipped=frozenset())
    tally.comparisons.append(found.comparisons)
    said = [(kept[a], kept[b]) for a, b in found.gaps]
    ring = [i for i in walk.ring if i not in removed]
    for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
        degrees = _apart(walk, (a, b))
        hit = [pair for pair in said if _lies_between(walk, pair, gap=(a, b))]
        said = [pair for pair in said if pair not in hit]
        tally.by_degrees.setdefault(int(degrees // 5) * 5, Counter())["gap" if hit else "none"] += 1
        if degrees > asked.far:
            tally.gaps["found" if hit else "missed"] += 1
        elif degrees < asked.near:
            tally.gaps["false"] += bool(hit)
    tally.gaps["false"] += len(said)


def _spot(walk: Walk, photo: int) -> int:
    """As the page marks it: the spot where this stretch of the walk began."""
    start = walk.degrees[walk.ring[0]]
    turn = 1 if (walk.degrees[walk.ring[1]] - start) % 360 < 180 else -1
    return int((turn * (walk.degrees[photo] - start) + 3) % 360 // SPOT_DEGREES)


def _apart(walk: Walk, pair: tuple[int, int]) -> float:
    forth = (walk.degrees[pair[1]] - walk.degrees[pair[0]]) % 360
    return min(forth, 360 - forth)


def _lies_between(walk: Walk, said: tuple[int, int], *, gap: tuple[int, int]) -> bool:
    """Whether the place named is where the walk lacks photos, give or take one."""
    if set(said) == set(gap):
        return True
    width = _apart(walk, gap) + NAMED_DEGREES
    return all(_apart(walk, (one, end)) < width for one in said for end in gap) and not (
        set(said) <= set(walk.ring) and set(said) & set(gap) == set()
    )


def _add(total: Tally, part: Tally) -> None:
    total.gaps += part.gaps
    total.comparisons += part.comparisons
    for degrees, said in part.by_degrees.items():
        total.by_degrees.setdefault(degrees, Counter()).update(said)


def _against_engine(
    walk: Walk, look: _Look, *, removed: set[int], asked: argparse.Namespace
) -> Counter[str]:
    """For each place of the broken walk: what the look says, and what the engine makes of it."""
    kept = [i for i in range(len(walk.files)) if i not in removed]
    found = judge(
        [View(phone="") for _ in kept],
        lambda a, b: look.compare(kept[a], kept[b]),
        skipped=frozenset(),
    )
    models = _mapped(walk, kept, workspace=asked.keep / "engine" / walk.name)
    said = [(kept[a], kept[b]) for a, b in found.gaps]
    outcome = Counter[str]()
    ring = [i for i in walk.ring if i not in removed]
    for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
        gap = any(_lies_between(walk, pair, gap=(a, b)) for pair in said)
        one = any({a, b} <= model for model in models)
        outcome[f"{'gap' if gap else 'joined'}, engine {'in one model' if one else 'apart'}"] += 1
    sizes = sorted((len(model) for model in models), reverse=True)
    print(f"  {walk.name} without {sorted(removed)}: look {found.pieces} pieces, engine {sizes}")
    return outcome


def _mapped(walk: Walk, kept: Sequence[int], *, workspace: Path) -> list[set[int]]:
    """The engine's models of these photos, as numbers of the walk."""
    workspace.mkdir(parents=True, exist_ok=True)
    images = workspace / "images"
    if not images.exists():
        images.symlink_to(walk.folder.absolute() / "images")
        select.run(workspace, Options(), step=SILENT)
        features.run(workspace, Options(), step=SILENT)
    part = workspace / "part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    (part / "photos").symlink_to(workspace.absolute() / "photos")
    names = {walk.files[i]: i for i in kept}
    photos = [replace(one, used=one.name in names) for one in read_index(workspace)]
    write_index(part, photos)
    _copy_features(workspace, part, photos=[one for one in photos if one.used])
    matching.run(part, Options(), step=SILENT)
    used = [one for one in photos if one.used]
    models = mapping._map(part, Options(), photos=used, step=SILENT)  # noqa: SLF001
    files = {one.file: names[one.name] for one in used}
    return [{files[name] for name in mapping._files(model)} for model in models]  # noqa: SLF001


def _copy_features(whole: Path, part: Path, *, photos: list[Photo]) -> None:
    with (
        pycolmap.Database.open(whole / "features.db") as old,
        pycolmap.Database.open(part / "features.db") as new,
    ):
        cameras = features._write_cameras(new, photos)  # noqa: SLF001
        for photo in photos:
            image = old.read_image_with_name(photo.file)
            assert image is not None
            there = old.read_keypoints(image.image_id), old.read_descriptors(image.image_id).data
            features._write_photo(new, photo, found=there, camera=cameras[photo.camera])  # noqa: SLF001


if __name__ == "__main__":
    raise SystemExit(main())
