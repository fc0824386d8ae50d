"""Which of several steps across a side of an opening is its outermost one."""

import numpy as np
import pytest
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.elevation import Elevation
from doorstep.reconstruction.geometry.ends import End, find_end

# A wall of 4 by 3 metres in cells of 12 mm, with an opening from LEFT to RIGHT over SPAN.
CELL, SHAPE = 0.012, (250, 333)
LEFT, RIGHT, SPAN = 1.5, 2.7, (1.0, 2.2)

Picture = NDArray[np.float32]


def test_a_joint_beside_a_door_is_no_side() -> None:
    wall = _bricks()
    _fill(wall, LEFT, RIGHT, level=60)
    found = _end(wall, LEFT - 0.075)
    assert found.move == pytest.approx(-0.075, abs=0.012)
    assert found.doubt < 0.01


def test_the_side_is_the_outer_edge_of_a_frame() -> None:
    wall = _bricks()
    _fill(wall, LEFT, RIGHT, level=165)
    _fill(wall, LEFT + 0.07, RIGHT - 0.07, level=60)
    assert _end(wall, LEFT + 0.07).move == pytest.approx(0.07, abs=0.012)


def test_a_sill_is_told_from_a_joint_that_runs_on_beyond_it() -> None:
    wall = np.full((*SHAPE, 3), 150, np.float32)
    wall[_cells(SPAN[0] - 0.06, SPAN[0] - 0.03)] = 90
    _fill(wall, LEFT, RIGHT, level=60)
    found = _end(wall, SPAN[0] - 0.06, axis=1, span=(LEFT, RIGHT))
    assert found.move == pytest.approx(-0.06, abs=0.012)


def test_two_steps_that_are_about_as_likely_are_a_doubt_that_holds_both() -> None:
    wall = np.full((*SHAPE, 3), 150, np.float32)
    _fill(wall, LEFT - 0.06, RIGHT, level=143)
    _fill(wall, LEFT, RIGHT, level=120)
    found = _end(wall, LEFT)
    assert 0.02 < found.doubt < 0.045
    assert abs(found.move) < 1.645 * found.doubt < 0.075


def test_the_border_of_a_shadow_is_no_side_and_where_all_is_alike_there_is_none() -> None:
    wall = np.full((*SHAPE, 3), 150, np.float32)
    wall[:, : _cells(LEFT, LEFT).start] = 70
    borders = np.zeros(SHAPE, bool)
    borders[:, _cells(LEFT - 0.05, LEFT + 0.05)] = True
    assert _found(wall, LEFT, borders=borders) is None
    assert _found(_bricks(), LEFT) is None


def _end(picture: Picture, place: float, *, axis: int = 0, span: tuple[float, float] = SPAN) -> End:
    found = _found(picture, place, axis=axis, span=span)
    assert found is not None
    return found


def _found(
    picture: Picture,
    place: float,
    *,
    axis: int = 0,
    span: tuple[float, float] = SPAN,
    borders: NDArray[np.bool_] | None = None,
) -> End | None:
    wall = Elevation(
        shots=(),
        pictures=np.stack([picture] * 3),
        seen=np.ones((3, *SHAPE), bool),
        cell=CELL,
        origin=np.zeros(3),
        right=np.array([1.0, 0.0, 0.0]),
        up=np.array([0.0, 0.0, 1.0]),
    )
    dark = np.zeros(SHAPE, bool) if borders is None else borders
    return find_end(wall, place=place, span=span, axis=axis, outwards=-1, unit=1.0, borders=dark)


def _bricks() -> Picture:
    """Courses of 72 mm, bricks of 240 mm, each with its own tone, light joints of 12 mm."""
    tones = np.random.default_rng(1).uniform(95, 115, (42, 20))
    rows, columns = np.indices(SHAPE)
    courses = rows // 6
    along = columns + 10 * (courses % 2)
    picture = tones[courses, along // 20]
    picture[(rows % 6 == 0) | (along % 20 == 0)] = 130
    return np.repeat(picture[..., None], 3, axis=2).astype(np.float32)


def _fill(picture: Picture, left: float, right: float, *, level: float) -> None:
    picture[_cells(*SPAN), _cells(left, right)] = level


def _cells(start: float, end: float) -> slice:
    return slice(round(start / CELL), round(end / CELL))
