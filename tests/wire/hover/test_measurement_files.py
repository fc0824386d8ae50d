"""`measurements.json` in its published versions, literally, from a house of round numbers."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from doorstep.kit.db import Role
from doorstep.web.services import Services
from tests.cast import Cast
from tests.measuring import GABLE, OPENINGS, WITHOUT_SCALE, publish
from tests.pinned import PinnedDatabase
from tests.wire.hover.asks import ask

NO_SIDING = {"siding": None, "other": None}
NO_LINE = {"area": None, "total": None, "length": None}
SUMMARY = {
    "area": {
        "facades": NO_SIDING,
        "openings": NO_SIDING,
        "unknown": NO_SIDING,
        "total": {"siding": 1700, "other": None},
    },
    "openings": {
        "quantity": NO_SIDING,
        "tops_length": NO_SIDING,
        "sills_length": NO_SIDING,
        "sides_length": NO_SIDING,
        "total_perimeter": NO_SIDING,
    },
    "siding_waste": {
        "zero": None,
        "plus_10_percent": None,
        "plus_18_percent": None,
        "with_openings": None,
        "openings_plus_10_percent": None,
        "openings_plus_18_percent": None,
    },
    "trim": {
        "level_starter": NO_SIDING,
        "sloped_trim": NO_SIDING,
        "vertical_trim": NO_SIDING,
    },
    "roofline": {
        "eaves_fascia": {"length": 80, "avg_depth": None, "soffit_area": None},
        "level_frieze_board": {"length": 80, "avg_depth": None, "soffit_area": None},
        "rakes_fascia": {"length": 72.11, "avg_depth": None, "soffit_area": None},
        "sloped_frieze_board": {"length": 72.11, "avg_depth": None, "soffit_area": None},
    },
    "corners": {
        "inside_corners_qty": {"siding": 0, "other": None},
        "inside_corners_len": {"siding": 0, "other": None},
        "outside_corners_qty": {"siding": 4, "other": None},
        "outside_corners_len": {"siding": 40, "other": None},
    },
    "accessories": {
        "shutter_qty": NO_SIDING,
        "shutter_area": NO_SIDING,
        "vents_qty": NO_SIDING,
        "vents_area": NO_SIDING,
    },
    "roof": {
        "roof_facets": {"area": 1442, "total": 2, "length": None},
        "ridges_hips": {"area": None, "total": 1, "length": 40},
        "valleys": {"area": None, "total": 0, "length": 0},
        "rakes": {"area": None, "total": 4, "length": 72.11},
        "gutters_eaves": {"area": None, "total": 2, "length": 80},
        "flashing": NO_LINE,
        "step_flashing": NO_LINE,
        "pitch": [{"roof_pitch": "8/12", "area": 1442, "percentage": 100}],
        "waste_factor": {
            "area": {
                "zero": 1442,
                "plus_5_percent": 1514,
                "plus_10_percent": 1586,
                "plus_15_percent": 1658,
                "plus_20_percent": 1730,
            }
        },
    },
}
NO_WASTE = SUMMARY["siding_waste"]
ROOF = {
    "measurements": {
        "ridges": 40,
        "hips": 0,
        "valleys": 0,
        "rakes": 72.11,
        "gutters_eaves": 80,
        "flashing": None,
        "step_flashing": None,
    },
    "facets": [
        {"facet": "RF-1", "area": 721, "pitch": 8},
        {"facet": "RF-2", "area": 721, "pitch": 8},
    ],
    "area": {"facets": 2, "total": 1442},
    "pitch": [{"roof_pitch": "8/12", "area": 1442, "percentage": "100.00%"}],
}
SIDES = (
    *("front", "front_right", "right", "right_back"),
    *("back", "back_left", "left", "left_front"),
)


def facade(name: str, *, area: int, level: float, sloped: float) -> dict[str, Any]:
    return {
        "facade": name,
        "area": None,
        "area_with_openings": area,
        "shutters": None,
        "vents": None,
        "area_with_waste_factor_calculation": NO_WASTE,
        "trim": {"level_starter": None, "sloped": None, "vertical": None},
        "corners": {
            "inside_number": None,
            "inside_length": None,
            "outside_number": None,
            "outside_length": None,
        },
        "roofline": {"level_frieze_board": level, "sloped_frieze_board": sloped},
        "openings": {"tops": None, "sills": None, "sides": None, "openings_total": None},
    }


Get = Callable[..., Awaitable[httpx.Response]]
Built = dict[str, Any]


@pytest.fixture
def get(client: httpx.AsyncClient, cast: Cast) -> Get:
    """Read an address as Alice's integration."""

    async def read(path: str, **query: Any) -> httpx.Response:
        return await client.get(path, params=query, headers=cast.alice.bearer)

    return read


@pytest.fixture
async def build(
    client: httpx.AsyncClient, db: PinnedDatabase, services: Services, cast: Cast
) -> Callable[..., Awaitable[tuple[int, int]]]:
    """A job whose model was measured so; (job id, model id)."""

    async def made(record: dict[str, Any] = GABLE, **job: Any) -> tuple[int, int]:
        asked = await ask(client, cast.alice, **job)
        job_id = asked["pending_job_id"]
        await publish(db, services, cast.alice, job_id=job_id, record=record)
        shown = await client.get(f"/api/v3/jobs/{job_id}", headers=cast.alice.bearer)
        return job_id, shown.json()["models"][0]["id"]

    return made


async def test_the_summary(get: Get, build: Any) -> None:
    job_id, model_id = await build()
    for path in (
        f"/api/v3/models/{model_id}/artifacts/measurements.json",
        f"/api/v2/jobs/{job_id}/measurements.json",
        f"/api/v1/jobs/{job_id}/measurements.json",
    ):
        for query in ({"version": "summarized_json"}, {}, {"current_user_email": ""}):
            answer = await get(path, **query)
            assert (answer.status_code, answer.json()) == (200, SUMMARY)
            assert "doorstep-sample" not in answer.headers


async def test_everything(get: Get, build: Any) -> None:
    job_id, model_id = await build(
        location_line_1="1 Balboa Ave", location_city="Newport", location_region="CA",
        location_postal_code="92661", external_identifier="X-1",
    )  # fmt: skip
    answer = await get(f"/api/v2/jobs/{job_id}/measurements.json", version="full_json")

    start = f"http://127.0.0.1:8000/api/v3/models/{model_id}/artifacts/wireframe"
    found = answer.json()
    roof, wireframes = found.pop("roof"), found.pop("wireframes")
    assert found == {
        "version": 1,
        "summary": SUMMARY
        | {
            "address": "1 Balboa Ave, Newport, CA 92661",
            "property_id": job_id,
            "external_identifier": "X-1",
        },
        "footprint": {
            "stories": None,
            "perimeter": 140,
            "area": 1200,
            "wireframe_url": f"{start}_footprint.png",
        },
        "elevations": {
            "sides": {
                "front": {"total": None, "area_per_label": [{"SI-1": None}]},
                "right": {"total": None, "area_per_label": [{"SI-2": None}]},
                "left": {"total": None, "area_per_label": [{"SI-4": None}]},
                "back": {"total": None, "area_per_label": [{"SI-3": None}]},
            }
        },
        "facades": {
            "siding": [
                facade("SI-1", area=400, level=40, sloped=0),
                facade("SI-2", area=450, level=0, sloped=36.06),
                facade("SI-3", area=400, level=40, sloped=0),
                facade("SI-4", area=450, level=0, sloped=36.06),
            ]
        },
        "openings": {"windows": [], "window_groups": [], "doors": []},
        "captured_images": [],
    }
    assert roof == ROOF | {
        "wireframe_facets_url": f"{start}_roof.png",
        "wireframe_measurements_url": f"{start}_roof.png?version=lengths",
        "wireframe_areas_url": f"{start}_roof.png?version=areas",
        "wireframe_pitches_url": f"{start}_roof.png?version=pitches",
    }
    assert wireframes == {
        side: {
            "wireframe_url": f"{start}_{side}.png",
            "compass_url": f"{start}_{side}.png?version=compass",
            "top_url": f"{start}_{side}.png?version=top",
            "metadata": {"version": 1},
        }
        for side in SIDES
    }


async def test_the_shapes_say_where_they_are(get: Get, build: Any) -> None:
    job_id, model_id = await build()
    place = f"http://127.0.0.1:8000/api/v3/models/{model_id}/artifacts"
    files = {kind: f"{place}/measurements.{kind}" for kind in ("pdf", "json", "xlsx")}
    pictures = {
        **{
            side: {
                "url": f"{place}/wireframe_{side}.png",
                "compass": f"{place}/wireframe_{side}.png?version=compass",
                "top": f"{place}/wireframe_{side}.png?version=top",
            }
            for side in SIDES
        },
        "roof": {
            "url": f"{place}/wireframe_roof.png",
            **{
                version: f"{place}/wireframe_roof.png?version={version}"
                for version in ("top", "lengths", "areas", "pitches")
            },
        },
        "footprint": f"{place}/wireframe_footprint.png",
    }
    new = (await get(f"/api/v3/jobs/{job_id}")).json()["models"][0]["artifacts"]
    assert new == {
        "measurements": files,
        "wireframe_images": pictures,
        "model_3d": {"url": None, "glb": None},
        "exports": {"skp": None, "esx": None, "fml": None, "xml": None},
    }
    old = (await get(f"/api/v2/jobs/{job_id}")).json()["models"][0]
    assert old["pro_premium_measurements"] == files
    assert old["roof_measurements"] is None
    assert old["wireframe_roof"] == pictures["roof"]
    assert old["wireframe_footprint"] == {"url": pictures["footprint"]}
    assert old["wireframe_total_living_area"] == {}

    flat, _ = await build(WITHOUT_SCALE, deliverable_id=2)
    new = (await get(f"/api/v3/jobs/{flat}")).json()["models"][0]["artifacts"]
    assert new["measurements"]["json"] is not None
    assert new["wireframe_images"]["roof"]["url"] is None
    old = (await get(f"/api/v2/jobs/{flat}")).json()["models"][0]
    assert old["roof_measurements"] == new["measurements"]
    assert old["wireframe_roof"] == {}


async def test_roof_lines(get: Get, build: Any) -> None:
    job_id, _ = await build()
    answer = await get(f"/api/v2/jobs/{job_id}/measurements.json", version="roof_lines")

    found = answer.json()
    assert found["version"] == 1
    assert found["lines"][0] == {
        "line": "E-6",
        "type": "ridge",
        "length": 40,
        "points": [[-20, 0], [20, 0]],
    }
    assert [one["type"] for one in found["lines"]] == ["ridge", *["eave"] * 2, *["rake"] * 4]
    assert found["facets"][0] == {
        "facet": "RF-1",
        "pitch": 8,
        "area": 721,
        "points": [[-20, -15], [20, -15], [20, 0], [-20, 0]],
    }


async def test_the_record_and_the_footprint(get: Get, build: Any) -> None:
    job_id, _ = await build()
    answer = await get(f"/api/v2/jobs/{job_id}/measurements.json", version="record")
    assert answer.json() == GABLE

    living, _ = await build(deliverable_id=6)
    answer = await get(f"/api/v2/jobs/{living}/measurements.json", version="sketch_json")
    footprint = {"stories": None, "perimeter": 140, "area": 1200, "wireframe_url": None}
    assert answer.json() == {"version": 1, "footprint": footprint}


async def test_openings_are_listed_and_summed(get: Get, build: Any) -> None:
    job_id, _ = await build(GABLE | {"openings": OPENINGS})
    path = f"/api/v2/jobs/{job_id}/measurements.json"
    everything = (await get(path, version="full_json")).json()
    assert everything["openings"] == {
        "windows": [
            {"opening": "W-1", "width_x_height": '48" x 51"', "united_inches": '99"', "area": 17}
        ],
        "window_groups": [],
        "doors": [{"opening": "D-1", "width_x_height": '110" x 87"', "area": 66}],
    }
    # On the walls SI-3 and SI-4 none was found, and none can be hidden.
    assert everything["summary"]["openings"]["quantity"] == {"siding": 2, "other": None}
    assert everything["summary"]["area"]["openings"] == {"siding": 83, "other": None}
    hidden = [{**wall, "net_area_m2": None} for wall in GABLE["walls"]]
    job_id, _ = await build(GABLE | {"walls": hidden, "openings": OPENINGS})
    summary = (await get(f"/api/v2/jobs/{job_id}/measurements.json")).json()
    assert summary["openings"] == SUMMARY["openings"]
    assert summary["area"] == SUMMARY["area"]


async def test_without_a_scale_there_are_counts_and_pitches_only(get: Get, build: Any) -> None:
    job_id, _ = await build(WITHOUT_SCALE)
    path = f"/api/v2/jobs/{job_id}/measurements.json"
    summary = (await get(path)).json()
    everything = (await get(path, version="full_json")).json()
    lines = (await get(path, version="roof_lines")).json()

    assert summary["roof"]["roof_facets"] == {"area": None, "total": 2, "length": None}
    assert summary["roof"]["pitch"] == [{"roof_pitch": "8/12", "area": None, "percentage": None}]
    assert summary["roof"]["gutters_eaves"] == {"area": None, "total": 2, "length": None}
    assert summary["corners"]["outside_corners_qty"]["siding"] == 4
    assert summary["corners"]["outside_corners_len"]["siding"] is None
    assert everything["roof"]["facets"][0] == {"facet": "RF-1", "area": None, "pitch": 8}
    assert everything["footprint"]["wireframe_url"] is None
    assert everything["wireframes"]["front"]["wireframe_url"] is None
    assert lines["lines"][0] == {"line": "E-6", "type": "ridge", "length": None, "points": None}
    pitches = {"8/12", 8}
    assert set(_numbers(everything["roof"]["facets"])) <= pitches
    assert set(_numbers({**summary, "roof": None, "corners": None})) == set()


async def test_lengths_without_a_scale_are_not_believed(get: Get, build: Any) -> None:
    unscaled = {"scale": {"source": "none", "relative_uncertainty": None}, "openings": OPENINGS}
    job_id, _ = await build(GABLE | unscaled)
    path = f"/api/v2/jobs/{job_id}/measurements.json"
    summary = (await get(path)).json()
    everything = (await get(path, version="full_json")).json()

    assert summary["area"]["total"] == NO_SIDING
    assert summary["roof"]["roof_facets"] == {"area": None, "total": 2, "length": None}
    assert summary["roofline"]["eaves_fascia"]["length"] is None
    assert everything["footprint"]["area"] is None
    assert everything["openings"]["windows"] == []
    assert {one["area_with_openings"] for one in everything["facades"]["siding"]} == {None}
    assert {one["area"] for one in everything["roof"]["facets"]} == {None}
    assert (await get(path, version="roof_lines")).json()["lines"][0]["points"] is None


async def test_nothing_is_summed_from_parts_that_are_not_all_known(get: Get, build: Any) -> None:
    gone = {"what": "left wall, SI-4", "why": "hardly any of it could be measured", "ask_for": ""}
    unroofed = GABLE | {"walls": GABLE["walls"][:3], "unseen": [gone]}
    job_id, _ = await build(unroofed)
    summary = (await get(f"/api/v2/jobs/{job_id}/measurements.json")).json()
    assert summary["area"]["total"] == NO_SIDING
    assert summary["roofline"]["level_frieze_board"]["length"] is None
    assert summary["corners"]["outside_corners_qty"] == NO_SIDING
    assert summary["roof"] == SUMMARY["roof"]

    bare = {name: GABLE["roof"][1][name] for name in ("id", "side", "pitch_deg", "pitch_over_12")}
    reach = {"what": "how far the roof reaches, RF-2", "why": "contradiction", "ask_for": ""}
    job_id, _ = await build(GABLE | {"roof": [GABLE["roof"][0], bare], "unseen": [reach]})
    roof = (await get(f"/api/v2/jobs/{job_id}/measurements.json")).json()["roof"]
    assert roof["roof_facets"] == NO_LINE
    assert roof["gutters_eaves"] == NO_LINE
    assert roof["pitch"] == [{"roof_pitch": "8/12", "area": None, "percentage": None}]
    assert roof["waste_factor"]["area"]["zero"] is None


@pytest.mark.parametrize("kind", ["window", "door"])
async def test_a_hidden_opening_leaves_the_sums_of_the_walls(
    get: Get, build: Any, kind: str
) -> None:
    what = f"a {kind} on the front wall, SI-1, 1.9 m from its left corner"
    window = {"what": what, "why": "half"}
    job_id, _ = await build(GABLE | {"openings": OPENINGS, "unseen": [window]})
    summary = (await get(f"/api/v2/jobs/{job_id}/measurements.json")).json()

    assert summary["openings"]["quantity"] == {"siding": None, "other": None}
    assert summary["area"]["openings"] == {"siding": None, "other": None}
    assert summary["corners"]["outside_corners_qty"]["siding"] == 4
    whole, _ = await build(GABLE | {"openings": OPENINGS})
    other = (await get(f"/api/v2/jobs/{whole}/measurements.json")).json()
    assert summary["area"]["total"] == other["area"]["total"] != NO_SIDING


async def test_two_walls_on_one_side_hide_a_part_of_each_other(get: Get, build: Any) -> None:
    wing = GABLE["walls"][0] | {"id": "SI-5"}
    job_id, _ = await build(GABLE | {"walls": [*GABLE["walls"], wing]})
    summary = (await get(f"/api/v2/jobs/{job_id}/measurements.json")).json()
    assert summary["area"]["total"] == NO_SIDING


@pytest.mark.parametrize(
    ("deliverable_id", "version", "text"),
    [
        (3, "paint_measurements", "Doorstep makes no paint_measurements."),
        (3, "sketch_json", "A job with deliverable 3 has no sketch_json."),
        (6, "summarized_json", "A job with deliverable 6 has no summarized_json."),
        (2, "paint_measurements", "A job with deliverable 2 has no paint_measurements."),
    ],
)
async def test_what_an_order_does_not_have(
    get: Get, build: Any, deliverable_id: int, version: str, text: str
) -> None:
    job_id, _ = await build(deliverable_id=deliverable_id)
    answer = await get(f"/api/v2/jobs/{job_id}/measurements.json", version=version)
    assert (answer.status_code, answer.json()) == (404, {"error": text, "code": "not_found"})


async def test_bad_input(get: Get, build: Any) -> None:
    job_id, _ = await build()
    path = f"/api/v2/jobs/{job_id}/measurements.json"
    answer = await get(path, version="metric")
    assert answer.status_code == 422
    known = "summarized_json, full_json, sketch_json, roof_lines, paint_measurements, record"
    assert answer.json()["errors"] == {"version": [f"must be one of {known}"]}
    answer = await get(path, current_user_email="nobody@example.com")
    assert list(answer.json()["errors"]) == ["current_user_email"]


async def test_not_before_the_job_is_complete(
    client: httpx.AsyncClient, get: Get, build: Any, cast: Cast, db: PinnedDatabase
) -> None:
    draft = (await ask(client, cast.alice))["pending_job_id"]
    answer = await get(f"/api/v2/jobs/{draft}/measurements.json")
    text = "There are no measurements yet: the job is uploading."
    assert (answer.status_code, answer.json()) == (404, {"error": text, "code": "not_found"})

    job_id, _ = await build()
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        await tx.execute("UPDATE jobs SET state = 'working' WHERE id = $1", job_id)
    answer = await get(f"/api/v2/jobs/{job_id}/measurements.json")
    assert answer.json()["error"] == "There are no measurements yet: the job is working."
    shown = (await get(f"/api/v3/jobs/{job_id}")).json()["models"][0]["artifacts"]
    assert shown["measurements"] == {"pdf": None, "json": None, "xlsx": None}


async def test_a_record_that_cannot_be_read_is_none(get: Get, build: Any) -> None:
    job_id, _ = await build({**GABLE, "version": 2})
    answer = await get(f"/api/v2/jobs/{job_id}/measurements.json")
    assert answer.status_code == 404
    assert answer.json()["error"] == "This job's model was built without measurements."


async def test_another_organization_finds_what_was_never_there(
    client: httpx.AsyncClient, build: Any, cast: Cast
) -> None:
    job_id, model_id = await build()
    answers = [
        await client.get(path, headers=cast.charlie.bearer)
        for path in (
            f"/api/v2/jobs/{job_id}/measurements.json",
            f"/api/v3/models/{model_id}/artifacts/measurements.json",
            "/api/v2/jobs/999999999/measurements.json",
            "/api/v3/models/999999999/artifacts/measurements.json",
            "/api/v3/models/x/artifacts/measurements.json",
        )
    ]
    assert {(one.status_code, one.content) for one in answers} == {
        (404, b'{"error":"There is nothing here.","code":"not_found"}')
    }
    answer = await client.get(f"/api/v2/jobs/{job_id}/measurements.json")
    assert answer.status_code == 401


def _numbers(value: Any) -> list[Any]:
    """Every number in a tree."""
    if isinstance(value, dict):
        return [one for part in value.values() for one in _numbers(part)]
    if isinstance(value, list):
        return [one for part in value for one in _numbers(part)]
    return [] if isinstance(value, bool) or not isinstance(value, int | float) else [value]
