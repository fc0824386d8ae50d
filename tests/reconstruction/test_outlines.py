"""Roofs that are seen too flatly to be measured, from what surrounds them."""

from dataclasses import replace

import numpy as np
import pytest

from doorstep.reconstruction.geometry.answers import Answer, the_one
from doorstep.reconstruction.geometry.assembly import assemble
from doorstep.reconstruction.geometry.blocks import Block
from doorstep.reconstruction.geometry.eaves import Edges
from doorstep.reconstruction.geometry.outlines import with_outlines
from doorstep.reconstruction.geometry.planes import DIRECTIONS, Cloud, along
from doorstep.reconstruction.geometry.profiles import Profile, profile_of
from doorstep.reconstruction.geometry.roofing import cover
from doorstep.reconstruction.geometry.shell import Roof
from doorstep.reconstruction.geometry.skylines import Eaves
from doorstep.reconstruction.geometry.slopes import Slope
from doorstep.reconstruction.structure import Structure
from tests.reconstruction.painted import Gable, photos_of

ALL_ROUND = np.arange(0, 360, 20.0)
BARE = Block((0.0, 0.0), (10.0, 8.0))


def test_a_wall_below_a_gable_tells_the_pitch() -> None:
    profile = profile_of(walls_of(Gable()), 0, offset=10.0, span=(0.0, 8.0), unit=1.0)

    assert profile is not None
    assert profile.top == pytest.approx(7.52, abs=0.01)
    assert profile.tangent == pytest.approx(0.7, abs=0.02)


def test_a_wall_below_a_low_gable_tells_the_pitch_too() -> None:
    """It rises by 40 cm, as over a garage."""
    profile = profile_of(walls_of(Gable(tangent=0.1)), 0, offset=10.0, span=(0.0, 8.0), unit=1.0)

    assert profile is not None
    assert profile.tangent == pytest.approx(0.1, abs=0.01)


def test_a_wall_below_an_eave_ends_level() -> None:
    profile = profile_of(walls_of(Gable()), 3, offset=0.0, span=(0.0, 10.0), unit=1.0)

    assert profile == Profile(pytest.approx(4.758, abs=0.001), 0.0)  # type: ignore[arg-type]


def test_half_of_a_slant_is_not_half_of_a_gable() -> None:
    """As photos showed a wall of 8.9 m beside a shed roof, the eaves' shadow on its higher end."""
    seen = [7.28, 7.34, 7.34, 7.32, 7.28, 7.24, 7.16, 7.11, 7.1, 7.03, 6.99, 6.91, 6.83, 6.75, 6.68]
    seen += [6.6, 6.54, 6.46, 6.4, 6.33, 6.25, 6.17, 6.09, 6.04, 5.96, 5.88, 5.81, 5.72, 5.67]
    tops = np.repeat(seen, 5)
    sideways = -4.05 + 0.3 * np.repeat(np.arange(len(seen)), 5)
    wall = np.column_stack([sideways, np.full(len(tops), -6.0), tops])
    cloud = Cloud(wall, np.tile([0.0, -1.0, 0.0], (len(wall), 1)), cell=0.01)

    profile = profile_of(cloud, 3, offset=6.0, span=(-4.3, 4.6), unit=1.0)

    assert profile is not None
    assert (profile.tangent, round(profile.lean, 2)) == (0.0, -0.22)


def test_a_wall_with_few_points_tells_nothing() -> None:
    cloud = walls_of(Gable())
    half = cloud.xyz[:, 1] < 2.5
    rest = _kept(cloud, half)

    assert profile_of(rest, 0, offset=10.0, span=(0.0, 8.0), unit=1.0) is None


def test_eaves_and_rakes_and_a_ridge_carry_a_roof_without_points() -> None:
    (block,) = with_outlines([BARE], photos_of(Gable(), ALL_ROUND), cloud=walls_of(Gable()), unit=1)

    assert [slope.facing for slope in block.slopes] == [1, 3]
    assert [slope.tangent for slope in block.slopes] == pytest.approx([0.7, 0.7], abs=0.01)
    ridge = [float(slope.height(np.array([[5.0, 4.0]]))[0]) for slope in block.slopes]
    assert ridge == pytest.approx([7.8, 7.8], abs=0.05)
    assert [slope.area for slope in block.slopes] == [0.0, 0.0]


def test_a_lone_slope_between_gables_has_a_mirror_image() -> None:
    alone = replace(BARE, slopes=(Slope(3, 5.0, 0.7, 0.01, (0, 10), (-4, 0), 40.0),))

    (block,) = with_outlines([alone], [], cloud=walls_of(Gable()), unit=1)

    assert [(slope.facing, slope.area) for slope in block.slopes] == [(3, 40.0), (1, 0.0)]
    assert block.slopes[1].height(np.array([[5.0, 4.0]])) == pytest.approx([7.8])


def test_a_lone_slope_whose_side_walls_rise_all_along_has_none() -> None:
    alone = replace(BARE, slopes=(Slope(3, 3.0, 0.25, 0.01, (0, 10), (-8, 0), 80.0),))

    (block,) = with_outlines([alone], [], cloud=under_one_slope(), unit=1)

    assert block == alone
    roof = Roof(block.slopes, np.array([-0.5, -0.5]), np.array([10.5, 8.5]), 0.2)
    _, edges = cover([block], [Edges(roof, {})], unit=1.0)
    found = sorted((edge.kind, round(float(edge.ends[:, 2].max()), 3)) for edge in edges)
    assert found == [("eave", 2.875), ("rake", 5.125), ("rake", 5.125), ("ridge", 5.125)]


def test_the_wall_behind_a_lone_slope_tells_where_those_beside_are_hidden() -> None:
    alone = replace(BARE, slopes=(Slope(3, 3.0, 0.25, 0.01, (0, 10), (-8, 0), 80.0),))
    cloud = under_one_slope()
    behind = cloud.normal[:, 1] > 0.5
    hidden = _kept(cloud, behind)

    assert len(with_outlines([alone], [], cloud=hidden, unit=1)[0].slopes) == 1
    nothing = Cloud(np.zeros((0, 3)), np.zeros((0, 3)), cell=0.01)
    assert len(with_outlines([alone], [], cloud=nothing, unit=1)[0].slopes) == 2


def test_a_wall_that_rises_all_along_makes_no_hip() -> None:
    photos = photos_of(Gable(), ALL_ROUND)

    assert with_outlines([BARE], photos, cloud=under_one_slope(), unit=1) == [BARE]


def test_lines_that_lie_below_the_upper_end_of_the_walls_are_no_eaves() -> None:
    """The shadow below boards is as clear as they are, and as straight."""
    shadow = Answer(Eaves((1, 3), 0.35, 2.21), tangent=0.175, lines=0.9, shown=1.8)
    boards = Answer(Eaves((1, 3), 0.35, 2.42), tangent=0.175, lines=0.8, shown=1.6)

    found = the_one([shadow, boards], kind="gable", like=(), top=2.2, gables=(), unit=1.0)

    assert found == boards


def test_faint_eaves_count_where_the_wall_below_the_gable_agrees() -> None:
    """Level boards that score 1.2 of the 1.4 wanted; a wall that falls otherwise, or is higher."""
    eaves = Eaves((1, 3), 0.35, 2.42)
    answer = Answer(eaves, tangent=0.175, lines=0.68, shown=1.2)

    def chosen(*gables: tuple[float, float]) -> Answer | None:
        return the_one([answer], kind="gable", like=(), top=2.2, gables=gables, unit=1.0)

    assert chosen((0.18, 2.23)) == answer
    assert chosen() is chosen((0.25, 2.23)) is chosen((0.18, 2.45)) is None


def test_what_points_show_stays_as_it_is() -> None:
    photos = photos_of(Gable(), ALL_ROUND)
    (known,) = with_outlines([BARE], photos, cloud=walls_of(Gable()), unit=1)

    assert with_outlines([known], photos, cloud=walls_of(Gable()), unit=1) == [known]


def test_photos_that_show_no_lines_make_no_roof() -> None:
    blank = [
        replace(photo, blue=np.full_like(photo.blue, 128))
        for photo in photos_of(Gable(), ALL_ROUND)
    ]
    assert with_outlines([BARE], blank, cloud=walls_of(Gable()), unit=1) == [BARE]


def test_a_gable_of_another_pitch_than_its_wall_is_none() -> None:
    photos = photos_of(Gable(), ALL_ROUND)
    other = walls_of(Gable(tangent=0.45))

    assert with_outlines([BARE], photos, cloud=other, unit=1) == [BARE]


def test_an_unseen_roof_of_a_wing_as_high_leaves_the_slope_it_cuts_open() -> None:
    (main,) = with_outlines([BARE], photos_of(Gable(), ALL_ROUND), cloud=walls_of(Gable()), unit=1)
    roof = Edges(Roof(main.slopes, np.array([-0.5, -0.5]), np.array([10.5, 8.5]), 0.2), {})
    blocks = [main, Block((3.0, -3.0), (7.0, 0.0))]

    def built(wing_height: float) -> Structure:
        sideways, height = np.meshgrid(np.arange(3, 7, 0.1), np.arange(0.05, wing_height, 0.1))
        points = np.column_stack([sideways.ravel(), np.full(sideways.size, -3.0), height.ravel()])
        cloud = Cloud(points, np.tile([0.0, -1.0, 0.0], (len(points), 1)), cell=0.01)
        return assemble(blocks, [roof, None], walls=[], cloud=cloud, photos=(), unit=1.0)

    as_high, lower = built(5.0), built(2.6)

    assert {s.side: s.doubtful for s in as_high.surfaces if s.kind == "roof"} == {
        "1": False,
        "3": True,
    }
    assert [edge.kind for edge in as_high.edges].count("eave") == 1
    assert {s.doubtful for s in lower.surfaces} == {False}
    assert [edge.kind for edge in lower.edges].count("eave") == 2


def under_one_slope() -> Cloud:
    """Walls of three metres in front, of five behind, and slanted ones between them."""
    whole = walls_of(Gable(eave=6.0))
    return _kept(whole, whole.xyz[:, 2] < 3.0 + 0.25 * whole.xyz[:, 1])


def _kept(cloud: Cloud, chosen: np.ndarray) -> Cloud:
    return Cloud(cloud.xyz[chosen], cloud.normal[chosen], cell=cloud.cell)


def walls_of(house: Gable) -> Cloud:
    """Points every ten centimetres on the four walls, up to 10 cm below the roof's upper side."""
    points, normals = [], []
    for facing, (offset, length) in enumerate(((10.0, 8.0), (8.0, 10.0), (0.0, 8.0), (0.0, 10.0))):
        sideways, height = np.meshgrid(np.arange(0.05, length, 0.1), np.arange(0.05, 9, 0.1))
        top = house.eave - 0.1
        if facing % 2 == 0:
            top += house.tangent * np.minimum(sideways, length - sideways)
        below = height < top
        right = along(facing)
        start = 0.0 if right.sum() > 0 else -length
        flat = offset * DIRECTIONS[facing] + (sideways[below] + start)[:, None] * right
        points.append(np.column_stack([flat, height[below]]))
        normals.append(np.tile([*DIRECTIONS[facing], 0.0], (int(below.sum()), 1)))
    return Cloud(np.concatenate(points), np.concatenate(normals), cell=0.01)
