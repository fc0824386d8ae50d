"""Planes, plan and shell of a house whose points are made up, with known answers."""

import numpy as np
import pytest

from doorstep.reconstruction.geometry.blocks import Block, find_plan, inner_sides, with_slopes
from doorstep.reconstruction.geometry.coverage import frame_of, seen_share
from doorstep.reconstruction.geometry.planes import (
    Cloud,
    find_walls,
    find_yaw,
    left_to_turn,
    sharpen,
)
from doorstep.reconstruction.geometry.shell import Roof, area_of, roof_faces, wall_face
from doorstep.reconstruction.geometry.slopes import Slope, find_slopes
from doorstep.reconstruction.geometry.triangulation import triangulate

LENGTH, DEPTH, EAVE = 10.0, 8.0, 3.0
TANGENT = 0.75


def test_yaw_comes_from_the_normals_of_walls() -> None:
    angles = np.radians(10 + 90 * np.arange(400))
    normal = np.column_stack([np.cos(angles), np.sin(angles), np.zeros(400)])
    assert np.degrees(find_yaw(normal)) == pytest.approx(10)


@pytest.mark.parametrize("degrees", [0.0, 0.4, -0.4])
def test_precise_points_tell_how_walls_are_turned_that_normals_hardly_show(degrees: float) -> None:
    """A tenth of the points are on windows 8 cm behind the wall, which do not turn it."""
    chance = np.random.default_rng(5)
    cloud = gable_cloud()
    walls = find_walls(cloud, 1.0)
    precise = cloud.xyz.copy()
    behind = chance.random(len(precise)) < 0.1
    precise[behind] -= 0.08 * cloud.normal[behind]
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    precise[:, :2] @= np.array([[cosine, sine], [-sine, cosine]])

    assert np.degrees(left_to_turn(walls, precise, unit=1.0)) == pytest.approx(degrees, abs=0.01)
    assert left_to_turn(walls, precise[:20], unit=1.0) == 0.0


def test_a_gable_house_is_found_in_its_points() -> None:
    cloud = gable_cloud()

    walls = find_walls(cloud, 1.0)
    plan = find_plan(walls, unit=1.0)
    slopes = find_slopes(cloud, 1.0, above=1.5)

    assert sorted((wall.facing, round(wall.offset, 2)) for wall in walls) == [
        (0, LENGTH),
        (1, DEPTH),
        (2, 0.0),
        (3, 0.0),
    ]
    assert plan is not None
    assert plan.area == pytest.approx(LENGTH * DEPTH, rel=0.002)
    assert plan.perimeter == pytest.approx(2 * (LENGTH + DEPTH), rel=0.002)
    assert [slope.facing for slope in sorted(slopes, key=lambda s: s.facing)] == [1, 3]
    assert [slope.tangent for slope in slopes] == pytest.approx([TANGENT, TANGENT], abs=0.003)
    assert len(with_slopes(plan, slopes, unit=1.0)[0].slopes) == 2


def test_nothing_is_made_of_noise() -> None:
    chance = np.random.default_rng(4)
    normal = chance.normal(size=(500, 3))
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    noise = Cloud(chance.uniform(0, 9, (500, 3)), normal, cell=0.01)
    nothing = Cloud(np.zeros((0, 3)), np.zeros((0, 3)), cell=0.01)
    for cloud in (noise, nothing):
        assert find_walls(cloud, 1.0) == []
        assert find_slopes(cloud, 1.0, above=0.0) == []
    assert find_plan([], unit=1.0) is None
    assert find_yaw(nothing.normal) == 0.0


def test_a_wall_with_poor_normals_is_no_slope() -> None:
    chance = np.random.default_rng(1)
    upright = np.column_stack(
        [chance.uniform(0, 8, 2400), chance.normal(0, 0.02, 2400), chance.uniform(2, 6, 2400)]
    )
    astray = np.column_stack(
        [chance.uniform(0, 8, 100), chance.uniform(-1, 1, 100), chance.uniform(2, 6, 100)]
    )
    normal = np.tile([0.0, -np.sqrt(0.75), 0.5], (2500, 1))
    cloud = Cloud(np.concatenate([upright, astray]), normal, cell=0.01)

    assert find_slopes(cloud, 1.0, above=1.5) == []


def test_an_l_shape_has_two_blocks_and_one_leans_on_the_other() -> None:
    blocks = (Block((0, 0), (10, 8)), Block((0, -3), (5, 0)))
    assert inner_sides(blocks, 0, unit=1.0) == set()
    assert inner_sides(blocks, 1, unit=1.0) == {1}


def test_sparse_points_on_windows_do_not_move_a_wall() -> None:
    wall = next(w for w in find_walls(gable_cloud(), 1.0) if w.facing == 3)
    chance = np.random.default_rng(3)
    x, z = chance.uniform(1, 9, 300), chance.uniform(0.5, 2.8, 300)
    on_wall = np.column_stack([x, np.full(300, -0.03), z])
    on_glass = np.column_stack([x, np.full(300, 0.08), z])

    moved = sharpen(wall, np.concatenate([on_wall, on_glass]), unit=1.0)

    assert moved.offset == pytest.approx(0.03, abs=0.003)


def test_roofs_and_walls_meet() -> None:
    block = Block((0, 0), (LENGTH, DEPTH), gable_slopes())
    roof = Roof(block.slopes, np.array([-0.5, -0.5]), np.array([10.5, 8.5]), thickness=0.2)

    faces = roof_faces(roof, block=0)
    front = wall_face(block, 3, roof=roof, base=0.0, top=0.0)
    right = wall_face(block, 0, roof=roof, base=0.0, top=0.0)

    assert [area_of(face.corners) for face in faces] == pytest.approx([11 * 4.5 * 1.25] * 2)
    assert area_of(front.corners) == pytest.approx(LENGTH * (EAVE - 0.2))
    assert area_of(right.corners) == pytest.approx(DEPTH * (EAVE - 0.2 + 1.5))
    assert right.corners[:, 2].max() == pytest.approx(EAVE + 3 - 0.2, abs=0.01)


def test_a_hip_roof_has_four_faces() -> None:
    ends = (
        Slope(0, EAVE + LENGTH * TANGENT, TANGENT, 0.01, (0, 8), (6, 10), 20),
        Slope(2, EAVE, TANGENT, 0.01, (-8, 0), (-4, 0), 20),
    )
    roof = Roof(gable_slopes() + ends, np.zeros(2), np.array([LENGTH, DEPTH]), thickness=0.2)
    areas = sorted(area_of(face.corners) for face in roof_faces(roof, block=0))
    assert areas == pytest.approx([20, 20, 30, 30])


def test_half_a_face_seen_is_half_seen() -> None:
    face = np.array([[0, 0, 0], [4, 0, 0], [4, 0, 3], [0, 0, 3]], float)
    x, z = np.meshgrid(np.arange(0, 2, 0.03), np.arange(0, 3, 0.03))
    points = np.column_stack([x.ravel(), np.zeros(x.size), z.ravel()])
    np.testing.assert_allclose(frame_of(face), [[0, 0, 0], [1, 0, 0], [0, 0, 1]], atol=1e-12)
    assert seen_share(face, points, reach=0.1) == pytest.approx(0.5, abs=0.04)


def test_one_wrong_ray_does_not_move_a_point() -> None:
    point = np.array([1.0, 2.0, 3.0])
    centres = np.array([[5, 0, 0], [0, 5, 0], [-5, 0, 1], [0, -5, 1], [4, 4, 0]], float)
    rays = point - centres
    rays[4] += [1.5, 0, 0]
    rays /= np.linalg.norm(rays, axis=1, keepdims=True)
    found, _ = triangulate(centres, rays, spread_rad=np.full(5, 0.001))
    np.testing.assert_allclose(found, point, atol=0.005)


def gable_slopes() -> tuple[Slope, ...]:
    return (
        Slope(3, EAVE, TANGENT, 0.01, (0, LENGTH), (-4, 0.5), 60),
        Slope(1, EAVE + DEPTH * TANGENT, TANGENT, 0.01, (-LENGTH, 0), (4, 8.5), 60),
    )


def gable_cloud() -> Cloud:
    """Points 8 cm apart on walls and roof, with a centimetre of noise."""
    chance = np.random.default_rng(2)
    step = 0.08
    points, normals = [], []

    def add(corner: list[float], spans: list[list[float]], normal: list[float]) -> None:
        u, v = np.array(spans, float)
        a, b = (int(np.linalg.norm(side) / step) for side in (u, v))
        i, j = np.meshgrid(np.arange(a) / a, np.arange(b) / b)
        flat = np.array(corner) + i.reshape(-1, 1) * u + j.reshape(-1, 1) * v
        unit = np.array(normal) / np.linalg.norm(normal)
        points.append(flat + chance.normal(0, 0.01, (len(flat), 1)) * unit)
        normals.append(np.tile(unit, (len(flat), 1)))

    add([0, 0, 0], [[LENGTH, 0, 0], [0, 0, EAVE]], [0, -1, 0])
    add([0, DEPTH, 0], [[LENGTH, 0, 0], [0, 0, EAVE]], [0, 1, 0])
    add([0, 0, 0], [[0, DEPTH, 0], [0, 0, EAVE]], [-1, 0, 0])
    add([LENGTH, 0, 0], [[0, DEPTH, 0], [0, 0, EAVE]], [1, 0, 0])
    add([0, 0, EAVE], [[LENGTH, 0, 0], [0, 4, 3]], [0, -0.6, 0.8])
    add([0, DEPTH, EAVE], [[LENGTH, 0, 0], [0, -4, 3]], [0, 0.6, 0.8])
    return Cloud(np.concatenate(points), np.concatenate(normals), cell=step**2)
