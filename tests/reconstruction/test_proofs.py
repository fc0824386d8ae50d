"""Which photos prove a part of the house: those that see it, and not through the house."""

import numpy as np
import pytest
from numpy.typing import NDArray

from doorstep.reconstruction.cameras import View
from doorstep.reconstruction.geometry.tracing import Tracer
from doorstep.reconstruction.proofs import Camera, Details, Witnesses
from doorstep.reconstruction.stages.texture import triangles
from doorstep.reconstruction.structure import Structure, Surface
from tests.houses.cameras import look_at

Matrix = NDArray[np.float64]

# A block of 10 by 8 by 5 metres round the origin.
CORNERS = {
    "front": [(-5, -4, 0), (5, -4, 0), (5, -4, 5), (-5, -4, 5)],
    "right": [(5, -4, 0), (5, 4, 0), (5, 4, 5), (5, -4, 5)],
    "back": [(5, 4, 0), (-5, 4, 0), (-5, 4, 5), (5, 4, 5)],
    "left": [(-5, 4, 0), (-5, -4, 0), (-5, -4, 5), (-5, 4, 5)],
}
WALLS = {side: np.array(corners, np.float64) for side, corners in CORNERS.items()}
# One photo every 30 degrees from 16 metres; number 0 in front, 3 on the right, 6 at the back.
PHOTOS = 12


def block() -> Structure:
    surfaces = tuple(
        Surface(side, "wall", side, 0, corners, 0.0, 1.0, (), roofed=True)
        for side, corners in WALLS.items()
    )
    return Structure(np.eye(3), np.zeros(3), surfaces, (), 80.0, 36.0, 5.0)


def camera(number: int) -> Camera:
    turn = np.radians(30 * number)
    centre = np.array([16 * np.sin(turn), -16 * np.cos(turn), 2.5])
    matrix = np.array([[800.0, 0, 400], [0, 800, 300], [0, 0, 1]])
    rotation = look_at(centre, np.array([0.0, 0.0, 2.5]))
    name = f"{number:02}.jpg"
    view = View(name, name, number, (800, 600), matrix, (0, 0), rotation, -rotation @ centre)
    return Camera(view, 0.5)


def witnesses(details: Details | None = None) -> Witnesses:
    nothing = Details(np.zeros((0, 3)), np.zeros((0, PHOTOS), np.bool_))
    return Witnesses(
        block(),
        [camera(number) for number in range(PHOTOS)],
        details=details or nothing,
        tracer=Tracer(*triangles(list(WALLS.values()))),
    )


@pytest.mark.parametrize(
    ("side", "photos"),
    [
        ("front", {"00.jpg", "01.jpg", "11.jpg"}),
        ("right", {"02.jpg", "03.jpg", "04.jpg"}),
        ("back", {"05.jpg", "06.jpg", "07.jpg"}),
        ("left", {"08.jpg", "09.jpg", "10.jpg"}),
    ],
)
def test_a_wall_is_proved_from_its_own_side(side: str, photos: set[str]) -> None:
    proofs = witnesses().of_outline(WALLS[side], known=())
    assert len(proofs) == 2
    assert {proof["photo"] for proof in proofs} < photos


def test_an_edge_is_not_drawn_through_the_house() -> None:
    foot = np.array([[5.0, 4, 0], [-5, 4, 0]])
    proofs = witnesses().of_edge(foot)
    assert {proof["photo"] for proof in proofs} < {"05.jpg", "06.jpg", "07.jpg"}


def test_places_are_pixels_of_the_upright_original() -> None:
    size = np.array([[-1.0, -4, 1.5], [1, -4, 1.5], [1, -4, 3.5], [-1, -4, 3.5]])
    proofs = witnesses().of_outline(size, known=("00.jpg",))
    # Twelve metres away a metre is 66.7 pixels; the original has twice as many, and pixels
    # count from the middle of the first.
    assert proofs[0] == {
        "photo": "00.jpg",
        "a": [667.2, 733.8],
        "b": [933.8, 733.8],
        "corners": [[667.2, 733.8], [933.8, 733.8], [933.8, 467.2], [667.2, 467.2]],
    }


def test_photos_that_found_details_there_go_first() -> None:
    """Before the others a tree may stand, which has no face."""
    points = np.array([[x, -4.0, z] for x in (-3.0, 0, 3) for z in (1.0, 2.5, 4)])
    seen = np.zeros((len(points), PHOTOS), np.bool_)
    seen[:, [1, 2]] = True
    seen[:2, 0] = True
    proofs = witnesses(Details(points, seen)).of_outline(WALLS["front"], known=())
    assert [proof["photo"] for proof in proofs] == ["01.jpg", "02.jpg"]


def test_a_part_that_no_photo_shows_is_proved_by_none() -> None:
    far = np.array([[0.0, 0, 60], [4, 0, 60]])
    assert witnesses().of_edge(far) == []
