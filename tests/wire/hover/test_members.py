"""Members come by invitation, change, and go."""

import re
from typing import Any

import httpx
import pytest

from doorstep.kit.db import Role
from doorstep.kit.mail import Mail
from doorstep.kit.settings import Settings
from doorstep.messages.actions import DELIVER
from doorstep.messages.tasks import deliver
from doorstep.web.links import Links
from tests.background import take
from tests.cast import Cast, Troupe
from tests.pinned import PinnedDatabase

TOBIAS = {"first_name": "Tobias", "last_name": "Fünke", "email": "tobias@example.com"}


def path_of(troupe: Troupe, *rest: object) -> str:
    return "/".join([f"/api/v1/orgs/{troupe.org_id}/users", *map(str, rest)])


async def invite(client: httpx.AsyncClient, troupe: Troupe, **user: Any) -> httpx.Response:
    return await client.post(
        path_of(troupe) + ".json", json={"user": TOBIAS | user}, headers=troupe.bearer
    )


class Postman:
    """A mail server that keeps what it is given."""

    domain = "localhost"

    def __init__(self) -> None:
        self.letters: list[str] = []

    async def send(self, mail: Mail) -> str:
        self.letters.append(mail.text)
        return "taken"


async def test_the_documented_answer_and_no_mail(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    answer = await invite(client, cast.alice, acl_template="admin")
    user = answer.json()["user"]
    assert answer.status_code == 201
    assert (user["aasm_state"], user["first_name"], user["last_name"]) == (
        *("invited", "Tobias", "Fünke"),
    )
    assert user["accesses"] == [
        {
            "org_id": cast.alice.org_id,
            "user_id": user["id"],
            "free_job_quota": 0,
            "acl_template": "admin",
            "acl_options": None,
            "cc_admin_on_emails": False,
        }
    ]
    (options,) = user["acl_options"]["orgs"]
    assert (options["template"], options["id"], options["kind"]) == (
        *("admin", str(cast.alice.org_id), "dealer"),
    )
    assert options["users"] == ["read", "add", "remove", "update", "manage_permissions"]
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        assert await tx.fetchval("SELECT count(*) FROM messages") == 0
    listed = await client.get("/api/v2/users?state=invited", headers=cast.alice.bearer)
    there = await client.get("/api/v2/users?state=activated", headers=cast.alice.bearer)
    assert [one["id"] for one in listed.json()["results"]] == [user["id"]]
    assert len(there.json()["results"]) == 3


async def test_the_mail_holds_a_link_that_signs_in_once(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, settings: Settings
) -> None:
    user_id = (await invite(client, cast.alice)).json()["user"]["id"]
    send = path_of(cast.alice, user_id, "send_invitation_email")
    assert (await client.post(send, headers=cast.alice.bearer)).status_code == 200
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        message = (await tx.fetch("SELECT id, text_body FROM messages"))[0]
    assert "{link}" in message["text_body"]
    desk = {"accept": "text/html"} | cast.alice.cookie("bob")
    page = await client.get(f"/outbox/{message['id']}", headers=desk)
    assert 'value="http://127.0.0.1:8000/sign-in"' in page.text
    assert "/sign-in/link/" not in page.text

    (task,) = await take(db, DELIVER)
    postman = Postman()
    await deliver(
        db,
        payload=task.payload,
        mail=postman,
        sms=None,
        resolve_link=Links(settings).resolve,
    )
    link = re.search(r"/sign-in/link/[\w-]{43}", postman.letters[0])
    assert link
    signed_in = await client.post(link[0], headers={"accept": "text/html"})
    assert signed_in.headers["location"] == "/welcome"
    shown = await client.get("/api/v2/users?search=tobias", headers=cast.alice.bearer)
    assert shown.json()["results"][0]["aasm_state"] == "activated"
    assert (await client.post(send, headers=cast.alice.bearer)).status_code == 409
    assert (await client.post(link[0], headers={"accept": "text/html"})).status_code == 410


@pytest.mark.parametrize(
    ("user", "errors"),
    [
        ({"email": "BOB@123456.example"}, {"email": ["has already been taken"]}),
        ({"email": "x"}, {"email": ["is invalid"]}),
        ({"email": None}, {"email": ["can't be blank"]}),
        ({"first_name": "", "last_name": None}, {"first_name": ["can't be blank"]}),
        ({"acl_template": "king"},
         {"acl_template": [("must be one of admin, manager, member, approver, job_manager, "
                           "pro_plus, pro, lite")]}),
    ],
)  # fmt: skip
async def test_bad_input(
    client: httpx.AsyncClient, cast: Cast, user: dict[str, Any], errors: dict[str, Any]
) -> None:
    answer = await invite(client, cast.alice, **user)
    assert (answer.status_code, answer.json()["errors"]) == (422, errors)


async def test_the_role_of_who_says_none(client: httpx.AsyncClient, cast: Cast) -> None:
    body = {"org": {"preferences_attributes": {"default_acl_template": "approver"}}}
    path = f"/api/v1/orgs/{cast.alice.org_id}"
    await client.patch(path, json=body, headers=cast.alice.bearer)
    assert (await invite(client, cast.alice)).json()["user"]["acl_template"] == "approver"


async def test_a_role_is_changed_and_the_last_admin_stays(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    user_id = (await invite(client, cast.alice)).json()["user"]["id"]
    one, last = path_of(cast.alice, user_id), path_of(cast.alice, cast.alice.admin_id)
    demote = {"user": {"acl_template": "pro_plus"}}
    refused = [
        await client.patch(last, json=demote, headers=cast.alice.bearer),
        await client.delete(last, headers=cast.alice.bearer),
    ]
    assert [answer.status_code for answer in refused] == [409, 409]
    promoted = await client.patch(
        one, json={"user": {"acl_template": "admin"}}, headers=cast.alice.bearer
    )
    assert promoted.json()["user"]["acl_template"] == "admin"
    demoted = await client.patch(last, json=demote, headers=cast.alice.bearer)
    assert demoted.json()["user"]["acl_template"] == "pro_plus"
    listed = await client.get("/api/v2/users?per=100", headers=cast.alice.bearer)
    named = {one["email"]: one["acl_template"] for one in listed.json()["results"]}
    assert named["alice@123456.example"] == "pro_plus"
    assert (await client.get("/settings", headers=cast.alice.cookie("alice"))).status_code == 200


async def test_who_was_removed_is_out_at_once_and_comes_back_with_nothing(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    listed = await client.get("/api/v2/users?search=bob", headers=cast.alice.bearer)
    bob_id = listed.json()["results"][0]["id"]
    bob = {"accept": "text/html"} | cast.alice.cookie("bob")
    assert (await client.get("/settings", headers=bob)).status_code == 200

    answer = await client.delete(path_of(cast.alice, bob_id), headers=cast.alice.bearer)
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await client.get("/settings", headers=bob)).status_code == 303
    again = await client.delete(path_of(cast.alice, bob_id), headers=cast.alice.bearer)
    assert again.status_code == 404

    back = await invite(client, cast.alice, email="bob@123456.example", first_name="Bob")
    assert (back.status_code, back.json()["user"]["id"]) == (201, bob_id)
    assert (await client.get("/settings", headers=bob)).status_code == 303
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        assert await tx.fetchval("SELECT password_hash FROM users WHERE id = $1", bob_id) is None


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_another_organizations_member_is_not_there(
    client: httpx.AsyncClient, cast: Cast, method: str
) -> None:
    body = {"user": {"acl_template": "admin"}}
    answers = [
        await client.request(method, path, json=body, headers=cast.charlie.bearer)
        for path in (
            path_of(cast.alice, cast.alice.admin_id),
            path_of(cast.charlie, cast.alice.admin_id),
            path_of(cast.charlie, 999_999_999),
        )
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    sent = await client.post(
        path_of(cast.charlie, cast.alice.admin_id, "send_invitation_email"),
        headers=cast.charlie.bearer,
    )
    assert sent.status_code == 404
    assert (await client.post(path_of(cast.alice), headers=cast.charlie.bearer)).status_code == 404


async def test_once(client: httpx.AsyncClient, cast: Cast) -> None:
    headers = cast.alice.bearer | {"Idempotency-Key": "k"}
    answers = [
        await client.post(path_of(cast.alice), json={"user": TOBIAS}, headers=headers)
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content


async def test_available_deliverables(client: httpx.AsyncClient, cast: Cast) -> None:
    path = f"/api/v2/wallets/{cast.alice.wallet_id}/available_deliverables"
    answer = await client.get(path, headers=cast.alice.bearer)
    assert answer.json()["results"][:2] == [
        {"id": 2, "name": "Roof only", "price_cents": 0},
        {"id": 3, "name": "Complete", "price_cents": 0},
    ]
    assert (await client.get(path, headers=cast.charlie.bearer)).status_code == 404
