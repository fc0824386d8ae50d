"""The list of capture requests in its own wrapper, and the check for an open one."""

from typing import Any

import httpx
import pytest

from tests.cast import Cast, Troupe
from tests.wire.hover.asks import ask
from tests.wire.hover.requests import PATH, create, create_for_charlie


async def test_list_has_its_own_wrapper(client: httpx.AsyncClient, cast: Cast) -> None:
    first = await create(client, cast.alice)
    second = await ask(client, cast.alice)
    await create_for_charlie(client, cast.charlie)

    answer = await client.get(PATH, params={"per": "1"}, headers=cast.alice.bearer)
    rest = await client.get(PATH, params={"per": "1", "page": "2"}, headers=cast.alice.bearer)

    assert answer.json() == {
        "requested_captures": {
            "pagination": {"current_page": 1, "total_pages": 2, "total": 2},
            "results": [second],
        }
    }
    assert rest.json()["requested_captures"]["results"] == [first]


async def test_list_of_one_user(client: httpx.AsyncClient, cast: Cast) -> None:
    await create(client, cast.alice)

    params = {"current_user_id": str(cast.alice.admin_id)}
    answer = await client.get(PATH, params=params, headers=cast.alice.bearer)

    assert answer.json()["requested_captures"]["pagination"]["total"] == 0


@pytest.mark.parametrize("params", [{"page": "0"}, {"per": "101"}, {"per": "x"}, {"state": "old"}])
async def test_list_refuses_what_it_does_not_know(
    client: httpx.AsyncClient, cast: Cast, params: dict[str, str]
) -> None:
    answer = await client.get(PATH, params=params, headers=cast.alice.bearer)

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == list(params)


@pytest.mark.parametrize("state", ["new", "deleted", "complete"])
async def test_list_by_state(client: httpx.AsyncClient, cast: Cast, state: str) -> None:
    await ask(client, cast.alice)
    deleted = await ask(client, cast.alice)
    complete = await ask(client, cast.alice, test_state="complete")
    await client.delete(f"{PATH}/{deleted['id']}", headers=cast.alice.bearer)

    answer = await client.get(PATH, params={"state": state}, headers=cast.alice.bearer)

    results = answer.json()["requested_captures"]["results"]
    assert [one["state"] for one in results] == [state]
    if state == "complete":
        assert results[0]["id"] == complete["id"]
        assert results[0]["captured_user_id"] == results[0]["capturing_user_id"] is not None


@pytest.mark.parametrize("path", ["exists", "check", "check.json"])
async def test_check_for_an_existing_request(
    client: httpx.AsyncClient, cast: Cast, path: str
) -> None:
    async def checked(email: str, who: Troupe) -> Any:
        answer = await client.get(f"{PATH}/{path}", params={"email": email}, headers=who.bearer)
        assert answer.status_code == 200, answer.text
        return answer.json()

    nobody = {
        "pending_capture_request_exists": False,
        "requesting_user_name": None,
        "capturing_user_exists": False,
    }
    made = await create(client, cast.alice)

    assert await checked("LUCILLE@example.com", cast.alice) == {
        "pending_capture_request_exists": True,
        "requesting_user_name": "Bob",
        "capturing_user_exists": False,
    }
    assert await checked("lucille@example.com", cast.charlie) == nobody
    assert await checked("gob@example.com", cast.alice) == nobody
    await client.delete(f"{PATH}/{made['id']}", headers=cast.alice.bearer)
    assert await checked("lucille@example.com", cast.alice) == nobody
    missing = await client.get(f"{PATH}/{path}", headers=cast.alice.bearer)
    assert (missing.status_code, missing.json()["errors"]) == (422, {"email": ["can't be blank"]})
    assert (await client.get(f"{PATH}/{path}")).status_code == 401


async def test_a_head_is_the_list_without_its_body(client: httpx.AsyncClient, cast: Cast) -> None:
    await create(client, cast.alice)
    listed = await client.get(PATH, headers=cast.alice.bearer)

    told = await client.head(PATH, headers=cast.alice.bearer)
    elsewhere = await client.head(f"{PATH}/1/resend", headers=cast.alice.bearer)
    nobody = await client.head(PATH)

    assert (told.status_code, told.content) == (200, b"")
    assert told.headers["content-length"] == listed.headers["content-length"]
    assert (elsewhere.status_code, nobody.status_code) == (405, 401)
