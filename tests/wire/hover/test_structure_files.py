"""A garage with a model of its own has files of its own under the published addresses."""

import json
from typing import Any

from doorstep.auth.scopes import open_scope
from doorstep.jobs import structures
from doorstep.kit.ids import uuid7
from doorstep.web.services import Services
from tests.cast import STAGE, Cast
from tests.measuring import WITHOUT_SCALE
from tests.pinned import PinnedDatabase
from tests.wire.hover.test_measurement_files import Get, build, get

__all__ = ["build", "get"]


async def test_a_structure_with_a_model_of_its_own_has_files_of_its_own(
    get: Get, build: Any, db: PinnedDatabase, services: Services, cast: Cast
) -> None:
    job_id, house = await build()
    files = {"measurements.json": json.dumps(WITHOUT_SCALE).encode(), "model.glb": b"glTF garage"}
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        build_id = uuid7()
        await scope.tx.execute(
            "INSERT INTO builds (org_id, id, job_id, state, structure) "
            "VALUES ($1, $2, $3, 'complete', 'garage')",
            scope.org_id,
            build_id,
            job_id,
        )
        for name, content in files.items():
            await services.storage.put(f"garage/{name}", content)
            await scope.tx.execute(
                "INSERT INTO build_files (org_id, build_id, tree, name, key, bytes, media_type) "
                "VALUES ($1, $2, 'org', $3, $4, $5, 'x/y')",
                scope.org_id,
                build_id,
                name,
                f"garage/{name}",
                len(content),
            )
        await structures.add(scope, job_id=job_id, names=["Garage", "Shed"])
        await structures.complete_named(scope, job_id=job_id, name="Garage", build_id=build_id)

    shown = (await get(f"/api/v3/jobs/{job_id}")).json()["models"]
    assert [one["name"] for one in shown] == [None, "Garage", "Shed"]
    garage, shed = shown[1]["id"], shown[2]["id"]
    places = {one: f"/api/v3/models/{one}/artifacts" for one in (house, garage, shed)}
    areas = [
        (await get(f"{places[one]}/measurements.json")).json()["roof"]["roof_facets"]["area"]
        for one in (house, garage)
    ]
    assert areas == [1442, None]
    whole = await get(f"{places[garage]}/measurements.json", version="full_json")
    assert whole.json()["captured_images"] == []
    assert (await get(f"{places[garage]}/measurements.xlsx")).status_code == 200
    assert (await get(f"{places[garage]}/model.glb")).content == b"glTF garage"
    assert (await get(f"{places[house]}/model.glb")).status_code == 404

    text = "This job's model was built without measurements."
    for name in ("measurements.json", "measurements.pdf", "model.glb", "wireframe_front.png"):
        nothing = await get(f"{places[shed]}/{name}")
        assert (nothing.status_code, nothing.json()["error"]) == (404, text)
