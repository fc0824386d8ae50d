"""Refused calls: seen, understood, mended into calls."""

import html
import json
import re
import uuid

import httpx
import pytest

from tests.cast import Cast
from tests.faults.posting import rows
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk

PATH = "/api/captorracalltracking/create"
NOBODY = "01890000-0000-7000-8000-000000000000"
MENDED = {"CaptorraId": "123456", "Name": "Radio", "ANI": "2175550143"}


@pytest.fixture
async def refused(client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase) -> uuid.UUID:
    """A call with two faults, one of them a letter."""
    await client.post(PATH, json={"CaptorraId": 123456, "name": "Radio", "ANI": ""})
    found: uuid.UUID = (await rows(db, cast.alice, "SELECT id FROM refused_calls"))[0]["id"]
    return found


async def test_it_is_listed_and_all_its_faults_are_said(amy: Desk, refused: uuid.UUID) -> None:
    text = (await amy.get("/calls/refused")).text
    assert f'href="/calls/refused/{refused}">Please provide Name</a>' in text
    assert "Incomplete" in text

    page = html.unescape((await amy.get(f"/calls/refused/{refused}")).text)

    assert "Name is missing: name was sent, and letter case counts.</li>" in page
    assert "ANI is missing or blank.</li>" in page
    assert "answered with: Please provide Name" in page
    assert "<textarea" not in page
    raw = html.unescape((await amy.get(f"/calls/refused/{refused}?view=raw")).text)
    assert '{"CaptorraId":123456,"name":"Radio","ANI":""}' in raw


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"{'CaptorraId': '123456'}", "The quotes must be double ones around a single object."),
        (b"CaptorraId=123456&Name=Radio", "Form fields were sent, not JSON."),
        (
            b'{"CaptorraId":123456,"Name":["Radio"],"ANI":"1"}',
            "The body cannot be read: Name holds a list where text is expected.",
        ),
    ],
)
async def test_what_cannot_be_read_is_explained(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    alice: Desk,
    body: bytes,
    sentence: str,
) -> None:
    await client.post(PATH, content=body)
    (kept,) = await rows(db, cast.alice, "SELECT id FROM refused_calls")

    assert sentence in html.unescape((await alice.get(f"/calls/refused/{kept['id']}")).text)


async def test_a_mended_one_becomes_a_call(
    cast: Cast, db: PinnedDatabase, bob: Desk, refused: uuid.UUID
) -> None:
    form = {"body": json.dumps(MENDED)}

    answer = await bob.post(f"/calls/refused/{refused}/call", form)

    assert answer.status_code == 303
    page = (await bob.get(answer.headers["location"])).text
    assert "<h1>Call from 2175550143</h1>" in page
    assert "It is a call now." in page
    (kept,) = await rows(db, cast.alice, "SELECT refused_call_id, call_id, actor FROM mended_calls")
    assert kept["refused_call_id"] == refused
    assert kept["actor"] == f"user:{cast.alice.admin_id + 1}"
    assert await rows(db, cast.alice, "SELECT id FROM calls") == [{"id": kept["call_id"]}]
    assert "Mended" in (await bob.get("/calls/refused")).text
    assert "<textarea" not in (await bob.get(f"/calls/refused/{refused}")).text
    again = await bob.post(f"/calls/refused/{refused}/call", form)
    assert (again.status_code, "made of this already" in again.text) == (409, True)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("{", "JSON syntax error"),
        ("", "JSON syntax error"),
        ('{"CaptorraId":"123456","Name":"a"}', "Please provide ANI"),
        ('{"CaptorraId":"654321","Name":"a","ANI":"1"}', "This CaptorraId is not yours."),
    ],
)
async def test_what_is_still_wrong_is_said_and_the_edit_kept(
    cast: Cast, db: PinnedDatabase, alice: Desk, refused: uuid.UUID, body: str, sentence: str
) -> None:
    answer = await alice.post(f"/calls/refused/{refused}/call", {"body": body})

    assert answer.status_code == 422
    assert f'role="alert">{sentence}' in answer.text
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", answer.text, re.DOTALL)
    assert found
    assert html.unescape(found[1]) == body
    for troupe in (cast.alice, cast.charlie):
        assert await rows(db, troupe, "SELECT 1 FROM calls") == []


async def test_older_ones_are_a_page_away(
    client: httpx.AsyncClient, cast: Cast, alice: Desk
) -> None:
    for _ in range(52):
        await client.post(PATH, json={"CaptorraId": 123456})

    first = (await alice.get("/calls/refused")).text
    older = first.split('href="/calls/refused?before=')[1].split('"')[0]
    second = (await alice.get(f"/calls/refused?before={older}")).text

    assert (first.count('class="name wide"'), second.count('class="name wide"')) == (50, 2)


async def test_another_organizations_refused_call_is_not_there(
    charlie: Desk, refused: uuid.UUID
) -> None:
    assert "Nothing was refused" in (await charlie.get("/calls/refused")).text
    theirs, nothing = [await charlie.get(f"/calls/refused/{one}") for one in (refused, NOBODY)]
    assert (theirs.status_code, theirs.text) == (404, nothing.text)
    form = {"body": json.dumps(MENDED | {"CaptorraId": "654321"})}
    theirs, nothing = [
        await charlie.post(f"/calls/refused/{one}/call", form) for one in (refused, NOBODY)
    ]
    assert (theirs.status_code, theirs.text) == (404, nothing.text)
