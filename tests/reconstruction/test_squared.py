"""The points of a run as the structure stage works with them, read from its files."""

from pathlib import Path

import numpy as np
import pytest

from doorstep.reconstruction.cameras import write_views
from doorstep.reconstruction.geometry.planes import find_walls, sharpen
from doorstep.reconstruction.squared import read_squared
from doorstep.reconstruction.workspace import (
    DENSE_POINTS,
    POINTS,
    SCALE,
    write_arrays,
    write_json,
)
from tests.reconstruction.painted import Gable, photos_of
from tests.reconstruction.test_structure import LENGTH, gable_cloud

TURNED_DEG = 20.0
TURN = np.array(
    [
        [np.cos(np.radians(TURNED_DEG)), -np.sin(np.radians(TURNED_DEG)), 0],
        [np.sin(np.radians(TURNED_DEG)), np.cos(np.radians(TURNED_DEG)), 0],
        [0, 0, 1],
    ]
)
SHEET = np.array([LENGTH + 0.03, 4.0, 1.5])


def test_a_house_is_turned_as_the_points_on_its_walls_say(tmp_path: Path) -> None:
    """Its dense normals are 0.3 degrees off; the sheet of markers hangs 3 cm before a wall."""
    _write_run(tmp_path, normals_off_deg=0.3)

    squared = read_squared(tmp_path, unit=1.0)

    left = np.degrees(np.arctan2(*(squared.turn @ TURN)[[1, 0], 0])) % 90
    assert min(left, 90 - left) < 0.01
    walls = [sharpen(wall, squared.sparse, unit=1.0) for wall in find_walls(squared.cloud, 1.0)]
    behind = {wall.facing: wall.offset for wall in walls}
    assert behind[0] + behind[2] == pytest.approx(LENGTH, abs=0.005)


def _write_run(workspace: Path, *, normals_off_deg: float) -> None:
    """Few precise points on the wall behind the sheet, and many on the sheet, as on lap siding."""
    chance = np.random.default_rng(6)
    cloud = gable_cloud()
    off = np.radians(normals_off_deg)
    biased = cloud.normal @ np.array(
        [[np.cos(off), np.sin(off), 0], [-np.sin(off), np.cos(off), 0], [0, 0, 1]]
    )
    write_arrays(
        workspace / DENSE_POINTS,
        {"xyz": cloud.xyz @ TURN.T, "normal": biased @ TURN.T, "voxel": np.array(0.08)},
    )
    is_behind = cloud.normal[:, 0] > 0.9
    few = ~is_behind | (chance.random(len(is_behind)) < 0.06)
    on_sheet = SHEET + chance.uniform(-0.2, 0.2, (300, 3)) * [0, 1, 1]
    points = np.concatenate([cloud.xyz[few], on_sheet]) @ TURN.T
    count = np.full(len(points), 5)
    write_arrays(
        workspace / POINTS,
        {"xyz": points, "photos": count, "error_px": np.full(len(points), 0.3)},
    )
    places = {"front": (TURN @ SHEET).tolist()}
    write_json(workspace / SCALE, {"metres_per_unit": 1.0, "places": places})
    write_views(workspace, [photo.view for photo in photos_of(Gable(), np.array([0.0]))])
