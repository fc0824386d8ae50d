"""Windows and doors on one wall, photographed with known cameras."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from doorstep.reconstruction.cameras import View
from doorstep.reconstruction.geometry.measuring import Found
from doorstep.reconstruction.geometry.openings import Looked, find_openings
from doorstep.reconstruction.geometry.texturing import Shot
from doorstep.reconstruction.geometry.tracing import Tracer
from tests.houses.cameras import look_at
from tests.houses.plan import Finish, Opening, Wall
from tests.houses.textures import wall as painted

WIDTH, HEIGHT, PX_PER_M = 8.0, 3.0, 100
WINDOW = Opening("window", 1.4, 1.2, 1.1, 0.9)
DOOR = Opening("door", 1.0, 2.1, 4.6, 0.0)
CORNERS = np.array([[0, 0, 0], [WIDTH, 0, 0], [WIDTH, 0, HEIGHT], [0, 0, HEIGHT]], np.float64)
FOCAL, SIZE = 700.0, (960, 720)


@pytest.mark.parametrize("finish", ["siding", pytest.param("brick", marks=pytest.mark.slow)])
def test_a_window_and_a_door_are_measured(finish: Finish) -> None:
    looked = _look(_shots((WINDOW, DOOR), finish=finish, count=6))

    window, door = looked.found
    assert (window.grounded, door.grounded) == (False, True)
    for found, true in ((window, WINDOW), (door, DOOR)):
        width, height = found.right - found.left, found.top - found.bottom
        assert width == pytest.approx(true.width, abs=0.015)
        assert height == pytest.approx(true.height, abs=0.03)
        # Of four numbers one may well lie outside of nine in ten.
        assert abs(width - true.width) <= 2 * found.width_sigma
        assert abs(height - true.height) <= 2 * found.height_sigma
        assert found.width_sigma < 0.03
        assert found.left == pytest.approx(true.x, abs=0.015)
        assert len(found.photos) >= 3
    assert window.corners[0] == pytest.approx([1.1, 0.0, 0.9], abs=0.02)
    assert window.corners[2] == pytest.approx([2.5, 0.0, 2.1], abs=0.02)
    assert looked.complete


@pytest.mark.slow
def test_nothing_is_found_on_a_bare_wall_nor_by_two_photos_nor_behind_a_wall() -> None:
    bare = _look(_shots((), finish="brick", count=5))
    assert (bare.found, bare.complete) == ((), True)
    assert bare.material is not None
    assert bare.material.kind == "brick"
    assert _look(_shots((WINDOW, DOOR), finish="siding", count=2)) == Looked()

    hidden = _look(
        _shots((WINDOW, DOOR), finish="siding", count=5),
        before=CORNERS + np.array([0.0, -1.0, 0.0]),
    )
    assert hidden == Looked()


@pytest.mark.slow
def test_a_sheet_of_markers_is_no_window() -> None:
    shots = _shots((WINDOW, Opening("window", 0.8, 0.8, 4.9, 1.2)), finish="siding", count=6)

    assert [_width(found) for found in _look(shots).found] == [1.4, 0.8]
    sheet = np.array([5.3, 0.02, 1.6])
    assert [_width(found) for found in _look(shots, sheets=[sheet]).found] == [1.4]


@pytest.mark.slow
def test_a_window_over_a_bush_is_no_door() -> None:
    shots = _shots((WINDOW, DOOR), finish="brick", count=6, bush=(0.0, 2.5, 1.05))

    assert [(_width(found), found.grounded) for found in _look(shots).found] == [(1.0, True)]


@pytest.mark.slow
def test_a_window_that_something_higher_than_a_bush_half_hides_is_left_out() -> None:
    high = Opening("window", 1.4, 1.0, 1.1, 1.6)
    shots = _shots((high, DOOR), finish="siding", count=6, bush=(0.0, 2.9, 1.95))

    looked = _look(shots)

    assert [(_width(found), found.grounded) for found in looked.found] == [(1.0, True)]
    assert not looked.complete


def _width(found: Found) -> float:
    return round(found.right - found.left, 1)


def _look(
    shots: list[Shot],
    *,
    sheets: list[NDArray[np.float64]] | None = None,
    before: NDArray[np.float64] | None = None,
) -> Looked:
    faces = [CORNERS] if before is None else [CORNERS, before]
    triangles = [[4 * n, 4 * n + k, 4 * n + k + 1] for n in range(len(faces)) for k in (1, 2)]
    tracer = Tracer(np.concatenate(faces), np.array(triangles))
    return find_openings(CORNERS, shots, tracer=tracer, sheets=sheets or [], unit=1.0)


def _shots(
    openings: tuple[Opening, ...],
    *,
    finish: Finish,
    count: int,
    bush: tuple[float, float, float] = (0.0, 0.0, 0.0),
) -> list[Shot]:
    """Photos of the wall from a walk along it, seven metres away.

    `bush` stands before it: where it begins and ends, and its height, in metres.
    """
    wall = Wall("front", "front", (0, 0), (WIDTH, 0), HEIGHT, HEIGHT, finish, openings)
    flat = painted(wall, np.random.default_rng(3), px_per_m=PX_PER_M)[..., ::-1]
    leaves = flat[
        round((HEIGHT - bush[2]) * PX_PER_M) :,
        round(bush[0] * PX_PER_M) : round(bush[1] * PX_PER_M),
    ]
    leaves[:] = np.random.default_rng(5).normal((40, 90, 50), 18, leaves.shape).clip(0, 255)
    matrix = np.array([[FOCAL, 0, SIZE[0] / 2], [0, FOCAL, SIZE[1] / 2], [0, 0, 1]])
    shots = []
    for number, x in enumerate(np.linspace(0.5, WIDTH - 0.5, count)):
        centre = np.array([x, -7.0, 1.6])
        rotation = look_at(centre, np.array([WIDTH / 2, 0.0, 1.5]))
        view = View(
            name=f"{number}.jpg",
            file=f"{number}.png",
            number=number,
            size=SIZE,
            matrix=matrix,
            distortion=(0.0, 0.0),
            rotation=rotation,
            translation=-rotation @ centre,
        )
        pixels, _ = view.project(CORNERS)
        rows, columns = flat.shape[:2]
        # Pixel centres lie at whole numbers: the picture's corners are half a pixel outside.
        drawn = np.array([[0, rows], [columns, rows], [columns, 0], [0, 0]]) - 0.5
        turn = cv2.getPerspectiveTransform(drawn.astype(np.float32), pixels.astype(np.float32))
        picture = cv2.warpPerspective(flat, turn, SIZE, flags=cv2.INTER_AREA)
        shots.append(Shot(view, np.asarray(picture, np.uint8)))
    return shots
