"""How sure the side of an opening is: by its photos, their pixels and the steps beside it."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from doorstep.reconstruction.cameras import View
from doorstep.reconstruction.geometry.elevation import Elevation
from doorstep.reconstruction.geometry.sides import Side, find_side
from doorstep.reconstruction.geometry.texturing import Shot
from tests.houses.cameras import look_at

# A wall of 4 by 3 metres, 4 mm to a pixel of its picture; a photo's pixel covers 10 mm of it.
PX_PER_M, SIZE, FOCAL, AWAY = 250, (960, 720), 700.0, 7.0
LEFT, FRAME = 1.5, 0.06


def test_a_clear_side_is_sure_to_half_a_pixel() -> None:
    side = _side(_wall())
    assert side.place == pytest.approx(LEFT, abs=0.004)
    assert side.sigma == pytest.approx(0.5 * AWAY / FOCAL, rel=0.3)


def test_the_inner_edge_of_a_frame_is_no_doubt_but_a_joint_beside_it_is() -> None:
    framed = _wall()
    framed[:, _column(LEFT) : _column(LEFT + FRAME)] = 225
    assert _side(framed).sigma == pytest.approx(_side(_wall()).sigma, rel=0.2)

    jointed = _wall()
    jointed[:, _column(LEFT - 0.025) : _column(LEFT)] = 100
    assert 0.007 < _side(jointed).sigma < 0.02


def test_a_side_that_photos_put_apart_is_as_unsure_as_they_are_far_apart() -> None:
    """A wall taken to be 12 cm too near: photos from further left put the side further right."""
    apart = _side(_wall(), off=0.12)
    assert len(apart.photos) == 5
    assert 0.012 < apart.sigma < 0.05
    assert abs(apart.place - LEFT) < 1.645 * apart.sigma


def test_a_shadow_that_runs_on_beside_a_lintel_is_not_its_upper_side() -> None:
    """The eaves' shadow ends 36 mm below the lintel, on the frame as on the wall."""
    flat = np.full((3 * PX_PER_M, 4 * PX_PER_M, 3), 150, np.uint8)
    frame = (slice(200, 250), slice(_column(LEFT), _column(LEFT) + PX_PER_M))
    flat[frame] = 215
    flat[:209] = flat[:209] // 2
    found = find_side(
        _elevation(flat), place=2.178, span=(LEFT, LEFT + 1.0), axis=1, outwards=1, unit=1.0
    )
    assert found is not None
    assert found.place == pytest.approx(2.2, abs=0.006)


def _side(flat: NDArray[np.uint8], *, off: float = 0.0) -> Side:
    wall = _elevation(flat, off=off)
    found = find_side(wall, place=LEFT + 0.005, span=(1.0, 2.2), axis=0, outwards=-1, unit=1.0)
    assert found is not None
    return found


def _elevation(flat: NDArray[np.uint8], *, off: float = 0.0) -> Elevation:
    places = (-2.2, -1.4, -0.6, 0.2, 1.0)
    shots = tuple(_photo(flat, x, number=number) for number, x in enumerate(places))
    return Elevation(
        shots,
        pictures=np.zeros((len(shots), 250, 330, 3), np.float32),
        seen=np.ones((len(shots), 250, 330), bool),
        cell=0.012,
        origin=np.array([0.0, -off, 0.0]),
        right=np.array([1.0, 0.0, 0.0]),
        up=np.array([0.0, 0.0, 1.0]),
    )


def _wall() -> NDArray[np.uint8]:
    flat = np.full((3 * PX_PER_M, 4 * PX_PER_M, 3), 160, np.uint8)
    flat[:, _column(LEFT) :] = 60
    return flat


def _column(metres: float) -> int:
    return round(metres * PX_PER_M)


def _photo(flat: NDArray[np.uint8], x: float, *, number: int) -> Shot:
    matrix = np.array([[FOCAL, 0, SIZE[0] / 2], [0, FOCAL, SIZE[1] / 2], [0, 0, 1]])
    centre = np.array([x, -AWAY, 1.6])
    rotation = look_at(centre, np.array([1.5, 0.0, 1.5]))
    name = f"{number}.jpg"
    view = View(name, name, 0, SIZE, matrix, (0, 0), rotation, -rotation @ centre)
    corners = np.array([[0, 0, 3], [4, 0, 3], [4, 0, 0], [0, 0, 0]], np.float64)
    rows, columns = flat.shape[:2]
    drawn = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]]) - 0.5
    turn = cv2.getPerspectiveTransform(
        drawn.astype(np.float32), view.project(corners)[0].astype(np.float32)
    )
    return Shot(view, np.asarray(cv2.warpPerspective(flat, turn, SIZE, flags=cv2.INTER_AREA)))
