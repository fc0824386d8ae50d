"""Is the phone at the right house? It says yes, no or unknown, and nothing depends on it."""

from typing import Any

import httpx
import pytest

from doorstep.captures.model import CaptureRequest
from doorstep.kit.db import Tx
from tests.api.desk.calls import NOT_FOUND, Integration
from tests.captures.test_link import HTML, in_org
from tests.capturing import Phone, photo
from tests.cast import Cast
from tests.web.conftest import desk_of

HOUSE = {"latitude": 33.6189, "longitude": -117.9289}


async def say(phone: Phone, body: dict[str, Any], **headers: str) -> httpx.Response:
    told = {**phone.cookie, **headers}
    return await phone.client.put("/capture/place", json=body, headers=told)


async def test_the_phone_compares_and_the_organization_reads(
    client: httpx.AsyncClient,
    phone: Phone,
    request_of_alice: CaptureRequest,
    *,
    pinned: Tx,
    cast: Cast,
) -> None:
    crm, path = Integration(client=client, troupe=cast.alice), f"/jobs/{request_of_alice.job_id}"
    assert (await phone.state())["place"] is None
    assert await crm.send("PUT", f"{path}/place", HOUSE) == (204, None)
    assert (await phone.state())["place"] == [33.6189, -117.9289]

    assert (await say(phone, {"answer": "yes"})).status_code == 204
    assert (await say(phone, {"answer": "no", "metres": 1240})).status_code == 204
    async with in_org(pinned, cast.alice.org_id):
        rows = await pinned.fetch("SELECT answer, metres FROM place_checks")
    assert [tuple(row) for row in rows] == [("no", 1240)]
    status, found = await crm.get(f"{path}/place")
    (check,) = found.pop("checks")
    assert (status, found) == (200, HOUSE)
    assert (check["answer"], check["metres"]) == ("no", 1240)
    amy = desk_of(client, cast.alice, "amy")
    page = (await amy.get(path)).text
    assert "No, says the phone: it may be another house, 1240 m away" in page
    assert "Where the house stands" not in page

    await phone.upload(photo(1), kind="photo")
    assert (await phone.finish(photo(1))).status_code == 200
    assert (await say(phone, {"answer": "yes"})).status_code == 409
    await client.post("/capture/erasure", headers={**phone.cookie, **HTML})
    assert (await crm.get(f"{path}/place"))[1] == {**HOUSE, "checks": []}
    assert await crm.send("DELETE", f"{path}/place") == (204, None)
    assert (await crm.get(f"{path}/place"))[1]["latitude"] is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"answer": "perhaps"}, 400),
        ({"answer": "yes", "metres": -1}, 400),
        ({"answer": "no", "metres": 1.5}, 400),
        ({}, 400),
    ],
)
async def test_other_answers_are_refused(phone: Phone, body: dict[str, Any], status: int) -> None:
    assert (await say(phone, body)).status_code == status


async def test_who_may_not_say_it(
    client: httpx.AsyncClient, phone: Phone, request_of_alice: CaptureRequest, cast: Cast
) -> None:
    path = f"/jobs/{request_of_alice.job_id}/place"
    assert (await client.put("/capture/place", json={"answer": "yes"})).status_code == 401
    forged = await say(phone, {"answer": "yes"}, **{"Sec-Fetch-Site": "cross-site"})
    assert forged.status_code == 403
    stranger = Integration(client=client, troupe=cast.charlie)
    assert await stranger.get(path) == NOT_FOUND
    assert await stranger.send("PUT", path, HOUSE) == NOT_FOUND
    assert await stranger.send("DELETE", path) == NOT_FOUND
    crm = Integration(client=client, troupe=cast.alice)
    assert (await crm.send("PUT", path, {**HOUSE, "latitude": 91}))[0] == 400
    form = {"place": "33.6189, -117.9289"}
    assert (await desk_of(client, cast.alice, "amy").post(path, form)).status_code == 403
    assert (await desk_of(client, cast.charlie, "charlie").post(path, form)).status_code == 404


async def test_a_member_types_it_as_maps_write_it(
    client: httpx.AsyncClient, phone: Phone, request_of_alice: CaptureRequest, cast: Cast
) -> None:
    bob, path = desk_of(client, cast.alice, "bob"), f"/jobs/{request_of_alice.job_id}"
    for typed in ("somewhere", "33.6", "95, 10", "1, 200", "33,6189 -117,9289 x"):
        assert (await bob.post(f"{path}/place", {"place": typed})).status_code == 422, typed
    saved = await bob.post(f"{path}/place", {"place": " 33.6189,-117.9289 "})
    assert saved.headers["location"] == f"{path}?said=placed#homeowner"
    assert (await phone.state())["place"] == [33.6189, -117.9289]
    assert 'value="33.6189, -117.9289"' in (await bob.get(f"{path}?said=placed")).text
    await bob.post(f"{path}/place", {"place": ""})
    assert (await phone.state())["place"] is None
