"""How far measured places may be off, and what that means for every length and area."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.assembly import assemble
from doorstep.reconstruction.geometry.blocks import Block
from doorstep.reconstruction.geometry.boards import Board
from doorstep.reconstruction.geometry.eaves import Edges
from doorstep.reconstruction.geometry.planes import Cloud, Wall, find_walls
from doorstep.reconstruction.geometry.ranges import (
    SlopeDoubt,
    ground_sigma,
    mean_sigma,
    slope_doubt,
    wall_sigmas,
)
from doorstep.reconstruction.geometry.shell import Roof
from doorstep.reconstruction.geometry.slopes import find_slopes
from doorstep.reconstruction.geometry.spreading import Doubts, with_ranges
from doorstep.reconstruction.structure import Structure
from tests.reconstruction.test_structure import DEPTH, LENGTH, gable_cloud, gable_slopes

NOTHING = Cloud(np.zeros((0, 3)), np.zeros((0, 3)), cell=1.0)


@pytest.mark.parametrize("shared_over", [0.2, 1.0, 2.0])
def test_nine_in_ten_means_are_within_the_range_however_far_errors_are_shared(
    shared_over: float,
) -> None:
    held = []
    for seed in range(60):
        places, errors = _wall_points(seed, shared_over=shared_over)
        sigma = mean_sigma(errors, places, unit=1.0)
        held.append(abs(errors.mean()) <= 1.645 * sigma)
    assert 0.8 <= np.mean(held) <= 1.0


def test_shared_errors_are_not_averaged_out() -> None:
    places, errors = _wall_points(1, shared_over=1.0)

    assert mean_sigma(errors, places, unit=1.0) == pytest.approx(0.01 / 40**0.5, rel=0.6)
    assert mean_sigma(errors, places, unit=1.0) > 5 * errors.std() / len(errors) ** 0.5


def test_two_readings_of_a_wall_that_differ_are_a_doubt() -> None:
    cloud = gable_cloud()
    walls = sorted(find_walls(cloud, 1.0), key=lambda wall: wall.facing)
    moved = [replace(walls[0], offset=walls[0].offset + 0.04), *walls[1:]]
    x = np.random.default_rng(1).uniform(0.5, 2.5, (400, 2)) * [3, 1]
    sparse = np.column_stack([np.full(400, LENGTH + 0.04), x])

    sigmas = wall_sigmas(walls, moved, cloud=cloud, sparse=sparse, blur=0.0, unit=1.0)

    # Half the move for the wall that was moved; the whole for those that could not be.
    assert sigmas[0] == pytest.approx(0.0202, abs=0.001)
    assert sigmas[1:] == pytest.approx([0.04] * 3, abs=0.001)
    still = wall_sigmas(walls, walls, cloud=cloud, sparse=sparse, blur=0.0, unit=1.0)
    assert still == pytest.approx([0.0002] * 4, abs=0.0001)
    blurred = wall_sigmas(walls, walls, cloud=cloud, sparse=sparse, blur=0.01, unit=1.0)
    assert blurred == pytest.approx([0.004] * 4, abs=0.0001)


def test_a_slope_is_as_sure_as_its_points_agree() -> None:
    cloud = gable_cloud()
    slope = next(s for s in find_slopes(cloud, 1.0, above=1.5) if s.facing == 3)

    sure = slope_doubt(slope, slope, cloud=cloud, unit=1.0)
    raised = slope_doubt(replace(slope, top=slope.top + 0.05), slope, cloud=cloud, unit=1.0)
    unseen = slope_doubt(slope, None, cloud=NOTHING, unit=1.0)

    assert sure.level < 0.002
    assert sure.tangent < 0.002
    assert raised.level == pytest.approx(0.025, abs=0.001)
    assert (unseen.level, unseen.tangent) == pytest.approx((0.0375, 0.0234), abs=0.003)
    assert ground_sigma(cloud, unit=1.0) == 0.0


def test_every_number_takes_the_errors_of_what_it_hangs_on() -> None:
    doubts = Doubts(
        lines={(0, 0.0): 0.003, (0, LENGTH): 0.004, (1, 0.0): 0.0, (1, DEPTH): 0.012},
        boards=[{0: 0.03, 2: 0.04, 1: 0.0, 3: 0.02}],
        slopes=[[SlopeDoubt(0.01, 0.0, 0.0), SlopeDoubt(0.0, 0.002, 4.0)]],
        thickness=[0.024],
        ground=0.007,
    )
    found = _doubted(doubts)

    walls = {s.side: s for s in found.surfaces if s.kind == "wall"}
    assert walls["3"].width_sigma == pytest.approx(0.005)
    assert walls["0"].width_sigma == pytest.approx(0.012)
    # Ground, slope and board under the front eave; at the back the slope turns about its middle.
    assert walls["3"].height_sigma == pytest.approx((0.007**2 + 0.01**2 + 0.024**2) ** 0.5)
    assert walls["3"].area_sigma == pytest.approx(
        ((2.8 * 0.005) ** 2 + (10 * walls["3"].height_sigma) ** 2) ** 0.5, rel=0.01
    )
    lengths = {(e.kind, round(abs(e.ends[0, 1]), 1)): e.sigma for e in found.edges}
    assert lengths["eave", 0.5] == pytest.approx(0.05)
    assert lengths["ridge", 4.0] == pytest.approx(0.05, abs=0.002)
    # A front board 2 cm further out lengthens the rake over it by that over the cosine.
    rakes = sorted(e.sigma for e in found.edges if e.kind == "rake")
    assert rakes[-1] == pytest.approx(0.02 * 1.25, abs=0.006)
    slopes = {s.side: s.tangent_sigma for s in found.surfaces if s.kind == "roof"}
    assert slopes == pytest.approx({"3": 0.0, "1": 0.002})
    assert found.footprint_perimeter_sigma == pytest.approx(2 * 0.013)
    assert found.footprint_area_sigma == pytest.approx((0.04**2 + 0.12**2) ** 0.5)
    assert found.ridge_sigma == pytest.approx(0.0095, abs=0.002)


def test_what_all_photos_blur_alike_adds_up_from_both_sides() -> None:
    none = {(0, 0.0): 0.0, (0, LENGTH): 0.0, (1, 0.0): 0.0, (1, DEPTH): 0.0}
    sure = Doubts(none, [{}], [[]], [0.0], 0.0, walls_out=0.003, boards_out=0.005)
    found = _doubted(sure)

    walls = {s.side: s.width_sigma for s in found.surfaces if s.kind == "wall"}
    assert walls == pytest.approx(dict.fromkeys("0123", 0.006))
    assert found.footprint_area_sigma == pytest.approx(0.006 * (10 + 8), rel=0.001)
    assert found.footprint_perimeter_sigma == pytest.approx(4 * 0.006)
    lengths = {edge.kind: edge.sigma for edge in found.edges}
    assert lengths["eave"] == pytest.approx(0.01)
    assert lengths["rake"] == pytest.approx(0.005 * 1.25, rel=0.01)


def _doubted(doubts: Doubts) -> Structure:
    """A gable house of 10 by 8 with boards half a metre from its walls, and these doubts."""
    block = Block((0.0, 0.0), (LENGTH, DEPTH), gable_slopes())
    roof = Roof(block.slopes, np.array([-0.5, -0.5]), np.array([10.5, 8.5]), thickness=0.2)
    board = Board(0.5, 0.0, 0.2, 2.0, 0.0, 0.0, ())
    edges = Edges(roof, dict.fromkeys(range(4), board))

    def build(blocks: Sequence[Block], roofs: Sequence[Edges | None]) -> Structure:
        return assemble(blocks, roofs, walls=_walls(), cloud=NOTHING, photos=(), unit=1.0)

    return with_ranges(build([block], [edges]), ([block], [edges]), doubts=doubts, build=build)


def _wall_points(
    seed: int, *, shared_over: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places on a wall of 10 by 4, and errors of a centimetre that neighbours share."""
    chance = np.random.default_rng(seed)
    places = chance.uniform(0, 1, (3000, 2)) * [10, 4]
    cells = np.floor(places / shared_over).astype(int)
    shared = chance.normal(0, 0.01, (60, 60))[cells[:, 0], cells[:, 1]]
    return places, shared + chance.normal(0, 0.002, len(places))


def _walls() -> list[Wall]:
    return [
        Wall(facing, offset, 0.01, (0, 10), (0, 3), 30)
        for facing, offset in ((0, LENGTH), (1, DEPTH), (2, 0.0), (3, 0.0))
    ]
