"""Photos that the mapping left out are added where enough details all over them say so."""

from pathlib import Path

import numpy as np
import pycolmap
import pytest
from numpy.typing import NDArray

from doorstep.reconstruction.rejoining import holds, rejoin

ALL_OVER = np.random.default_rng(1).uniform(0.0, 1.0, (40, 2))


def fitting(count: int) -> NDArray[np.bool_]:
    return np.arange(len(ALL_OVER)) < count


def test_most_of_forty_details_all_over_a_photo_hold_it() -> None:
    assert holds(ALL_OVER, fitting(30))


def test_two_thirds_do_not() -> None:
    assert not holds(ALL_OVER, fitting(26))


def test_nineteen_do_not() -> None:
    assert not holds(ALL_OVER[:19], fitting(40)[:19])
    assert holds(ALL_OVER[:20], fitting(40)[:20])


@pytest.mark.parametrize("narrowed", [(0.45, 1.0), (1.0, 0.45)])
def test_a_window_in_a_part_of_the_photo_does_not(narrowed: tuple[float, float]) -> None:
    assert not holds(ALL_OVER * narrowed, fitting(40))


@pytest.fixture
def matches(tmp_path: Path) -> Path:
    return tmp_path / "matches.db"


@pytest.fixture
def model(matches: Path) -> pycolmap.Reconstruction:
    """Six photos of sixty points, and their matches."""
    asked = pycolmap.SyntheticDatasetOptions()
    asked.num_rigs, asked.num_frames_per_rig, asked.num_points3D = 1, 6, 60
    asked.camera_params = [1600.0, 512.0, 384.0, 0.05]
    pycolmap.set_random_seed(1)
    with pycolmap.Database.open(matches) as database:
        return pycolmap.synthesize_dataset(asked, database)


def without_one(
    model: pycolmap.Reconstruction, folder: Path
) -> tuple[pycolmap.Image, NDArray[np.float64]]:
    """Leave all but the last photo of the model in a folder; that photo, and where it was taken."""
    left_out = model.images[max(model.reg_image_ids())]
    centre = np.asarray(left_out.projection_center())
    model.deregister_frame(left_out.frame_id)
    model.write(folder)
    return left_out, centre


def test_a_photo_that_was_left_out_is_put_where_it_was_taken(
    model: pycolmap.Reconstruction, matches: Path, tmp_path: Path
) -> None:
    left_out, centre = without_one(model, tmp_path)
    found = pycolmap.Reconstruction(tmp_path)

    assert rejoin(found, matches, but_not=(), seed=1) == [left_out.name]
    placed = found.images[left_out.image_id]
    assert placed.num_points3D >= 20
    assert np.linalg.norm(placed.projection_center() - centre) < 0.01


def test_a_photo_that_was_taken_out_stays_out(
    model: pycolmap.Reconstruction, matches: Path, tmp_path: Path
) -> None:
    left_out, _ = without_one(model, tmp_path)
    found = pycolmap.Reconstruction(tmp_path)

    assert rejoin(found, matches, but_not={left_out.name}, seed=1) == []
    assert found.num_reg_images() == 5
