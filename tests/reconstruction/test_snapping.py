"""Pitches and eaves that builders make alike, made so only where measurements nearly agree."""

import numpy as np
import pytest

from doorstep.reconstruction.geometry.shell import Roof, roof_faces
from doorstep.reconstruction.geometry.slopes import Slope
from doorstep.reconstruction.geometry.snapping import alike_pitches, level_eaves


def test_pitches_a_little_apart_become_one_about_the_middle_of_their_points() -> None:
    front, back = slope(3, 30.3, area=10.0), slope(1, 29.85, area=20.0)

    turned = alike_pitches((front, back))

    assert [pitch(one) for one in turned] == pytest.approx([30.0, 30.0])
    middle = np.array([[5.0, 2.0]])
    assert turned[0].height(middle) == pytest.approx(front.height(middle))


def test_pitches_that_differ_stay_as_they_are() -> None:
    salt_box = (slope(3, 40.0), slope(1, 34.0))
    assert alike_pitches(salt_box) == salt_box
    lone = (slope(3, 40.0),)
    assert alike_pitches(lone) == lone


def test_hips_run_to_the_corners_once_the_eaves_are_level() -> None:
    hipped = hip(lower=0.04)
    assert np.ptp(roof_faces(hipped, block=0)[0].corners[:, 0]) == pytest.approx(9.92)

    level = level_eaves(hipped, unit=1.0)

    faces = roof_faces(level, block=0)
    assert np.ptp(faces[0].corners[:, 0]) == pytest.approx(10.0)
    assert sorted(len(face.corners) for face in faces) == [3, 3, 4, 4]
    eaves = [height for face in faces for height in np.sort(face.corners[:, 2])[:2]]
    assert eaves == pytest.approx([2.98] * 8)


def test_eaves_of_different_heights_stay_so() -> None:
    hipped = hip(lower=0.5)
    assert level_eaves(hipped, unit=1.0) is hipped


def hip(*, lower: float) -> Roof:
    """A hip roof of 10 x 6 m at 45 degrees, eaves at 3 m, at its two ends lower than that."""
    sides = (slope(3, 45.0, top=3.0), slope(1, 45.0, top=9.0))
    ends = (slope(0, 45.0, top=13.0 - lower), slope(2, 45.0, top=3.0 - lower))
    return Roof(sides + ends, np.zeros(2), np.array([10.0, 6.0]), thickness=0.2)


def slope(facing: int, degrees: float, *, top: float = 5.0, area: float = 20.0) -> Slope:
    tangent = float(np.tan(np.radians(degrees)))
    return Slope(facing, top, tangent, 0.01, (0, 10), (-4, 0), area)


def pitch(one: Slope) -> float:
    return float(np.degrees(np.arctan(one.tangent)))
