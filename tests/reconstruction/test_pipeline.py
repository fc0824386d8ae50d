"""The run as a whole: failures, resuming, the child process, and a house from end to end."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from numpy.typing import NDArray
from PIL import ExifTags, Image

from doorstep.reconstruction import Options, ReconstructionFailed
from doorstep.reconstruction.child import run_in_child
from doorstep.reconstruction.pipeline import run
from tests.houses.album import Order, write_album
from tests.houses.plan import Kind
from tests.reconstruction.conftest import write_noise
from tests.reconstruction.thresholds import (
    GABLE_24,
    GABLE_36,
    LOW_ROOF_36,
    TWIN_24,
    Thresholds,
)

POSED = ("cameras", "evidence", "measurements", "poses")
POSED_ENDS_MIN, POSED_PX_MAX = 8, 3.0
ROOF_EDGES: dict[Kind, dict[str, int]] = {
    "gable": {"ridge": 1, "eave": 2, "rake": 4},
    "shed": {"ridge": 1, "eave": 1, "rake": 2},
    "flat": {"eave": 4},
}


@pytest.mark.slow
def test_unrelated_photos_do_not_make_a_model(workspace: Path, options: Options) -> None:
    for number in range(4):
        write_noise(workspace / "images" / f"{number}.jpg", seed=number)

    with pytest.raises(ReconstructionFailed) as caught:
        run(workspace, options)

    assert caught.value.failure.code == "photos_do_not_connect"
    assert caught.value.failure.organization.startswith("Only 0 of 4 photos hang together.")


@pytest.mark.slow
def test_finished_stages_are_not_run_again(workspace: Path, options: Options) -> None:
    for number in range(3):
        write_noise(workspace / "images" / f"{number}.jpg", seed=number)
    for _ in range(2):
        with pytest.raises(ReconstructionFailed):
            run(workspace, options)
    first = (workspace / "features.db").stat().st_mtime_ns

    with pytest.raises(ReconstructionFailed):
        run(workspace, options)
    assert (workspace / "features.db").stat().st_mtime_ns == first

    write_noise(workspace / "images" / "3.jpg", seed=3)
    with pytest.raises(ReconstructionFailed):
        run(workspace, options)
    assert (workspace / "features.db").stat().st_mtime_ns != first


@pytest.mark.slow
def test_child_reports_progress_and_a_typed_failure(workspace: Path) -> None:
    write_noise(workspace / "images" / "0.jpg", seed=0)
    seen: list[str] = []

    failure = run_in_child(workspace, tell=lambda progress: seen.append(progress.stage))

    assert failure is not None
    assert failure.code == "too_few_photos"
    assert json.loads((workspace / "failure.json").read_text())["code"] == "too_few_photos"
    assert set(seen) == {"select"}


def test_child_stops_at_once_when_told_to(workspace: Path) -> None:
    for number in range(40):
        write_noise(workspace / "images" / f"{number:02}.jpg", seed=number, size=(1600, 1200))
    line = [sys.executable, "-m", "doorstep.reconstruction", str(workspace)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, env=dict(os.environ)) as child:
        assert child.stdout is not None
        child.stdout.readline()
        child.send_signal(signal.SIGTERM)
        asked = time.monotonic()
        assert child.wait(timeout=10) == 143
        assert time.monotonic() - asked < 2
    assert json.loads((workspace / "failure.json").read_text())["code"] == "cancelled"


@pytest.mark.slow
def test_a_house_is_rebuilt_from_a_walk_round_it_with_two_phones_held_both_ways(
    tmp_path: Path,
) -> None:
    write_album(tmp_path, Order(kind="gable", seed=1, photos=36, mix=("upright", "zoom")))
    (tmp_path / "options.json").write_text('{"preset": "fast"}')

    failure = run_in_child(tmp_path, options=tmp_path / "options.json")

    assert failure is None
    _holds(tmp_path, GABLE_36)
    written = (tmp_path / "measurements.json").read_text()
    assert re.findall(r"\w+_m2?\b|metres|polygon", written) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("walk", "limits"),
    [
        (Order(kind="gable", seed=1, photos=24), GABLE_24),
        (Order(kind="gable", seed=5, photos=36), LOW_ROOF_36),
        (Order(kind="shed", seed=1, photos=36), LOW_ROOF_36),
        (Order(kind="flat", seed=1, photos=36), LOW_ROOF_36),
    ],
    ids=["few photos", "low roof", "one slope", "flat roof"],
)
def test_photos_and_a_sheet_give_a_measured_house(
    tmp_path: Path, walk: Order, limits: Thresholds
) -> None:
    write_album(tmp_path, replace(walk, marker=True, close_photos=3))
    truth = json.loads((tmp_path / "truth.json").read_text())
    asked = {"preset": "fast", "scale": {"marker": truth["marker"]}}
    (tmp_path / "options.json").write_text(json.dumps(asked))

    failure = run_in_child(tmp_path, options=tmp_path / "options.json")

    assert failure is None
    _holds(tmp_path, limits)
    _poses_hold(tmp_path)
    true = {wall["side"]: wall["width_m"] for wall in truth["walls"]}
    walls = json.loads((tmp_path / "measurements.json").read_text())["walls"]
    assert sorted(wall["side"] for wall in walls) == ["back", "front", "left", "right"]
    for wall in walls:
        assert wall["width_m"] == pytest.approx(true[wall["side"]], rel=limits.width_error_max)
        assert abs(wall["width_m"] - true[wall["side"]]) <= wall["width_range_m"]
    _roof_holds(tmp_path, truth["roof"], limits, edges=ROOF_EDGES[walk.kind])


@pytest.mark.slow
def test_sixteen_photos_give_no_model_and_name_the_gap(tmp_path: Path) -> None:
    write_album(tmp_path, Order(kind="gable", seed=1, photos=16))
    (tmp_path / "options.json").write_text('{"preset": "fast"}')

    failure = run_in_child(tmp_path, options=tmp_path / "options.json")

    assert failure is not None
    assert failure.code == "photos_do_not_connect"
    assert failure.organization.startswith("Only 5 of 16 photos hang together. Photos are missing")
    assert not (tmp_path / "model.glb").exists()
    assert not (tmp_path / "measurements.json").exists()


@pytest.mark.slow
def test_alike_sides_are_told_apart_by_the_walk_and_not_without_it(tmp_path: Path) -> None:
    walked, shuffled = tmp_path / "walked", tmp_path / "shuffled"
    photos = write_album(walked, Order(kind="twin", seed=1, photos=24))
    (shuffled / "images").mkdir(parents=True)
    for number, path in zip(np.random.default_rng(1).permutation(24), photos, strict=True):
        _copy_without_time(path, shuffled / "images" / f"{number:02}.jpg")
    for workspace in (walked, shuffled):
        (workspace / "options.json").write_text('{"preset": "fast"}')

    built, refused = (run_in_child(w, options=w / "options.json") for w in (walked, shuffled))

    assert built is None
    _holds(walked, TWIN_24)
    assert refused is not None
    assert refused.code == "sides_look_alike"
    assert refused.homeowner.endswith("The photos are not in the order of a walk round the house.")
    assert not (shuffled / "model.glb").exists()


def _copy_without_time(photo: Path, copy: Path) -> None:
    """The same picture from the same lens, at no known time."""
    with Image.open(photo) as opened:
        exif = opened.getexif()
        del exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal]
        opened.save(copy, exif=exif, quality="keep")


def _roof_holds(
    workspace: Path, true: list[dict[str, Any]], limits: Thresholds, *, edges: dict[str, int]
) -> None:
    """Every slope and every edge of a roof is found, and is as large and steep as it is."""
    record = json.loads((workspace / "measurements.json").read_text())
    slopes = sorted(f"roof_{slope['side']}" for slope in record["roof"])
    assert slopes == sorted(one["name"] for one in true)
    for slope in record["roof"]:
        known = next(one for one in true if one["name"] == f"roof_{slope['side']}")
        away = abs(slope["area_m2"] / known["area_m2"] - 1)
        assert away <= min(limits.roof_area_error_max or 0, slope["range"])
        tilt = abs(slope["pitch_deg"] - known["pitch_deg"])
        assert tilt <= min(limits.pitch_error_deg_max or 0, slope["pitch_range_deg"])
    kinds = [edge["type"] for edge in record["edges"]]
    roof = [kind for kind in kinds if kind in ("ridge", "eave", "rake", "hip", "valley")]
    assert {kind: roof.count(kind) for kind in roof} == edges


def _holds(workspace: Path, limits: Thresholds) -> None:
    """Cameras, faces, files and costs keep to the table."""
    truth = json.loads((workspace / "truth.json").read_text())
    views = json.loads((workspace / "cameras.json").read_text())["views"]
    assert len(views) >= limits.registered_min
    poses = {pose["photo"]: pose["centre_m"] for pose in truth["cameras"]["poses"]}
    found = np.array([view["centre"] for view in views])
    true = np.array([poses[view["photo"]] for view in views])
    assert _layout_error(found, true) < limits.layout_error_m_max
    faces = trimesh.load_scene(workspace / "model.glb").geometry
    assert limits.faces[0] <= len(faces) <= limits.faces[1]
    dense = trimesh.load_scene(workspace / "dense.glb").to_mesh().faces
    assert limits.dense_triangles[0] < len(dense) <= limits.dense_triangles[1]
    assert (workspace / "model.glb").stat().st_size <= limits.model_bytes_max
    assert (workspace / "home.glb").exists()
    assert (workspace / "preview.jpg").exists()
    report = json.loads((workspace / "report.json").read_text())
    assert report["seconds_cpu"] < limits.seconds_cpu_max
    assert max(s["memory_peak_mb"] for s in report["stages"]) < limits.memory_mb_max


def _poses_hold(workspace: Path) -> None:
    """The record's edges, seen from the published poses, lie where they were found in the photos."""
    held = {name: json.loads((workspace / f"{name}.json").read_text()) for name in POSED}
    cameras = {view["photo"]: view for view in held["cameras"]["views"]}
    poses = {view["photo"]: view for view in held["poses"]["views"]}
    assert list(poses) == list(cameras)
    away = []
    for edge in held["measurements"]["edges"]:
        for proof in held["evidence"]["proofs"].get(edge["id"], []):
            pose, camera = poses[proof["photo"]], cameras[proof["photo"]]
            for end, pixel in zip(edge["ends"], (proof["a"], proof["b"]), strict=True):
                away.append(np.linalg.norm(_pixel(end, pose=pose, camera=camera) - pixel))
    assert len(away) >= POSED_ENDS_MIN
    assert max(away) < POSED_PX_MAX


def _pixel(
    end: list[float], *, pose: dict[str, Any], camera: dict[str, Any]
) -> NDArray[np.float64]:
    """Where a point of the record, z up, is in the picture of a camera in the model, y up."""
    looks, up = np.array(pose["looks"]), np.array(pose["up"])
    turn = np.array([np.cross(looks, up), -up, looks])
    x, y, z = turn @ (np.array([end[0], end[2], -end[1]]) - pose["centre"])
    flat = np.array([x / z, y / z])
    k1, k2 = camera["distortion_k1_k2"]
    radius = flat @ flat
    bent = flat * (1 + k1 * radius + k2 * radius**2)
    return np.asarray(bent * pose["focal_px"] + np.array(camera["K"])[:2, 2])


def _layout_error(found: np.ndarray, true: np.ndarray) -> float:
    """Mean distance in metres after the best similarity."""
    one, other = found - found.mean(axis=0), true - true.mean(axis=0)
    left, values, right = np.linalg.svd(other.T @ one)
    sign = np.diag([1, 1, np.sign(np.linalg.det(left @ right))])
    scale = (values * np.diag(sign)).sum() / (one**2).sum()
    return float(np.linalg.norm(other - scale * one @ (left @ sign @ right).T, axis=1).mean())
