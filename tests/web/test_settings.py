"""Members of the organization."""

import re

import httpx

from tests.cast import Cast
from tests.web.conftest import Desk

NEW = {"name": "Tobias", "email": "tobias@123456.example", "role": "member"}


async def test_adds_a_member_who_signs_in_by_the_link(
    client: httpx.AsyncClient, alice: Desk
) -> None:
    answer = await alice.post("/members", NEW)
    assert answer.status_code == 200
    assert "This link signs Tobias in once" in answer.text
    link = re.search(r'value="http://127\.0\.0\.1:8000(/sign-in/link/[\w-]{43})"', answer.text)
    assert link
    assert link[1] not in (await alice.get("/settings")).text

    signed_in = await client.post(link[1], headers={"accept": "text/html"})
    assert signed_in.headers["location"] == "/welcome"
    page = await client.get("/settings", headers={"accept": "text/html"})
    assert 'Tobias <span class="quiet">(you)</span>' in page.text


async def test_what_is_wrong_is_said(alice: Desk) -> None:
    for change, words in (
        ({"name": ""}, "Give the member a name."),
        ({"email": "tobias"}, "This is no e-mail address."),
        ({"role": "king"}, "Choose a role."),
        ({"email": "BOB@123456.example"}, "Somebody here has this address already."),
    ):
        answer = await alice.post("/members", NEW | change)
        assert answer.status_code == 422
        assert words in answer.text
    assert "Tobias" not in (await alice.get("/settings")).text


async def test_only_admins_add_members_and_make_links(cast: Cast, bob: Desk, amy: Desk) -> None:
    for desk in (bob, amy):
        page = (await desk.get("/settings")).text
        assert "alice@123456.example" in page
        assert "Add a member" not in page
        assert (await desk.post("/members", NEW)).status_code == 403
        assert (await desk.post(f"/members/{cast.alice.admin_id}/sign-in-link")).status_code == 403


async def test_another_organizations_member_is_not_there(cast: Cast, charlie: Desk) -> None:
    assert "alice@" not in (await charlie.get("/settings")).text
    answer = await charlie.post(f"/members/{cast.alice.admin_id}/sign-in-link")
    assert answer.status_code == 404


async def test_admins_find_the_integrations(alice: Desk, bob: Desk) -> None:
    assert 'href="/integrations"' in (await alice.get("/settings")).text
    assert 'href="/integrations"' not in (await bob.get("/settings")).text
