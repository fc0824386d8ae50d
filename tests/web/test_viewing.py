"""What the viewer of a model is told: parts with numbers and corners, cameras, other buildings."""

import json
import re
from dataclasses import dataclass

import pytest

from doorstep.auth.scopes import open_scope
from doorstep.web.services import Services
from tests.capturing import ask
from tests.cast import STAGE, Cast
from tests.houses import block
from tests.modelled import add_building, built_job
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk, desk_of

NOT_FOUND = 404
READS = "SELECT what FROM accesses WHERE org_id = $1 AND kind = 'read' ORDER BY id"


@dataclass(frozen=True, kw_only=True)
class Product:
    """Where jobs are put."""

    db: PinnedDatabase
    services: Services
    cast: Cast


@pytest.fixture
def product(db: PinnedDatabase, services: Services, cast: Cast) -> Product:
    """The product of the test."""
    return Product(db=db, services=services, cast=cast)


async def reads(product: Product) -> list[str]:
    """Which reads of measurements were noted."""
    async with open_scope(product.db, org_id=product.cast.alice.org_id, actor=STAGE) as scope:
        rows = await scope.tx.fetch(READS, scope.org_id)
    return [row["what"] for row in rows]


def path_of(job_id: int, structure: str = "house") -> str:
    return f"/jobs/{job_id}/models/{structure}/scene.json"


async def test_the_scene_has_parts_with_corners_and_the_cameras_of_photos_that_are_there(
    product: Product, alice: Desk
) -> None:
    poses = block.poses()
    poses["views"] += [poses["views"][0] | {"photo": "0009.jpg"}, {"photo": "0001.jpg"}, 7]
    files = block.files() | {"poses.json": json.dumps(poses).encode()}
    request = await built_job(product, files=files, taken=block.photos())
    async with open_scope(product.db, org_id=product.cast.alice.org_id, actor=STAGE) as scope:
        rows = await scope.tx.fetch(
            "SELECT id FROM photos WHERE org_id = $1 ORDER BY sequence", scope.org_id
        )

    scene = (await alice.get(path_of(request.job_id))).json()

    assert scene["scaled"] is True
    assert scene["scale_share"] == 0.004
    assert re.fullmatch(
        rf"/jobs/{request.job_id}/files/model\.glb\?build=[0-9a-f-]{{36}}", scene["model"]["url"]
    )
    assert scene["model"]["bytes"] == len(files["model.glb"])
    assert scene["model"]["bytes_max"] == 8_000_000
    parts = {part["id"]: part for part in scene["parts"]}
    assert list(parts) == [
        *("SI-1", "SI-2", "SI-3", "SI-4", "RF-1", "RF-2", "W-1", "E-1", "E-2", "E-3", "E-4")
    ]
    assert parts["SI-1"]["corners"] == [[-4, -2.5, 0], [4, -2.5, 0], [4, -2.5, 3], [-4, -2.5, 3]]
    assert parts["SI-1"]["kind"] == "wall"
    assert parts["SI-1"]["figures"][0] == {
        "name": "Width",
        "feet": "26.2\u00a0±\u00a00.2\u00a0ft",
        "metres": "8.00\u00a0±\u00a00.06\u00a0m",
    }
    assert parts["RF-2"]["pitch_deg"] == 38.66
    assert (parts["E-3"]["length_m"], parts["E-3"]["range_m"]) == (8.0, 0.06)
    assert parts["E-3"]["corners"] == [[4, 0, 5], [-4, 0, 5]]
    assert [photo["id"] for photo in scene["photos"]] == [str(row["id"]) for row in rows]
    assert scene["photos"][1]["centre"] == [16.0, 1.6, 0.0]
    assert scene["photos"][1]["looks"] == [-1.0, 0.0, 0.0]
    assert await reads(product) == ["measurements"]


async def test_without_a_scale_the_scene_has_no_length_and_no_corner(
    product: Product, alice: Desk
) -> None:
    record = block.record(scale="marker") | {"scale": {"source": "none"}}
    files = block.files() | {"measurements.json": json.dumps(record).encode()}
    request = await built_job(product, files=files, taken={})

    scene = (await alice.get(path_of(request.job_id))).json()
    page = (await alice.get(f"/jobs/{request.job_id}")).text

    assert (scene["scaled"], scene["scale_share"]) == (False, None)
    assert {tuple(part["corners"]) for part in scene["parts"]} == {()}
    assert {part["length_m"] for part in scene["parts"]} == {None}
    assert [part["figures"] for part in scene["parts"] if part["kind"] != "roof"] == [[]] * 8
    viewer = page.split('id="viewer"')[1].split("</section>")[0]
    assert "These photos have no scale, so nothing in the model has a length" in viewer
    assert re.findall(r"\d\u00a0(?:m|m²|ft|sq\u00a0ft)\b", viewer) == []


async def test_a_model_without_a_record_and_with_poses_that_cannot_be_read(
    product: Product, alice: Desk
) -> None:
    files = {"model.glb": block.model(), "poses.json": b"[1"}
    request = await built_job(product, files=files, taken=block.photos())

    scene = (await alice.get(path_of(request.job_id))).json()

    assert (scene["parts"], scene["photos"], scene["scaled"]) == ([], [], False)
    page = (await alice.get(f"/jobs/{request.job_id}")).text
    assert "This model was built without measurements: nothing in it has a name or a size." in page
    assert await reads(product) == []


async def test_each_building_has_a_viewer_of_its_own(product: Product, alice: Desk) -> None:
    request = await built_job(product, files=block.files(), taken=block.photos())
    alone = (await alice.get(f"/jobs/{request.job_id}")).text
    assert 'aria-label="Building"' not in alone
    garage = block.files(scale="none")
    await add_building(product, job_id=request.job_id, structure="garage", files=garage)

    page = (await alice.get(f"/jobs/{request.job_id}")).text
    piece = await alice.get(f"/jobs/{request.job_id}/models/garage")
    scene = (await alice.get(path_of(request.job_id, "garage"))).json()

    assert f'hx-get="/jobs/{request.job_id}/models/garage"' in page
    assert 'data-building="house"' in page
    assert piece.status_code == 200
    assert 'data-building="garage"' in piece.text
    assert f'data-scene="{path_of(request.job_id, "garage")}"' in piece.text
    assert "data-proofs" not in piece.text
    assert scene["model"]["url"].startswith(f"/jobs/{request.job_id}/structures/garage/model.glb?")
    assert (scene["scaled"], scene["photos"]) == (False, [])
    await alice.get(f"/jobs/{request.job_id}/structures/garage/measurements.json")
    assert (await reads(product))[-1] == "measurements.json"


async def test_who_finds_nothing(product: Product, alice: Desk, cast: Cast) -> None:
    request = await built_job(product, files=block.files(), taken={})
    unbuilt = await ask(product.db, cast.alice, email="buster@example.com")
    charlie = desk_of(alice.client, cast.charlie, "charlie")
    for path in (f"/jobs/{request.job_id}/models/house", path_of(request.job_id)):
        theirs = await charlie.get(path)
        nowhere = await charlie.get(path.replace(str(request.job_id), "999999999"))
        assert theirs.status_code == nowhere.status_code == NOT_FOUND
        assert theirs.content == nowhere.content
    for path in (
        path_of(unbuilt.job_id),
        path_of(request.job_id, "garage"),
        path_of(request.job_id, "castle"),
        f"/jobs/{unbuilt.job_id}/models/house",
    ):
        assert (await alice.get(path)).status_code == NOT_FOUND
    assert await reads(product) == []
