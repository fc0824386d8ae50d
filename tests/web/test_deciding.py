"""Decide what became of a lead: by the inbox's keys, and by the buttons of its page."""

import json
import uuid
from typing import Any

import httpx
import pytest

from doorstep.kit.db import Role
from tests.cast import Cast
from tests.faults.posting import rows
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk, post_lead
from tests.web.test_inbox import NO_ID
from tests.web.test_search import found, names, table

DECIDED = "SELECT disposition, reason, note, withdraws FROM lead_dispositions ORDER BY number"


async def by_key(desk: Desk, path: str, **form: str) -> httpx.Response:
    headers = desk.headers | {"hx-request": "true"}
    return await desk.client.post(path, data=form, headers=headers)


async def decided(db: PinnedDatabase, cast: Cast) -> list[dict[str, Any]]:
    return await rows(db, cast.alice, DECIDED)


async def test_a_key_decides_and_the_note_takes_it_back(
    bob: Desk, lead_id: uuid.UUID, cast: Cast, db: PinnedDatabase
) -> None:
    path = f"/leads/{lead_id}/dispositions"
    answer = await by_key(bob, path, disposition="contacted", seen="0")
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith(f'<li id="lead-{lead_id}" ')
    assert 'data-seen="1"' in answer.text
    assert '<span class="pill work">Contacted</span>' in answer.text
    assert '<span class="pill wait">New</span>' not in answer.text
    assert "data-received" not in answer.text
    assert '<span class="unseen">First touched </span>at once' in answer.text
    said = json.loads(answer.headers["hx-trigger"])["say"]
    assert said == {
        "value": "Lucille Bluth was marked as contacted.",
        "undo": f"{path}/1/withdrawal",
        "row": f"lead-{lead_id}",
    }

    again = await by_key(bob, said["undo"])
    assert '<span class="pill wait">New</span>' in again.text
    assert "data-received" in again.text
    assert json.loads(again.headers["hx-trigger"]) == {
        "say": "Taken back: Lucille Bluth is open again."
    }
    assert [row["disposition"] for row in await decided(db, cast)] == ["contacted", None]


async def test_the_page_decides_with_reason_and_note_and_takes_back(
    bob: Desk, lead_id: uuid.UUID, cast: Cast, db: PinnedDatabase
) -> None:
    path = f"/leads/{lead_id}"
    page = (await bob.get(path)).text
    assert '<input type="hidden" name="seen" value="0">' in page
    form = {"seen": "0", "disposition": "returned", "reason": "fake", "note": "No such <street>"}
    answer = await bob.post(f"{path}/dispositions", form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?said=disposed")
    page = (await bob.get(f"{path}?said=disposed")).text
    assert '<p class="note good stack-note" role="status">Noted.</p>' in page
    assert '<span class="pill wait">Returned</span><span>Fake or spam</span>' in page
    assert "No such &lt;street&gt;" in page
    assert "Marked as returned" in page
    assert "Fake or spam: No such &lt;street&gt;" in page
    assert await decided(db, cast) == [
        {"disposition": "returned", "reason": "fake", "note": "No such <street>", "withdraws": None}
    ]

    answer = await bob.post(f"{path}/dispositions/1/withdrawal")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?said=withdrawn")
    page = (await bob.get(path)).text
    assert '<p class="quiet">Nothing yet.</p>' in page
    assert "Taken back: returned. It is open again" in page


async def test_who_was_slower_overwrites_nothing_and_loses_nothing_typed(
    alice: Desk, bob: Desk, lead_id: uuid.UUID, cast: Cast, db: PinnedDatabase
) -> None:
    path = f"/leads/{lead_id}/dispositions"
    await alice.post(path, {"seen": "0", "disposition": "qualified"})
    late = {"seen": "0", "disposition": "rejected", "reason": "fake", "note": "Smells"}
    told = "In the meantime the lead was marked as qualified; nothing was changed."

    answer = await bob.post(path, late)
    assert answer.status_code == 409
    assert f'role="alert">{told}</p>' in answer.text
    assert 'value="Smells"' in answer.text
    assert '<option value="fake" selected>' in answer.text
    assert '<input type="hidden" name="seen" value="1">' in answer.text

    answer = await by_key(bob, path, **late)
    assert (answer.status_code, answer.headers["doorstep-says"]) == (409, told)
    answer = await by_key(bob, f"{path}/7/withdrawal")
    assert answer.status_code == 409
    assert (await bob.post(f"{path}/7/withdrawal")).status_code == 409
    assert [row["disposition"] for row in await decided(db, cast)] == ["qualified"]


@pytest.mark.parametrize(
    ("form", "status", "text"),
    [
        ({"disposition": "rejected"}, 422, "Reason is missing: say why."),
        ({"disposition": "lost"}, 422, "Disposition is not one of contacted,"),
        ({}, 422, "Disposition is not one of contacted,"),
        ({"disposition": "contacted", "seen": "x"}, 400, "The form could not be read."),
        ({"disposition": "contacted", "seen": "9" * 30}, 400, "The form could not be read."),
    ],
)
async def test_what_is_wrong_is_said(
    bob: Desk,
    lead_id: uuid.UUID,
    cast: Cast,
    db: PinnedDatabase,
    form: dict[str, str],
    status: int,
    text: str,
) -> None:
    answer = await bob.post(f"/leads/{lead_id}/dispositions", form)
    assert answer.status_code == status
    assert text in answer.text
    assert await decided(db, cast) == []


async def test_an_approver_sees_what_became_of_it_and_decides_nothing(
    bob: Desk, amy: Desk, lead_id: uuid.UUID
) -> None:
    path = f"/leads/{lead_id}"
    await bob.post(f"{path}/dispositions", {"disposition": "signed"})
    page = (await amy.get(path)).text
    assert '<span class="pill good">Signed</span>' in page
    assert "/dispositions" not in page
    inbox = (await amy.get("/inbox")).text
    assert "data-seen" not in inbox
    assert 'id="why"' not in inbox
    for action in ("dispositions", "dispositions/1/withdrawal"):
        answer = await amy.post(f"{path}/{action}", {"disposition": "contacted"})
        assert answer.status_code == 403


async def test_another_organizations_lead_is_not_there(charlie: Desk, lead_id: uuid.UUID) -> None:
    for action in ("dispositions", "dispositions/1/withdrawal"):
        theirs, nothing = [
            await charlie.post(f"/leads/{one}/{action}", {"disposition": "contacted"})
            for one in (lead_id, NO_ID)
        ]
        assert theirs.status_code == 404
        assert theirs.text == nothing.text


async def test_found_by_what_became_of_it(
    client: httpx.AsyncClient, cast: Cast, alice: Desk, lead_id: uuid.UUID
) -> None:
    await post_lead(client, cast.alice, First="Buster", ID="BL-8")
    await alice.post(f"/leads/{lead_id}/dispositions", {"disposition": "contacted"})

    assert await found(alice, "") == ["Buster Bluth", "Lucille Bluth"]
    assert await found(alice, "disposition=open") == ["Buster Bluth"]
    assert await found(alice, "disposition=contacted") == ["Lucille Bluth"]
    assert await found(alice, "disposition=signed") == []
    assert await found(alice, "disposition=all") == ["Buster Bluth", "Lucille Bluth"]
    assert await found(alice, "show=waiting") == ["Buster Bluth"]
    page = (await alice.get("/inbox?disposition=contacted")).text
    assert '<option value="contacted" selected>Contacted</option>' in page
    assert 'hx-get="/inbox/rows?show=&amp;disposition=contacted&amp;seen=' in page
    answer = await alice.get("/inbox/rows?disposition=contacted&seen=x")
    assert names(answer.text) == ["Lucille Bluth"]
    for path in ("/inbox", "/inbox/rows", "/inbox/leads.csv"):
        assert (await alice.get(f"{path}?disposition=lost")).status_code == 404

    await alice.post(f"/leads/{lead_id}/dispositions/1/withdrawal")
    assert await found(alice, "disposition=contacted") == []


async def test_the_table_says_what_became_of_it_and_when(
    client: httpx.AsyncClient, cast: Cast, bob: Desk, lead_id: uuid.UUID
) -> None:
    await post_lead(client, cast.alice, First="Buster", ID="BL-8")
    form = {"disposition": "rejected", "reason": "other", "note": "=1+1"}
    await bob.post(f"/leads/{lead_id}/dispositions", form)
    buster, lucille = await table(bob)
    assert (lucille["disposition"], lucille["reason"], lucille["note"]) == (
        "rejected",
        "other",
        "'=1+1",
    )
    assert lucille["disposed_at"].endswith("Z")
    assert (buster["disposition"], buster["reason"], buster["disposed_at"]) == ("", "", "")


async def test_an_age_stops_at_the_first_touch(
    cast: Cast, db: PinnedDatabase, alice: Desk, lead_id: uuid.UUID
) -> None:
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        await tx.execute("UPDATE leads SET received_at = now() - interval '17 minutes'")
    inbox = (await alice.get("/inbox")).text
    assert 'class="age pill bad" data-received="' in inbox
    await alice.post(f"/leads/{lead_id}/capture-request")
    inbox = (await alice.get("/inbox")).text
    assert '<span class="unseen">First touched </span>after 17 min' in inbox
    assert "data-received" not in inbox
    assert "First touched after 17 min" in (await alice.get(f"/leads/{lead_id}")).text
