"""Roofs that meet: valleys, areas and outlines of houses whose answers are known by hand."""

import numpy as np
import pytest

from doorstep.reconstruction.geometry.blocks import Block, Plan, joined_spans, with_slopes
from doorstep.reconstruction.geometry.eaves import Edges
from doorstep.reconstruction.geometry.polygons import triangles_of, without
from doorstep.reconstruction.geometry.roofing import cover
from doorstep.reconstruction.geometry.shell import Face, Roof, area_of
from doorstep.reconstruction.geometry.slopes import Slope
from doorstep.reconstruction.structure import Edge

# A house of 10 x 8 m whose roof rises 3 in 4 from 5 m, and half a metre of overhang.
LENGTH, DEPTH, EAVE, TANGENT, OVER = 10.0, 8.0, 5.0, 0.75, 0.5


def test_a_wing_as_high_as_the_house_meets_it_in_two_valleys() -> None:
    blocks, roofs = house(wing_low=(3.0, -3.0), wing_high=(7.0, 0.0), eave=EAVE)

    faces, edges = cover(blocks, roofs, unit=1.0)

    # The wing's roof is 5 m wide and covers a triangle 5 m by 2.5 m of the main slope's plan.
    assert areas(faces[0]) == pytest.approx([(11 * 4.5 - 6.25) * 1.25, 11 * 4.5 * 1.25])
    assert areas(faces[1]) == pytest.approx([(3 * 2.5 + 3.125) * 1.25] * 2)
    assert lengths(edges, "valley") == pytest.approx([(2 * 2.5**2 + 1.875**2) ** 0.5] * 2)
    assert lengths(edges, "ridge") == pytest.approx([5.5, 11.0])
    assert lengths(edges, "eave") == pytest.approx([3.0, 3.0, 3.0, 3.0, 11.0])
    assert lengths(edges, "rake") == pytest.approx([2.5 * 1.25] * 2 + [4.5 * 1.25] * 4)


def test_a_wing_at_the_corner_makes_an_l() -> None:
    blocks, roofs = house(wing_low=(0.0, -3.0), wing_high=(5.0, 0.0), eave=EAVE)

    faces, edges = cover(blocks, roofs, unit=1.0)

    assert areas(faces[0]) == pytest.approx([(11 * 4.5 - 9) * 1.25, 11 * 4.5 * 1.25])
    assert lengths(edges, "valley") == pytest.approx([(2 * 3.0**2 + 2.25**2) ** 0.5] * 2)
    assert lengths(edges, "eave") == pytest.approx([3.0, 3.0, 5.0, 11.0])


def test_a_garage_whose_ridge_ends_below_the_eave_has_no_valley() -> None:
    blocks, roofs = house(wing_low=(3.0, -3.0), wing_high=(7.0, 0.0), eave=2.2)

    faces, edges = cover(blocks, roofs, unit=1.0)

    assert areas(faces[0]) == pytest.approx([11 * 4.5 * 1.25] * 2)
    assert areas(faces[1]) == pytest.approx([3.5 * 2.5 * 1.25] * 2)
    assert lengths(edges, "valley") == []
    # The garage's roof ends at the wall: no edge of its own is there.
    assert lengths(edges, "rake") == pytest.approx([2.5 * 1.25] * 2 + [4.5 * 1.25] * 4)
    assert lengths(edges, "eave") == pytest.approx([3.5, 3.5, 11.0, 11.0])


def test_a_garage_whose_ridge_runs_into_the_roof_passes_below_its_eave() -> None:
    blocks, roofs = house(wing_low=(3.0, -3.0), wing_high=(7.0, 0.0), eave=4.25)

    faces, edges = cover(blocks, roofs, unit=1.0)

    # A metre to both sides of its ridge the garage's roof is above the main eave.
    assert lengths(edges, "valley") == pytest.approx([(2 * 1.5**2 + 1.125**2) ** 0.5] * 2)
    assert areas(faces[0])[0] == pytest.approx((11 * 4.5 - 1.5**2) * 1.25)
    assert areas(faces[1]) == pytest.approx([(3.5 * 2.5 + 0.5) * 1.25] * 2)
    assert lengths(edges, "eave")[:2] == pytest.approx([3.5, 3.5])


def test_valleys_survive_planes_that_are_a_little_off() -> None:
    blocks, roofs = house(wing_low=(3.0, -3.0), wing_high=(7.0, 0.0), eave=EAVE + 0.02)
    _, edges = cover(blocks, roofs, unit=1.0)
    assert [edge.kind for edge in edges].count("valley") == 2
    assert [edge.kind for edge in edges].count("eave") == 5
    assert [edge.kind for edge in edges].count("rake") == 6
    assert lengths(edges, "valley") == pytest.approx([4.0] * 2, abs=0.1)


def test_no_eave_is_sought_where_a_roof_as_high_joins() -> None:
    high, _ = house(wing_low=(3.0, -3.0), wing_high=(7.0, 0.0), eave=EAVE)
    low, _ = house(wing_low=(3.0, -3.0), wing_high=(7.0, 0.0), eave=2.2)
    assert joined_spans(high, 0, unit=1.0)[3] == [pytest.approx([2.55, 7.45])]
    assert joined_spans(low, 0, unit=1.0) == {}


def test_a_wing_s_slope_that_runs_far_up_the_main_roof_stays_the_wing_s() -> None:
    plan = Plan((Block((0, 0), (LENGTH, DEPTH)), Block((3, -2), (7, 0))), 88.0, 40.0)
    slope = Slope(0, EAVE + 7 * TANGENT, TANGENT, 0.01, (-2.4, 2.3), (5.0, 7.4), 9.0)
    assert [len(block.slopes) for block in with_slopes(plan, [slope], unit=1.0)] == [0, 1]


def test_what_is_left_of_a_square() -> None:
    square = np.array([[0, 0], [4, 0], [4, 4], [0, 4]], float)
    notch = np.array([[1, 0], [3, 0], [2, 2]], float)
    band = np.array([[1, 0], [3, 0], [3, 4], [1, 4]], float)
    corner = np.array([[0, 0], [2, 0], [0, 2]], float)
    assert sizes(without(square, notch)) == pytest.approx([14.0])
    assert sizes(without(square, band)) == pytest.approx([4.0, 4.0])
    assert sizes(without(square, corner)) == pytest.approx([14.0])
    # Sides half a millimetre long lead from the rim to the notch.
    lifted = np.array([[1, 0], [3, 0], [3, 0.0005], [2, 2], [1, 0.0005]])
    assert sizes(without(square, lifted)) == pytest.approx([14.0], abs=0.002)


def test_triangles_keep_out_of_a_notch() -> None:
    flat = np.array([[0, 0], [1, 0], [2, 2], [3, 0], [4, 0], [4, 4], [0, 4]], float)
    triangles = triangles_of(flat)
    assert len(triangles) == 5
    assert sum(sizes([flat[list(corners)] for corners in triangles])) == pytest.approx(14.0)


def house(
    *, wing_low: tuple[float, float], wing_high: tuple[float, float], eave: float
) -> tuple[list[Block], list[Edges | None]]:
    """A gabled house and a gabled wing before its front, of one pitch."""
    main = (
        Slope(3, EAVE, TANGENT, 0.01, (0, 10), (-4, 0), 60),
        Slope(1, EAVE + DEPTH * TANGENT, TANGENT, 0.01, (-10, 0), (4, 8), 60),
    )
    wing = (
        Slope(0, eave + wing_high[0] * TANGENT, TANGENT, 0.01, (-3, 0), (5, 7), 9),
        Slope(2, eave - wing_low[0] * TANGENT, TANGENT, 0.01, (0, 3), (-5, -3), 9),
    )
    blocks = [Block((0.0, 0.0), (LENGTH, DEPTH), main), Block(wing_low, wing_high, wing)]
    over = np.full(2, OVER)
    roofs = [
        Roof(main, np.zeros(2) - over, np.array([LENGTH, DEPTH]) + over, thickness=0.2),
        Roof(wing, np.array(wing_low) - over, np.array([wing_high[0] + OVER, 0.0]), thickness=0.2),
    ]
    return blocks, [Edges(roof, {}) for roof in roofs]


def areas(faces: list[Face]) -> list[float]:
    return sorted(area_of(face.corners) for face in faces)


def lengths(edges: list[Edge], kind: str) -> list[float]:
    return sorted(
        float(np.ptp(e.ends, axis=0) @ np.ptp(e.ends, axis=0)) ** 0.5
        for e in edges
        if e.kind == kind
    )


def sizes(polygons: list[np.ndarray]) -> list[float]:
    return [area_of(np.column_stack([flat, np.zeros(len(flat))])) for flat in polygons]
