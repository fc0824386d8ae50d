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


def test_of_two_level_steps_the_one_with_wall_before_it_is_no_side() -> None:
    search = _search(np.full((*SHAPE, 3), 100, np.float32), _window_sides(), unlike=_window())
    window = Rectangle(LEFT, RIGHT, SILL, TOP, grounded=False)
    to_a_joint_below = Rectangle(LEFT, RIGHT, SILL - 18, TOP, grounded=False)
    to_a_joint_above = Rectangle(LEFT, RIGHT, SILL, TOP + 18, grounded=False)

    assert search.better(to_a_joint_below, window) == window
    assert search.better(window, to_a_joint_above) == window


def test_what_a_bush_cuts_off_is_a_door_where_a_side_goes_on_below() -> None:
    unlike = _window()
    unlike[:SILL, LEFT - 30 : RIGHT] = 8
    narrow = Rectangle(RIGHT - 80, RIGHT, SILL, TOP, grounded=False)
    wide = Rectangle(LEFT, RIGHT, SILL, TOP, grounded=False)
    blank = np.full((*SHAPE, 3), 100, np.float32)
    assert not _search(blank, _window_sides(), unlike=unlike).may_be_door(narrow)

    sides = _window_sides()
    sides.right[:SILL, RIGHT + 8] = 60
    search = _search(blank, sides, unlike=unlike)
    assert search.may_be_door(narrow)
    assert not search.may_be_door(wide)


def test_high_above_bushes_a_blotch_of_the_wall_hides_nothing() -> None:
    low, high = 140, 240
    for grey, hides in ((1.3, False), (6.0, True)):
        unlike = np.zeros(SHAPE, np.float32)
        unlike[low:high, LEFT:RIGHT] = 8
        unlike[low - 30 : low, LEFT:RIGHT] = grey
        search = _search(np.full((*SHAPE, 3), 100, np.float32), _window_sides(), unlike=unlike)
        window = Rectangle(LEFT, RIGHT, low, high, grounded=False)
        assert search.goes_on_below(window) is hides


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
