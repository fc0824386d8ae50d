"""In which order photos were taken."""

import pytest

from doorstep.reconstruction.capture import Stamp, capture_order

NOON = "2026:05:01 12:00:"


def stamps(*taken: str, clock: str = "Apple iPhone 14") -> list[Stamp]:
    """Photos by name, with the second of the same minute in which each was taken; "" is unknown."""
    return [Stamp(f"{NOON}{second}" if second else "", clock) for second in taken]


def test_clocks_order_what_names_do_not() -> None:
    assert capture_order(stamps("09", "03", "01", "07")) == [2, 1, 3, 0]


def test_names_that_began_again_at_nought_go_behind_the_last() -> None:
    assert capture_order(stamps("31", "33", "27", "29")) == [2, 3, 0, 1]


def test_parts_of_a_second_count() -> None:
    assert capture_order(stamps("01.9", "01.25", "01.5")) == [1, 2, 0]


def test_names_decide_within_one_moment() -> None:
    twice = [*(f"{second:02}" for second in range(30, 10, -1)), "11"]
    assert capture_order(stamps(*twice))[:3] == [19, 20, 18]


def test_a_photo_without_a_time_stays_behind_the_one_before_it() -> None:
    taken = ["40", "42", "", "44", "46", "48", "50", "52", "02", "04", "06"]
    assert capture_order(stamps(*taken)) == [8, 9, 10, 0, 1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    "taken",
    [
        [],
        ["05", "", "", "01"],
        ["07", "07", "07", "07"],
        ["05", "05", "01", "01"],
        ["01", "02", "03", "04"],
    ],
    ids=["none", "hardly any has a time", "one time for all", "mostly the same", "as the names"],
)
def test_else_names_do(taken: list[str]) -> None:
    assert capture_order(stamps(*taken)) == list(range(len(taken)))


def test_clocks_of_two_cameras_order_nothing() -> None:
    mixed = [*stamps("09", "07"), *stamps("03", "01", clock="Google Pixel 8")]
    assert capture_order(mixed) == [0, 1, 2, 3]


def test_a_clock_that_was_never_set_says_nothing() -> None:
    unset = [Stamp("0000:00:00 00:00:00", "phone"), Stamp("yesterday", "phone")]
    assert capture_order([*unset, *stamps("02", "01", clock="phone")]) == [0, 1, 2, 3]
