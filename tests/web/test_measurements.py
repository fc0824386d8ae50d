"""The measurements on a job's page: what the record holds, and nothing else."""

import html
import json
import re
from typing import Any

import pytest

from doorstep.auth.scopes import open_scope
from doorstep.captures.model import CaptureRequest
from doorstep.jobs.model import JobState
from doorstep.kit.db import Database
from doorstep.web.services import Services
from tests.cast import STAGE, Cast
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk
from tests.web.test_job import bring_to, put_build

DONE = [JobState.PROCESSING_UPLOAD, JobState.WORKING, JobState.COMPLETE]
WALL = {"id": "SI-1", "side": "front", "seen": 1.0, "photos": ["a.jpg"]}
SLOPE = {
    "id": "RF-1",
    "side": "left",
    "pitch_deg": 29.83,
    "pitch_range_deg": 0.25,
    "pitch_over_12": 6.88,
}
SHAPES: dict[str, Any] = {
    "version": 1,
    "scale": {"source": "none", "relative_uncertainty": None},
    "photos": {"given": 44, "registered": 43},
    "walls": [WALL],
    "roof": [SLOPE],
    "edges": [{"id": "E-1", "type": "ridge"}, {"id": "E-2", "type": "outside_corner"}],
    "openings": [],
    "unseen": [
        {
            "what": "left wall, SI-4",
            "why": "hardly any of it could be measured.",
            "ask_for": "spot left side",
        }
    ],
}
METRIC: dict[str, Any] = SHAPES | {
    "scale": {"source": "marker", "relative_uncertainty": 0.002},
    "footprint": {"area_m2": 125.79, "perimeter_m": 48.831},
    "ridge_height_m": 8.306,
    "walls": [
        WALL
        | {
            "width_m": 12.186,
            "width_range_m": 0.049,
            "height_m": 5.604,
            "height_range_m": 0.041,
            "area_m2": 68.29,
            "range": 0.0118,
        },
        WALL | {"id": "SI-2", "width_m": 8.0, "width_range_m": 0.05},
    ],
    "roof": [SLOPE | {"area_m2": 72.14, "range": 0.0135}],
    "edges": [{"id": "E-1", "type": "ridge", "length_m": 12.914, "range_m": 0.065}],
}


async def put_record(
    db: Database, services: Services, *, org_id: int, build_id: object, content: bytes | None
) -> None:
    """Publish these bytes as a build's measurements; None leaves the file lost."""
    key = f"builds/{build_id}/measurements.json"
    if content is not None:
        await services.storage.put(key, content)
    async with open_scope(db, org_id=org_id, actor=STAGE) as scope:
        await scope.tx.execute(
            "INSERT INTO build_files (org_id, build_id, tree, name, key, bytes, media_type) "
            "VALUES ($1, $2, 'org', 'measurements.json', $3, $4, 'application/json')",
            scope.org_id,
            build_id,
            key,
            len(content or b""),
        )


@pytest.fixture
def page_with(db: PinnedDatabase, services: Services, cast: Cast, asked: CaptureRequest) -> Any:
    """Build a model with this record; the text of the page's section, as a member reads it."""

    async def read(desk: Desk, content: bytes | None) -> str:
        await bring_to(db, cast, job_id=asked.job_id, states=DONE)
        build_id = await put_build(db, services, cast, job_id=asked.job_id, state="complete")
        await put_record(db, services, org_id=cast.alice.org_id, build_id=build_id, content=content)
        text = (await desk.get(f"/jobs/{asked.job_id}/measurements")).text
        section = text.split('aria-labelledby="measurements">')[1].split("</section>")[0]
        return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", section))).strip()

    return read


async def test_with_a_scale_each_number_has_its_range(page_with: Any, amy: Desk) -> None:
    text = await page_with(amy, json.dumps(METRIC).encode())

    assert "The scale comes from the printed sheet in the photos" in text
    assert "the shapes from 43 of 44 photos" in text
    assert (
        "SI-1 Front 40.0 ± 0.2 ft 12.19 ± 0.05 m 18.4 ± 0.2 ft 5.60 ± 0.05 m "
        "735 ± 9 sq ft 68.3 ± 0.9 m²"
    ) in text
    assert "SI-2 Front 26.2 ± 0.2 ft 8.00 ± 0.05 m not measured not measured" in text
    assert "RF-1 Left 29.8 ± 0.3° 6.9/12 777 ± 11 sq ft 72.1 ± 1.0 m²" in text
    assert "Edges, one by one (1) Edges Edge Length E-1 Ridge 42.4 ± 0.3 ft 12.91 ± 0.07 m" in text
    assert "Footprint 1,354 sq ft 125.8 m²" in text
    assert "Ridge above ground 27.3 ft 8.31 m" in text
    assert "The record states no range for these." in text
    assert (
        "Left wall, SI-4: hardly any of it could be measured. Ask for photos from the left side."
    ) in text


async def test_without_a_scale_there_are_shapes_and_pitches_only(
    page_with: Any, alice: Desk
) -> None:
    text = await page_with(alice, json.dumps(SHAPES).encode())

    assert "These photos have no scale, so there are no lengths and no areas" in text
    assert "SI-1 Front" in text
    assert "RF-1 Left 29.8 ± 0.3° 6.9/12" in text
    assert "Edges made out: outside corner 1, ridge 1." in text
    assert re.findall(r"\d (?:m|m²|ft|sq ft)\b", text) == []


async def test_lengths_without_a_scale_are_not_believed(page_with: Any, alice: Desk) -> None:
    text = await page_with(alice, json.dumps(METRIC | {"scale": {"source": "none"}}).encode())

    assert "These photos have no scale" in text
    assert re.findall(r"\d (?:m|m²|ft|sq ft)\b", text) == []


async def test_what_a_record_says_is_only_text(page_with: Any, alice: Desk) -> None:
    strange = SHAPES | {
        "scale": {"source": "marker"},
        "walls": [{"id": "<b>x</b>", "side": "front", "width_m": 10**400}, "no wall"],
        "roof": [SLOPE | {"pitch_deg": "steep", "pitch_over_12": True, "area_m2": float("nan")}],
        "edges": 7,
        "unseen": [{}],
        "photos": None,
    }

    text = await page_with(alice, json.dumps(strange).encode())

    assert "<b>x</b> Front not measured not measured not measured" in text
    assert "RF-1 Left not measured not measured" in text
    assert "Not measured" not in text


@pytest.mark.parametrize(
    "content",
    [None, b"", b"{", b"[]", b"\xff", json.dumps(SHAPES | {"version": 2}).encode()],
)
async def test_a_record_that_cannot_be_read_is_said_so(
    page_with: Any, alice: Desk, content: bytes | None
) -> None:
    text = await page_with(alice, content)

    assert text == "Measurements The measurements could not be read. The file is under Files."


async def test_a_model_without_a_record_and_one_that_is_being_built(
    db: PinnedDatabase, services: Services, cast: Cast, alice: Desk, asked: CaptureRequest
) -> None:
    await bring_to(db, cast, job_id=asked.job_id, states=DONE)
    build_id = await put_build(db, services, cast, job_id=asked.job_id, state="complete")
    without = (await alice.get(f"/jobs/{asked.job_id}")).text
    assert "This model was built without measurements. Nothing here is guessed." in without

    content = json.dumps(METRIC).encode()
    await put_record(db, services, org_id=cast.alice.org_id, build_id=build_id, content=content)
    await bring_to(db, cast, job_id=asked.job_id, states=[JobState.PROCESSING_UPLOAD])
    again = (await alice.get(f"/jobs/{asked.job_id}")).text
    assert "No numbers yet." in again
    assert "SI-1" not in again
