"""Boards around an opening: where the hole begins inside them, and what are no boards."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from doorstep.reconstruction.cameras import View
from doorstep.reconstruction.geometry.casings import REACH, STEP, Strips, find_inner
from doorstep.reconstruction.geometry.openings import find_openings
from doorstep.reconstruction.geometry.texturing import Shot
from doorstep.reconstruction.geometry.tracing import Tracer
from tests.houses.cameras import Lens, Pose, look_at
from tests.houses.plan import House, Opening, Wall, design
from tests.houses.recesses import with_recesses
from tests.houses.render import Studio, finish
from tests.houses.scene import Scene, wall_face

SLANTS = np.array([-1.6, -1.1, -0.8, -0.5, -0.1, 0.2, 0.5, 0.9, 1.4])
BOARD_M, OUT_M, DEPTH_M = 0.09, 0.02, 0.08
FRAME_M, BAR_M = 0.06, 0.25
PIXEL_M = 0.01
# A rendered wall with two recessed windows within boards.
WIDTH, HEIGHT = 6.0, 3.0
CASED = (
    Opening("window", 1.2, 1.2, 0.9, 0.9, depth=0.08, casing=0.09),
    Opening("window", 1.4, 1.2, 3.6, 0.9, depth=0.11, casing=0.09),
)
LENS = Lens((800, 600), 560.0, (399.5, 299.5), 0.0, 0.0)
CORNERS = np.array([[0, 0, 0], [WIDTH, 0, 0], [WIDTH, 0, HEIGHT], [0, 0, HEIGHT]], np.float64)


def test_the_hole_begins_where_boards_end_before_a_leaf_behind_the_wall() -> None:
    inner = find_inner(_sides(board=BOARD_M, out=OUT_M, depth=DEPTH_M))

    assert set(inner) == {"left", "right", "bottom", "top"}
    assert inner["left"].width == pytest.approx(0.09, abs=0.008)
    assert inner["left"] == inner["right"]
    assert inner["top"].width == pytest.approx(0.09, abs=0.008)
    assert inner["left"].sigma == pytest.approx(0.011, abs=0.002)


def test_a_frame_flush_with_the_wall_is_no_board() -> None:
    assert find_inner(_sides(board=BOARD_M, out=0.0, depth=0.0)) == {}


def test_a_frame_behind_the_wall_without_boards_is_none() -> None:
    assert find_inner(_sides(board=0.0, out=0.0, depth=DEPTH_M)) == {}


def test_a_level_side_that_does_not_show_its_end_is_as_wide_as_the_upright_ones() -> None:
    sides = _sides(board=BOARD_M, out=OUT_M, depth=DEPTH_M)
    plain = Strips(np.full_like(sides["top"].steps, 0.01), SLANTS, sides["top"].pixels)

    inner = find_inner(sides | {"bottom": plain})

    assert inner["bottom"].width == inner["left"].width
    assert inner["bottom"].sigma > inner["top"].sigma


def test_two_photos_tell_nothing() -> None:
    sides = _sides(board=BOARD_M, out=OUT_M, depth=DEPTH_M)
    few = {
        name: Strips(side.steps[:2], side.slants[:2], side.pixels[:2])
        for name, side in sides.items()
    }
    assert find_inner(few) == {}


@pytest.mark.slow
def test_windows_within_boards_are_as_large_as_their_holes() -> None:
    tracer = Tracer(CORNERS, np.array([[0, 1, 2], [0, 2, 3]]))

    looked = find_openings(CORNERS, _shots(), tracer=tracer, sheets=[], unit=1.0)

    assert len(looked.found) == 2
    for found, true in zip(looked.found, CASED, strict=True):
        width, height = found.right - found.left, found.top - found.bottom
        assert width == pytest.approx(true.width, abs=0.02)
        assert height == pytest.approx(true.height, abs=0.03)
        assert found.left == pytest.approx(true.x, abs=0.015)
        assert abs(width - true.width) <= 1.645 * found.width_sigma < 0.08


def _sides(*, board: float, out: float, depth: float) -> dict[str, Strips]:
    strips = _strips(board=board, out=out, depth=depth)
    return dict.fromkeys(("left", "right", "bottom", "top"), strips)


def _strips(*, board: float, out: float, depth: float) -> Strips:
    """Boards, a frame and a bar as each photo shows them; what boards or the wall hide is left out."""
    rows = []
    for slant in SLANTS:
        hidden = board + out * max(-slant, 0.0)
        inside = [board + place + depth * slant for place in (FRAME_M, BAR_M)]
        shown = [place for place in inside if place > hidden]
        ends = [min(0.0, -out * slant), *([hidden] if board and slant < 0 else []), *shown]
        rows.append(np.max([_step(place) for place in ends], axis=0))
    return Strips(np.array(rows), SLANTS, np.full(len(SLANTS), PIXEL_M))


def _step(place: float) -> NDArray[np.float64]:
    places = np.arange(0.0, REACH, STEP)
    return np.asarray(np.exp(-(((places - place) / 0.006) ** 2) / 2))


def _shots() -> list[Shot]:
    """Photos from a walk along the wall, four metres and a half away."""
    wall = Wall("front", "front", (0, 0), (WIDTH, 0), HEIGHT, HEIGHT, "siding", CASED)
    house: House = replace(design("gable", seed=1), walls=(wall,))
    scene = Scene((wall_face(wall, np.random.default_rng(3)),), ())
    studio = Studio(with_recesses(scene, house, seed=3))
    chance, rays = np.random.default_rng(5), LENS.rays()
    shots = []
    for number, x in enumerate(np.linspace(-3.0, WIDTH + 3.0, 8)):
        centre = np.array([x, -4.5, 1.6])
        rotation = look_at(centre, np.array([WIDTH / 2, 0.0, 1.5]))
        picture = finish(studio.photograph(LENS, Pose(rotation, centre), rays=rays), chance)
        shots.append(Shot(_view(number, rotation, centre), picture[..., ::-1].copy()))
    return shots


def _view(number: int, rotation: NDArray[np.float64], centre: NDArray[np.float64]) -> View:
    return View(
        name=f"{number}.jpg",
        file=f"{number}.png",
        number=number,
        size=LENS.size,
        matrix=LENS.matrix,
        distortion=(LENS.k1, LENS.k2),
        rotation=rotation,
        translation=-rotation @ centre,
    )
