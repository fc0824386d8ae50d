"""A finished capture is opened again for a few more photos."""

from typing import Any

import httpx
import pytest

from doorstep.captures.model import CaptureRequest
from doorstep.kit.db import Tx
from tests.captures.test_link import HTML, in_org
from tests.capturing import Phone, photo
from tests.cast import Cast
from tests.web.conftest import Desk, desk_of

ONE, MORE = photo(1), photo(2)


@pytest.fixture
def bob(client: httpx.AsyncClient, cast: Cast) -> Desk:
    return desk_of(client, cast.alice, "bob")


@pytest.fixture
async def finished(
    phone: Phone, request_of_alice: CaptureRequest, pinned: Tx, cast: Cast
) -> CaptureRequest:
    """A capture whose model could not be built."""
    await phone.upload(ONE, kind="photo", spot="front")
    assert (await phone.finish(ONE)).status_code == 200
    await put_state(pinned, cast, "failed")
    return request_of_alice


async def put_state(pinned: Tx, cast: Cast, state: str) -> None:
    async with in_org(pinned, cast.alice.org_id):
        await pinned.execute(f"UPDATE jobs SET state = '{state}'")


async def reopen(desk: Desk, request: CaptureRequest, **form: str) -> httpx.Response:
    return await desk.post(
        f"/jobs/{request.job_id}/more-photos",
        form or {"spot-back": "yes", "spot-left": "yes", "note": "The chimney <b>too</b>"},
    )


async def told(phone: Phone) -> dict[str, Any]:
    state = await phone.state()
    return {name: state[name] for name in ("state", "wanted", "note")}


async def test_more_photos_come_over_the_same_link_and_are_built(
    bob: Desk, finished: CaptureRequest, phone: Phone, pinned: Tx, *, cast: Cast
) -> None:
    answer = await reopen(bob, finished)

    assert answer.headers["location"] == f"/jobs/{finished.job_id}?said=more"
    assert await told(phone) == {
        "state": "connected",
        "wanted": ["back", "left"],
        "note": "The chimney <b>too</b>",
    }
    second = Phone(phone.client, phone.path)
    assert (await second.start()).status_code == 303
    await second.upload(MORE, kind="photo", spot="back")
    assert (await told(second))["wanted"] == ["left"]
    page = await phone.client.get("/capture", headers={**second.cookie, **HTML})
    assert "A few more photos" in page.text

    assert (await second.finish(ONE, MORE)).status_code == 200
    assert await told(second) == {"state": "complete", "wanted": [], "note": None}
    async with in_org(pinned, cast.alice.org_id):
        assert await pinned.fetchval("SELECT state FROM jobs") == "processing_upload"
        assert await pinned.fetchval("SELECT completed_at FROM capture_requests") is not None
        names = [row["name"] for row in await pinned.fetch("SELECT name FROM events ORDER BY id")]
    assert "capture_request.reopened" in names


async def test_the_homeowner_is_written_to(
    bob: Desk, finished: CaptureRequest, pinned: Tx, cast: Cast
) -> None:
    await reopen(bob, finished)

    async with in_org(pinned, cast.alice.org_id):
        row = await pinned.fetchrow("SELECT * FROM messages WHERE kind = 'more_photos'")
    assert row is not None
    assert row["subject"] == "Bluth Company needs a few more photos of your house"
    assert "from: Back, Left side. The chimney <b>too</b>" in row["text_body"]
    assert "The chimney &lt;b&gt;too&lt;/b&gt;" in row["html_body"]
    assert "{link}" in row["text_body"]


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"note": "no spot"}, 422),
        ({"spot-roof": "yes"}, 422),
        ({"spot-back": "yes", "note": "x" * 301}, 422),
    ],
)
async def test_what_cannot_be_asked_changes_nothing(
    bob: Desk, finished: CaptureRequest, phone: Phone, *, form: dict[str, str], status: int
) -> None:
    assert (await reopen(bob, finished, **form)).status_code == status
    assert (await told(phone))["state"] == "complete"


async def test_an_open_capture_and_a_running_build_are_left_alone(
    bob: Desk, finished: CaptureRequest, pinned: Tx, cast: Cast
) -> None:
    await put_state(pinned, cast, "working")
    assert (await reopen(bob, finished)).status_code == 409
    await put_state(pinned, cast, "complete")
    assert (await reopen(bob, finished)).status_code == 303
    assert (await reopen(bob, finished)).status_code == 409


async def test_who_may_only_look_and_who_is_elsewhere_cannot(
    client: httpx.AsyncClient, finished: CaptureRequest, cast: Cast
) -> None:
    assert (await reopen(desk_of(client, cast.alice, "amy"), finished)).status_code == 403
    assert (await reopen(desk_of(client, cast.charlie, "charlie"), finished)).status_code == 404


async def test_a_capture_that_was_opened_again_is_not_deleted_with_its_photos(
    bob: Desk, finished: CaptureRequest, client: httpx.AsyncClient, pinned: Tx, *, cast: Cast
) -> None:
    await reopen(bob, finished)

    path = f"/api/v2/capture_requests/{finished.id}"
    answer = await client.delete(
        path, params={"current_user_id": cast.alice.admin_id}, headers=cast.alice.bearer
    )

    assert answer.status_code == 422
    async with in_org(pinned, cast.alice.org_id):
        assert await pinned.fetchval("SELECT state FROM capture_requests") == "connected"
        assert await pinned.fetchval("SELECT archived_at FROM jobs") is None
