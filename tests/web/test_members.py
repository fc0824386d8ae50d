"""Members on the page of the settings: invitation, role, end; and the organization's switches."""

import re

import pytest

from doorstep.kit.db import Role
from tests.cast import Cast
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk
from tests.web.test_settings import NEW


async def member(db: PinnedDatabase, cast: Cast, name: str) -> int:
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        found: int = await tx.fetchval("SELECT id FROM users WHERE name = $1", name)
    return found


async def test_an_invitation_by_mail(alice: Desk, cast: Cast, db: PinnedDatabase) -> None:
    assert "Invited" in (await alice.post("/members", NEW)).text
    tobias = await member(db, cast, "Tobias")
    answer = await alice.post(f"/members/{tobias}/invitation")
    assert answer.headers["location"] == "/settings?said=invited#members"
    outbox = (await alice.get("/outbox")).text
    assert "Invitation of a member" in outbox
    assert "tobias@123456.example" in outbox
    assert (await alice.post(f"/members/{cast.alice.admin_id}/invitation")).status_code == 409


async def test_role_and_approval(alice: Desk, bob: Desk, cast: Cast, db: PinnedDatabase) -> None:
    bob_id = await member(db, cast, "Bob")
    answer = await alice.post(f"/members/{bob_id}/role", {"role": "approver", "approval": "on"})
    assert answer.headers["location"] == "/settings?said=role#members"
    page = (await alice.get("/settings")).text
    assert re.search(rf'id="role-{bob_id}".*?value="approver" selected', page, re.DOTALL)
    assert 'name="approval" checked' in page
    assert (await bob.get("/jobs/new")).status_code == 403
    assert (await alice.post(f"/members/{bob_id}/role", {"role": "king"})).status_code == 422


async def test_an_ended_member_is_out_and_may_come_back(
    alice: Desk, bob: Desk, cast: Cast, db: PinnedDatabase
) -> None:
    bob_id = await member(db, cast, "Bob")
    answer = await alice.post(f"/members/{bob_id}/end")
    assert answer.headers["location"] == "/settings?said=ended#members"
    assert "bob@123456.example" not in (await alice.get("/settings")).text
    assert (await bob.get("/inbox")).headers["location"].startswith("/sign-in")
    back = await alice.post("/members", NEW | {"name": "Bob", "email": "bob@123456.example"})
    assert back.status_code == 200
    assert "This link signs Bob in once" in back.text


async def test_the_last_admin_stays(alice: Desk, cast: Cast) -> None:
    for path, form in (("role", {"role": "member"}), ("end", {})):
        answer = await alice.post(f"/members/{cast.alice.admin_id}/{path}", form)
        assert answer.status_code == 409
        assert "this is the last one" in answer.text


async def test_switches(alice: Desk, cast: Cast, db: PinnedDatabase) -> None:
    page = (await alice.get("/settings")).text
    assert 'name="invites_by_email" checked' in page
    assert 'name="require_job_approval" checked' not in page
    answer = await alice.post("/preferences", {"require_job_approval": "on"})
    assert answer.headers["location"] == "/settings?said=preferences#preferences"
    page = (await alice.get("/settings")).text
    assert 'name="invites_by_email" checked' not in page
    assert 'name="require_job_approval" checked' in page


@pytest.mark.parametrize("path", ["invitation", "role", "end"])
async def test_who_may_not(
    bob: Desk, amy: Desk, charlie: Desk, cast: Cast, db: PinnedDatabase, path: str
) -> None:
    bob_id = await member(db, cast, "Bob")
    for desk, status in ((bob, 403), (amy, 403), (charlie, 404)):
        answer = await desk.post(f"/members/{bob_id}/{path}", {"role": "admin"})
        assert answer.status_code == status
    assert (await bob.post("/preferences", {})).status_code == 403
