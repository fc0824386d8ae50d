"""What photos leave open about sizes in the model, against adjusting them again and again."""

from dataclasses import replace

import numpy as np
import pycolmap
import pytest
from numpy.typing import NDArray

from doorstep.reconstruction.cameras import View
from doorstep.reconstruction.geometry.jacobians import jacobians
from doorstep.reconstruction.geometry.looseness import Looseness
from doorstep.reconstruction.geometry.triangulation import triangulate
from tests.houses.cameras import look_at

Matrix = NDArray[np.float64]
FOCAL, SIZE, NOISE_PX = 700.0, (960, 720), 0.5
ENDS = np.array([[-1.0, -2.0, 0.5], [1.0, -2.0, 0.8]])


def test_pixels_move_as_the_jacobians_say() -> None:
    view = replace(ring(1, FOCAL)[0], distortion=(0.05, -0.04))
    point = np.array([[0.7, -1.1, 0.9]])
    by = jacobians(view, point)
    for axis in range(3):
        away = np.eye(3)[axis] * 1e-6
        moved = (view.project(point + away)[0] - view.project(point)[0])[0] / 1e-6
        np.testing.assert_allclose(by.point[0][:, axis], moved, rtol=1e-3, atol=0.1)
        shifted = replace(view, translation=view.translation + away)
        moved = (shifted.project(point)[0] - view.project(point)[0])[0] / 1e-6
        np.testing.assert_allclose(by.pose[0][:, 3 + axis], moved, rtol=1e-3, atol=0.1)
        turn = np.eye(3) + np.cross(away, np.eye(3)).T
        turned = replace(view, rotation=turn @ view.rotation, translation=turn @ view.translation)
        moved = (turned.project(point)[0] - view.project(point)[0])[0] / 1e-6
        np.testing.assert_allclose(by.pose[0][:, axis], moved, rtol=1e-3, atol=0.1)
    longer = replace(view, matrix=view.matrix + np.diag([1.0, 1.0, 0.0]))
    moved = (longer.project(point)[0] - view.project(point)[0])[0]
    np.testing.assert_allclose(by.lens[0][:, 0], moved, rtol=1e-6)
    bent = replace(view, distortion=(0.05 + 1e-6, -0.04))
    moved = (bent.project(point)[0] - view.project(point)[0])[0] / 1e-6
    np.testing.assert_allclose(by.lens[0][:, 3], moved, rtol=1e-4)


@pytest.mark.slow
def test_the_stated_error_of_a_size_is_what_it_scatters_by() -> None:
    errors, stated = np.array([_adjusted(seed) for seed in range(60)]).T

    assert abs(errors.mean()) < 0.4 * errors.std()
    assert np.median(stated) == pytest.approx(errors.std(), rel=0.3)


def test_photos_close_together_leave_sizes_open() -> None:
    wide, near = (_stated(ring(8, FOCAL, turn_deg=turn)) for turn in (360.0, 40.0))
    assert near > 3 * wide
    assert wide == pytest.approx(0.0012, rel=0.05)


def test_the_same_detail_found_again_adds_nothing() -> None:
    views, points = ring(8, FOCAL), _points(80)
    once = _stated(views, points)
    again = np.concatenate([points, points + 0.002])
    assert _stated(views, again) == pytest.approx(once, rel=0.1)
    assert _stated(views, _points(320)) < 0.7 * once


def rigid(views: list[View]) -> Looseness:
    """Photos held by thousands of exact details."""
    points = np.random.default_rng(7).uniform(-1.5, 1.5, (300, 3))
    seen = np.ones((len(points), len(views)), bool)
    return Looseness(views, {"xyz": points, "seen": seen, "error_px": np.full(300, 1e-6)})


def ring(count: int, focal: float, *, turn_deg: float = 360.0) -> list[View]:
    """Photos all from ten units away, round the origin."""
    matrix = np.array([[focal, 0, SIZE[0] / 2], [0, focal, SIZE[1] / 2], [0, 0, 1]])
    views = []
    for number, angle in enumerate(np.radians(turn_deg) * np.arange(count) / count):
        centre = 10 * np.array([np.sin(angle), -np.cos(angle), 0.15 * (-1) ** number])
        rotation = look_at(centre, np.zeros(3))
        name = f"{number}.jpg"
        views.append(View(name, name, 0, SIZE, matrix, (0, 0), rotation, -rotation @ centre))
    return views


def _points(count: int) -> Matrix:
    return np.random.default_rng(3).uniform(-1, 1, (count, 3)) * [3, 3, 2]


def _stated(views: list[View], points: Matrix | None = None) -> float:
    points = _points(80) if points is None else points
    seen = np.ones((len(points), len(views)), bool)
    error = np.full(len(points), NOISE_PX * np.sqrt(np.pi / 2))
    return _share(Looseness(views, {"xyz": points, "seen": seen, "error_px": error}), views)


def _share(loose: Looseness, views: list[View]) -> float:
    """Of the length between the two ends as these views show it."""
    apart = ENDS[1] - ENDS[0]
    seen = [(view, np.zeros(2), 1.0) for view in views]
    moves = loose.of_point(seen, ENDS[1]) - loose.of_point(seen, ENDS[0])
    return loose.share(apart @ moves / (apart @ apart))


def _adjusted(seed: int) -> tuple[float, float]:
    """Error of a length by the walk's size after an adjustment, and what is stated of it."""
    truth, points = ring(8, FOCAL), _points(80)
    chance = np.random.default_rng(seed)
    model = _model(truth, points, chance=chance)
    asked = pycolmap.BundleAdjustmentOptions()
    asked.refine_principal_point = True
    asked.print_summary = False
    pycolmap.bundle_adjustment(model, asked)
    views = [_view(model, index, like=view) for index, view in enumerate(truth)]
    xyz = np.array([model.points3D[index].xyz for index in sorted(model.points3D)])
    seen = np.ones((len(xyz), len(views)), bool)
    misses = [np.linalg.norm(view.project(xyz)[0] - _seen(model, i), axis=1)
              for i, view in enumerate(views)]  # fmt: skip
    loose = Looseness(views, {"xyz": xyz, "seen": seen, "error_px": np.mean(misses, axis=0)})
    found = [_triangulated(views, truth, end=end) for end in ENDS]
    size = np.linalg.norm(found[1] - found[0]) / _walk(views)
    return float(np.log(size / np.linalg.norm(ENDS[1] - ENDS[0]) * _walk(truth))), _share(
        loose, truth
    )


def _model(
    truth: list[View], points: Matrix, *, chance: np.random.Generator
) -> pycolmap.Reconstruction:
    model = pycolmap.Reconstruction()
    params = [FOCAL, SIZE[0] / 2 + 0.5, SIZE[1] / 2 + 0.5, 0.0, 0.0]
    camera = pycolmap.Camera(
        model="RADIAL", width=SIZE[0], height=SIZE[1], params=params, camera_id=1
    )
    model.add_camera_with_trivial_rig(camera)
    for index, view in enumerate(truth):
        places = view.project(points)[0] + chance.normal(0, NOISE_PX, (len(points), 2)) + 0.5
        image = pycolmap.Image(name=view.name, keypoints=places, camera_id=1, image_id=index + 1)
        pose = pycolmap.Rigid3d(pycolmap.Rotation3d(view.rotation), view.translation)
        model.add_image_with_trivial_frame(image, pose)
    for number, point in enumerate(points):
        track = pycolmap.Track()
        for index in range(len(truth)):
            track.add_element(index + 1, number)
        model.add_point3D(point, track)
    return model


def _view(model: pycolmap.Reconstruction, index: int, *, like: View) -> View:
    focal, x, y, k1, k2 = model.cameras[1].params
    pose = model.images[index + 1].cam_from_world()
    return replace(
        like,
        matrix=np.array([[focal, 0, x - 0.5], [0, focal, y - 0.5], [0, 0, 1]]),
        distortion=(float(k1), float(k2)),
        rotation=pose.rotation.matrix(),
        translation=np.asarray(pose.translation),
    )


def _seen(model: pycolmap.Reconstruction, index: int) -> Matrix:
    return np.array([point.xy for point in model.images[index + 1].points2D]) - 0.5


def _triangulated(views: list[View], truth: list[View], *, end: Matrix) -> Matrix:
    rays = np.array([v.rays(t.project(end[None])[0])[0] for v, t in zip(views, truth, strict=True)])
    centres = np.array([view.centre for view in views])
    return triangulate(centres, rays, spread_rad=np.full(len(views), 1 / FOCAL))[0]


def _walk(views: list[View]) -> float:
    centres = np.array([view.centre for view in views])
    return float(np.sqrt(((centres - centres.mean(axis=0)) ** 2).sum()))
