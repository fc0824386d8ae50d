"""Where a preview is taken from."""

import numpy as np
import pytest

from doorstep.reconstruction.geometry.rendering import three_quarter_eye

SIZES = [(1200, 900), (800, 600), (600, 900)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("box", [(12.0, 8.0, 6.0), (4.0, 4.0, 20.0), (30.0, 2.0, 3.0)])
def test_every_corner_of_the_box_is_in_the_picture(
    box: tuple[float, float, float], size: tuple[int, int]
) -> None:
    low, high = np.zeros(3), np.array(box)
    eye = three_quarter_eye(low, high, towards=np.array([0.55, -1.0, 0.0]), size=size)

    ahead = eye.target - eye.position
    ahead = ahead / np.linalg.norm(ahead)
    right = np.cross(ahead, [0, 0, 1.0])
    right = right / np.linalg.norm(right)
    up = np.cross(right, ahead)
    corners = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)]) * high
    seen = corners - eye.position
    depth = seen @ ahead
    half_width = np.tan(np.radians(22.5))
    across = np.abs(seen @ right / depth / half_width)
    along = np.abs(seen @ up / depth / (half_width * size[1] / size[0]))

    assert depth.min() > 0
    assert max(across.max(), along.max()) == pytest.approx(0.88)
