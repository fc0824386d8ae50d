"""How near the numbers come to the truth, over houses of known dimensions.

`python bench/accuracy.py --rendered ../shared/data/houses --kinds gable hip lshape tshape`
prints one block per house and a summary; each house is measured in a child process.
`--recode 1280x70` measures rendered houses from what the phone's data saver makes of their photos;
`--every 2` keeps every second photo of the walk, and all that were taken near the house.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

from doorstep.reconstruction.child import run_in_child
from tests.houses.album import Order, write_album

# A found item further from a true one than this is another item.
ALIKE_SHARE = 0.25
# Photos from nearer than this share of the usual distance are not part of the walk.
NEAR_SHARE = 0.65


@dataclass(frozen=True)
class Error:
    """One measured value beside the true one; `range` is the stated half interval."""

    what: str
    found: float
    true: float
    range: float

    @property
    def share(self) -> float:
        """Relative error."""
        return self.found / self.true - 1 if self.true else self.found

    @property
    def held(self) -> bool:
        """Whether the stated range holds the truth."""
        return abs(self.found - self.true) <= self.range


def main() -> int:
    """Measure every house asked for and print the errors."""
    asked = _parse()
    everything: list[Error] = []
    for name, folder in _houses(asked):
        print(f"== {name}")
        errors = _measure(folder, asked)
        everything += errors
        for error in errors:
            flag = " " if error.held else "!"
            print(
                f"  {flag} {error.what:34} {error.found:9.3f} {error.true:9.3f} {error.share:+8.2%}"
            )
    _summary(everything, name="all houses")
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rendered", type=Path, help="folder of houses with images and truth.json")
    parser.add_argument("--kinds", nargs="*", default=["gable", "hip", "lshape", "tshape"])
    parser.add_argument("--seeds", nargs="*", type=int, default=[1])
    parser.add_argument("--photos", type=int, default=40)
    parser.add_argument("--size", default="1600x1200")
    parser.add_argument("--street", action="store_true", help="neighbours and a chimney")
    parser.add_argument("--recess", action="store_true", help="openings behind the walls' faces")
    parser.add_argument("--keep", type=Path, help="keep the workspaces here")
    parser.add_argument("--preset", default="normal")
    parser.add_argument("--every", type=int, default=1, help="keep each so many-th photo")
    parser.add_argument("--recode", help="long side and JPEG quality, as the phone's data saver")
    return parser.parse_args()


def _houses(asked: argparse.Namespace) -> Iterator[tuple[str, Path]]:
    """Name and workspace (images and truth.json) of every house."""
    place = asked.keep or Path(tempfile.mkdtemp(prefix="accuracy-"))
    if asked.rendered and asked.rendered.exists():
        for folder in sorted(asked.rendered.iterdir()):
            workspace = _borrow(folder, place / folder.name)
            if asked.recode:
                _recode(workspace / "images", asked.recode)
            yield folder.name, _thin(workspace, asked.every)
    width, height = (int(edge) for edge in asked.size.split("x"))
    for kind, seed in product(asked.kinds, asked.seeds):
        workspace = place / f"{kind}-{seed}"
        if not (workspace / "truth.json").exists():
            order = Order(
                kind=kind,
                seed=seed,
                photos=asked.photos,
                size=(width, height),
                marker=True,
                close_photos=3,
                street=asked.street,
                recess=asked.recess,
            )
            write_album(workspace, order)
        yield workspace.name, _thin(workspace, asked.every)


def _borrow(folder: Path, workspace: Path) -> Path:
    workspace.mkdir(parents=True, exist_ok=True)
    for name in ("images", "truth.json"):
        link = workspace / name
        if not link.exists():
            link.symlink_to((folder / name).resolve())
    return workspace


def _thin(whole: Path, every: int) -> Path:
    """A workspace with every so many-th photo of the walk, and all that were taken near."""
    if every == 1:
        return whole
    workspace = whole.with_name(f"{whole.name}-every-{every}")
    (workspace / "images").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(whole / "truth.json", workspace / "truth.json")
    poses = json.loads((whole / "truth.json").read_text())["cameras"]["poses"]
    places = np.array([pose["centre_m"][:2] for pose in poses])
    away = np.linalg.norm(places - (places.min(axis=0) + places.max(axis=0)) / 2, axis=1)
    walked = away > NEAR_SHARE * np.median(away)
    turn = np.cumsum(walked) - 1
    for pose, on_walk, number in zip(poses, walked, turn, strict=True):
        link = workspace / "images" / pose["photo"]
        if not link.exists() and (not on_walk or number % every == 0):
            link.symlink_to((whole / "images" / pose["photo"]).resolve())
    return workspace


def _recode(images: Path, how: str) -> None:
    """In place of the borrowed photos: copies as small as the phone's, without EXIF."""
    side, quality = (int(number) for number in how.split("x"))
    borrowed = images.resolve()
    if images.is_symlink():
        images.unlink()
        images.mkdir()
        for path in sorted(borrowed.iterdir()):
            with Image.open(path) as photo:
                photo.thumbnail((side, side))
                photo.convert("RGB").save(images / f"{path.stem}.jpg", quality=quality)
    total = sum(path.stat().st_size for path in images.iterdir())
    print(f"  {total / 1e6:.1f} MB in {len(list(images.iterdir()))} photos")


def _measure(workspace: Path, asked: argparse.Namespace) -> list[Error]:
    truth = json.loads((workspace / "truth.json").read_text())
    options = {"preset": asked.preset, "threads": 2, "scale": {"marker": truth["marker"]}}
    (workspace / "options.json").write_text(json.dumps(options))
    failure = run_in_child(workspace, options=workspace / "options.json")
    if failure is not None:
        print(f"  failed: {failure.organization}")
        return []
    report = json.loads((workspace / "report.json").read_text())
    record = json.loads((workspace / "measurements.json").read_text())
    memory = max(stage["memory_peak_mb"] for stage in report["stages"])
    print(
        f"  {record['photos']['registered']} of {record['photos']['given']} photos, "
        f"{report['seconds_cpu']:.0f} s CPU, {memory:.0f} MB"
    )
    for stage in report["stages"]:
        cpu, most = stage["seconds_cpu"], stage["memory_peak_mb"]
        print(f"    {stage['stage']:12} {cpu:6.1f} s CPU {most:6.0f} MB at most so far")
    for unseen in record["unseen"]:
        print(f"  unseen: {unseen['what']}")
    _materials(record, truth)
    errors = list(_errors(workspace, record, truth=truth))
    _summary(errors, name=f"{workspace.name}, all of it")
    return errors


def _materials(record: dict[str, Any], truth: dict[str, Any]) -> None:
    """Coverings beside the true ones, where the truth holds them."""
    for wall in record["walls"]:
        alike = [true for true in truth["walls"] if true["side"] == wall["side"]]
        if "width_m" not in wall or not alike:
            continue
        true = min(alike, key=lambda one: abs(one["width_m"] - wall["width_m"]))
        wanted = true.get("finish", "?")
        wrong = wall["material"] is not None and wanted not in (wall["material"], "?")
        sure = wall["material_confidence"]
        print(
            f"  {'!' if wrong else ' '} covering {true['name']:8} {wall['material']} {sure} ({wanted})"
        )


def _errors(workspace: Path, record: dict[str, Any], *, truth: dict[str, Any]) -> Iterator[Error]:
    scale = json.loads((workspace / "scale.json").read_text())["metres_per_unit"]
    real = true_scale(workspace, truth)
    yield Error("scale", scale, real, scale * 1.645 * record["scale"]["relative_uncertainty"])
    if "footprint" not in record:
        return
    plan, true_plan = record["footprint"], truth["footprint"]
    area, around = plan["area_m2"], plan["perimeter_m"]
    yield Error("footprint area", area, true_plan["area_m2"], area * plan["range"])
    limit = plan["perimeter_range_m"]
    yield Error("footprint perimeter", around, true_plan["perimeter_m"], limit)
    ridge = record.get("ridge_height_m")
    if ridge:
        limit = record["ridge_height_range_m"]
        yield Error("ridge height", ridge, truth["ridge_height_m"], limit)
    for wall, true in _pairs(record["walls"], truth["walls"], by=("width_m",), same="side"):
        what = f"wall {true['name']}"
        yield Error(f"{what} width", wall["width_m"], true["width_m"], wall["width_range_m"])
        if "height_m" not in wall:
            print(f"    no height: {what}")
            continue
        height, area = wall["height_m"], wall["area_m2"]
        limit = wall["height_range_m"]
        yield Error(f"{what} eave height", height, true["eave_height_m"], limit)
        yield Error(f"{what} area", area, true["area_m2"], area * wall["range"])
    slopes = [slope for slope in record["roof"] if "area_m2" in slope]
    for slope, true in _pairs(slopes, truth["roof"], by=("area_m2",), same=None):
        area = slope["area_m2"]
        yield Error(f"roof {true['name']} area", area, true["area_m2"], area * slope["range"])
        pitch, limit = slope["pitch_deg"], slope["pitch_range_deg"]
        yield Error(f"roof {true['name']} pitch deg", pitch, true["pitch_deg"], limit)
    for edge, true in _pairs(record["edges"], truth["edges"], by=("length_m",), same="type"):
        what = f"edge {true['type']} {true['of']}"
        yield Error(what, edge["length_m"], true["length_m"], edge["range_m"])
    yield from _openings(record, truth)


def _openings(record: dict[str, Any], truth: dict[str, Any]) -> Iterator[Error]:
    """Openings pair with true ones of their kind on the wall that is most like theirs."""
    named = {wall["name"]: wall for wall in truth["walls"]}
    for wall in record["walls"]:
        alike = [true for true in named.values() if true["side"] == wall["side"]]
        true = min(alike, key=lambda one: abs(one["width_m"] - wall["width_m"]))
        wanted = [one for one in truth["openings"] if one["wall"] == true["name"]]
        on_wall = [one for one in record["openings"] if one["wall"] == wall["id"]]
        if on_wall and "polygon" not in wall:
            print(f"    where {len(on_wall)} openings on {true['name']} are, nobody can tell")
            continue
        start = np.array(wall["polygon"][0]) if on_wall else np.zeros(3)
        for one in on_wall:
            place = np.array(one["polygon"]).mean(axis=0)
            x, z = float(np.linalg.norm((place - start)[:2])), float(place[2])
            near = [
                other
                for other in wanted
                if abs(other["x_m"] + other["width_m"] / 2 - x) < other["width_m"] / 2
                and abs(other["z_m"] + other["height_m"] / 2 - z) < other["height_m"] / 2
            ]
            if not near:
                print(f"    not in the truth: {one['id']} on {true['name']}")
                continue
            wanted.remove(near[0])
            what = f"opening {near[0]['kind']} {true['name']}"
            if near[0]["kind"] != one["kind"]:
                print(f"    wrong kind: {one['id']} is a {near[0]['kind']}")
            for name in ("width", "height"):
                limit = one[f"{name}_range_m"]
                yield Error(f"{what} {name}", one[f"{name}_m"], near[0][f"{name}_m"], limit)
        for missed in wanted:
            print(
                f"    not found: {missed['kind']} {true['name']} at {missed['x_m']}, {missed['z_m']}"
            )


def _pairs(
    found: list[dict[str, Any]],
    true: list[dict[str, Any]],
    *,
    by: tuple[str, ...],
    same: str | None,
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """True and found items of a sort, the best fitting first; each is taken only once."""
    fits = sorted(
        (
            (sum(abs(item[key] - wanted[key]) for key in by), i, j)
            for (i, item), (j, wanted) in product(enumerate(found), enumerate(true))
            if (same is None or item[same] == wanted[same])
            and abs(item[by[0]] / wanted[by[0]] - 1) <= ALIKE_SHARE
        ),
    )
    chosen: dict[int, int] = {}
    for _, i, j in fits:
        if j not in chosen and i not in chosen.values():
            chosen[j] = i
    for j, wanted in enumerate(true):
        if j in chosen:
            yield found[chosen[j]], wanted
        else:
            print(f"    not found: {wanted.get('name', wanted.get('type'))} {wanted[by[0]]}")
    for i, item in enumerate(found):
        if i not in chosen.values() and item.get("type") != "base":
            print(f"    not in the truth: {item['id']} {item.get('type', '')} {item[by[0]]}")


def true_scale(workspace: Path, truth: dict[str, Any]) -> float:
    """Metres per unit from all camera places, robust to a few misplaced ones."""
    views = json.loads((workspace / "cameras.json").read_text())["views"]
    poses = {pose["photo"]: pose["centre_m"] for pose in truth["cameras"]["poses"]}
    found = np.array([view["centre"] for view in views])
    true = np.array([poses[view["photo"]] for view in views])
    return float(np.median(_distances(true) / _distances(found)))


def _distances(places: NDArray[np.float64]) -> NDArray[np.float64]:
    one, other = np.triu_indices(len(places), 1)
    return np.asarray(np.linalg.norm(places[one] - places[other], axis=1))


def _summary(errors: list[Error], *, name: str) -> None:
    """Median and p90 of the errors, the share inside the range, and how wide ranges are to errors."""
    print(f"== {name}")
    for sort, (belongs, unit, factor) in SORTS.items():
        of_sort = [e for e in errors if belongs(e.what)]
        if not of_sort:
            continue
        away = np.abs([e.found - e.true for e in of_sort])
        shown = factor * (away / np.abs([e.true for e in of_sort]) if unit == "%" else away)
        median, p90 = np.percentile(shown, [50, 90])
        held = np.mean([e.held for e in of_sort])
        wide = np.median([e.range for e in of_sort]) / max(float(np.median(away)), 1e-9)
        print(
            f"  {sort:14} n {len(of_sort):3} median {median:6.2f} {unit:3} p90 {p90:6.2f} {unit:3} "
            f"held {held:4.0%} ranges {wide:4.1f} times the error"
        )


def _is_length(what: str) -> bool:
    ends = ("width", "height", "perimeter")
    return not what.startswith("opening") and (what.startswith("edge") or what.endswith(ends))


# What belongs to a sort, the unit of its errors, and what one of ours is in that unit.
SORTS: dict[str, tuple[Callable[[str], bool], str, float]] = {
    "scale": (lambda what: what == "scale", "%", 100),
    "lengths": (_is_length, "%", 100),
    "wall areas": (lambda what: what.startswith("wall") and what.endswith("area"), "%", 100),
    "roof areas": (lambda what: what.startswith("roof") and what.endswith("area"), "%", 100),
    "footprints": (lambda what: what == "footprint area", "%", 100),
    "pitches": (lambda what: "pitch" in what, "deg", 1),
    "opening widths": (lambda what: what.startswith("opening") and "width" in what, "mm", 1000),
    "opening heights": (lambda what: what.startswith("opening") and "height" in what, "mm", 1000),
}


if __name__ == "__main__":
    raise SystemExit(main())
