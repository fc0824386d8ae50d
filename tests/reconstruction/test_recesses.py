"""Openings that are holes in a rendered house."""

import numpy as np
import pytest

from tests.houses.plan import design
from tests.houses.recesses import recessed, with_recesses
from tests.houses.scene import Scene, wall_face
from tests.houses.truth import polygon_area


def test_a_wall_is_cut_around_its_holes() -> None:
    house = recessed(design("gable", seed=3, finish="siding"), seed=3)
    chance = np.random.default_rng(1)
    walls = Scene(tuple(wall_face(wall, chance) for wall in house.walls), ())

    deep = with_recesses(walls, house, seed=3)

    for wall, flat in zip(house.walls, walls.faces, strict=True):
        pieces = [face for face in deep.faces if face.picture is flat.picture]
        holes = sum(opening.width * opening.height for opening in wall.openings)
        left = sum(polygon_area(face.corners) for face in pieces)
        assert left == pytest.approx(polygon_area(flat.corners) - holes, abs=1e-4)
        assert all(0.06 <= opening.depth <= 0.12 for opening in wall.openings)
    windows = [o for wall in house.walls for o in wall.openings if o.kind == "window"]
    assert sum(face.glass for face in deep.faces) == 4 * len(windows)
    assert {wall.openings[0].casing for wall in house.walls} == {0.0, 0.09}
