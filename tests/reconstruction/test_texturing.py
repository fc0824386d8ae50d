"""What colour a face has where photos show it, where they show part of it, and where none does."""

import numpy as np

from doorstep.reconstruction.cameras import View
from doorstep.reconstruction.geometry.texturing import Shot, texture, tinted
from doorstep.reconstruction.geometry.tracing import Tracer
from tests.houses.cameras import look_at

SIZE = (160, 120)
WALL = np.array([[0, 0, 0], [8, 0, 0], [8, 0, 4], [0, 0, 4]], np.float64)
# Low and wide: from the ground it is seen at about a degree.
ROOF = np.array([[0, 0, 4], [8, 0, 4], [8, 4, 5], [0, 4, 5]], np.float64)
SQUARE = np.array([[0, 1, 2], [0, 2, 3]])


def test_what_something_hides_has_the_mean_colour_of_the_rest() -> None:
    before = WALL * [0.25, 1, 1] + [0, -3, 0]
    faces = Tracer(np.concatenate([WALL, before]), np.concatenate([SQUARE, SQUARE + 4]))

    face = texture(WALL, [shot((4, -12, 2), grey=90)], tracer=faces, per_unit=20, slack=0.1)

    assert face.colour is not None
    assert face.colour.tolist() == [90, 90, 90]
    assert np.unique(face.picture).tolist() == [90]


def test_a_roof_seen_at_a_degree_is_still_painted() -> None:
    tracer = Tracer(ROOF, SQUARE)

    face = texture(ROOF, [shot((4, -12, 1.3), grey=70)], tracer=tracer, per_unit=20, slack=0.1)

    assert np.median(face.picture) == 70


def test_a_face_that_nobody_sees_takes_the_colour_of_others() -> None:
    tracer = Tracer(WALL, SQUARE)
    hidden = texture(WALL, [], tracer=tracer, per_unit=20, slack=0.1)
    shown = texture(WALL, [shot((4, -12, 2), grey=90)], tracer=tracer, per_unit=20, slack=0.1)

    assert np.unique(hidden.picture).tolist() == [205]
    assert np.unique(tinted(hidden, [hidden, shown]).picture).tolist() == [90]
    assert tinted(hidden, [hidden]) is hidden
    assert tinted(shown, [hidden, shown]) is shown


def shot(place: tuple[float, float, float], *, grey: int) -> Shot:
    centre = np.array(place, np.float64)
    rotation = look_at(centre, np.array([4.0, 0.0, 2.5]))
    view = View(
        name="a.jpg",
        file="a.png",
        number=0,
        size=SIZE,
        matrix=np.array([[110.0, 0, SIZE[0] / 2], [0, 110.0, SIZE[1] / 2], [0, 0, 1]]),
        distortion=(0.0, 0.0),
        rotation=rotation,
        translation=-rotation @ centre,
    )
    return Shot(view, np.full((SIZE[1], SIZE[0], 3), grey, np.uint8))
