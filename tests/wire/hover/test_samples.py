"""A test job that completes is given the sample house, marked as one wherever it shows."""

from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from doorstep.events import actions as events
from doorstep.kit.db import Role
from doorstep.web.services import Services
from doorstep.worker.main import fan_out
from tests.background import take
from tests.cast import Cast
from tests.pinned import PinnedDatabase
from tests.wire.hover.asks import ask
from tests.wire.hover.test_rehearsals import finish_all


@pytest.fixture
async def tested(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, services: Services
) -> dict[str, Any]:
    """A job of Alice's organization that `set_test_state` has completed, as v3 shows it."""
    asked = await ask(client, cast.alice)
    answer = await client.patch(
        f"/api/v2/jobs/{asked['pending_job_id']}/set_test_state.json",
        params={"state": "complete", "current_user_id": cast.alice.admin_id},
        headers=cast.alice.bearer,
    )
    assert answer.status_code == 200
    await finish_all(db, cast.alice.org_id, services.storage)
    return await show(client, cast, asked["pending_job_id"])


async def show(client: httpx.AsyncClient, cast: Cast, job_id: int) -> dict[str, Any]:
    answer = await client.get(f"/api/v3/jobs/{job_id}", headers=cast.alice.bearer)
    found: dict[str, Any] = answer.json()
    return found


async def test_the_summary_is_that_of_the_sample(
    client: httpx.AsyncClient, cast: Cast, tested: dict[str, Any]
) -> None:
    url = tested["models"][0]["artifacts"]["measurements"]["json"]
    answer = await client.get(url, params={"version": "summarized_json"}, headers=cast.alice.bearer)

    assert answer.status_code == 200
    assert answer.headers["doorstep-sample"] == "true"
    found = answer.json()
    assert found["area"]["total"] == {"siding": 2451, "other": 0}
    assert found["corners"]["outside_corners_qty"] == {"siding": 4, "other": None}
    assert found["roof"] == {
        "roof_facets": {"area": 1465, "total": 2, "length": None},
        "ridges_hips": {"area": None, "total": 1, "length": 38.73},
        "valleys": {"area": None, "total": 0, "length": 0},
        "rakes": {"area": None, "total": 4, "length": 75.67},
        "gutters_eaves": {"area": None, "total": 2, "length": 77.46},
        "flashing": {"area": None, "total": None, "length": None},
        "step_flashing": {"area": None, "total": None, "length": None},
        "pitch": [{"roof_pitch": "10/12", "area": 1465, "percentage": 100}],
        "waste_factor": {
            "area": {
                "zero": 1465,
                "plus_5_percent": 1538,
                "plus_10_percent": 1612,
                "plus_15_percent": 1685,
                "plus_20_percent": 1758,
            }
        },
    }


async def test_the_model_is_a_file(
    client: httpx.AsyncClient, cast: Cast, tested: dict[str, Any]
) -> None:
    path = f"/api/v3/models/{tested['models'][0]['id']}/artifacts/model.glb"
    page = f"http://127.0.0.1:8000/3d/{tested['id']}"
    named = {"url": page, "glb": f"http://127.0.0.1:8000{path}"}
    assert tested["models"][0]["artifacts"]["model_3d"] == named
    answer = await client.get(path, headers=cast.alice.bearer)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "model/gltf-binary"
    assert answer.headers["doorstep-sample"] == "true"
    assert answer.content.startswith(b"glTF")
    assert int(answer.headers["content-length"]) == len(answer.content)
    theirs = await client.get(path, headers=cast.charlie.bearer)
    assert (theirs.status_code, theirs.json()["error"]) == (404, "There is nothing here.")
    assert (await client.get(path)).status_code == 401


async def test_photos_and_pictures_are_there(
    client: httpx.AsyncClient, cast: Cast, tested: dict[str, Any]
) -> None:
    (model,) = tested["models"]
    assert model["state"] == "complete"
    assert len(model["images"]) == 12
    assert model["artifacts"]["wireframe_images"]["front"]["url"] is not None
    photo = await client.get(model["images"][0]["url"], headers=cast.alice.bearer)
    with Image.open(BytesIO(photo.content)) as picture:
        assert picture.size == (800, 600)
        # The word in the corner.
        assert picture.convert("RGB").getpixel((22, 22)) < (80, 80, 90)


async def test_the_page_says_that_it_is_a_sample(
    client: httpx.AsyncClient, cast: Cast, tested: dict[str, Any]
) -> None:
    headers = {"accept": "text/html", **cast.alice.cookie("amy")}
    page = (await client.get(f"/jobs/{tested['id']}", headers=headers)).text
    assert "Sample: this is a test job." in page
    assert f'data-scene="/jobs/{tested["id"]}/models/house/scene.json"' in page
    numbers = (await client.get(f"/jobs/{tested['id']}/measurements", headers=headers)).text
    assert "The scale comes from the printed sheet in the photos" in numbers
    page = (await client.get(f"/jobs/{tested['id']}/photos", headers=headers)).text
    assert page.count('<img src="/photos/') == 12
    model = await client.get(f"/jobs/{tested['id']}/files/model.glb", headers=headers)
    assert model.content.startswith(b"glTF")


@pytest.mark.parametrize("part", ["W-1", "D-1", "E-1", "SI-1", "RF-1"])
async def test_every_number_of_the_sample_has_its_photos(
    client: httpx.AsyncClient, cast: Cast, tested: dict[str, Any], part: str
) -> None:
    headers = {"accept": "text/html", **cast.alice.cookie("amy")}
    proof = (await client.get(f"/jobs/{tested['id']}/measurements/{part}", headers=headers)).text
    assert proof.count('<svg class="proof-picture"') >= 1
    assert proof.count('<text class="proof-name"') >= 1


async def test_a_second_order_is_rehearsed_too(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, services: Services
) -> None:
    asked = await ask(client, cast.alice, deliverable_id=7, test_state="complete")
    job_id = asked["pending_job_id"]
    await finish_all(db, cast.alice.org_id, services.storage)
    (model,) = (await show(client, cast, job_id))["models"]
    assert len(model["images"]) == 12
    assert model["artifacts"]["measurements"]["json"] is None
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        assert await tx.fetchval("SELECT count(*) FROM builds") == 0
    files = await client.get(f"/api/v2/jobs/{job_id}/measurements.json", headers=cast.alice.bearer)
    assert files.json()["error"] == (
        "Only photos were ordered of this job; order a model of them first."
    )

    answer = await client.post(
        f"/api/v3/models/{model['id']}/deliverable_change_requests",
        params={"new_deliverable_id": 3, "current_user_id": cast.alice.admin_id},
        headers=cast.alice.bearer,
    )
    assert answer.status_code == 201
    await work_off_events(db)
    assert (await show(client, cast, job_id))["reconstruction_state"] == "working"
    await finish_all(db, cast.alice.org_id, services.storage)
    job = await show(client, cast, job_id)
    assert job["reconstruction_state"] == "completed"
    assert job["models"][0]["artifacts"]["measurements"]["json"] is not None
    assert len(job["models"][0]["images"]) == 12


async def work_off_events(db: PinnedDatabase) -> None:
    for task in await take(db, events.FAN_OUT):
        await fan_out(db, task.payload)


async def test_a_model_that_failed_has_no_files(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, services: Services
) -> None:
    body = {"job_preset": "multi-structure-exterior", "failed_models_count": 1}
    await client.post("/api/v3/jobs/test_job", json=body, headers=cast.alice.bearer)
    await finish_all(db, cast.alice.org_id, services.storage)
    (job,) = (await client.get("/api/v3/jobs", headers=cast.alice.bearer)).json()["results"]
    answers = {}
    for model in job["models"]:
        path = f"/api/v3/models/{model['id']}/artifacts/measurements.json"
        answers[model["id"]] = await client.get(path, headers=cast.alice.bearer)
        url = model["artifacts"]["measurements"]["json"]
        assert url == (None if model["state"] == "failed" else f"http://127.0.0.1:8000{path}")
    assert [one.status_code for one in answers.values()] == [200, 200, 404]
    failed = answers[job["models"][2]["id"]]
    assert failed.json()["error"] == "This model failed; nothing was made of it."
    assert [len(model["images"]) for model in job["models"]] == [12, 0, 0]


async def test_a_test_that_fails_has_nothing(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, services: Services
) -> None:
    asked = await ask(client, cast.alice, test_state="failed")
    await finish_all(db, cast.alice.org_id, services.storage)
    (model,) = (await show(client, cast, asked["pending_job_id"]))["models"]
    assert (model["state"], model["images"]) == ("failed", [])
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        assert await tx.fetchval("SELECT count(*) FROM builds") == 0
