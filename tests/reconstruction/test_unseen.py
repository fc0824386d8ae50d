"""What is named as not measured."""

from typing import Any

import numpy as np
import pytest

from doorstep.reconstruction import unseen
from doorstep.reconstruction.structure import Structure, Surface


@pytest.mark.parametrize(("low", "kind"), [(0.0, "door"), (0.9, "window")])
def test_what_stands_on_the_ground_is_named_a_door(low: float, kind: str) -> None:
    """A wall of 4 by 3 metres in units of half a metre; what is named is a metre wide."""
    corners = np.array([[-4, -3, 0], [4, -3, 0], [4, -3, 6], [-4, -3, 6]], np.float64)
    wall = Surface("SI-1", "wall", "front", 0, corners, 0.0, 1.0, (), roofed=True)
    structure = Structure(np.eye(3), np.zeros(3), (wall,), (), 0.0, 0.0, 0.0)
    left, right, bottom, top = -2.0, 0.0, low / 0.5, 4.2
    box: dict[str, Any] = {
        "wall": "SI-1",
        "corners": [[left, -3, bottom], [right, -3, bottom], [right, -3, top], [left, -3, top]],
    }

    named = unseen.opening(box, structure, metres=0.5)

    assert named["what"] == f"a {kind} on the front wall, SI-1, 1.5 m from its left corner"
