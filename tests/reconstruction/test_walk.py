"""What the walk says of matches between alike sides of a house."""

import numpy as np
import pytest
from numpy.typing import NDArray

from doorstep.reconstruction.layout import turned_otherwise
from doorstep.reconstruction.turns import Turn, steps
from doorstep.reconstruction.walk import findings, in_step

STEP_DEG = 15.0
COUNT = 24
ALIKE = {(a, a + apart) for apart in (6, 12, 18) for a in range(COUNT - apart)}


def test_sides_that_differ_are_left_alone() -> None:
    found = findings(walk(), numbers=called(COUNT))

    assert (found.false, found.alike, found.doubt) == (frozenset(), None, "")


def test_four_alike_sides_are_told_apart_by_a_walk_that_comes_round() -> None:
    found = findings(walk() + alike_sides(), numbers=called(COUNT))

    assert len(ALIKE) == 36
    assert found.false == ALIKE
    assert found.alike == (0, 6)
    assert found.doubt == ""


def test_a_few_alike_windows_make_no_alike_sides() -> None:
    found = findings([*walk(), turn(0, 12, 0.0, 80), turn(1, 13, 0.0, 80)], numbers=called(COUNT))

    assert (found.false, found.alike) == (frozenset(), None)


def test_one_pair_that_matches_as_well_as_neighbours_is_enough() -> None:
    found = findings([*walk(), turn(0, 12, 0.0, 400)], numbers=called(COUNT))

    assert found.false == {(0, 12)}
    assert found.alike == (0, 12)


def test_three_quarters_of_a_walk_do_not_tell_alike_sides_apart() -> None:
    photos = 18
    turns = [t for t in walk() + alike_sides() if t.other < photos]

    found = findings(turns, numbers=called(photos))

    assert found.doubt == "Photos 18 and 1 do not close the walk round the house."


def test_a_walk_with_a_break_does_not_tell_alike_sides_apart() -> None:
    turns = [t for t in walk() if not t.one < 12 <= t.other < 16] + alike_sides()

    found = findings(turns, numbers=called(COUNT))

    assert found.doubt == "Photos 12 and 13 do not overlap enough."


def test_photos_are_called_by_their_numbers() -> None:
    turns = [t for t in walk() if not t.one < 12 <= t.other < 16] + alike_sides()

    found = findings(turns, numbers=[number + 100 for number in range(COUNT)])

    assert found.doubt == "Photos 111 and 112 do not overlap enough."


def test_one_photo_that_matches_nothing_does_not_break_the_walk() -> None:
    turns = [t for t in walk() + alike_sides() if 12 not in t.pair]

    found = findings(turns, numbers=called(COUNT))

    assert found.doubt == ""
    assert found.false == {pair for pair in ALIKE if 12 not in pair}


def test_shuffled_photos_of_alike_sides_are_no_walk() -> None:
    place = np.random.default_rng(1).permutation(COUNT)
    turned = [
        turn(a, b, (STEP_DEG * (place[b] - place[a]) + 45) % 90 - 45, 400)
        for a in range(COUNT)
        for b in range(a + 1, COUNT)
    ]

    found = findings(turned, numbers=called(COUNT))

    assert found.doubt == "The photos are not in the order of a walk round the house."


def test_one_turn_that_errs_between_strays_makes_no_alike_sides() -> None:
    strays = [turn(a, b, 0.0) for a, b in ((0, 6), (6, 12), (0, 12))]
    wrong = [turn(12, 18, 0.0), turn(0, 18, 90.0)]

    assert findings([*strays, *wrong], numbers=called(COUNT)).alike is None
    assert findings([*strays, *wrong, turn(6, 18, 90.0)], numbers=called(COUNT)).alike == (0, 18)


def test_two_stretches_of_which_one_repeats_the_other_are_not_believed() -> None:
    front = [t for t in walk() if t.other < 8]
    back = [turn(t.one + 8, t.other + 8, t.yaw_deg) for t in front]
    same = [turn(photo, photo + 8, 1.0, 300) for photo in range(8)]

    found = findings([*front, *back, *same], numbers=called(16))

    assert found.alike == (0, 8)
    assert found.doubt == "Photos 8 and 9 do not overlap enough."
    assert findings([*front, *back, *same[:3]], numbers=called(16)).alike is None
    assert in_step([*front, *back, same[5]], count=16) == {t.pair for t in same}
    assert in_step([*walk(), same[5]], count=COUNT) == set()


def test_short_stretches_half_of_which_repeat_others_are_not_believed() -> None:
    short = [t for t in walk() if t.other < 16 and t.one // 4 == t.other // 4]
    same = [turn(photo, photo + 8, 1.0, 300) for photo in (1, 2, 5, 6)]

    assert findings([*short, *same], numbers=called(16)).alike == (1, 9)
    assert findings([*short, *same[1:]], numbers=called(16)).alike is None


def test_closer_looks_go_where_most_matches_want_them() -> None:
    closer = [turn(0, 24, 5.0, 300), turn(1, 24, -10.0, 300), turn(6, 24, 5.0, 100)]

    found = findings(walk() + alike_sides() + closer, numbers=called(COUNT + 1))

    assert found.false == ALIKE | {(6, 24)}


def test_closer_looks_that_fit_two_sides_go_nowhere() -> None:
    closer = [turn(0, 24, 5.0, 300), turn(6, 24, 5.0, 250)]

    found = findings(walk() + alike_sides() + closer, numbers=called(COUNT + 1))

    assert found.false == ALIKE | {(0, 24), (6, 24)}


def test_a_turn_found_the_wrong_way_round_is_put_right_by_the_photos_beside() -> None:
    turns = [t for t in walk() if t.pair != (7, 8)]

    chosen = steps([*turns, turn(7, 8, -14.0, 500)], ways_min=2)

    assert [t.pair for t in chosen] == [(a, a + 1) for a in range(COUNT - 1)]
    assert chosen[7].yaw_deg == pytest.approx(STEP_DEG)


def test_a_turn_that_nothing_confirms_is_no_step_of_the_walk() -> None:
    turns = [t for t in walk() if not t.one < 12 <= t.other < 16]

    assert len(steps([*turns, turn(11, 12, 60.0)], ways_min=1)) == COUNT - 1
    assert len(steps([*turns, turn(11, 12, 60.0)], ways_min=2)) == COUNT - 2


def test_a_layout_that_turns_a_photo_otherwise_is_told() -> None:
    right = {photo: about_y(STEP_DEG * photo) for photo in range(COUNT)}
    wrong = right | {photo: about_y(STEP_DEG * photo - 90) for photo in range(12, COUNT)}

    assert turned_otherwise(steps(walk(), ways_min=1), right) == []
    assert turned_otherwise(steps(walk(), ways_min=1), wrong) == [(11, 12)]


def called(count: int) -> range:
    """Numbers of photos that are in the order of their names."""
    return range(1, count + 1)


def walk() -> list[Turn]:
    """Each photo matches the next three, and the last one the first two."""
    near = [
        turn(a, a + ahead, STEP_DEG * ahead) for ahead in (1, 2, 3) for a in range(COUNT - ahead)
    ]
    return [*near, turn(0, 23, -STEP_DEG), turn(1, 23, -2 * STEP_DEG)]


def alike_sides() -> list[Turn]:
    """Photos of four sides, each of which looks as the one a quarter round."""
    return [turn(one, other, 0.0, 900 - one - other) for one, other in ALIKE]


def turn(one: int, other: int, yaw_deg: float, matches: int = 400) -> Turn:
    return Turn(one, other, matches, about_y(yaw_deg))


def about_y(degrees: float) -> NDArray[np.float64]:
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[cosine, 0, sine], [0, 1, 0], [-sine, 0, cosine]])
