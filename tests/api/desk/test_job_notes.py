"""Notes of a job, written by a program in a member's name."""

import uuid

import httpx
import pytest

from doorstep.captures.model import CaptureRequest
from tests.api.desk.calls import NOT_FOUND, PATH, Integration
from tests.capturing import ask
from tests.cast import Cast
from tests.pinned import PinnedDatabase
from tests.web.conftest import desk_of

NOBODY = (
    422,
    {"errors": {"user_id": ["is not an active user of this organization"]}, "code": "invalid"},
)


@pytest.fixture
async def asked(db: PinnedDatabase, cast: Cast) -> CaptureRequest:
    return await ask(db, cast.alice)


async def test_a_note_is_added_changed_and_removed(
    crm: Integration, client: httpx.AsyncClient, cast: Cast, asked: CaptureRequest
) -> None:
    path, alice = f"/jobs/{asked.job_id}/notes", cast.alice.admin_id
    assert await crm.get(path) == (200, {"notes": []})
    status, made = await crm.send("POST", path, {"text": " Gate code 1234 ", "user_id": alice})
    assert status == 201
    [note] = (await crm.get(path))[1]["notes"]
    assert (note["id"], note["text"], note["author"], note["user_id"], note["edited_at"]) == (
        made["id"], "Gate code 1234", "Alice", alice, None,
    )  # fmt: skip
    page = await desk_of(client, cast.alice, "bob").get(f"/jobs/{asked.job_id}/timeline")
    assert '<p class="text">Gate code 1234</p>' in page.text

    one = f"{path}/{made['id']}"
    assert await crm.send("PUT", one, {"text": "No dog", "user_id": alice}) == (204, None)
    assert (await crm.get(path))[1]["notes"][0]["text"] == "No dog"
    assert await crm.send("DELETE", f"{one}?user_id={alice}") == (204, None)
    assert await crm.get(path) == (200, {"notes": []})
    assert await crm.send("DELETE", f"{one}?user_id={alice}") == NOT_FOUND


async def test_only_its_author_changes_a_note(
    crm: Integration, client: httpx.AsyncClient, cast: Cast, asked: CaptureRequest
) -> None:
    path = f"/jobs/{asked.job_id}/notes"
    await desk_of(client, cast.alice, "bob").post(path, {"text": "Bob was here"})
    [note] = (await crm.get(path))[1]["notes"]
    one, alice = f"{path}/{note['id']}", cast.alice.admin_id
    refused = (403, {"error": "A note is changed by its author only.", "code": "forbidden"})
    assert await crm.send("PUT", one, {"text": "x", "user_id": alice}) == refused
    assert await crm.send("DELETE", f"{one}?user_id={alice}") == refused
    assert (await crm.get(path))[1]["notes"][0]["text"] == "Bob was here"


async def test_the_same_call_again_writes_no_second_note(
    crm: Integration, client: httpx.AsyncClient, cast: Cast, asked: CaptureRequest
) -> None:
    headers = crm.troupe.bearer | {"idempotency-key": "n-1"}
    body = {"text": "Once", "user_id": cast.alice.admin_id}
    path = f"{PATH}/jobs/{asked.job_id}/notes"
    first = await client.post(path, json=body, headers=headers)
    again = await client.post(path, json=body, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert len((await crm.get(f"/jobs/{asked.job_id}/notes"))[1]["notes"]) == 1


async def test_what_cannot_be_is_refused(
    crm: Integration, stranger: Integration, cast: Cast, asked: CaptureRequest
) -> None:
    path, alice = f"/jobs/{asked.job_id}/notes", cast.alice.admin_id
    said = "A note has 1 to 4000 characters."
    for text in (" ", "x" * 4001):
        assert await crm.send("POST", path, {"text": text, "user_id": alice}) == (
            422, {"errors": {"text": [said]}, "code": "invalid"},
        )  # fmt: skip
    theirs = {"text": "x", "user_id": cast.charlie.admin_id}
    assert await crm.send("POST", path, theirs) == NOBODY
    assert await crm.get("/jobs/999999/notes") == NOT_FOUND
    assert await stranger.get(path) == NOT_FOUND
    assert await stranger.send("POST", path, theirs) == NOT_FOUND
    note = f"{path}/{uuid.UUID(int=7)}"
    assert await stranger.send("PUT", note, theirs) == NOT_FOUND
    assert await crm.get(path) == (200, {"notes": []})
