"""Flat roofs, which no photo from the ground shows, from their eaves and the sky above them."""

from dataclasses import replace

import numpy as np
import pytest

from doorstep.reconstruction.geometry.assembly import assemble
from doorstep.reconstruction.geometry.blocks import Block
from doorstep.reconstruction.geometry.boards import Board
from doorstep.reconstruction.geometry.eaves import Edges, find_edges
from doorstep.reconstruction.geometry.outlines import with_outlines
from doorstep.reconstruction.geometry.planes import Cloud
from doorstep.reconstruction.geometry.roofing import cover
from doorstep.reconstruction.geometry.seams import built_alike
from doorstep.reconstruction.geometry.shell import Roof, area_of
from doorstep.reconstruction.geometry.slopes import Slope
from doorstep.reconstruction.structure import Edge
from tests.reconstruction.painted import SKY, Gable, photos_of
from tests.reconstruction.test_outlines import walls_of

ALL_ROUND = np.arange(0, 360, 30.0)
BARE = Block((0.0, 0.0), (10.0, 8.0))
NOTHING = Cloud(np.zeros((0, 3)), np.zeros((0, 3)), cell=1.0)
FLAT = Gable(eave=3.0, tangent=0.0, overhangs=(0.4, 0.4, 0.4, 0.4))


def test_level_eaves_below_the_sky_carry_a_flat_roof() -> None:
    photos = photos_of(FLAT, ALL_ROUND)

    (block,) = with_outlines([BARE], photos, cloud=walls_of(FLAT), unit=1)
    edges = find_edges(block, photos, unit=1, inner=set())

    (slope,) = block.slopes
    assert (slope.tangent, slope.area) == (0.0, 0.0)
    assert slope.top == pytest.approx(3.0, abs=0.03)
    # Eyes 1.4 m lower and 8 m before the eaves, in the third best photo; and three pixels.
    assert slope.hidden == pytest.approx(0.206, abs=0.005)
    assert edges is not None
    assert edges.outlined == {slope.facing}
    assert edges.roof.slopes[0].top == pytest.approx(3.0, abs=0.01)
    assert edges.roof.low == pytest.approx([-0.4, -0.4], abs=0.02)
    assert edges.roof.high == pytest.approx([10.4, 8.4], abs=0.02)


def test_a_flat_roof_ends_in_eaves_all_round() -> None:
    photos = photos_of(FLAT, ALL_ROUND)
    blocks = with_outlines([BARE], photos, cloud=walls_of(FLAT), unit=1)
    roofs = [find_edges(blocks[0], photos, unit=1, inner=set())]

    structure = assemble(blocks, roofs, walls=[], cloud=walls_of(FLAT), photos=photos, unit=1)

    roof = next(surface for surface in structure.surfaces if surface.kind == "roof")
    assert (roof.tangent, roof.doubtful, roof.is_shown(0.15)) == (0.0, False, True)
    eaves = [edge for edge in structure.edges if edge.kind not in ("base", "outside_corner")]
    assert {edge.kind for edge in eaves} == {"eave"}
    assert sorted(lengths_of(eaves)) == pytest.approx([8.8, 8.8, 10.8, 10.8], abs=0.04)
    tops = [s.corners[:, 2].max() for s in structure.surfaces if s.kind == "wall"]
    assert tops == pytest.approx([2.82] * 4, abs=0.02)


def test_over_two_storeys_a_slope_might_hide_as_well() -> None:
    high = replace(FLAT, eave=5.6)
    photos = photos_of(high, ALL_ROUND)

    (block,) = with_outlines([BARE], photos, cloud=walls_of(high), unit=1)
    edges = find_edges(block, photos, unit=1, inner=set())

    assert block.slopes[0].hidden == pytest.approx(0.543, abs=0.01)
    assert edges is not None
    assert edges.outlined == frozenset()
    assert edges.roof.slopes[0].top == pytest.approx(5.6, abs=0.01)


def test_a_slope_that_shows_above_its_eave_is_no_flat_roof() -> None:
    sloped = photos_of(Gable(eave=3.0, tangent=0.4), ALL_ROUND)

    (block,) = with_outlines([BARE], sloped, cloud=walls_of(FLAT), unit=1)

    assert all(slope.tangent > 0 for slope in block.slopes)


def test_trees_above_the_eaves_tell_nothing() -> None:
    chance = np.random.default_rng(1)
    trees = []
    for photo in photos_of(FLAT, ALL_ROUND):
        leaves = chance.integers(20, 90, photo.blue.shape, np.uint8)
        trees.append(replace(photo, blue=np.where(photo.blue == SKY, leaves, photo.blue)))

    assert with_outlines([BARE], trees, cloud=walls_of(FLAT), unit=1) == [BARE]


def test_a_wing_as_high_is_one_roof_with_the_house() -> None:
    blocks = [flat_block((0.0, 0.0), (10.0, 8.0)), flat_block((0.0, -3.0), (4.0, 0.0))]
    roofs = [
        Edges(roof_over(blocks[0]), {}),
        Edges(replace(roof_over(blocks[1]), high=np.array([4.4, 0.0])), {}),
    ]

    faces, edges = cover(blocks, roofs, unit=1.0)
    structure = assemble(blocks, roofs, walls=[], cloud=NOTHING, photos=(), unit=1.0)

    assert [[round(area_of(face.corners), 3) for face in own] for own in faces] == [[95.04], [14.4]]
    assert {edge.kind for edge in edges} == {"eave"}
    assert sorted(lengths_of(edges)) == pytest.approx([3.0, 3.0, 4.8, 6.0, 8.8, 8.8, 10.8])
    kinds = [edge.kind for edge in structure.edges]
    assert (kinds.count("outside_corner"), kinds.count("inside_corner")) == (5, 1)


def test_unclear_edges_of_that_wing_are_like_those_of_the_house() -> None:
    blocks = [flat_block((0.0, 0.0), (10.0, 8.0)), flat_block((0.0, -3.0), (4.0, 0.0))]
    board = Board(
        out=0.4, lift=0.0, height=0.2, score=1.8, rival=0.0, sigma=0.01, photos=("0.jpg",)
    )
    house = Edges(roof_over(blocks[0]), dict.fromkeys(range(4), board))
    unclear = Edges(roof_over(blocks[1]), {}, doubtful=True)

    wing = built_alike(unclear, blocks[1], house=house, inner={1})

    assert not wing.doubtful
    assert sorted(wing.sides) == [0, 2, 3]
    assert wing.outlined == {0}
    assert wing.roof.low == pytest.approx([-0.4, -3.4])
    assert wing.roof.high[0] == pytest.approx(4.4)


def flat_block(low: tuple[float, float], high: tuple[float, float]) -> Block:
    """A block under a flat roof at three metres."""
    slope = Slope(0, 3.0, 0.0, 0.0, (low[1], high[1]), (low[0], high[0]), 0.0, hidden=0.1)
    return Block(low, high, (slope,))


def roof_over(block: Block) -> Roof:
    return Roof(block.slopes, np.array(block.low) - 0.4, np.array(block.high) + 0.4, 0.2)


def lengths_of(edges: list[Edge]) -> list[float]:
    return [float(np.linalg.norm(edge.ends[1] - edge.ends[0])) for edge in edges]
