"""The leaves: pure functions with answers known beforehand."""

import numpy as np
import pytest

from doorstep.reconstruction.geometry.fusion import fuse
from doorstep.reconstruction.geometry.mesh import Mesh, near_points, vertex_normals, without_crumbs
from doorstep.reconstruction.geometry.stereo import Surfels
from doorstep.reconstruction.geometry.tracing import Tracer
from doorstep.reconstruction.geometry.upright import (
    focus,
    turn_to_z,
    up_from_cameras,
    up_from_edges,
    widest_gap_deg,
)
from doorstep.reconstruction.layout import epipolar_distance
from tests.houses.cameras import look_at


def test_up_comes_from_level_cameras_round_a_house() -> None:
    rotations = [look_at(np.array([x, y, 1.6]), np.zeros(3)) for x, y in RING]
    np.testing.assert_allclose(up_from_cameras(np.array(rotations)), [0, 0, 1], atol=1e-9)


def test_upright_edges_correct_a_tilted_guess() -> None:
    chance = np.random.default_rng(1)
    angles = chance.uniform(0, np.pi, 60)
    normals = np.column_stack([np.cos(angles), np.sin(angles), np.zeros(60)])
    tilted = np.array([np.sin(0.05), 0, np.cos(0.05)])

    up, edges, deviation = up_from_edges(normals, np.ones(60), first=tilted)

    np.testing.assert_allclose(up, [0, 0, 1], atol=1e-9)
    assert edges == 60
    assert deviation == pytest.approx(0, abs=1e-6)


def test_turn_to_z_is_a_rotation() -> None:
    up = np.array([0.6, 0.0, 0.8])
    turn = turn_to_z(up)
    np.testing.assert_allclose(turn @ up, [0, 0, 1], atol=1e-12)
    np.testing.assert_allclose(turn @ turn.T, np.eye(3), atol=1e-12)


def test_focus_is_where_all_cameras_look() -> None:
    centres = np.array([[*place, 1.0] for place in RING])
    directions = np.array([2.0, 3.0, 1.0]) - centres
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    np.testing.assert_allclose(focus(centres, directions), [2, 3, 1], atol=1e-9)


def test_widest_gap_is_seen_from_the_middle() -> None:
    assert widest_gap_deg(np.array([[*place, 0.0] for place in RING[:3]]), np.zeros(3)) == 180


def test_matches_on_their_epipolar_line_are_at_distance_zero() -> None:
    points = np.random.default_rng(2).uniform([-2, -2, 4], [2, 2, 9], (20, 3))
    moved = points - [1.0, 0.2, 0.0]
    one, other = points[:, :2] / points[:, 2:], moved[:, :2] / moved[:, 2:]
    shift = np.array([-1.0, -0.2, 0.0])

    right = epipolar_distance(one, other, rotation=np.eye(3), translation=shift)
    wrong = epipolar_distance(one, other, rotation=np.eye(3), translation=shift[[1, 0, 2]])

    assert right.max() < 1e-12
    assert np.median(wrong) > 0.01


def test_fused_points_take_the_mean_weighted_by_error() -> None:
    cloud = Surfels(
        xyz=np.array([[0.10, 0.5, 0.5], [0.40, 0.5, 0.5]], np.float32),
        normal=np.array([[0, 0, 1], [0, 0, 1]], np.float32),
        rgb=np.array([[100, 0, 0], [200, 0, 0]], np.uint8),
        error=np.array([1.0, 2.0], np.float32),
    )
    fused = fuse(cloud, voxel=1.0)
    np.testing.assert_allclose(fused.xyz, [[0.16, 0.5, 0.5]], atol=1e-6)
    assert fused.rgb.tolist() == [[120, 0, 0]]


def test_lonely_points_are_noise() -> None:
    line = np.column_stack([np.arange(6) + 0.5, np.zeros(6), np.zeros(6)])
    xyz = np.concatenate([line, [[50, 50, 50]]]).astype(np.float32)
    up = np.tile(np.array([0, 0, 1], np.float32), (7, 1))
    cloud = Surfels(xyz, up, np.zeros((7, 3), np.uint8), np.ones(7, np.float32))
    assert len(fuse(cloud, voxel=1.0, neighbours_min=1).xyz) == 6


def test_a_ray_hits_the_square_and_what_lies_behind_is_hidden() -> None:
    tracer = Tracer(SQUARE.vertices, SQUARE.faces)
    origins = np.array([[0.5, 0.5, 2.0], [3.0, 3.0, 2.0]])
    faces, distance = tracer.first_hit(origins, np.array([[0, 0, -1.0], [0, 0, -1.0]]))
    assert faces[0] >= 0
    assert distance[0] == pytest.approx(2.0)
    assert faces[1] == -1
    behind = np.array([[0.5, 0.5, -1.0], [3.0, 3.0, -1.0]])
    assert tracer.is_clear(origins, behind, slack=0.01).tolist() == [False, True]


def test_mesh_loses_bridges_and_crumbs() -> None:
    np.testing.assert_allclose(vertex_normals(SQUARE), [[0, 0, 1]] * 4)
    assert len(near_points(SQUARE, SQUARE.vertices[:3], reach=0.1).faces) == 1
    far = Mesh(SQUARE.vertices + 9, SQUARE.faces[:1])
    both = Mesh(
        np.concatenate([SQUARE.vertices, far.vertices]),
        np.concatenate([SQUARE.faces, far.faces + 4]),
    )
    assert len(without_crumbs(both, share_min=0.5).faces) == 2


RING = [(10.0, 0.0), (0.0, 10.0), (-10.0, 0.0), (0.0, -10.0)]
SQUARE = Mesh(
    np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], float),
    np.array([[0, 1, 2], [0, 2, 3]]),
)
