"""Where neighbouring views do not overlap: the ring by itself, then with pictures."""

import json
from pathlib import Path

import numpy as np
import pytest
import pyvips

from doorstep.photos import picture_child
from doorstep.reconstruction.coverage import look
from doorstep.reconstruction.overlap import Details, shared_details
from doorstep.reconstruction.ring import Coverage, View, judge, ring_order
from tests import panorama

EVERY_TEN_DEGREES = list(range(0, 360, 10))


def walk(
    degrees: list[int],
    *,
    reach: int = 25,
    spots: bool = False,
    skipped: frozenset[int] = frozenset(),
    alike: int | None = None,
) -> Coverage:
    """A walk of views at these degrees; `alike`: views so far apart look the same too."""

    def compare(one: int, other: int) -> bool:
        apart = abs((degrees[one] - degrees[other] + 180) % 360 - 180)
        return apart <= reach or (alike is not None and abs(apart - alike) <= 5)

    views = [View(phone="one", spot=each // 45 if spots else None) for each in degrees]
    return judge(views, compare, skipped=skipped)


def test_a_whole_walk_is_one_ring_and_costs_one_comparison_a_view() -> None:
    found = walk(EVERY_TEN_DEGREES)
    assert (found.pieces, found.gaps, found.loose) == (1, (), ())
    assert found.comparisons == 36


@pytest.mark.parametrize("spots", [True, False])
def test_missing_runs_are_named_by_the_views_beside_them(*, spots: bool) -> None:
    one_run = [each for each in EVERY_TEN_DEGREES if not 100 < each < 150]
    found = walk(one_run, spots=spots)
    assert [(one_run[a], one_run[b]) for a, b in found.gaps] == [(100, 150)]
    assert found.pieces == 1

    two_runs = [each for each in one_run if not 240 < each < 300]
    found = walk(two_runs, spots=spots)
    assert [(two_runs[a], two_runs[b]) for a, b in found.gaps] == [(100, 150), (240, 300)]
    assert found.pieces == 2


@pytest.mark.parametrize("spots", [True, False])
def test_a_gap_that_was_filled_later_is_none(*, spots: bool) -> None:
    broken = [each for each in EVERY_TEN_DEGREES if not 100 < each < 150]
    assert walk([*broken, 125], spots=spots).gaps == ()
    # Several, in the other direction; and one that helps at one end only.
    assert walk([*broken, 140, 130, 120, 110], spots=spots).gaps == ()
    half = [each for each in EVERY_TEN_DEGREES if not 100 < each < 210]
    assert walk([*half, *range(200, 100, -10)], spots=spots, reach=15).gaps == ()
    assert len(walk([*broken, 110], spots=spots, reach=15).gaps) >= 1


def test_wide_views_do_not_hide_a_gap() -> None:
    # Every view reaches past its neighbours, so that few steps lead round the house.
    broken = [each for each in EVERY_TEN_DEGREES[::2] if not 100 < each < 170]
    found = walk(broken, reach=45)
    assert [(broken[a], broken[b]) for a, b in found.gaps] == [(100, 180)]


def test_closer_looks_and_a_bad_picture_are_no_gaps() -> None:
    # At 1000 and more nothing resembles anything but itself.
    assert walk([*EVERY_TEN_DEGREES, 1075, 1255], reach=12).gaps == ()
    with_bad = [*EVERY_TEN_DEGREES[:9], 1170, *EVERY_TEN_DEGREES[9:]]
    found = walk(with_bad)
    assert found.gaps == ()


def test_alike_sides_join_nothing_across_the_house() -> None:
    broken = [each for each in EVERY_TEN_DEGREES if not 95 < each < 175]
    for alike in (90, 180):
        found = walk(broken, spots=True, alike=alike)
        assert [(broken[a], broken[b]) for a, b in found.gaps] == [(90, 180)]


def test_what_cannot_be_reached_is_no_gap() -> None:
    front = [each for each in EVERY_TEN_DEGREES if not 130 < each < 320]
    assert len(walk(front, spots=True).gaps) == 1
    assert walk(front, spots=True, skipped=frozenset({3, 4, 5, 6})).gaps == ()
    assert len(walk(front, spots=True, skipped=frozenset({3, 5, 6})).gaps) == 1


def test_spots_put_views_in_order_whichever_way_somebody_walks() -> None:
    clockwise = [View(phone="", spot=spot) for spot in (0, 7, 6, 5, 4, 3, 2, 1)]
    assert ring_order(clockwise) == list(range(8))
    jumping = [View(phone="", spot=spot) for spot in (0, 4, 1, None, 2)]
    assert ring_order(jumping) == [0, 2, 3, 4, 1]
    unknown = [View(phone="", spot=spot) for spot in (4, None, None, 0, None)]
    assert ring_order(unknown) == [0, 1, 2, 3, 4]


def test_too_thin_a_walk_is_broken_everywhere_and_ends() -> None:
    found = walk(EVERY_TEN_DEGREES[::4], reach=25)
    assert len(found.gaps) == 9
    assert len(found.loose) == 9


def details_of(picture: object) -> bytes:
    image = pyvips.Image.new_from_array(np.asarray(picture))
    return picture_child._details(image)


def test_pictures_that_overlap_share_details_and_a_missing_one_is_found(tmp_path: Path) -> None:
    pictures = panorama.views(8)
    kept = [0, 1, 2, 5, 6, 7]
    details = {}
    for number in kept:
        content = details_of(pictures[number])
        details[number] = Details.read(content)
        (tmp_path / str(number)).write_bytes(content)
    assert shared_details(details[0], details[1]) > 100
    assert shared_details(details[0], details[7]) > 100
    assert shared_details(details[0], details[5]) < 20
    listed = [{"file": str(number), "phone": "a", "spot": None} for number in kept]
    (tmp_path / "views.json").write_text(json.dumps({"views": listed, "skipped": []}))
    found = look(tmp_path)
    assert found["gaps"] == ((2, 3),)
    assert found["pieces"] == 1


def test_details_of_a_picture_of_nothing_and_broken_ones() -> None:
    grey = np.full((480, 640, 3), 90, np.uint8)
    nothing = details_of(grey)
    assert shared_details(Details.read(nothing), Details.read(nothing)) == 0
    # All in one place, as no picture has it but a broken child may write it.
    same = nothing[:8] + (50).to_bytes(2, "little") + bytes(50 * 4) + bytes(50 * 128)
    assert shared_details(Details.read(same), Details.read(same)) == 0
    for broken in (b"", b"DSF1", nothing + b"x", b"XXXX" + nothing[4:], same[:-1]):
        assert len(Details.read(broken).places) == 0
