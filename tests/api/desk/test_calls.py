"""Tracked calls for programs: the lead of each, and a word on it."""

import uuid

import httpx
import pytest

from tests.api.desk.calls import NOBODY, NOT_FOUND, Integration
from tests.cast import Cast
from tests.web.conftest import post_lead

PATH = "/api/captorracalltracking/create"


@pytest.fixture
async def call_id(client: httpx.AsyncClient, crm: Integration, cast: Cast) -> str:
    """A call from a number that no lead has."""
    call = {"CaptorraId": cast.alice.captorra_id, "Name": "Bright", "ANI": "2175550199", "ID": "c1"}
    answer = await client.post(PATH, json=call)
    assert answer.json()["success"] is True
    _, found = await crm.get("/calls")
    only: str = found["calls"][0]["id"]
    return only


@pytest.fixture
async def lead_id(client: httpx.AsyncClient, cast: Cast) -> uuid.UUID:
    """A lead with another number."""
    return await post_lead(client, cast.alice)


async def test_a_call_is_given_to_a_lead_and_taken_from_it(
    crm: Integration, call_id: str, lead_id: uuid.UUID
) -> None:
    assert (await crm.get("/calls", matched="false"))[1]["calls"][0]["id"] == call_id
    path = f"/calls/{call_id}/lead/{lead_id}"

    assert await crm.send("PUT", path) == (204, None)
    status, call = await crm.get(f"/calls/{call_id}")
    assert status == 200
    assert (call["lead_id"], call["reason"]) == (str(lead_id), "A person said so")
    assert (await crm.get("/calls", matched="false"))[1] == {"calls": [], "next": None}

    assert await crm.send("DELETE", path) == (204, None)
    assert (await crm.get(f"/calls/{call_id}"))[1]["lead_id"] is None


async def test_another_organizations_call_is_not_there(
    stranger: Integration, call_id: str, lead_id: uuid.UUID
) -> None:
    assert await stranger.get("/calls") == (200, {"calls": [], "next": None})
    for ours in (call_id, NOBODY):
        assert await stranger.get(f"/calls/{ours}") == NOT_FOUND
        assert await stranger.get("/calls", before=str(ours)) == NOT_FOUND
        for method in ("PUT", "DELETE"):
            assert await stranger.send(method, f"/calls/{ours}/lead/{lead_id}") == NOT_FOUND
