"""What a view shows, and what it does not."""

import math

import numpy as np
import pytest

from doorstep.reconstruction.cameras import View


def view(k1: float, k2: float) -> View:
    matrix = np.array([[1000.0, 0, 800], [0, 1000, 600], [0, 0, 1]])
    return View("a", "a", 0, (1600, 1200), matrix, (k1, k2), np.eye(3), np.zeros(3))


@pytest.mark.parametrize(
    ("k1", "k2", "turning"),
    [
        (0.045, -0.06, 2.0646),
        (-0.1, 0.0, 3.3333),
        (-0.3, 0.04, 2.0),
        (-0.1, 0.1, math.inf),
        (0.0, 0.0, math.inf),
        (0.02, 0.1, math.inf),
    ],
)
def test_a_lens_leads_outwards_up_to_a_radius(k1: float, k2: float, turning: float) -> None:
    found = view(k1, k2).turning

    assert found == pytest.approx(turning, abs=1e-4)


def test_what_is_far_beside_the_photo_is_not_shown_in_it() -> None:
    points = np.array([[0.5, 0, 1], [1, 0, 1], [2.2, 0, 1], [3, 0, 1]])

    pixels, depth = view(0.045, -0.06).project(points)

    assert pixels[:, 0] == pytest.approx([1303.75, 1785.0, 2641.76, 3311.49], abs=0.01)
    assert depth.tolist() == [1, 1, 1, 1]
