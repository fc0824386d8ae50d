"""Which details are kept where there are more than it takes to find the cameras."""

import numpy as np

from doorstep.reconstruction.tracks import Pair, well_spread

# Ten features along the photo's diagonal, each in a cell of its own.
DIAGONAL = np.linspace(0.05, 0.95, 10)[:, None].repeat(2, axis=1)


def same(*features: int) -> np.ndarray:
    """Matches of features with those of the same number."""
    return np.array([(each, each) for each in features], np.uint32).reshape(-1, 2)


def left(pairs: dict[Pair, np.ndarray]) -> dict[Pair, list[list[int]]]:
    return {pair: matches.tolist() for pair, matches in pairs.items()}


def test_a_photo_of_few_details_keeps_them_all() -> None:
    pairs = {(0, 1): same(1, 4, 7), (1, 2): same(4)}

    assert left(well_spread([DIAGONAL] * 3, pairs, per_photo=3, per_pair=0)) == {
        (0, 1): [[1, 1], [4, 4], [7, 7]],
        (1, 2): [[4, 4]],
    }


def test_what_most_photos_show_goes_first() -> None:
    pairs = {(0, 1): same(1, 4, 7), (1, 2): same(4, 7), (2, 3): same(7)}

    kept = well_spread([DIAGONAL] * 4, pairs, per_photo=1, per_pair=0)

    assert left(kept) == {(0, 1): [[7, 7]], (1, 2): [[7, 7]], (2, 3): [[7, 7]]}


def test_every_part_of_a_photo_gives_one_before_any_gives_two() -> None:
    crowded = np.concatenate([np.full((8, 2), 0.01), [[0.5, 0.5], [0.99, 0.99]]])

    kept = well_spread([crowded] * 2, {(0, 1): same(*range(10))}, per_photo=3, per_pair=0)

    assert left(kept)[0, 1] == [[0, 0], [8, 8], [9, 9]]


def test_what_most_photos_show_goes_first_in_its_part_too() -> None:
    crowded = np.full((8, 2), 0.01)
    pairs = {(0, 1): same(*range(8)), (1, 2): same(5)}

    kept = well_spread([crowded] * 3, pairs, per_photo=1, per_pair=0)

    assert left(kept) == {(0, 1): [[5, 5]], (1, 2): [[5, 5]]}


def test_what_is_twice_in_a_photo_goes_last() -> None:
    twice = np.array([(2, 2), (2, 3), (5, 5)], np.uint32)
    pairs = {(0, 1): twice, (1, 2): same(2, 3)}

    kept = well_spread([DIAGONAL] * 3, pairs, per_photo=1, per_pair=0)

    assert left(kept) == {(0, 1): [[2, 2], [2, 3], [5, 5]], (1, 2): [[2, 2], [3, 3]]}
    pairs = {(0, 1): twice, (1, 2): same(2, 3, 5)}
    assert left(well_spread([DIAGONAL] * 3, pairs, per_photo=1, per_pair=0)) == {
        (0, 1): [[5, 5]],
        (1, 2): [[5, 5]],
    }


def test_two_photos_with_little_in_common_keep_it() -> None:
    pairs = {(0, 1): same(1, 4, 7), (1, 2): same(0, 2)}

    assert left(well_spread([DIAGONAL] * 3, pairs, per_photo=1, per_pair=0)) == {
        (0, 1): [[1, 1]],
        (1, 2): [[0, 0]],
    }
    assert left(well_spread([DIAGONAL] * 3, pairs, per_photo=1, per_pair=2)) == {
        (0, 1): [[1, 1]],
        (1, 2): [[0, 0], [2, 2]],
    }


def test_photos_without_matches_have_none() -> None:
    empty = np.zeros((0, 2), np.uint32)
    nothing = np.zeros((0, 2))

    assert left(well_spread([nothing, nothing], {(0, 1): empty}, per_photo=5, per_pair=0)) == {
        (0, 1): []
    }
    assert well_spread([DIAGONAL], {}, per_photo=5, per_pair=0) == {}
