"""Which photos a wall is judged by."""

import numpy as np
import pytest

from doorstep.reconstruction.cameras import View
from doorstep.reconstruction.geometry.elevation import look_at as elevation
from doorstep.reconstruction.geometry.texturing import Shot
from doorstep.reconstruction.geometry.tracing import Tracer
from tests.houses.cameras import look_at

SIZE = (120, 90)
CORNERS = np.array([[0, 0, 0], [8, 0, 0], [8, 0, 3], [0, 0, 3]], np.float64)
NEAR, FAR = 14, 3


@pytest.mark.parametrize("before", [0.0, 4.0])
def test_photos_from_near_do_not_push_out_those_that_show_the_rest(before: float) -> None:
    """Something as wide as `before` stands in front of the wall's right end."""
    shots = [_shot((6.5 + 0.05 * n, -3.0), towards=6.7) for n in range(NEAR)]
    shots += [_shot((3.0 + 0.5 * n, -9.0), towards=4.0) for n in range(FAR)]
    faces = np.array([[0, 1, 2], [0, 2, 3]])
    hiding = CORNERS * [before / 8, 1, 1] + [8 - before, -2, 0]
    tracer = Tracer(np.concatenate([CORNERS, hiding]), np.concatenate([faces, faces + 4]))

    wall = elevation(CORNERS, shots, tracer=tracer, cell=0.05, unit=1.0)

    seen = wall.seen.sum(axis=0)
    assert len(wall.shots) == 12
    assert seen[30, 20] == FAR
    assert seen[30, 135] == (0 if before else 12)


def _shot(place: tuple[float, float], *, towards: float) -> Shot:
    centre = np.array([*place, 1.6])
    rotation = look_at(centre, np.array([towards, 0.0, 1.5]))
    view = View(
        name=f"{place}.jpg",
        file=f"{place}.png",
        number=0,
        size=SIZE,
        matrix=np.array([[87.0, 0, SIZE[0] / 2], [0, 87.0, SIZE[1] / 2], [0, 0, 1]]),
        distortion=(0.0, 0.0),
        rotation=rotation,
        translation=-rotation @ centre,
    )
    return Shot(view, np.full((SIZE[1], SIZE[0], 3), 120, np.uint8))
