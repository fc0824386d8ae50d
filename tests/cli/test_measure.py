"""`doorstep measure` from outside: what it says of files and photos, and a house from end to end."""

import io
import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from doorstep.cli.main import app
from doorstep.cli.measure import Display, summary
from doorstep.kit.errors import AppError
from doorstep.reconstruction.progress import Progress
from tests.houses.album import Order, write_album
from tests.houses.plan import design
from tests.processes import environment
from tests.reconstruction.conftest import write_noise

HOUSE = Order(kind="gable", seed=1, photos=36, marker=True, close_photos=3)
SECONDS_MAX = 600
# Of the fast preset on photos of 640 x 480; the width of the front is a known length here.
SCALE_ERROR_MAX, LENGTH_ERROR_MAX = 0.02, 0.01

A_LENGTH = {
    "name": "door",
    "metres": 2.1,
    "observations": [
        {"photo": "0.jpg", "a": [10, 20], "b": [10, 90]},
        {"photo": "1.jpg", "a": [30, 20], "b": [30, 90]},
    ],
}
A_SHEET = {
    "dictionary": "DICT_5X5_100",
    "grid": [2, 2],
    "marker_m": 0.18,
    "gap_m": 0.05,
    "ids": {"front": [0, 1, 2, 3]},
}


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(2):
        write_noise(folder / f"{number}.jpg", seed=number)
    return folder


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    ran = measure(tmp_path / "nowhere", tmp_path)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == f"doorstep: {tmp_path / 'nowhere'} is no folder.\n"


def test_a_folder_without_photos(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("none here")
    said = refused(tmp_path, tmp_path / "out")
    assert said == f"{tmp_path} holds no photos (.jpg, .jpeg, .png, .webp, .heic, .heif)."


def test_results_never_lie_among_the_photos(photos: Path) -> None:
    said = refused(photos, photos)
    assert said == "--out must be another folder than that of the photos."
    assert sorted(path.name for path in photos.iterdir()) == ["0.jpg", "1.jpg"]


def test_too_few_photos_say_so(photos: Path, tmp_path: Path) -> None:
    said = refused(photos, tmp_path / "out")
    assert said == "2 usable photos, at least 3 are needed. (too_few_photos)"


@pytest.mark.slow
def test_photos_that_do_not_connect_leave_no_model(photos: Path, tmp_path: Path) -> None:
    for number in (2, 3):
        write_noise(photos / f"{number}.jpg", seed=number)
    said = refused(photos, tmp_path / "out", "--preset", "fast")
    assert said == "Only 0 of 4 photos hang together. (photos_do_not_connect)"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["work"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "[{",
            "is no JSON: Expecting property name enclosed in double quotes in line 1, column 3.",
        ),
        ("{}", ": a list of 1 to 100 known lengths is expected."),
        ("[]", ": a list of 1 to 100 known lengths is expected."),
        ("[3]", ": length 1 is no object with name, metres and observations."),
        ([A_LENGTH | {"metres": "2.1"}], ': "metres" of door must be a number from 0 to 200.'),
        (
            [A_LENGTH | {"metres": float("nan")}],
            ': "metres" of door must be a number from 0 to 200.',
        ),
        ([A_LENGTH | {"observations": []}], ": door needs observations in 2 photos or more."),
        (
            [A_LENGTH | {"observations": [{"photo": "7.jpg", "a": [1, 2], "b": [3, 4]}] * 2}],
            ": door names the photo '7.jpg', which is not in the folder.",
        ),
        (
            [A_LENGTH | {"observations": [{"photo": "0.jpg", "a": [1, 2], "b": [3]}] * 2}],
            ': "b" of door in 0.jpg must be two numbers, [x, y].',
        ),
        (
            [A_LENGTH | {"observations": [{"photo": "0.jpg", "a": [1, 2], "b": [3, 4]}] * 2}],
            ": door names a photo twice.",
        ),
    ],
)
def test_wrong_points(photos: Path, tmp_path: Path, written: Any, said: str) -> None:
    points = tmp_path / "points.json"
    points.write_text(written if isinstance(written, str) else json.dumps(written))
    told = refused(photos, tmp_path / "out", "--points", str(points))
    assert told.removeprefix(str(points)).strip() == said.strip()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"dictionary": "5X5"}, '"dictionary" must be a name such as "DICT_5X5_100".'),
        ({"marker_m": 0}, '"marker_m" must be a number of metres.'),
        ({"grid": [2]}, '"grid" must be two whole numbers, [rows, columns].'),
        ({"ids": {"front": [1]}}, "front must have 2 to 4 markers, as its grid has."),
    ],
)
def test_wrong_sheets(photos: Path, tmp_path: Path, changed: dict[str, Any], said: str) -> None:
    sheet = tmp_path / "sheet.json"
    sheet.write_text(json.dumps(A_SHEET | changed))
    assert refused(photos, tmp_path / "out", "--marker", str(sheet)) == f"{sheet}: {said}"


def test_options_that_contradict_each_other(photos: Path, tmp_path: Path) -> None:
    said = refused(photos, tmp_path / "out", "--no-scale", "--marker")
    assert said == "--no-scale goes with neither --marker nor --points."


def test_progress_is_one_line_on_a_terminal_and_a_line_a_stage_elsewhere() -> None:
    steps = [Progress("select", 0.0, "Looking"), Progress("select", 0.02, "Photo 1 of 9")]
    steps.append(Progress("features", 0.25, "Finding details"))
    plain, terminal = io.StringIO(), Terminal()
    for stream in (plain, terminal):
        shown = Display(stream)
        for step in steps:
            shown.show(step)
        shown.close()
    assert plain.getvalue() == "  0%  Looking\n 25%  Finding details\n"
    lines = terminal.getvalue().split("\r")
    assert lines[-1] == "[######..................]  25%  0:00  Finding details\n"


def test_the_summary_carries_ranges_and_what_is_missing() -> None:
    lines = "\n".join(summary(RECORD, out=Path("house")))
    assert "35 of 36 photos joined.\nScale from a known length, 90 % within 0.7%." in lines
    assert "SI-1   front        12.19 ±0.05        5.60 ±0.06       68.3 ±0.7   100%" in lines
    assert "RF-1   front          29.8 ±0.2               6.9               -    92%" in lines
    assert (
        "Footprint 125.8 ±0.9 m2, 48.83 ±0.17 m round.\nRidge 8.31 m above the ground.\n" in lines
    )
    assert "D-1      garage door  SI-1          2.80 ±0.05      2.20 ±0.12" in lines
    assert "eave                          2             24.00" in lines
    assert "  left wall, SI-4: hardly any. Needed: spot left side." in lines


@pytest.mark.slow
def test_a_house_is_measured_by_a_sheet_then_by_a_length(tmp_path: Path) -> None:
    write_album(tmp_path, HOUSE)
    photos, out, truth = tmp_path / "images", tmp_path / "out", tmp_path / "truth.json"
    known = json.loads(truth.read_text())
    (tmp_path / "sheet.json").write_text(json.dumps(known["marker"]))

    ran = measure(photos, out, "--preset", "fast", "--marker", str(tmp_path / "sheet.json"))

    assert ran.returncode == 0, ran.stderr
    assert "39 of 39 photos joined.\nScale from the sheet of markers, 90 % within " in ran.stdout
    assert _front(out)["width_m"] == pytest.approx(10.0, rel=SCALE_ERROR_MAX)
    assert abs(_front(out)["width_m"] - 10.0) <= _front(out)["width_range_m"]
    assert (out / "model.glb").stat().st_size > 100_000
    assert ran.stderr.splitlines()[-1].startswith(" 99%")

    (tmp_path / "points.json").write_text(json.dumps([_front_width(known)]))
    ran = measure(photos, out, "--preset", "fast", "--points", str(tmp_path / "points.json"))

    assert ran.returncode == 0, ran.stderr
    assert "Scale from a known length, 90 % within " in ran.stdout
    assert _front(out)["width_m"] == pytest.approx(10.0, rel=LENGTH_ERROR_MAX)
    assert abs(_front(out)["width_m"] - 10.0) <= _front(out)["width_range_m"]


def measure(photos: Path, out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "doorstep", "measure", str(photos), "--out", str(out), *options],
        check=False,
        capture_output=True,
        text=True,
        env=environment(),
        timeout=SECONDS_MAX,
    )


def refused(photos: Path, out: Path, *options: str) -> str:
    """What it raises, after progress; as a program it ends with `doorstep: ` and these words.

    It runs in this process: one of its own for each wrong word takes a fifth of a second.
    """
    told, progress = io.StringIO(), io.StringIO()
    with redirect_stdout(told), redirect_stderr(progress), pytest.raises(AppError) as ended:
        app(["measure", str(photos), "--out", str(out), *options])
    assert told.getvalue() == ""
    assert [line for line in progress.getvalue().splitlines() if line[3:4] != "%"] == []
    return str(ended.value)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _front(out: Path) -> dict[str, Any]:
    record = json.loads((out / "measurements.json").read_text())
    front: dict[str, Any] = next(wall for wall in record["walls"] if wall["side"] == "front")
    return front


def _front_width(truth: dict[str, Any]) -> dict[str, Any]:
    """The front wall from end to end, under its eaves, as a person would click it in 4 photos."""
    house = design(HOUSE.kind, seed=HOUSE.seed)
    ends = np.array([[0, 0, house.eave - 0.4], [house.length, 0, house.eave - 0.4]])
    poses = truth["cameras"]["poses"]
    seen = [_clicked(poses[number], ends, cameras=truth["cameras"]) for number in (1, 3, 33, 35)]
    return {"name": "front wall width", "metres": house.length, "observations": seen}


def _clicked(pose: dict[str, Any], ends: np.ndarray, *, cameras: dict[str, Any]) -> dict[str, Any]:
    local = (ends - np.array(pose["centre_m"])) @ np.array(pose["R"]).T
    flat = local[:, :2] / local[:, 2:]
    radius = (flat**2).sum(axis=1, keepdims=True)
    k1, k2 = cameras["distortion_k1_k2"]
    matrix = np.array(cameras["K"])
    pixels = flat * (1 + k1 * radius + k2 * radius**2) * np.diag(matrix)[:2] + matrix[:2, 2]
    assert (pixels > 0).all()
    assert (pixels < cameras["size"]).all()
    a, b = np.round(pixels).tolist()
    return {"photo": pose["photo"], "a": a, "b": b}


RECORD: dict[str, Any] = {
    "scale": {"source": "known_length", "relative_uncertainty": 0.004},
    "photos": {"given": 36, "registered": 35},
    "walls": [
        {
            "id": "SI-1",
            "side": "front",
            "seen": 1.0,
            "width_m": 12.186,
            "width_range_m": 0.049,
            "height_m": 5.604,
            "height_range_m": 0.061,
            "area_m2": 68.29,
            "range": 0.0108,
        }
    ],
    "roof": [
        {
            "id": "RF-1",
            "side": "front",
            "seen": 0.92,
            "pitch_deg": 29.83,
            "pitch_range_deg": 0.25,
            "pitch_over_12": 6.88,
        }
    ],
    "footprint": {
        "area_m2": 125.79,
        "range": 0.0068,
        "perimeter_m": 48.831,
        "perimeter_range_m": 0.174,
    },
    "ridge_height_m": 8.306,
    "openings": [
        {
            "id": "D-1",
            "wall": "SI-1",
            "kind": "garage_door",
            "width_m": 2.797,
            "height_m": 2.202,
            "range_m": 0.115,
            "width_range_m": 0.046,
        }
    ],
    "edges": [{"type": "eave", "length_m": 12.0}] * 2,
    "unseen": [{"what": "left wall, SI-4", "why": "hardly any", "ask_for": "spot left side"}],
}
