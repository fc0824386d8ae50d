"""Where metres come from."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from doorstep.reconstruction.cameras import View
from doorstep.reconstruction.geometry.sheets import Sight, fit_sheet
from doorstep.reconstruction.photos import Photo
from doorstep.reconstruction.sheet import OWN_SHEET, Sheets, find_markers
from doorstep.reconstruction.stages.scale import Observation, _from_length, combine
from tests.houses.cameras import look_at
from tests.houses.textures import DICTIONARY, GAP_M, MARKER_M, SHEET_GRID, SHEET_IDS, marker_sheet
from tests.reconstruction.test_looseness import rigid

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
    assert result["relative_uncertainty"] == pytest.approx(0.001789, abs=1e-6)


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


def test_what_all_witnesses_share_is_not_averaged_out() -> None:
    result = combine([FRONT, replace(FRONT, name="back")], shared=0.003)
    assert result["relative_uncertainty"] == pytest.approx(0.003317, abs=1e-6)


def test_two_vague_witnesses_make_a_scale_together() -> None:
    result = combine([replace(FRONT, sigma_share=0.025, name=name) for name in ("front", "back")])
    assert result["relative_uncertainty"] == pytest.approx(0.0177, abs=0.0002)


def test_witnesses_that_differ_by_more_than_they_may_make_a_vague_scale() -> None:
    alike, unlike = (
        combine([FRONT, replace(FRONT, name="back", metres_per_unit=4.0 * (1 + apart))])
        for apart in (0.002, 0.008)
    )
    assert alike["relative_uncertainty"] == pytest.approx(0.002 / 2**0.5, abs=1e-6)
    # Four sigmas apart: half of that, of what either of them says, is left of the mean.
    assert unlike["relative_uncertainty"] == pytest.approx(0.004, abs=2e-5)


def test_a_known_length_is_as_sure_as_its_clicks_and_the_tape() -> None:
    views = [view_at(x) for x in (-2.0, 0.0, 2.0)]
    chance = np.random.default_rng(2)
    ends = np.array([[-1.4, 0, 0], [1.4, 0, 0.3]])
    length = float(np.linalg.norm(ends[1] - ends[0]))
    photos = {view.name: photo_of(view) for view in views}
    found = []
    for _ in range(40):
        clicks = [view.project(ends)[0] + chance.normal(0, 1.5, (2, 2)) for view in views]
        seen = [
            {"photo": view.name, "a": click[0], "b": click[1]}
            for view, click in zip(views, clicks, strict=True)
        ]
        known = {"name": "door", "metres": length, "observations": seen}
        witness = _from_length(
            known, {view.name: view for view in views}, photos=photos, loose=rigid(views)
        )
        assert witness is not None
        found.append((witness.metres_per_unit, witness.sigma_share))
    scales, sigmas = np.array(found).T
    clicks_only = np.sqrt(np.median(sigmas) ** 2 - (0.005 / length) ** 2)
    assert scales.std() == pytest.approx(clicks_only, rel=0.3)
    assert scales.std() == pytest.approx(0.0046, abs=0.0004)


def view_at(x: float) -> View:
    matrix = np.array([[620.0, 0, 400], [0, 620.0, 300], [0, 0, 1]])
    centre = np.array([x, -4.2, 0.0])
    rotation = look_at(centre, np.zeros(3))
    name = f"{x}.jpg"
    return View(name, name, 0, (800, 600), matrix, (0, 0), rotation, -rotation @ centre)


def photo_of(view: View) -> Photo:
    return Photo(view.name, view.file, view.size, 1.0, "phone", None, 1.0, "", used=True, number=1)


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
    # Drawn so large that a marker's cells are whole pixels.
    drawn = marker_sheet(SHEET_IDS["front"], px_per_m=700)[:356, :356, 0]
    halved = cv2.resize(drawn, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    sheet = cv2.GaussianBlur(halved, (0, 0), 2)
    photo = np.full((480, 640), 180, np.uint8)
    photo[100 : 100 + sheet.shape[0], 200 : 200 + sheet.shape[1]] = sheet

    found = {sighting.marker: sighting.centre for sighting in find_markers(photo, sheets)}

    assert sorted(found) == [0, 1, 2, 3]
    first = np.array([200, 100]) + 350 * (GAP_M + MARKER_M / 2) - 0.5
    np.testing.assert_allclose(found[0], first, atol=0.05)
    np.testing.assert_allclose(found[3] - found[0], 350 * (MARKER_M + GAP_M), atol=0.05)


@pytest.mark.parametrize("edge", [21, 28, 49])
def test_small_markers_are_found_to_a_few_hundredths_of_a_pixel(edge: int) -> None:
    sheets = Sheets()
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_5X5_100)
    chance = np.random.default_rng(9)
    errors = []
    for _ in range(12):
        fine = np.full((120 * 16, 120 * 16), 215, np.uint8)
        place = np.array([40, 30]) + chance.uniform(0, 1, 2)
        cells = np.asarray(dictionary.generateImageMarker(95, 16 * edge), np.uint8)
        column, row = np.round(16 * place).astype(int)
        fine[row : row + 16 * edge, column : column + 16 * edge] = 40 + 0.68 * cells
        small = cv2.resize(fine, (120, 120), interpolation=cv2.INTER_AREA).astype(np.float64)
        photo = cv2.GaussianBlur(small, (0, 0), 0.7) + chance.normal(0, 3, small.shape)
        (sighting,) = find_markers(np.clip(photo, 0, 255).astype(np.uint8), sheets)
        true = np.array([column, row]) / 16 + edge / 2 - 0.5
        errors.append(np.linalg.norm(sighting.centre - true))
    assert np.median(errors) < 0.04


def test_a_sheet_is_as_sure_as_its_markers_scatter() -> None:
    layout = OWN_SHEET.centres()
    views = [view_at(x) for x in (-1.5, -0.5, 0.5, 1.5)]
    turn = np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]])
    places = {m: turn @ [*flat, 0.0] + [0.1, 0, 0.2] for m, flat in layout.items()}
    chance = np.random.default_rng(5)
    for noise, scatter in ((0.2, 0.0039), (0.4, 0.0068)):
        found = []
        for _ in range(40):
            sights = [
                Sight(m, view, view.project(p[None])[0][0] + chance.normal(0, noise, 2), 0.2)
                for m, p in places.items()
                for view in views
            ]
            fitted = fit_sheet(layout, sights, placed=places)
            found.append((1 / fitted.units_per_metre, fitted.sigma))
        scales, sigmas = np.array(found).T
        assert scales.mean() == pytest.approx(1.0, abs=scales.std())
        assert np.median(sigmas) == pytest.approx(scales.std(), rel=0.3)
        assert scales.std() == pytest.approx(scatter, rel=0.2)


def test_a_phone_counts_by_its_weight_and_is_refused_alone() -> None:
    phone = Observation("walk", "device", 4.2, 0.08, ())
    alone = combine([phone])
    assert (alone["source"], alone["metres_per_unit"]) == ("none", None)
    assert alone["observations"][0]["reason"] == "known only to 8.0%, 2% is needed"
    assert combine([FRONT, phone])["metres_per_unit"] == pytest.approx(4.000125, abs=1e-6)
