"""Where metres come from."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from doorstep.reconstruction.cameras import View
from doorstep.reconstruction.sheet import Sheets, find_markers
from doorstep.reconstruction.stages.scale import Observation, combine, pose_share
from tests.houses.cameras import look_at
from tests.houses.textures import DICTIONARY, GAP_M, MARKER_M, SHEET_GRID, SHEET_IDS, marker_sheet

FRONT = Observation("front", "marker", 4.00, 0.002, ("a.jpg", "b.jpg"))


def test_no_witness_no_scale() -> None:
    assert combine([]) == {
        "source": "none",
        "metres_per_unit": None,
        "relative_uncertainty": None,
        "observations": [],
    }


def test_witnesses_count_by_their_weight() -> None:
    door = Observation("door", "known_length", 4.01, 0.004, ("c.jpg", "d.jpg"))
    result = combine([FRONT, door])
    assert result["metres_per_unit"] == pytest.approx(4.002)
    assert result["source"] == "marker"
    assert 0.0018 < result["relative_uncertainty"] < 0.0025


def test_a_witness_far_off_is_named_and_left_out() -> None:
    wrong = replace(FRONT, name="garage door", source="known_length", metres_per_unit=4.4)
    result = combine([FRONT, wrong])
    assert result["metres_per_unit"] == 4.0
    assert result["observations"][1]["used"] is False
    assert result["observations"][1]["reason"] == "off by 10.0%"


def test_a_scale_too_uncertain_is_not_stated() -> None:
    vague = replace(FRONT, sigma_share=0.03)
    result = combine([vague])
    assert (result["source"], result["metres_per_unit"]) == ("none", None)
    assert result["relative_uncertainty"] is None
    assert result["observations"][0]["reason"] == "known only to 3.0%, 2% is needed"


def test_two_vague_witnesses_make_a_scale_together() -> None:
    result = combine([replace(FRONT, sigma_share=0.025, name=name) for name in ("front", "back")])
    assert result["relative_uncertainty"] == pytest.approx(0.0177, abs=0.0002)


def test_photos_that_stand_close_together_know_sizes_badly() -> None:
    near, wide, large = (
        pose_share([view_at(x, focal=focal) for x in (-apart, 0.0, apart)], np.zeros(3))
        for apart, focal in ((1.2, 620.0), (4.8, 620.0), (1.2, 2480.0))
    )
    assert [near, wide, large] == pytest.approx([0.00615, 0.00201, 0.00154], abs=0.00001)


def view_at(x: float, *, focal: float) -> View:
    matrix = np.array([[focal, 0, 400], [0, focal, 300], [0, 0, 1]])
    centre = np.array([x, -4.2, 0.0])
    rotation = look_at(centre, np.zeros(3))
    return View("a.jpg", "a.jpg", 0, (800, 600), matrix, (0, 0), rotation, -rotation @ centre)


def test_markers_are_found_by_their_centres() -> None:
    sheets = Sheets.from_json(
        {
            "dictionary": DICTIONARY,
            "grid": SHEET_GRID,
            "marker_m": MARKER_M,
            "gap_m": GAP_M,
            "ids": SHEET_IDS,
        }
    )
    sheet = cv2.GaussianBlur(marker_sheet(SHEET_IDS["front"], px_per_m=400)[..., 0], (0, 0), 2)
    photo = np.full((480, 640), 180, np.uint8)
    photo[100 : 100 + sheet.shape[0], 200 : 200 + sheet.shape[1]] = sheet

    found = {sighting.marker: sighting.centre for sighting in find_markers(photo, sheets)}

    assert sorted(found) == [0, 1, 2, 3]
    first = np.array([200, 100]) + 400 * (GAP_M + MARKER_M / 2) - 0.5
    np.testing.assert_allclose(found[0], first, atol=0.3)
    np.testing.assert_allclose(found[3] - found[0], 400 * (MARKER_M + GAP_M), atol=0.3)


def test_a_phone_counts_by_its_weight_and_is_refused_alone() -> None:
    phone = Observation("walk", "device", 4.2, 0.08, ())
    alone = combine([phone])
    assert (alone["source"], alone["metres_per_unit"]) == ("none", None)
    assert alone["observations"][0]["reason"] == "known only to 8.0%, 2% is needed"
    assert combine([FRONT, phone])["metres_per_unit"] == pytest.approx(4.000125, abs=1e-6)
