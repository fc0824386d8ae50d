"""Rectangles on a wall whose steps are made up."""

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.elevation import Elevation
from doorstep.reconstruction.geometry.rectangles import Rectangle, Search
from doorstep.reconstruction.geometry.steps import Levels, Uprights

PER_UNIT = 1 / 0.012
SHAPE = (250, 341)
SILL, TOP, LEFT, RIGHT = 75, 175, 55, 287


def test_joints_of_bricks_are_no_side_of_a_door_that_takes_most_of_the_wall() -> None:
    """Beside such a door half the wall passes for something else, out to a joint at column 25."""
    picture = np.full((*SHAPE, 3), 100, np.float32)
    picture[:TOP, LEFT:RIGHT] = 200
    left, right = np.zeros(SHAPE, np.float32), np.zeros(SHAPE, np.float32)
    left[:TOP, LEFT], left[:TOP, 25], right[:TOP, RIGHT] = 60, 9, 60
    unlike = np.zeros(SHAPE, np.float32)
    unlike[:TOP, LEFT:RIGHT] = 2
    unlike[:TOP:2, 25:RIGHT] = 2

    (found,) = _search(picture, Uprights(left, right), unlike=unlike).rectangles()

    assert found.grounded
    assert max(abs(found.left - LEFT), abs(found.right - RIGHT), abs(found.top - TOP)) <= 1.5


def test_a_course_below_the_sill_is_no_side_of_a_window() -> None:
    """The wall is 55 grey levels darker from 7 cm below the sill on, between the window's sides."""
    picture = np.full((*SHAPE, 3), 100, np.float32)
    picture[: SILL - 6, LEFT:RIGHT] = 45
    picture[SILL:TOP, LEFT:RIGHT] = 220

    (found,) = _search(picture, _window_sides(), unlike=_window()).rectangles()

    assert not found.grounded
    assert max(abs(found.bottom - SILL), abs(found.top - TOP)) <= 1.5


def test_a_board_of_another_tone_above_a_window_does_not_hide_it() -> None:
    picture = np.full((*SHAPE, 3), 100, np.float32)
    picture[SILL:TOP, LEFT:RIGHT] = 200
    faint, strong = _window(), _window()
    faint[TOP + 3 : TOP + 20], strong[TOP + 3 : TOP + 20] = 1.2, 6

    assert len(_search(picture, _window_sides(), unlike=faint).rectangles()) == 1
    assert _search(picture, _window_sides(), unlike=strong).rectangles() == []


def test_the_sill_above_a_bush_is_the_uppermost_step() -> None:
    unlike = _window()
    unlike[:SILL, LEFT:RIGHT] = 8
    search = _search(np.full((*SHAPE, 3), 100, np.float32), _window_sides(), unlike=unlike)
    sill = Rectangle(LEFT, RIGHT, SILL, TOP, grounded=False)
    in_the_bush = Rectangle(LEFT, RIGHT, SILL - 25, TOP, grounded=False)

    assert search.better(in_the_bush, sill) == sill
    assert search.better(in_the_bush, Rectangle(LEFT, RIGHT, 0, TOP, grounded=True)).grounded


def test_a_curtain_above_a_bush_makes_no_door_of_a_window() -> None:
    """Curtains, much like the wall, end at columns 90 and 270; a bush below ends there as well."""
    picture = np.full((*SHAPE, 3), 100, np.float32)
    picture[SILL:TOP, LEFT:RIGHT] = 220
    picture[: SILL - 8, 90:270] = 40
    unlike = _window()
    unlike[SILL:TOP, 58:90:2] = unlike[SILL:TOP, 270:284:2] = 0
    unlike[: SILL - 8, 90:270] = 2
    sides = _window_sides()
    sides.left[:TOP, 90] = sides.right[:TOP, 270] = 60

    (found,) = _search(picture, sides, unlike=unlike).rectangles()

    assert not found.grounded
    assert max(abs(found.left - LEFT), abs(found.right - RIGHT), abs(found.top - TOP)) <= 1.5


def _window() -> NDArray[np.float32]:
    unlike = np.zeros(SHAPE, np.float32)
    unlike[SILL:TOP, LEFT:RIGHT] = 8
    return unlike


def _window_sides() -> Uprights:
    left, right = np.zeros(SHAPE, np.float32), np.zeros(SHAPE, np.float32)
    left[SILL:TOP, LEFT], right[SILL:TOP, RIGHT] = 60, 60
    return Uprights(left, right)


def _search(
    picture: NDArray[np.float32], uprights: Uprights, *, unlike: NDArray[np.float32]
) -> Search:
    everywhere = np.ones((3, *SHAPE), bool)
    axes = (np.zeros(3), np.array([1.0, 0, 0]), np.array([0, 0, 1.0]))
    wall = Elevation((), np.stack([picture] * 3), everywhere, 1 / PER_UNIT, *axes)
    levels = Levels(wall, per_unit=PER_UNIT)
    return Search(uprights, levels, unlike=unlike, known=everywhere[0], per_unit=PER_UNIT)
