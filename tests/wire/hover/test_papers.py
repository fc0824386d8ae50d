"""The report and the spreadsheet: what stands in them, and what never does."""

import re
from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import httpx
import pytest
from PIL import Image
from pypdf import PdfReader

from doorstep.web.services import Services
from tests.capturing import photo
from tests.cast import Cast
from tests.measuring import GABLE, OPENINGS, WITHOUT_SCALE, publish
from tests.pinned import PinnedDatabase
from tests.wire.hover.asks import ask

XML = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Build = Callable[..., Awaitable[int]]


@pytest.fixture
def build(client: httpx.AsyncClient, db: PinnedDatabase, services: Services, cast: Cast) -> Build:
    """A job whose model was measured so; its id."""

    async def made(record: dict[str, Any] = GABLE, **job: Any) -> int:
        job_id: int = (await ask(client, cast.alice, **job))["pending_job_id"]
        files = {"preview.jpg": photo(1)}
        await publish(db, services, cast.alice, job_id=job_id, record=record, files=files)
        return job_id

    return made


def sheets_in(content: bytes) -> dict[str, list[list[str | float]]]:
    """Name of each sheet to its filled cells: text, or numbers as numbers."""
    with ZipFile(BytesIO(content)) as book:
        shared = ET.fromstring(book.read("xl/sharedStrings.xml"))
        texts = ["".join(one.itertext()) for one in shared]
        listed = ET.fromstring(book.read("xl/workbook.xml")).iter(f"{XML}sheet")
        found = {}
        for number, sheet in enumerate(listed, start=1):
            tree = ET.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
            assert not list(tree.iter(f"{XML}f")), "a formula"
            found[sheet.attrib["name"]] = [
                [
                    texts[int(cell[0].text or "")]
                    if cell.get("t") == "s"
                    else float(cell[0].text or "")
                    for cell in row
                    if len(cell)
                ]
                for row in tree.iter(f"{XML}row")
            ]
    return found


async def test_the_spreadsheet(client: httpx.AsyncClient, cast: Cast, build: Build) -> None:
    job_id = await build(
        GABLE | {"openings": OPENINGS}, name="@SUM(A1)", external_identifier="=1+1"
    )
    answer = await client.get(f"/api/v2/jobs/{job_id}/measurements.xlsx", headers=cast.alice.bearer)
    assert (answer.status_code, answer.headers["content-type"]) == (200, XLSX)
    name = f'inline; filename="measurements-{job_id}.xlsx"'
    assert answer.headers["content-disposition"] == name

    found = sheets_in(answer.content)
    assert list(found) == [
        *("Summary", "Roof", "Pitches", "Walls", "Openings", "Edges", "Not measured"),
    ]
    summary = found["Summary"]
    assert summary[0] == ["Summary", "Value", "± (90 %)", "Unit"]
    assert ["External identifier", "=1+1"] in summary
    assert ["Scale from", "the printed sheet in the photos"] in summary
    assert ["Roof area", 1442.22, 28.84, "sq ft"] in summary
    assert ["Walls, with openings", 1700, 17, "sq ft"] in summary
    assert ["Windows and doors", 2, ""] in summary
    assert ["Their area", 83, 3.91, "sq ft"] in summary
    assert ["Perimeter", 140, "ft"] in summary
    assert found["Roof"] == [
        ["Facet", "Side", "Pitch (degrees)", "± (90 %)", "Rise over 12", "Area (sq ft)", "± (90 %)"],
        ["RF-1", "front", 33.69, 0.25, 8, 721.11, 14.42],
        ["RF-2", "back", 33.69, 0.25, 8, 721.11, 14.42],
    ]  # fmt: skip
    assert found["Walls"][1] == ["SI-1", "front", 40, 0.1, 10, 0.1, 400, 4, 1, 383, 5.09]
    assert found["Openings"] == [
        ["Opening", "Wall", "Kind", "Width (in)", "± (90 %)", "Height (in)", "± (90 %)",
         "Area (sq ft)", "± (90 %)"],
        ["W-1", "SI-1", "window", 48, 1.2, 51.18, 2, 17, 1.09],
        ["D-1", "SI-2", "garage door", 110.24, 1.18, 86.61, 2.76, 66, 2.82],
    ]  # fmt: skip
    assert found["Edges"][1] == ["E-6", "Ridge", 40, 0.16]
    assert len(found["Edges"]) == 13


async def test_the_spreadsheet_without_a_scale(
    client: httpx.AsyncClient, cast: Cast, build: Build
) -> None:
    job_id = await build(WITHOUT_SCALE)
    answer = await client.get(f"/api/v2/jobs/{job_id}/measurements.xlsx", headers=cast.alice.bearer)
    found = sheets_in(answer.content)
    assert ["Scale from", "none: no lengths and no areas"] in found["Summary"]
    assert found["Walls"][1:] == [[f"SI-{number}", side] for number, side in
                                  enumerate(("front", "right", "back", "left"), start=1)]  # fmt: skip
    assert found["Roof"][1] == ["RF-1", "front", 33.69, 8]
    assert found["Not measured"][1] == [
        "the scale", "no sheet was found", "the printed sheet in view",
    ]  # fmt: skip


async def test_the_report(client: httpx.AsyncClient, cast: Cast, build: Build) -> None:
    job_id = await build(
        location_line_1="4312 <b>Łódź</b> & Drive",
        location_city="Santa Maria",
        location_region="CA",
    )
    shown = (await client.get(f"/api/v3/jobs/{job_id}", headers=cast.alice.bearer)).json()
    answer = await client.get(
        shown["models"][0]["artifacts"]["measurements"]["pdf"], headers=cast.alice.bearer
    )
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    text = text_of(answer.content)
    for told in (
        "4312 <b>Łódź</b> & Drive", "Santa Maria, CA", "from the printed sheet in the photos",
        "43 of 44 used", "Bluth Company", "1,442 ± 29 sq ft", "1,700 ± 18 sq ft", "80.0 ± 0.4 ft",
        "72.1 ± 0.7 ft", "40.0 ± 0.1 ft", "400 ± 4 sq ft", "SI-4", "RF-2", "8/12", "1,730 sq ft",
        "Outside corner", "The record states no range for: Footprint, Perimeter, Ridge above",
        "Flashing and trim are not measured yet.",
    ):  # fmt: skip
        assert told.replace(" ", "") in text, told
    assert "Sample" not in text


async def test_the_report_without_a_scale(
    client: httpx.AsyncClient, cast: Cast, build: Build
) -> None:
    job_id = await build(WITHOUT_SCALE)
    answer = await client.get(f"/api/v2/jobs/{job_id}/measurements.pdf", headers=cast.alice.bearer)
    text = text_of(answer.content)
    assert "Thesephotoshavenoscale" in text
    assert "33.7°" in text
    assert "Thescale:nosheetwasfound.Askfortheprintedsheetinview." in text
    assert re.findall(r"\d(?:ft|sqft|m²)", text) == []


async def test_what_a_strange_record_makes_is_a_file(
    client: httpx.AsyncClient, cast: Cast, build: Build
) -> None:
    odd = GABLE | {
        "walls": [
            {"id": "W" * 300, "side": "<x>", "polygon": [[0, 0, 0], [0, 0, 0], [0, 0, 0]]},
            {"id": "SI-9", "polygon": [[1, 2, 3]], "width_m": -1, "height_m": 0, "range": "?"},
        ],
        "roof": [{"id": "RF-1", "polygon": [[0, 0, 1], [0, 0, 2], [0, 0, 3]]}],
        "edges": [{"id": "E-1", "type": "ridge", "ends": [[0, 0, 0]]}, {"type": "&", "ends": []}],
    }
    job_id = await build(odd)
    for kind in ("pdf", "xlsx", "json?version=full_json", "json?version=roof_lines"):
        path = f"/api/v2/jobs/{job_id}/measurements.{kind}"
        answer = await client.get(path, headers=cast.alice.bearer)
        assert answer.status_code == 200, path
    for name in ("front", "front_right", "roof", "footprint"):
        path = f"/api/v2/jobs/{job_id}/wireframe_images/wireframe_{name}.png"
        answer = await client.get(path, headers=cast.alice.bearer)
        assert answer.status_code in (200, 404), path


@pytest.mark.parametrize("name", ["measurements.xml", "cad_export.skp", "cad_export.fml"])
async def test_what_is_not_made_is_said(
    client: httpx.AsyncClient, cast: Cast, build: Build, name: str
) -> None:
    job_id = await build()
    answer = await client.get(f"/api/v2/jobs/{job_id}/{name}", headers=cast.alice.bearer)
    assert answer.status_code == 404
    assert answer.json()["error"] == (
        f"Doorstep makes no {name}. There are measurements as JSON, PDF and XLSX."
    )


async def test_papers_are_the_organizations_own(
    client: httpx.AsyncClient, cast: Cast, build: Build
) -> None:
    job_id = await build()
    draft = (await ask(client, cast.alice))["pending_job_id"]
    for kind in ("pdf", "xlsx"):
        path = f"/api/v2/jobs/{job_id}/measurements.{kind}"
        theirs = await client.get(path, headers=cast.charlie.bearer)
        missing = await client.get(
            f"/api/v2/jobs/99999999/measurements.{kind}", headers=cast.charlie.bearer
        )
        assert (theirs.status_code, theirs.content) == (404, missing.content)
        early = await client.get(
            f"/api/v2/jobs/{draft}/measurements.{kind}", headers=cast.alice.bearer
        )
        assert early.json()["error"] == "There are no measurements yet: the job is uploading."
        assert (await client.get(path)).status_code == 401


async def test_the_job_page_offers_both(
    client: httpx.AsyncClient, cast: Cast, build: Build
) -> None:
    job_id = await build()
    headers = {"accept": "text/html", **cast.alice.cookie("amy")}
    page = (await client.get(f"/jobs/{job_id}/measurements", headers=headers)).text
    for kind, start in (("pdf", b"%PDF-"), ("xlsx", b"PK")):
        path = f"/jobs/{job_id}/measurements.{kind}"
        assert f'href="{path}"' in page
        assert (await client.get(path, headers=headers)).content.startswith(start)
        stranger = await client.get(path, headers=cast.charlie.cookie("charlie"))
        assert stranger.status_code == 404
    draft = (await ask(client, cast.alice))["pending_job_id"]
    none = (await client.get(f"/jobs/{draft}/measurements", headers=headers)).text
    assert "measurements.pdf" not in none


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("front", None), ("front", "compass"), ("front", "top"), ("back_left", None),
        ("roof", None), ("roof", "lengths"), ("roof", "areas"), ("roof", "pitches"),
        ("footprint", None),
    ],
)  # fmt: skip
async def test_wireframes(
    client: httpx.AsyncClient, cast: Cast, build: Build, name: str, version: str | None
) -> None:
    job_id = await build()
    path = f"/api/v2/jobs/{job_id}/wireframe_images/wireframe_{name}.png"
    query = {"version": version} if version else {}
    answer = await client.get(path, params=query, headers=cast.alice.bearer)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    with Image.open(BytesIO(answer.content)) as picture:
        assert picture.size == (1200, 900)
        assert len(picture.convert("L").getcolors() or []) > 8


async def test_wireframes_that_are_not_there(
    client: httpx.AsyncClient, cast: Cast, build: Build
) -> None:
    roof_only, flat = await build(deliverable_id=2), await build(WITHOUT_SCALE)
    whole = await build()

    async def get(job_id: int, name: str) -> httpx.Response:
        path = f"/api/v2/jobs/{job_id}/wireframe_images/wireframe_{name}"
        return await client.get(path, headers=cast.alice.bearer)

    assert (await get(roof_only, "roof.png")).status_code == 200
    kind = "A job with deliverable 2 has no picture of this kind."
    assert (await get(roof_only, "front.png")).json()["error"] == kind
    none = "Nothing in this model has a size, so there is nothing to draw."
    assert (await get(flat, "front.png")).json()["error"] == none
    assert (await get(whole, "floor_plan.png")).status_code == 404
    assert (await get(whole, "attic.png")).status_code == 404
    wrong = await get(whole, "front.png?version=lengths")
    assert wrong.json()["errors"] == {"version": ["must be one of url, compass, top"]}


def text_of(pdf: bytes) -> str:
    """All text of a PDF without its spaces."""
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return re.sub(r"\s", "", text)
