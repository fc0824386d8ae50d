"""A garage and a shed in the same link: spots, builds and models of their own."""

import uuid

import httpx

from doorstep.auth.scopes import task_scope
from doorstep.builds import actions, queries
from doorstep.builds.model import BuildFile, Claim
from doorstep.captures.model import CaptureRequest
from doorstep.kit.db import Tx
from doorstep.orgs.model import OrgScope
from doorstep.photos import queries as photos
from doorstep.web.services import Services
from tests.background import take
from tests.captures.test_link import in_org
from tests.capturing import Phone, photo
from tests.cast import Cast
from tests.pinned import PinnedDatabase
from tests.web.conftest import desk_of

SHOWN = {1: ("house", "front"), 2: ("house", "back"), 3: ("garage", "front"), 4: ("shed", "left")}
TOO_FEW = {"code": "too_few", "homeowner": "h", "organization": "Only 1 photo of it."}


async def rows(pinned: Tx, cast: Cast, sql: str) -> list[tuple[object, ...]]:
    async with in_org(pinned, cast.alice.org_id):
        return [tuple(row) for row in await pinned.fetch(sql)]


async def claimed(scope: OrgScope, task: dict[str, str]) -> Claim:
    claim = await actions.take_up(scope, build_id=uuid.UUID(task["build_id"]))
    assert claim is not None
    return claim


async def publish(scope: OrgScope, services: Services, *, claim: Claim) -> None:
    key = f"builds/{scope.org_id}/{claim.build_id}/1/org/model.glb"
    content = claim.structure.encode()
    await services.storage.put(key, content)
    file = BuildFile(
        tree="org", name="model.glb", key=key, bytes=len(content), media_type="model/gltf-binary"
    )
    assert await actions.publish(scope, claim=claim, files=[file], report={})


async def test_each_building_has_photos_a_build_and_a_model_of_its_own(
    client: httpx.AsyncClient,
    phone: Phone,
    request_of_alice: CaptureRequest,
    *,
    services: Services,
    db: PinnedDatabase,
    pinned: Tx,
    cast: Cast,
) -> None:
    org_id, job_id = cast.alice.org_id, request_of_alice.job_id
    for number, (structure, spot) in SHOWN.items():
        await phone.upload(
            photo(number), kind="photo", structure=structure, spot=spot, sequence=str(number)
        )
    refused = await phone.create(10, kind="photo", structure="castle")
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_metadata")
    state = await phone.state()
    shown = [one["structure"] for one in state["photos"]]  # type: ignore[attr-defined]
    assert shown == ["house", "house", "garage", "shed"]
    assert (await phone.finish(*map(photo, SHOWN))).status_code == 200

    async with task_scope(db, org_id=org_id, task="test") as scope:
        for _ in range(2):
            await actions.order(scope, job_id=job_id)
    tasks = [task.payload for task in await take(db, actions.TASK)]
    assert await rows(pinned, cast, "SELECT structure, state FROM builds ORDER BY id") == [
        ("house", "queued"),
        ("garage", "queued"),
        ("shed", "queued"),
    ]
    async with task_scope(db, org_id=org_id, task="test") as scope:
        claims = [await claimed(scope, task) for task in tasks]
        taken = [
            len(await photos.originals_of_job(scope, job_id=job_id, structure=one.structure))
            for one in claims
        ]
        assert taken == [2, 1, 1]
        await publish(scope, services, claim=claims[1])
        assert await queries.published_files(scope, job_id=job_id, tree="org") == []
        await publish(scope, services, claim=claims[0])
        await actions.fail(scope, claim=claims[2], failure=TOO_FEW)

    assert await rows(pinned, cast, "SELECT name, state FROM models ORDER BY id") == [
        (None, "complete"),
        ("Garage", "complete"),
        ("Shed", "failed"),
    ]
    assert await rows(pinned, cast, "SELECT state, failure FROM jobs") == [("complete", None)]
    await expect_shown(client, cast, job_id=job_id, garage=claims[1].build_id)


async def expect_shown(
    client: httpx.AsyncClient, cast: Cast, *, job_id: int, garage: uuid.UUID
) -> None:
    bob = desk_of(client, cast.alice, "bob")
    page = (await bob.get(f"/jobs/{job_id}")).text
    assert "Other buildings" in page
    assert "Only 1 photo of it." in page
    path = f"/jobs/{job_id}/structures/garage/model.glb"
    assert f'href="{path}?build={garage}"' in page
    assert (await bob.get(path)).content == b"garage"
    assert (await bob.get(f"/jobs/{job_id}/files/model.glb")).content == b"house"
    assert (await bob.get(f"/jobs/{job_id}/structures/shed/model.glb")).status_code == 404
    charlie = desk_of(client, cast.charlie, "charlie")
    assert (await charlie.get(path)).status_code == 404
