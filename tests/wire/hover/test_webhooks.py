"""`/api/v2/webhooks`: the documented objects letter for letter, and who may see them."""

import base64
import ipaddress
import re
from dataclasses import replace
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from doorstep.auth.scopes import open_scope
from doorstep.events import actions as events
from doorstep.kit.db import Role
from doorstep.kit.outbound import Egress
from doorstep.web.services import Services
from doorstep.webhooks import actions, tasks
from doorstep.webhooks.actions import DELIVER, fan_out
from doorstep.webhooks.sending import Lanes
from tests.background import take
from tests.cast import STAGE, Cast
from tests.fakes.receiver import Receiver
from tests.pinned import PinnedDatabase

PATH = "/api/v2/webhooks"
URL = "https://93.184.216.34/hover?secret=theirs"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.fixture
def services(services: Services) -> Services:
    """A web process whose operator lets webhooks go to this machine."""
    allowed = (ipaddress.ip_network("127.0.0.0/8"),)
    return replace(services, settings=replace(services.settings, egress_allow=allowed))


def nested(url: str, **more: str) -> dict[str, Any]:
    return {"webhook": {"url": url, "content_type": "json", **more}}


async def registered(
    client: httpx.AsyncClient, cast: Cast, url: str = URL, **more: str
) -> dict[str, Any]:
    answer = await client.post(PATH, json=nested(url, **more), headers=cast.alice.bearer)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_register(client: httpx.AsyncClient, cast: Cast) -> None:
    made = await registered(client, cast)
    assert list(made) == [
        "id", "owner_type", "owner_id", "url", "created_at", "updated_at", "verified_at",
        "hmac_secret", "last_error", "content_type",
    ]  # fmt: skip
    assert made == {
        "id": made["id"],
        "owner_type": "Org",
        "owner_id": cast.alice.org_id,
        "url": URL,
        "created_at": made["created_at"],
        "updated_at": made["created_at"],
        "verified_at": None,
        "hmac_secret": made["hmac_secret"],
        "last_error": None,
        "content_type": "json",
    }
    assert isinstance(made["id"], int)
    assert TIME.fullmatch(made["created_at"])
    assert len(made["hmac_secret"]) == 88
    assert len(base64.b64decode(made["hmac_secret"], validate=True)) == 64


@pytest.mark.parametrize(
    "body",
    [
        {"json": {"webhook": {"url": URL}}},
        {"json": {"webhook": {"url": URL, "content-type": "json"}}},
        {"data": {"webhook[url]": URL, "webhook[content_type]": "json"}},
    ],
    ids=["bare", "hyphen", "form"],
)
async def test_register_as_clients_do(
    client: httpx.AsyncClient, cast: Cast, body: dict[str, Any]
) -> None:
    answer = await client.post(PATH, headers=cast.alice.bearer, **body)
    assert answer.status_code == 201
    assert answer.json()["url"] == URL


@pytest.mark.parametrize(
    ("body", "status", "errors"),
    [
        ({"url": URL, "content_type": "json"}, 422, {"webhook": ["is missing or not an object"]}),
        ({}, 422, {"webhook": ["is missing or not an object"]}),
        ({"webhook": {}}, 422, {"url": ["can't be blank"]}),
        ({"webhook": {"url": " "}}, 422, {"url": ["can't be blank"]}),
        ({"webhook": {"url": ["x"]}}, 422, {"url": ["must be text"]}),
        (nested(URL, content_type="form"), 422, {"content_type": ["must be json"]}),
        (nested(URL, dialect="x"), 422, {"dialect": ["must be wire or standard"]}),
        (nested("not a url"), 422, {"url": ["is not a URL that we can call"]}),
        (nested("http://93.184.216.34/"), 422, {"url": ["must be https"]}),
        (nested("https://93.184.216.34:22/"), 422, {"url": ["must use port 443 or 8443"]}),
        (nested("https://169.254.169.254/"), 422, {"url": ["leads to a private address"]}),
        (nested("https://[::1]/"), 422, {"url": ["leads to a private address"]}),
    ],
)
async def test_refused(
    client: httpx.AsyncClient, cast: Cast, body: dict[str, Any], status: int, errors: object
) -> None:
    answer = await client.post(PATH, json=body, headers=cast.alice.bearer)
    assert answer.status_code == status
    assert answer.json() == {"errors": errors, "code": "invalid"}
    listed = await client.get(PATH, headers=cast.alice.bearer)
    assert listed.json()["results"] == []


async def test_the_same_url_twice_and_not_three_times(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    first, second = await registered(client, cast), await registered(client, cast)
    assert first["hmac_secret"] != second["hmac_secret"]
    third = await client.post(PATH, json=nested(URL), headers=cast.alice.bearer)
    assert third.status_code == 422
    assert third.json()["errors"] == {"url": ["is registered 2 times already"]}
    elsewhere = await client.post(PATH, json=nested(URL), headers=cast.charlie.bearer)
    assert elsewhere.status_code == 201


async def test_fifty_and_not_one_more(client: httpx.AsyncClient, cast: Cast) -> None:
    for number in range(50):
        await registered(client, cast, f"{URL}&n={number}")
    answer = await client.post(PATH, json=nested(URL), headers=cast.alice.bearer)
    assert answer.status_code == 422


async def test_list(client: httpx.AsyncClient, cast: Cast) -> None:
    empty = await client.get(PATH, headers=cast.alice.bearer)
    assert empty.json() == {
        "pagination": {"current_page": 1, "total_pages": 1, "total": 0},
        "results": [],
    }
    made = [await registered(client, cast, f"{URL}&n={number}") for number in range(3)]
    listed = await client.get(PATH, headers=cast.alice.bearer)
    assert listed.json() == {
        "pagination": {"current_page": 1, "total_pages": 1, "total": 3},
        "results": made,
    }
    page = await client.get(PATH, params={"page": 2, "per": 2}, headers=cast.alice.bearer)
    assert page.json() == {
        "pagination": {"current_page": 2, "total_pages": 2, "total": 3},
        "results": made[2:],
    }
    for bad in ({"page": 0}, {"per": 101}, {"page": "x"}):
        answer = await client.get(PATH, params=bad, headers=cast.alice.bearer)
        assert answer.status_code == 422


async def test_delete(client: httpx.AsyncClient, cast: Cast) -> None:
    made = await registered(client, cast)
    gone = await client.delete(f"{PATH}/{made['id']}", headers=cast.alice.bearer)
    assert (gone.status_code, gone.content) == (204, b"")
    again = await client.delete(f"{PATH}/{made['id']}", headers=cast.alice.bearer)
    assert again.status_code == 404


async def test_another_organizations_webhook_is_not_there(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    made = await registered(client, cast)
    answers = [
        await client.delete(f"{PATH}/{name}", headers=cast.charlie.bearer)
        for name in (made["id"], 10**15, "0", "x", "-1")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    theirs = await client.get(PATH, headers=cast.charlie.bearer)
    assert theirs.json()["results"] == []
    assert len((await client.get(PATH, headers=cast.alice.bearer)).json()["results"]) == 1


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer nobody"}])
async def test_without_a_token(
    client: httpx.AsyncClient, cast: Cast, headers: dict[str, str]
) -> None:
    calls = [
        await client.get(PATH, headers=headers),
        await client.post(PATH, json=nested(URL), headers=headers),
        await client.delete(f"{PATH}/1", headers=headers),
    ]
    assert {answer.status_code for answer in calls} == {401}


async def test_the_secret_of_the_answer_verifies_what_arrives(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, services: Services
) -> None:
    with Receiver() as receiver:
        made = await registered(client, cast, receiver.url)
        async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE, role=Role.WORKER) as scope:
            event_id = await events.record(scope, "lead.received")
            await fan_out(scope, await events.find(scope, event_id=event_id))
        for task in await take(db, DELIVER):
            await tasks.deliver(
                db,
                payload=task.payload,
                egress=Egress(allow=services.settings.egress_allow),
                signer=services.signer,
                lanes=Lanes(),
            )
        arrived = [
            Webhook(made["hmac_secret"]).verify(r.body, r.headers) for r in receiver.requests
        ]
    assert [one.get("type") or one["event"] for one in arrived] == [
        "webhook-verification-code",
        "lead.received",
    ]


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "{}"), ("POST", "{}/request_verification.json")]
)
async def test_a_vendors_endpoint_is_exactly_not_there(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, method: str, path: str
) -> None:
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        vendors = (await actions.insert(scope, url=URL, dialect="vendor")).id

    answers = [
        await client.request(method, f"{PATH}/{path.format(one)}", headers=cast.alice.bearer)
        for one in (vendors, 999_999_999)
    ]

    theirs, none = answers
    assert theirs.status_code == none.status_code == 404
    assert theirs.json() == none.json() == {"error": "There is nothing here.", "code": "not_found"}
    assert set(theirs.headers) == set(none.headers)
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        assert await tx.fetchval("SELECT count(*) FROM webhook_endpoints") == 1
