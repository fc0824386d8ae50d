"""Who took the photos sees numbers only as a professional; a homeowner never does."""

import httpx
import pytest

from doorstep.captures.model import CaptureRequest
from doorstep.kit.db import Role
from doorstep.web.services import Services
from tests.capturing import Phone, photo
from tests.cast import Cast
from tests.measuring import publish
from tests.pinned import PinnedDatabase

PAPERS = {"/capture/measurements.pdf": b"%PDF-", "/capture/measurements.xlsx": b"PK"}


@pytest.fixture
async def job_id(
    db: PinnedDatabase, services: Services, cast: Cast, request_of_alice: CaptureRequest
) -> int:
    """The request's job, measured."""
    job_id = request_of_alice.job_id
    await publish(db, services, cast.alice, job_id=job_id, files={"preview.jpg": photo(1)})
    key = f"home/{job_id}.glb"
    await services.storage.put(key, b"glTF")
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        await tx.execute(
            "INSERT INTO build_files (org_id, build_id, tree, name, key, bytes, media_type) "
            "SELECT org_id, build_id, 'home', 'model.glb', $2, 4, 'model/gltf-binary' "
            "FROM models WHERE job_id = $1",
            job_id,
            key,
        )
    return job_id


async def become(db: PinnedDatabase, cast: Cast, signup_type: str) -> None:
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        await tx.execute("UPDATE capture_requests SET signup_type = $1", signup_type)


async def test_a_homeowner_finds_no_measurements(
    client: httpx.AsyncClient, phone: Phone, job_id: int
) -> None:
    page = await client.get("/capture/house", headers=phone.cookie)
    assert page.status_code == 200
    assert "/capture/measurements" not in page.text
    assert "sample" not in page.text
    for path in PAPERS:
        answer = await client.get(path, headers=phone.cookie)
        assert (answer.status_code, answer.json()["error"]) == (404, "There is nothing here.")
    for path in (f"/api/v2/jobs/{job_id}/measurements.json", f"/jobs/{job_id}/measurements.pdf"):
        assert (await client.get(path, headers=phone.cookie)).status_code == 401


async def test_a_professional_gets_report_and_spreadsheet(
    client: httpx.AsyncClient, phone: Phone, job_id: int, db: PinnedDatabase, cast: Cast
) -> None:
    await become(db, cast, "pro")
    page = await client.get("/capture/house", headers=phone.cookie)
    for path, start in PAPERS.items():
        assert f'href="{path}"' in page.text
        answer = await client.get(path, headers=phone.cookie)
        assert answer.status_code == 200
        assert answer.content.startswith(start)
        assert (await client.get(path)).status_code == 401


async def test_a_professional_waits_for_them_too(
    client: httpx.AsyncClient, phone: Phone, db: PinnedDatabase, cast: Cast
) -> None:
    await become(db, cast, "pro")
    answer = await client.get("/capture/measurements.pdf", headers=phone.cookie)
    assert answer.status_code == 404
    assert answer.json()["error"] == "There are no measurements yet: the job is uploading."
