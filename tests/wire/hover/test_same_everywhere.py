"""One record in all its files: the same labels, the same numbers, sums that agree."""

import html
import re
from typing import Any

import httpx
import pytest

from doorstep.web.services import Services
from tests.cast import Cast
from tests.measuring import FURNISHED, publish, report_of
from tests.pinned import PinnedDatabase
from tests.wire.hover.asks import ask
from tests.wire.hover.test_papers import sheets_in, text_of

LABELS = {
    *("SI-1", "SI-2", "SI-3", "SI-4", "RF-1", "RF-2"),
    *("W-1", "W-2", "W-3", "W-4", "D-1", "D-2"),
}
EDGES = {f"E-{number}" for number in range(1, 13)}
AGREE = 0.001


@pytest.fixture
async def files(
    client: httpx.AsyncClient, db: PinnedDatabase, services: Services, cast: Cast
) -> dict[str, Any]:
    """Every file of the furnished house, and its page."""
    job_id: int = (await ask(client, cast.alice))["pending_job_id"]
    await publish(db, services, cast.alice, job_id=job_id, record=FURNISHED, files=witnessed())

    async def get(path: str) -> httpx.Response:
        return await client.get(f"/api/v2/jobs/{job_id}/{path}", headers=cast.alice.bearer)

    headers = {"accept": "text/html", **cast.alice.cookie("amy")}
    page = (await client.get(f"/jobs/{job_id}/measurements", headers=headers)).text
    page = page.split('aria-labelledby="measurements">')[1].split("</section>")[0]
    return {
        "summary": (await get("measurements.json")).json(),
        "full": (await get("measurements.json?version=full_json")).json(),
        "lines": (await get("measurements.json?version=roof_lines")).json(),
        "record": (await get("measurements.json?version=record")).json(),
        "sheets": sheets_in((await get("measurements.xlsx")).content),
        "report": text_of((await get("measurements.pdf")).content),
        "page": html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))),
    }


def witnessed() -> dict[str, bytes]:
    """The engine's report with two witnesses of the scale."""
    import json

    found = report_of(FURNISHED)
    sheet = {"name": "front", "source": "marker", "metres_per_unit": 4.008, "sigma_share": 0.002}
    door = {"name": "garage_door", "source": "known_length", "metres_per_unit": 4.1}
    found["stages"].append(
        {
            "stage": "scale",
            "figures": {
                "metres_per_unit": 4.0,
                "observations": [
                    sheet | {"photos": ["a", "b", "c"], "used": True, "reason": ""},
                    door
                    | {"sigma_share": 0.004, "photos": ["a", "b"], "used": False}
                    | {"reason": "off by 2.5 %"},
                ],
            },
        }
    )
    return {"report.json": json.dumps(found).encode()}


async def test_the_same_labels(files: dict[str, Any]) -> None:
    full, sheets = files["full"], files["sheets"]
    assert {facade["facade"] for rows in full["facades"].values() for facade in rows} | {
        facet["facet"] for facet in full["roof"]["facets"]
    } | {one["opening"] for rows in full["openings"].values() for one in rows} == LABELS
    assert {row[0] for name in ("Walls", "Roof", "Openings") for row in sheets[name][1:]} == LABELS
    assert {row[0] for row in sheets["Edges"][1:]} == EDGES
    assert {line["line"] for line in files["lines"]["lines"]} < EDGES
    for name in LABELS | EDGES:
        assert name in files["report"], name
        assert f" {name} " in files["page"], name


async def test_openings_in_all_files(files: dict[str, Any]) -> None:
    assert files["summary"]["area"] == {
        "facades": {"siding": 1176, "other": 387},
        "openings": {"siding": 74, "other": 63},
        "unknown": {"siding": None, "other": None},
        "total": {"siding": 1250, "other": 450},
    }
    assert files["summary"]["openings"] == {
        "quantity": {"siding": 5, "other": 1},
        "tops_length": {"siding": 15.5, "other": 9},
        "sills_length": {"siding": 12.5, "other": 0},
        "sides_length": {"siding": 46.4, "other": 14},
        "total_perimeter": {"siding": 74.4, "other": 23},
    }
    assert files["summary"]["siding_waste"] == {
        "zero": 1176,
        "plus_10_percent": 1294,
        "plus_18_percent": 1388,
        "with_openings": 1209,
        "openings_plus_10_percent": 1330,
        "openings_plus_18_percent": 1427,
    }
    first = files["full"]["facades"]["siding"][0]
    assert (first["facade"], first["area"], first["area_with_openings"]) == ("SI-1", 347, 400)
    assert first["openings"] == {"tops": 10, "sills": 7, "sides": 32, "openings_total": 3}
    assert first["area_with_waste_factor_calculation"]["openings_plus_10_percent"] == 395
    assert files["full"]["facades"]["brick"] == [
        {
            "facade": "SI-2",
            "area": 387,
            "area_with_openings": 450,
            "shutters": None,
            "vents": None,
            "openings": {"openings_total": 1},
        }
    ]
    assert files["full"]["openings"]["doors"] == [
        {"opening": "D-1", "width_x_height": '36" x 84"', "area": 21},
        {"opening": "D-2", "width_x_height": '108" x 84"', "area": 63},
    ]
    sheets = files["sheets"]
    assert sheets["Walls"][2] == [
        *("SI-2", "right", "brick", 30, 0.1, 10, 0.1, 450, 4.5, 1, 387, 5.85)
    ]
    assert sheets["Openings"][4] == ["D-2", "SI-2", "garage door", 108, 0.79, 84, 1.18, 63, 1.35]
    assert ["Walls, without openings", 1563, 21.39, "sq ft"] in sheets["Summary"]
    assert ["Windows and doors", 6, ""] in sheets["Summary"]
    assert ["Their area", 137, 4.39, "sq ft"] in sheets["Summary"]
    for told in ("1,563±22sqft", "137±5sqft", "108.0±0.8in", "Windowsanddoors6", "63±2sqft"):
        assert told in files["report"], told
    assert "SI-2 Right, Brick" in files["page"]
    assert "450 ± 5 sq ft 41.8 ± 0.5 m² 387 ± 6 sq ft 36.0 ± 0.6 m²" in files["page"]
    assert "D-2 Garage door in SI-2 108.0 ± 0.8 in 274 ± 2 cm" in files["page"]


async def test_sums_agree_within_files_and_between_them(files: dict[str, Any]) -> None:
    full, sheets, summary = files["full"], files["sheets"], files["summary"]
    facades = [one for rows in full["facades"].values() for one in rows]
    openings = [one for rows in full["openings"].values() for one in rows]
    both = summary["area"]
    agree = [
        (sum(one["area"] for one in facades), 1563),
        (sum(one["area_with_openings"] for one in facades), 1700),
        (sum(one["area"] for one in openings), 137),
        (sum(side["total"] for side in full["elevations"]["sides"].values()), 1563),
        (both["facades"]["siding"] + both["facades"]["other"], 1563),
        (both["total"]["siding"] + both["total"]["other"], 1700),
        (sum(row[10] for row in sheets["Walls"][1:]), 1563),
        (sum(row[7] for row in sheets["Walls"][1:]), 1700),
        (sum(row[7] for row in sheets["Openings"][1:]), 137),
        (sum(facet["area"] for facet in full["roof"]["facets"]), 1442),
        (sum(one["area"] for one in full["roof"]["pitch"]), 1442),
        (sum(row[5] for row in sheets["Roof"][1:]), 1442),
        (sum(facet["area"] for facet in files["lines"]["facets"]), 1442),
        (sum(line["length"] for line in files["lines"]["lines"] if line["type"] == "rake"), 72.11),
        (sum(row[2] for row in sheets["Edges"][1:] if row[1] == "Rake"), 72.11),
        (summary["roof"]["rakes"]["length"], 72.11),
        (sum(wall["area_m2"] for wall in files["record"]["walls"]) / 0.3048**2, 1700),
        (sum(wall["net_area_m2"] for wall in files["record"]["walls"]) / 0.3048**2, 1563),
    ]
    assert [one for one in agree if one[0] != pytest.approx(one[1], rel=AGREE)] == []


async def test_ranges_of_the_whole_and_the_witnesses_of_the_scale(files: dict[str, Any]) -> None:
    assert "Footprint 1,200 ± 12 sq ft 111.5 ± 1.2 m²" in files["page"]
    assert "Ridge above ground 20.0 ± 0.2 ft" in files["page"]
    assert "states no range" not in files["page"]
    assert "statesnorange" not in files["report"]
    assert ["Perimeter", 140, 0.2, "ft"] in files["sheets"]["Summary"]
    for told in (
        "thesizescomefromtheprintedsheetinthephotos",
        "rangeof±0.3%",
        "frontPrintedsheet3±0.3%+0.2%",
        "garagedoorKnownlength2±0.7%leftout:offby2.5%",
    ):
        assert told in files["report"], told
