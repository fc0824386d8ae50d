"""Rectangles on a wall whose steps are made up."""

import numpy as np

from doorstep.reconstruction.geometry.elevation import Elevation
from doorstep.reconstruction.geometry.rectangles import Search
from doorstep.reconstruction.geometry.steps import Levels, Uprights

PER_UNIT = 1 / 0.012
SHAPE = (250, 341)
TOP, LEFT, RIGHT = 175, 55, 287


def test_joints_of_bricks_are_no_side_of_a_door_that_takes_most_of_the_wall() -> None:
    """Beside such a door half the wall passes for something else, out to a joint at column 25."""
    picture = np.full((*SHAPE, 3), 100, np.float32)
    picture[:TOP, LEFT:RIGHT] = 200
    everywhere = np.ones((3, *SHAPE), bool)
    axes = (np.zeros(3), np.array([1.0, 0, 0]), np.array([0, 0, 1.0]))
    wall = Elevation((), np.stack([picture] * 3), everywhere, 1 / PER_UNIT, *axes)
    left, right = np.zeros(SHAPE, np.float32), np.zeros(SHAPE, np.float32)
    left[:TOP, LEFT], left[:TOP, 25], right[:TOP, RIGHT] = 60, 9, 60
    strange = np.zeros(SHAPE, bool)
    strange[:TOP, LEFT:RIGHT] = True
    strange[:TOP:2, 25:RIGHT] = True

    (found,) = Search(
        Uprights(left, right),
        Levels(wall, per_unit=PER_UNIT),
        strange=strange,
        known=everywhere[0],
        per_unit=PER_UNIT,
    ).rectangles()

    assert found.grounded
    assert max(abs(found.left - LEFT), abs(found.right - RIGHT), abs(found.top - TOP)) <= 1.5
