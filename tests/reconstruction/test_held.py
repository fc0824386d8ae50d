"""However a phone was held, its photos tell of one lens."""

from pathlib import Path

import numpy as np
import pycolmap
import pytest

from doorstep.reconstruction.held import on_sensor, quarters, sensor_size, to_upright
from doorstep.reconstruction.photos import Photo
from doorstep.reconstruction.stages.gravity import views_of
from doorstep.reconstruction.turns import read_turns

LEVEL, HIGH = (1024, 768), (768, 1024)


def photo(name: str, quarters: int) -> Photo:
    size = HIGH if quarters % 2 else LEVEL
    return Photo(name, name, size, 1.0, "phone", 1280.0, 1.0, "", True, 1, quarters=quarters)


@pytest.mark.parametrize(
    ("orientation", "size", "turned"),
    [(1, LEVEL, 0), (6, HIGH, 1), (3, LEVEL, 2), (8, HIGH, 3), (1, HIGH, 1), (6, LEVEL, 1)],
)
def test_the_word_of_the_photo_tells_how_it_was_held_and_else_its_shape(
    orientation: int, size: tuple[int, int], turned: int
) -> None:
    assert quarters(orientation, size) == turned


@pytest.mark.parametrize(
    ("turned", "place"), [(0, (10, 20)), (1, (20, 758)), (2, (1014, 748)), (3, (1004, 10))]
)
def test_a_place_in_the_photo_is_found_on_the_sensor(
    turned: int, place: tuple[float, float]
) -> None:
    size = HIGH if turned % 2 else LEVEL

    assert sensor_size(size, turned) == LEVEL
    assert on_sensor(np.array([[10.0, 20.0]]), size=size, quarters=turned).tolist() == [[*place]]


def test_views_of_photos_however_held_show_points_where_the_photos_do() -> None:
    asked = pycolmap.SyntheticDatasetOptions()
    asked.num_rigs, asked.num_frames_per_rig, asked.num_points3D = 1, 4, 60
    asked.camera_model_id = pycolmap.CameraModelId.RADIAL
    asked.camera_params = [1280.0, 520.0, 380.0, 0.05, -0.02]
    pycolmap.set_random_seed(1)
    model = pycolmap.synthesize_dataset(asked)
    images = sorted(model.images.values(), key=lambda image: image.name)
    photos = [photo(image.name, turned) for turned, image in enumerate(images)]

    views = views_of(model, photos)

    assert [view.matrix[:2, 2].tolist() for view in views] == [
        [519.5, 379.5],
        [387.5, 519.5],
        [503.5, 387.5],
        [379.5, 503.5],
    ]
    for turned, (view, image) in enumerate(zip(views, images, strict=True)):
        shown = [point for point in image.points2D if point.has_point3D()]
        xyz = np.array([model.points3D[point.point3D_id].xyz for point in shown])
        places = view.project(xyz)[0] + 0.5
        sensor = on_sensor(places, size=view.size, quarters=turned)
        assert np.abs(sensor - [point.xy for point in shown]).max() < 1e-6


def test_turns_are_those_of_the_upright_photos(tmp_path: Path) -> None:
    turn = pycolmap.Rotation3d(np.array([0.0, np.sin(0.1), 0.0, np.cos(0.1)])).matrix()
    stored = to_upright(1).T @ turn
    found = pycolmap.TwoViewGeometry()
    found.cam2_from_cam1 = pycolmap.Rigid3d(pycolmap.Rotation3d(stored), np.array([1.0, 0.0, 0.0]))
    found.inlier_matches = np.zeros((1, 2), np.uint32)
    with pycolmap.Database.open(tmp_path / "matches.db") as database:
        camera = database.write_camera(
            pycolmap.Camera(model="RADIAL", width=1024, height=768, params=[1280, 512, 384, 0, 0])
        )
        one = database.write_image(pycolmap.Image(name="level", camera_id=camera))
        other = database.write_image(pycolmap.Image(name="high", camera_id=camera))
        database.write_two_view_geometry(one, other, found)

    (read,) = read_turns(tmp_path / "matches.db", [photo("level", 0), photo("high", 1)])

    assert read.yaw_deg == pytest.approx(np.degrees(0.2))
