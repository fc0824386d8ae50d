"""The printed sheet: drawn from its PDF as a printer would, then found by the engine."""

import re
from itertools import combinations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from doorstep.reconstruction.cameras import View
from doorstep.reconstruction.printing import BAR_MM, sheet_pdf
from doorstep.reconstruction.sheet import OWN_SHEET, Sheets, find_markers
from doorstep.reconstruction.stages.scale import _from_board, _place
from tests.houses.cameras import look_at
from tests.reconstruction.test_looseness import rigid

POINTS_PER_MM = 72 / 25.4
PIXELS_PER_MM = 8.0
UNPRINTABLE_MM = 6.4

Picture = NDArray[np.uint8]


@pytest.mark.parametrize(
    ("paper", "box"), [("a4", "595.276 841.890"), ("letter", "612.000 792.000")]
)
def test_the_pdf_is_whole_and_of_the_paper_s_size(paper: str, box: str) -> None:
    pdf = sheet_pdf(paper)
    assert pdf.startswith(b"%PDF-1.7\n")
    assert re.findall(rb"/MediaBox \[0 0 ([^\]]+)\]", pdf) == [box.encode()] * 2
    table = int(re.findall(rb"startxref\n(\d+)\n%%EOF\n$", pdf)[0])
    starts = [int(start) for start in re.findall(rb"(\d{10}) 00000 n ", pdf[table:])]
    assert [pdf[start : start + 8].split()[0] for start in starts] == [
        str(number).encode() for number in range(1, 10)
    ]
    for length, stream in _streams(pdf):
        assert len(stream) == length


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_everything_lies_inside_what_printers_print(paper: str) -> None:
    pdf = sheet_pdf(paper)
    width, height = (float(n) for n in re.findall(rb"0 0 (\S+) (\S+)\]", pdf)[0])
    boxes = np.array(_boxes(pdf)) / POINTS_PER_MM
    low, high = boxes[:, :2].min(axis=0), (boxes[:, :2] + boxes[:, 2:]).max(axis=0)
    assert low.min() > UNPRINTABLE_MM
    assert (np.array([width, height]) / POINTS_PER_MM - high).min() > UNPRINTABLE_MM
    places = re.findall(rb"/F ([\d.]+) Tf ([\d.]+) ([\d.]+) Td \((.*?)\) Tj", pdf)
    assert len(places) == 18
    for size, x, y, text in places:
        # Letters of Helvetica are half as wide as high on average, in such lines.
        end = float(x) + 0.5 * float(size) * len(text.replace(b"\\", b""))
        assert float(y) / POINTS_PER_MM > UNPRINTABLE_MM, text
        assert (width - end) / POINTS_PER_MM > UNPRINTABLE_MM, text


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_the_bar_is_a_hundred_millimetres(paper: str) -> None:
    assert BAR_MM == 100
    bar = _boxes(sheet_pdf(paper))[-1]
    assert bar[2] / POINTS_PER_MM == pytest.approx(100, abs=0.001)


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_the_markers_are_found_where_they_should_be(paper: str) -> None:
    printed = _drawn(sheet_pdf(paper))

    found = {sighting.marker: sighting.centre for sighting in find_markers(printed, Sheets())}

    assert sorted(found) == [94, 95, 96, 97, 98, 99]
    centres = OWN_SHEET.centres()
    for one, other in combinations(found, 2):
        apart = np.linalg.norm(found[one] - found[other]) / PIXELS_PER_MM
        true = 1000 * np.linalg.norm(centres[one] - centres[other])
        assert apart == pytest.approx(true, abs=0.15)


@pytest.mark.slow
def test_three_photos_of_the_sheet_give_the_scale() -> None:
    printed = _drawn(sheet_pdf("letter"))
    sightings: dict[int, list[tuple[View, NDArray[np.float64], float]]] = {}
    views = [_view(x) for x in (-0.8, 0.0, 0.8)]
    for view in views:
        photo = _photographed(printed, view)
        for sighting in find_markers(photo, Sheets()):
            sightings.setdefault(sighting.marker, []).append(_place(sighting, view, shrink=1.0))

    witness = _from_board(OWN_SHEET, sightings, loose=rigid(views))

    assert sorted(sightings) == [94, 95, 96, 97, 98, 99]
    assert witness is not None
    # The scene is in metres, so that a unit of it is one metre.
    assert witness.metres_per_unit == pytest.approx(1.0, abs=0.001)
    assert 0.0001 < witness.sigma_share < 0.002


def test_the_instructions_speak_both_languages() -> None:
    pdf = sheet_pdf("letter").decode("cp1252", "replace")
    assert "(How to use the marker sheet) Tj" in pdf
    assert "(Cómo usar la hoja de marcas) Tj" in pdf
    assert "/Encoding /WinAnsiEncoding" in pdf


def _streams(pdf: bytes) -> list[tuple[int, bytes]]:
    found = re.findall(rb"/Length (\d+) >>\nstream\n(.*?)\nendstream", pdf, re.DOTALL)
    return [(int(length), stream) for length, stream in found]


def _boxes(pdf: bytes) -> list[list[float]]:
    """Left, lower, width and height in points of all rectangles of page 1, in order."""
    drawing = _streams(pdf)[0][1].decode("cp1252")
    return [[float(n) for n in found.split()] for found in re.findall(r"([\d. ]+) re", drawing)]


def _drawn(pdf: bytes) -> Picture:
    """Page 1 in pixels: its fills one after another, as the drawing commands say."""
    width, height = (float(n) for n in re.findall(rb"0 0 (\S+) (\S+)\]", pdf)[0])
    scale = PIXELS_PER_MM / POINTS_PER_MM
    page = np.full((round(height * scale), round(width * scale)), 255, np.uint8)
    grey, boxes = 0.0, []
    for line in _streams(pdf)[0][1].decode("cp1252").splitlines():
        if line in ("0 g", "1 g"):
            grey = float(line.split()[0])
        elif line.endswith(" re"):
            boxes.append([float(n) for n in line.split()[:4]])
        elif line == "f":
            for x, y, wide, high in boxes:
                left, right = round(x * scale), round((x + wide) * scale)
                top, bottom = round((height - y - high) * scale), round((height - y) * scale)
                page[top:bottom, left:right] = 255 * grey
            boxes = []
    return page


def _view(x: float) -> View:
    """A phone three metres before the sheet, which hangs in the plane y = 0."""
    centre = np.array([x, -3.0, 0.1])
    matrix = np.array([[2900.0, 0, 2000], [0, 2900.0, 1500], [0, 0, 1]])
    rotation = look_at(centre, np.zeros(3))
    return View(
        f"{x}.jpg", f"{x}.jpg", 0, (4000, 3000), matrix, (0, 0), rotation, -rotation @ centre
    )


def _photographed(printed: Picture, view: View) -> Picture:
    metres = 1 / (1000 * PIXELS_PER_MM)
    high, wide = printed.shape
    # From a pixel of the page to its place in the scene: x to the right, z up.
    to_scene = np.array(
        [[metres, 0, -wide / 2 * metres], [0, 0, 0], [0, -metres, high / 2 * metres]]
    )
    to_photo = view.matrix @ (view.rotation @ to_scene + np.outer(view.translation, [0, 0, 1]))
    photo = cv2.warpPerspective(
        printed,
        to_photo,
        view.size,
        flags=cv2.INTER_AREA,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=150,
    )
    blurred = cv2.GaussianBlur(photo, (0, 0), 1.2)
    noise = np.random.default_rng(1).normal(0, 3, photo.shape)
    return np.asarray(np.clip(blurred + noise, 0, 255), np.uint8)
