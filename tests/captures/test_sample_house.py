"""The model of a test job says wherever it is shown that it is a sample."""

import httpx

from doorstep.captures.model import CaptureRequest
from doorstep.web.services import Services
from tests.capturing import Phone
from tests.cast import Cast
from tests.pinned import PinnedDatabase
from tests.wire.hover.test_rehearsals import finish_all

WORDS = "This is a sample house: the request was only a test."


async def test_the_homeowner_s_and_the_shared_page_say_so(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    services: Services,
    request_of_alice: CaptureRequest,
    phone: Phone,
) -> None:
    await client.patch(
        f"/api/v2/jobs/{request_of_alice.job_id}/set_test_state",
        params={"state": "complete", "current_user_id": cast.alice.admin_id},
        headers=cast.alice.bearer,
    )
    await finish_all(db, cast.alice.org_id, services.storage)
    house = await client.get("/capture/house", headers=phone.cookie)
    assert WORDS in house.text
    shared = await client.post(
        "/api/v1/job_shares",
        json={
            "current_user_id": cast.alice.admin_id,
            "job_share": {"job_id": request_of_alice.job_id},
        },
        headers=cast.alice.bearer,
    )
    page = await client.get(shared.json()["job_share"]["url"])
    assert WORDS in page.text
    assert "<model-viewer" in page.text
