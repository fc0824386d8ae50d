"""Links for partners, made and ended by a program."""

import uuid

import httpx
import pytest

from doorstep.captures.model import CaptureRequest
from tests.api.desk.calls import NOT_FOUND, PATH, Integration
from tests.capturing import ask
from tests.cast import Cast
from tests.pinned import PinnedDatabase

BODY = {"recipient": "Acme Insurance", "shows": ["photos", "model"], "days": 7}


@pytest.fixture
async def asked(db: PinnedDatabase, cast: Cast) -> CaptureRequest:
    return await ask(db, cast.alice)


async def test_a_link_is_made_listed_opened_and_ended(
    crm: Integration, client: httpx.AsyncClient, asked: CaptureRequest
) -> None:
    path = f"/jobs/{asked.job_id}/partner-links"
    assert await crm.get(path) == (200, {"links": []})
    status, made = await crm.send("POST", path, BODY)
    assert status == 201
    assert made["url"].startswith("http://127.0.0.1:8000/partner/")
    assert (made["recipient"], made["note"], made["shows"]) == (
        "Acme Insurance", "", ["model", "photos"],
    )  # fmt: skip
    assert (made["openings"], made["opened"], made["last_opened_at"]) == (0, [], None)
    assert (await client.get(made["url"])).status_code == 200

    [listed] = (await crm.get(path))[1]["links"]
    assert (listed["id"], listed["url"], listed["openings"]) == (made["id"], made["url"], 1)
    [opened] = listed["opened"]
    assert (opened["device"], opened["network"]) == (None, "127.0.0.0/24")

    one = f"{path}/{made['id']}"
    assert await crm.send("DELETE", one) == (204, None)
    assert await crm.send("DELETE", one) == (204, None)
    assert (await client.get(made["url"])).status_code == 410
    [ended] = (await crm.get(path))[1]["links"]
    assert ended["url"] is None
    assert ended["revoked_at"] is not None


async def test_the_same_call_again_makes_no_second_link(
    crm: Integration, client: httpx.AsyncClient, asked: CaptureRequest
) -> None:
    path = f"{PATH}/jobs/{asked.job_id}/partner-links"
    headers = crm.troupe.bearer | {"idempotency-key": "k-1"}
    first = await client.post(path, json=BODY, headers=headers)
    again = await client.post(path, json=BODY, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    other = await client.post(path, json=BODY | {"days": 8}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert len((await crm.get(f"/jobs/{asked.job_id}/partner-links"))[1]["links"]) == 1


@pytest.mark.parametrize(
    ("change", "status", "errors"),
    [
        ({"recipient": ""}, 422, {"recipient": ["has 1 to 120 characters"]}),
        ({"shows": ["files"]}, 422, {"shows": ["holds the model, the measurements or the photos"]}),
        (
            {"shows": ["phone"]},
            422,
            {"shows": ["are some of address, model, measurements, photos, files"]},
        ),
    ],
)
async def test_what_cannot_be_is_refused(
    crm: Integration, asked: CaptureRequest, change: dict[str, object], status: int,
    errors: dict[str, list[str]],
) -> None:  # fmt: skip
    path = f"/jobs/{asked.job_id}/partner-links"
    assert await crm.send("POST", path, BODY | change) == (
        status, {"errors": errors, "code": "invalid"},
    )  # fmt: skip
    assert (await crm.send("POST", path, BODY | {"days": 367}))[0] == 400
    assert await crm.get(path) == (200, {"links": []})


async def test_another_organizations_links_are_exactly_not_there(
    crm: Integration, stranger: Integration, asked: CaptureRequest
) -> None:
    path = f"/jobs/{asked.job_id}/partner-links"
    made = (await crm.send("POST", path, BODY))[1]
    assert await stranger.get(path) == NOT_FOUND
    assert await stranger.send("POST", path, BODY) == NOT_FOUND
    assert await stranger.send("DELETE", f"{path}/{made['id']}") == NOT_FOUND
    assert await crm.send("DELETE", f"{path}/{uuid.UUID(int=7)}") == NOT_FOUND
    assert (await crm.get(path))[1]["links"][0]["url"] == made["url"]
