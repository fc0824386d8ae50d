"""What may be named as an opening that could not be measured, and what may not."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.glimpses import Glimpse, add_named, find_glimpses, is_left
from doorstep.reconstruction.geometry.rectangles import Rectangle
from doorstep.reconstruction.geometry.steps import Uprights

# A wall of 8 by 6 metres in cells of 2 cm, and on it the upper half of a window.
PER_UNIT, SHAPE = 50.0, (300, 400)
ROWS, COLUMNS = slice(190, 225), slice(100, 160)

Mask = NDArray[np.bool_]


def test_half_a_window_is_named() -> None:
    assert _found(_other(), edges=(100, 160)) == [Glimpse(100, 160, 190, 225)]


def test_a_stain_without_sides_and_one_with_a_single_side_are_not() -> None:
    assert _found(_other(), edges=()) == []
    assert _found(_other(), edges=(100,)) == []


def test_neither_is_what_was_measured_nor_a_bush_nor_the_shadow_below_a_gable() -> None:
    measured = Rectangle(100.0, 160.0, 180.0, 225.0, grounded=False)
    assert _found(_other(), edges=(100, 160), measured=[measured]) == []

    bush = np.zeros(SHAPE, bool)
    bush[:60, COLUMNS] = True
    assert _found(bush, edges=(100, 160)) == []

    rows, columns = np.indices(SHAPE)
    slanted = (rows > 190) & (rows < 290) & (abs(columns - 130) < (290 - rows) / 2)
    assert _found(slanted, edges=(81, 179)) == []


def test_a_door_that_is_higher_than_any_bush_is_named() -> None:
    door = np.zeros(SHAPE, bool)
    door[:105, 100:150] = True
    assert _found(door, edges=(100, 150)) == [Glimpse(100, 150, 0, 105)]
    door[80:] = False
    assert _found(door, edges=(100, 150)) == []


def test_what_a_roof_cuts_off_aslant_is_named_by_its_two_sides() -> None:
    """Half of what shows is as dark as the wall; the left side shows further down than the right."""
    rows, columns = np.indices(SHAPE)
    hidden = rows < 170 + 0.35 * (columns - 100)
    other = np.zeros(SHAPE, bool)
    other[170:225, 100:160] = True
    other[:, 105:160:4] = other[:, 106:160:4] = False
    steps = np.full(SHAPE, 0.5, np.float32)
    steps[165:225, 99:101] = steps[192:225, 159:161] = 20.0

    (found,) = _find(other, steps, known=~hidden)
    assert abs(found.left - 100) <= 2
    assert abs(found.right - 160) <= 2
    assert found.top == 225
    assert found.bottom >= 190

    assert _find(other, steps, known=np.ones(SHAPE, bool)) == []

    other[:, 115:140] = False
    assert _find(other, steps, known=~hidden) == []


def test_two_windows_that_a_roof_cuts_off_are_not_one_between_their_bars() -> None:
    """A quarter of the wall between them is in the shadow of the eaves; each has a bar in its middle."""
    hidden = np.zeros(SHAPE, bool)
    hidden[:195] = True
    other = np.zeros(SHAPE, bool)
    other[170:225, 100:160] = other[170:225, 220:280] = True
    other[:, 100:280:4] = False
    other[170:225, 160:220:4] = True
    steps = np.full(SHAPE, 0.5, np.float32)
    for column in (100, 130, 160, 220, 250, 280):
        steps[165:225, column - 1 : column + 1] = 40.0

    found = _find(other, steps, known=~hidden)

    assert [
        (abs(box.left - left) <= 2, abs(box.right - right) <= 2)
        for box, (left, right) in zip(
            sorted(found, key=lambda one: one.left), ((100, 160), (220, 280)), strict=True
        )
    ] == [(True, True)] * 2


def test_a_rectangle_that_goes_on_below_is_named_but_once() -> None:
    sought = Rectangle(100.0, 160.0, 190.0, 225.0, grounded=False)
    named = Glimpse(100, 160, 190, 225)
    assert add_named([], [sought], per_unit=PER_UNIT) == [named]
    near = Glimpse(110, 150, 170, 200)
    assert add_named([near], [sought], per_unit=PER_UNIT) == [near]


def test_a_wall_is_not_known_whole_where_something_higher_than_a_bush_may_stand_before_it() -> None:
    measured = Rectangle(100.0, 160.0, 190.0, 225.0, grounded=False)
    assert is_left(_other(), [], per_unit=PER_UNIT)
    assert not is_left(_other(), [measured], per_unit=PER_UNIT)
    low = np.zeros(SHAPE, bool)
    low[:70, 50:250] = True
    assert not is_left(low, [], per_unit=PER_UNIT)
    low[:80, 50:250] = True
    assert is_left(low, [], per_unit=PER_UNIT)


def _found(
    other: Mask, *, edges: tuple[int, ...], measured: list[Rectangle] | None = None
) -> list[Glimpse]:
    steps = np.full(SHAPE, 0.5, np.float32)
    for column in edges:
        steps[:, column - 1 : column + 1] = 20.0
    return _find(other, steps, known=np.ones(SHAPE, bool), measured=measured or [])


def _find(
    other: Mask,
    steps: NDArray[np.float32],
    *,
    known: Mask,
    measured: Sequence[Rectangle] = (),
) -> list[Glimpse]:
    return find_glimpses(
        other,
        measured,
        uprights=Uprights(steps, steps),
        known=known,
        per_unit=PER_UNIT,
    )


def _other() -> Mask:
    result = np.zeros(SHAPE, bool)
    result[ROWS, COLUMNS] = True
    return result
