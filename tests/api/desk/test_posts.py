"""Posts for programs: the refused ones explained and released, and every body as it came."""

import uuid
from typing import Any

import httpx

from tests.api.desk.calls import NOBODY, NOT_FOUND, Integration
from tests.cast import Cast
from tests.faults.posting import encoded, lead, send
from tests.pinned import PinnedDatabase


async def refused(client: httpx.AsyncClient, crm: Integration, body: bytes) -> dict[str, Any]:
    answer = await send(client, body)
    assert answer.json()["success"] is False
    _, found = await crm.get("/posts/refused")
    newest: dict[str, Any] = found["posts"][0]
    return newest


async def test_a_refused_post_is_explained_and_released_once(
    client: httpx.AsyncClient, crm: Integration, cast: Cast, db: PinnedDatabase
) -> None:
    sent = encoded(cast.alice, First="")
    line = await refused(client, crm, sent)
    path = f"/posts/refused/{line['id']}"

    status, found = await crm.get(path)

    assert status == 200
    assert (found["outcome"], found["error"]) == ("missing_first", "Please provide First")
    assert found["faults"] == [{"key": "First", "sentence": "First is missing or blank."}]
    assert found["message"].endswith("Please provide First\n\n- First is missing or blank.")

    mended = {"body": encoded(cast.alice, First="Gob").decode()}
    status, made = await crm.send("POST", path + "/lead", mended)
    assert status == 201
    assert (await lead(db, cast.alice, uuid.UUID(made["lead_id"])))["first_name"] == "Gob"
    assert await crm.send("POST", path + "/lead", mended) == (
        409,
        {"error": "This post was released already.", "code": "wrong_state"},
    )


async def test_what_is_still_wrong_is_said(
    client: httpx.AsyncClient, crm: Integration, cast: Cast
) -> None:
    line = await refused(client, crm, encoded(cast.alice, First=""))

    answer = await crm.send("POST", f"/posts/refused/{line['id']}/lead", {"body": "{"})

    assert answer == (422, {"errors": {"body": ["JSON syntax error"]}, "code": "invalid"})


async def test_a_body_is_given_back_byte_for_byte(
    client: httpx.AsyncClient, crm: Integration, cast: Cast
) -> None:
    sent = b"\xff" + encoded(cast.alice)
    line = await refused(client, crm, sent.replace(b"{", b"{,"))

    path = f"/api/desk/posts/{line['id']}/body"
    answer = await client.get(path, headers=cast.alice.bearer)

    assert answer.content == sent.replace(b"{", b"{,")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment; ")


async def test_another_organizations_post_is_not_there(
    client: httpx.AsyncClient, crm: Integration, stranger: Integration, cast: Cast
) -> None:
    line = await refused(client, crm, encoded(cast.alice, First=""))
    for ours in (line["id"], NOBODY):
        assert await stranger.get(f"/posts/refused/{ours}") == NOT_FOUND
        assert await stranger.get(f"/posts/{ours}/body") == NOT_FOUND
        path = f"/posts/refused/{ours}/lead"
        assert await stranger.send("POST", path, {"body": "{}"}) == NOT_FOUND
    assert await stranger.get("/posts/refused") == (200, {"posts": [], "next": None})
