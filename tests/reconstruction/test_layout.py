"""Whether a layout is told to be broken, and where."""

from doorstep.reconstruction.layout import largest_gap

FILES = [f"{number}.jpg" for number in range(1, 13)]


def test_a_whole_chain_has_no_gap() -> None:
    assert largest_gap(set(FILES), FILES) == ""


def test_the_longest_gap_is_named_by_its_ends() -> None:
    present = set(FILES) - {"3.jpg", "7.jpg", "8.jpg", "9.jpg"}
    assert largest_gap(present, FILES) == "Photos are missing between photo 6 and photo 10."


def test_a_gap_at_the_end_reaches_to_the_first_photo() -> None:
    present = set(FILES) - {"11.jpg", "12.jpg"}
    assert largest_gap(present, FILES) == "Photos are missing between photo 10 and photo 1."
