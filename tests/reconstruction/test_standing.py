"""What stands on a slope: points about it that no face of the house explains."""

import numpy as np
import pytest
from numpy.typing import NDArray

from doorstep.reconstruction import unseen
from doorstep.reconstruction.geometry.standing import stands_on
from doorstep.reconstruction.structure import Structure, Surface

Matrix = NDArray[np.float64]

# Ten metres along, rising by three over four; a wall above it, one metre in.
SLOPE = np.array([[0, 0, 3], [10, 0, 3], [10, 4, 6], [0, 4, 6]], float)
HIGHER = np.array([[4, 1, 0], [7, 1, 0], [7, 1, 9], [4, 1, 9]], float)


def test_a_dormer_is_named_with_its_place_and_width_and_a_chimney_is_not() -> None:
    points = np.concatenate([_front(2.0, 3.8), _front(6.0, 6.7)])

    (found,) = stands_on(SLOPE, [], points=points, unit=1.0)

    assert found.place == pytest.approx(2.9, abs=0.15)
    assert found.width == pytest.approx(1.8, abs=0.26)


def test_the_wall_of_a_higher_part_of_the_house_stands_on_nothing() -> None:
    points = _front(4.0, 7.0)

    assert len(stands_on(SLOPE, [], points=points, unit=1.0)) == 1
    assert stands_on(SLOPE, [HIGHER], points=points, unit=1.0) == []
    assert stands_on(SLOPE, [], points=points[:0], unit=1.0) == []


def test_it_is_named_in_metres() -> None:
    slope = Surface(
        id="RF-1",
        kind="roof",
        side="front",
        block=0,
        corners=SLOPE / 4,
        tangent=0.75,
        seen=0.9,
        photos=(),
        roofed=True,
        outlined=False,
    )
    structure = Structure(
        turn=np.eye(3),
        shift=np.zeros(3),
        surfaces=(slope,),
        edges=(),
        footprint_area=0.0,
        footprint_perimeter=0.0,
        ridge_height=0.0,
    )

    (named,) = unseen.on_slopes(structure, _front(2.0, 3.8) / 4, metres=4.0, seen_min=0.15)

    assert named == {
        "what": "what stands on the front roof slope, RF-1, 2.9 m from its left end and about 1.8 m wide",
        "why": "dormers are not measured, and the slope is stated as if it ran on below them",
        "ask_for": "",
    }


def _front(left: float, right: float) -> Matrix:
    """Points 5 cm apart on an upright face one metre in, up to a metre and a half above the slope."""
    sideways, height = np.meshgrid(np.arange(left, right, 0.05), np.arange(4.0, 5.3, 0.05))
    return np.column_stack([sideways.ravel(), np.ones(sideways.size), height.ravel()])
