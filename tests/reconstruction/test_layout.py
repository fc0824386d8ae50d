"""Whether a layout is told to be broken, and where."""

from doorstep.reconstruction.layout import Pair, Verdict, judge, largest_gap

FILES = {f"{number}.jpg": number for number in range(1, 13)}


def test_a_whole_chain_has_no_gap() -> None:
    assert largest_gap(set(FILES), FILES) == ""


def test_the_longest_gap_is_named_by_its_ends() -> None:
    present = set(FILES) - {"3.jpg", "7.jpg", "8.jpg", "9.jpg"}
    assert largest_gap(present, FILES) == "Photos are missing between photo 6 and photo 10."


def test_a_gap_at_the_end_reaches_to_the_first_photo() -> None:
    present = set(FILES) - {"11.jpg", "12.jpg"}
    assert largest_gap(present, FILES) == "Photos are missing between photo 10 and photo 1."


def test_a_gap_is_named_by_the_numbers_of_the_photos() -> None:
    taken = {"b.jpg": 2, "d.jpg": 4, "a.jpg": 1, "c.jpg": 3}
    assert largest_gap({"b.jpg", "c.jpg", "a.jpg"}, taken) == (
        "Photos are missing between photo 2 and photo 1."
    )


def test_a_right_layout_is_left_alone_also_where_one_pair_lies() -> None:
    pairs = chain() | {(4, 7): 0.02}
    assert judge(listed(pairs)) == Verdict((), None)


def test_one_photo_in_a_wrong_place_is_taken_out() -> None:
    pairs = chain() | {(4, 5): 0.7, (5, 6): 0.7, (3, 5): 0.9, (5, 7): 0.6}
    assert judge(listed(pairs)) == Verdict((5,), None)


def test_two_halves_that_only_a_mistake_joins_are_told() -> None:
    pairs = chain() | {(5, 6): 0.0, (4, 6): 0.0, (5, 7): 0.1}
    verdict = judge(listed(pairs))
    assert verdict.misplaced == (6,)
    assert verdict.broken == (5, 7)


def chain() -> dict[tuple[int, int], float]:
    """Twelve photos, each of which fits the next two."""
    return {(a, a + step): 0.99 for step in (1, 2) for a in range(12 - step)}


def listed(pairs: dict[tuple[int, int], float]) -> list[Pair]:
    return [
        Pair(one, other, 400 if other - one == 1 else 120, fits)
        for (one, other), fits in pairs.items()
    ]
