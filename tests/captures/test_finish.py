"""POST /capture/finish."""

import hashlib

import httpx
import pytest

from doorstep.kit.db import Tx
from tests.captures.test_link import HTML, in_org
from tests.capturing import Phone, photo
from tests.cast import Cast


async def test_all_photos_in_ends_the_capture_and_moves_the_job(
    phone: Phone, pinned: Tx, cast: Cast
) -> None:
    first, second = photo(1), photo(2)
    await phone.upload(first)
    await phone.upload(second)
    answer = await phone.finish(first, second, skipped={"back": "dog"})
    assert answer.status_code == 200, answer.text
    async with in_org(pinned, cast.alice.org_id):
        request = await pinned.fetchrow("SELECT * FROM capture_requests")
        session = await pinned.fetchrow("SELECT * FROM capture_sessions")
        job_state = await pinned.fetchval("SELECT state FROM jobs")
        names = [row["name"] for row in await pinned.fetch("SELECT name FROM events ORDER BY id")]
        reminders = await pinned.fetch("SELECT state FROM reminders")
        invited = await pinned.fetch("SELECT state FROM messages WHERE kind = 'invitation'")
    assert request is not None
    assert session is not None
    assert request["state"] == "complete"
    assert request["completed_at"] is not None
    assert session["finished_at"] is not None
    assert session["skipped_spots"] == {"back": "dog"}
    assert job_state == "processing_upload"
    assert names[-2:] == ["capture_request.completed", "job.state_changed"]
    assert {row["state"] for row in reminders} == {"cancelled"}
    # F26: what a provider that was down has not taken yet is not sent any more.
    assert {row["state"] for row in invited} == {"cancelled"}


async def test_f48_r10_a_missing_photo_is_named_and_nothing_changes(
    phone: Phone, pinned: Tx, cast: Cast
) -> None:
    stored, lost = photo(1), photo(3)
    await phone.upload(stored)
    answer = await phone.finish(stored, lost)
    assert answer.status_code == 409
    assert answer.json() == {
        "errors": {"missing": [hashlib.sha256(lost).hexdigest()]},
        "code": "photos_missing",
    }
    assert (await phone.state())["state"] == "connected"
    await phone.upload(lost)
    assert (await phone.finish(stored, lost)).status_code == 200


async def test_f48_a_half_sent_photo_is_missing(phone: Phone) -> None:
    content = photo(4)
    location = (await phone.create(len(content))).headers["location"]
    await phone.send(location, content[:100])
    assert (await phone.finish(content)).status_code == 409


async def test_a_photo_of_another_size_is_missing(phone: Phone, client: httpx.AsyncClient) -> None:
    content = photo(5)
    await phone.upload(content)
    line = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content) + 1}
    answer = await client.post("/capture/finish", json={"photos": [line]}, headers=phone.cookie)
    assert answer.status_code == 409


async def test_no_usable_photo_is_no_capture(phone: Phone) -> None:
    await phone.upload(b"not a picture at all")
    answer = await phone.finish(b"not a picture at all")
    assert answer.status_code == 409
    assert answer.json()["code"] == "no_usable_photo"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"photos": []},
        {"photos": "all"},
        {"photos": [{"sha256": "x", "size": 1}]},
        {"photos": [{"sha256": "a" * 64, "size": 0}]},
        {"photos": [{"sha256": "a" * 64, "size": 1}] * 201},
    ],
)
async def test_a_bad_manifest_is_refused(
    phone: Phone, client: httpx.AsyncClient, body: dict[str, object]
) -> None:
    answer = await client.post("/capture/finish", json=body, headers=phone.cookie)
    assert answer.status_code in (400, 422)


async def test_an_unknown_spot_or_reason_is_refused(phone: Phone) -> None:
    content = photo(6)
    await phone.upload(content)
    for skipped in ({"roof": "dog"}, {"back": "lazy"}):
        assert (await phone.finish(content, skipped=skipped)).status_code == 422
    assert (await phone.state())["state"] == "connected"


async def test_after_the_finish_the_link_opens_nothing_and_the_cookie_still_looks(
    phone: Phone, client: httpx.AsyncClient, link: str
) -> None:
    content = photo(7)
    await phone.upload(content)
    await phone.finish(content)
    for method in ("GET", "POST"):
        answer = await client.request(method, link, headers=HTML)
        assert answer.status_code == 410
        assert "Your photos are safe" in answer.text
        assert "Balboa" not in answer.text
    assert (await phone.create(10)).status_code == 409
    assert (await phone.finish(content)).status_code == 409
    assert (await phone.state())["state"] == "complete"
    page = await client.get("/capture", headers={**HTML, **phone.cookie})
    assert page.status_code == 200


async def test_the_second_phone_hears_that_it_is_over(
    phone: Phone, client: httpx.AsyncClient, link: str
) -> None:
    second = Phone(client, link)
    await second.start()
    content = photo(8)
    await phone.upload(content)
    await phone.finish(content)
    answer = await second.create(10)
    assert answer.status_code == 409
    assert answer.json()["code"] == "request_complete"
