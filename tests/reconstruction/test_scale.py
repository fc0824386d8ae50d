"""Where metres come from."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from doorstep.reconstruction.sheet import Sheets, find_markers
from doorstep.reconstruction.stages.scale import Observation, combine
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
