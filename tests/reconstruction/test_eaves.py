"""How far a roof reaches, from photos of painted houses whose overhangs are known."""

from dataclasses import replace

import numpy as np
import pytest

from doorstep.reconstruction.geometry.blocks import Block
from doorstep.reconstruction.geometry.eaves import Edges, find_edges
from doorstep.reconstruction.geometry.slopes import Slope
from tests.reconstruction.painted import Gable, photos_of

ALL_ROUND = np.arange(0, 360, 12.0)


def test_boards_along_the_edges_tell_how_far_a_roof_reaches() -> None:
    edges = found(Gable(), ALL_ROUND)

    assert not edges.doubtful
    assert overhangs(edges) == pytest.approx([0.35, 0.45, 0.35, 0.45], abs=0.012)
    assert edges.roof.thickness == pytest.approx(0.18, abs=0.01)


def test_a_plane_that_lies_too_low_is_lifted_to_its_boards() -> None:
    edges = found(Gable(), ALL_ROUND, low=0.03)

    assert overhangs(edges) == pytest.approx([0.35, 0.45, 0.35, 0.45], abs=0.015)
    assert edges.roof.height(np.array([[5.0, 4.0]])) == pytest.approx([7.8], abs=0.012)


def test_boards_that_climb_tell_the_pitch() -> None:
    steep = Gable(tangent=0.72)
    edges = find_edges(block_of(steep), photos_of(Gable(), ALL_ROUND), unit=1.0, inner=set())

    assert edges is not None
    assert [slope.tangent for slope in edges.roof.slopes] == pytest.approx([0.7, 0.7], abs=0.004)
    assert edges.roof.height(np.array([[5.0, 4.0]])) == pytest.approx([7.8], abs=0.015)
    assert edges.tangent_sigma is not None
    assert 0.0005 < edges.tangent_sigma < 0.005


def test_slopes_that_nobody_sees_climb_stay_as_points_had_them() -> None:
    edges = find_edges(
        block_of(Gable(tangent=0.72)), photos_of(Gable(), ALL_ROUND), unit=1.0, inner={0, 2}
    )
    assert edges is not None
    assert [slope.tangent for slope in edges.roof.slopes] == pytest.approx([0.72, 0.72])
    assert edges.tangent_sigma is None


def test_overhangs_that_differ_are_believed_where_photos_show_them_clearly() -> None:
    edges = found(Gable(overhangs=(0.15, 0.45, 0.7, 0.45)), ALL_ROUND)

    assert not edges.doubtful
    assert overhangs(edges) == pytest.approx([0.15, 0.45, 0.7, 0.45], abs=0.015)


def test_a_side_that_no_photo_shows_takes_the_overhang_of_the_other() -> None:
    edges = found(Gable(), np.arange(-100.0, 101.0, 10.0))

    assert overhangs(edges) == pytest.approx([0.35, 0.45, 0.35, 0.45], abs=0.015)
    assert edges.sides[2].photos == ()
    assert edges.sides[2].sigma == 0.04


def test_edges_that_no_photo_shows_make_a_roof_doubtful() -> None:
    blank = [
        replace(photo, blue=np.full_like(photo.blue, 128))
        for photo in photos_of(Gable(), ALL_ROUND)
    ]
    nothing = find_edges(block_of(Gable()), blank, unit=1.0, inner=set())
    assert nothing is not None
    assert nothing.doubtful


def found(house: Gable, angles_deg: np.ndarray, *, low: float = 0.0) -> Edges:
    edges = find_edges(
        block_of(house, low=low), photos_of(house, angles_deg), unit=1.0, inner=set()
    )
    assert edges is not None
    return edges


def block_of(house: Gable, *, low: float = 0.0) -> Block:
    depth = house.size[1]
    slopes = (
        Slope(3, house.eave - low, house.tangent, 0.01, (0, 10), (-4, 0), 60),
        Slope(
            1, house.eave - low + depth * house.tangent, house.tangent, 0.01, (-10, 0), (4, 8), 60
        ),
    )
    return Block((0.0, 0.0), house.size, slopes)


def overhangs(edges: Edges) -> list[float]:
    roof = edges.roof
    return [roof.high[0] - 10, roof.high[1] - 8, -roof.low[0], -roof.low[1]]
