"""What holds for every route of the published wire, whatever its name: taken from its description.

A route that is new and that these tables do not know fails here.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from litestar import Litestar

from doorstep.api.description.routes import description_of
from doorstep.kit.db import Role
from doorstep.kit.settings import Settings
from doorstep.web.app import Dispatcher
from doorstep.web.services import Services
from tests.cast import Cast, Troupe
from tests.pinned import PinnedDatabase
from tests.wire.hover.asks import ask
from tests.wire.hover.test_rehearsals import finish_all

pytestmark = pytest.mark.slow

WIRE = ("/api/v1/", "/api/v2/", "/api/v3/")
NOWHERE = 987_654_321
NAMES = {"get /api/v2/capture_requests/{request_id}": "identifier"}
"""Where a path takes something else than the number that its parameter is called by."""
OPEN = {"put /api/v2/webhooks/{code}/verify", "post /api/v2/webhooks/{code}/verify"}
"""Whoever holds the code may, without a token."""
NOT_FOUND: dict[str, int] = {}
NEVER_THERE = {
    "get /api/v3/models/{model_id}/artifacts/cad_export.esx",
    "get /api/v2/jobs/{job_id}/cad_export.esx",
}
"""Documented files that nothing here makes."""
REPEATABLE = {"post /api/v2/jobs/{job_id}/reassign"}
"""Makes, sends and charges nothing, and a second time changes nothing."""
NO_ROWS = {
    *("deliverable_id", "new_deliverable_id", "deliverable_ids", "inspection_workflow_id"),
    "lead_id",
}
"""Numbers that name no row of an organization."""
TABLES = (
    *("jobs", "models", "capture_requests", "reminders", "messages", "job_shares", "users"),
    *("webhook_endpoints", "deliverable_changes", "wallets", "holds", "wallet_entries", "events"),
)

Ids = dict[str, Any]
Route = tuple[str, str, dict[str, Any]]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """These tests call more often than a program may."""
    return replace(settings, api_calls_per_minute=100_000)


@pytest.fixture
async def house(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, services: Services
) -> Ids:
    """Something of every kind in Alice's organization, by the names of path parameters."""
    alice = cast.alice
    tested = await ask(client, alice)
    await client.patch(
        f"/api/v2/jobs/{tested['pending_job_id']}/set_test_state.json",
        params={"state": "complete", "current_user_id": alice.admin_id},
        headers=alice.bearer,
    )
    await finish_all(db, alice.org_id, services.storage)
    asked = await ask(client, alice, deliverable_id=7)
    job_id = tested["pending_job_id"]
    shown = (await client.get(f"/api/v3/jobs/{job_id}", headers=alice.bearer)).json()
    flat = (await client.get(f"/api/v2/jobs/{job_id}", headers=alice.bearer)).json()
    open_job = await client.get(f"/api/v3/jobs/{asked['pending_job_id']}", headers=alice.bearer)
    ids = {
        "change_job_id": (await ask(client, alice, deliverable_id=7))["pending_job_id"],
        "open_model_id": open_job.json()["models"][0]["id"],
        "request_id": asked["id"],
        "identifier": asked["identifier"],
        "job_id": job_id,
        "model_id": shown["models"][0]["id"],
        "image_id": shown["models"][0]["images"][0]["id"],
        "access_id": flat["org_job_accesses"][0]["id"],
        "wallet_id": alice.wallet_id,
        "org_id": alice.org_id,
        "user_id": alice.admin_id,
    }
    for name, path in (("share_id", "/api/v1/job_shares"), ("webhook_id", "/api/v2/webhooks")):
        body = body_of(f"post {path}", alice, ids)
        made = await client.post(path, json=body, headers=alice.bearer)
        assert made.status_code == 201, made.text
        ids[name] = made.json().get("job_share", made.json())["id"]
    invited = await client.post(
        f"/api/v1/orgs/{alice.org_id}/users",
        json={"user": {"email": "lindsay@example.com", "first_name": "Lindsay"}},
        headers=alice.bearer,
    )
    return ids | {"user_id": invited.json()["user"]["id"]}


def body_of(name: str, troupe: Troupe, ids: Ids) -> dict[str, Any]:
    """A good body of this call in this organization; most take the acting user and no more."""
    bodies: dict[str, dict[str, Any]] = {
        "post /api/v2/capture_requests": {
            "capture_request": {
                "capturing_user_name": "Lucille Bluth",
                "capturing_user_email": "lucille@example.com",
                "job_attributes": {"location_line_1": "123 Hover Way"},
            }
        },
        "post /api/v1/jobs": {"job": {"name": "Model Home"}},
        "patch /api/v1/jobs/{job_id}": {"job": {"name": "Vacation Home"}},
        "put /api/v1/jobs/{job_id}": {"job": {"name": "Vacation Home"}},
        "post /api/v2/jobs/{job_id}/reassign": {"user_id": troupe.admin_id},
        "patch /api/v1/org_job_accesses/{access_id}": {"org_job_access": {"archived": False}},
        "put /api/v1/org_job_accesses/{access_id}": {"org_job_access": {"archived": False}},
        "post /api/v1/job_shares": {"job_share": {"job_id": ids["job_id"]}},
        "patch /api/v1/job_shares/{share_id}": {"job_share": {"expired": False}},
        "put /api/v1/job_shares/{share_id}": {"job_share": {"expired": False}},
        "patch /api/v2/jobs/{job_id}/set_test_state": {"state": "complete"},
        "post /api/v3/jobs/test_job": {
            "job_preset": "multi-structure-exterior",
            "state": "complete",
        },
        "post /api/v3/models/{model_id}/deliverable_change_requests": {"new_deliverable_id": 3},
        "get /api/v3/models/{model_id}/deliverable_change_requests/price": {
            "new_deliverable_id": 3
        },
        "post /api/v2/deliverable_change_requests": {
            "deliverable_change_request": {"job_id": ids["change_job_id"], "new_deliverable_id": 3}
        },
        "patch /api/v1/orgs/{org_id}": {"org": {"name": "Bluth Company"}},
        "post /api/v1/orgs/{org_id}/users": {
            "user": {"email": "gob@example.com", "first_name": "Gob", "last_name": "Bluth"}
        },
        "patch /api/v1/orgs/{org_id}/users/{user_id}": {"user": {"acl_template": "pro_plus"}},
        "post /api/v2/webhooks": {"webhook": {"url": "https://93.184.216.34/hook"}},
        "get /api/v2/capture_requests/exists": {"email": "lucille@example.com"},
    }
    return bodies.get(name, {}) | {"current_user_id": troupe.admin_id}


def routes(app: Litestar) -> Iterator[Route]:
    """(name, path, operation) of every call of the wire, reads first and ends last."""
    document: Any = description_of(app)
    found = [
        (f"{method} {path}", path, operation)
        for path, methods in document["paths"].items()
        if path.startswith(WIRE)
        for method, operation in methods.items()
    ]
    order = ("get", "post", "patch", "put", "delete")
    return iter(sorted(found, key=lambda one: order.index(one[0].partition(" ")[0])))


async def call(
    client: httpx.AsyncClient, name: str, troupe: Troupe, *, path: str, body: dict[str, Any],
    key: str | None = None,
) -> httpx.Response:  # fmt: skip
    method = name.partition(" ")[0]
    sent: dict[str, Any] = {"params" if method in ("get", "delete") else "json": body}
    headers = troupe.bearer | ({"idempotency-key": key} if key else {})
    return await client.request(method, path, headers=headers, **sent)


def filled(name: str, path: str, ids: Ids) -> str:
    """The path with these ids in it."""
    special = NAMES.get(name)
    return re.sub(r"{(\w+)}", lambda found: str(ids[special or found[1]]), path)


def shown(answer: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    """All of an answer that could tell one from another; the request's own number is its own."""
    headers = {name: text for name, text in answer.headers.items() if name != "x-request-id"}
    return answer.status_code, answer.content, headers


async def rows(db: PinnedDatabase, troupe: Troupe) -> dict[str, str]:
    """How everything looks that calls make, send or charge."""
    union = " UNION ALL ".join(
        f"SELECT '{table}', count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' "
        f"ORDER BY t::text)), '') FROM {table} t"
        for table in TABLES
    )
    async with db.transaction(Role.APP, org_id=troupe.org_id) as tx:
        return {row[0]: row[1] for row in await tx.fetch(union)}


async def test_what_is_another_organizations_is_not_there(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, house: Ids, dispatcher: Dispatcher
) -> None:
    before = await rows(db, cast.alice)
    missing = dict.fromkeys(house, NOWHERE) | {"identifier": "zzzzzz"}
    seen: list[str] = []
    for name, path, _ in routes(dispatcher.app):
        if "{" not in path or name in OPEN:
            continue
        body = body_of(name, cast.charlie, house)
        nowhere = await call(
            client, name, cast.charlie, path=filled(name, path, missing), body=body
        )
        assert nowhere.status_code == NOT_FOUND.get(name, 404), (name, nowhere.text)
        foreign = [house]
        if re.search(r"{org_id}.*{", path):
            foreign.append(house | {"org_id": cast.charlie.org_id})
        for ids in foreign:
            answer = await call(client, name, cast.charlie, path=filled(name, path, ids), body=body)
            assert shown(answer) == shown(nowhere), name
        seen.append(name)
    assert len(seen) > 35
    assert await rows(db, cast.alice) == before
    # The same paths lead Alice somewhere: it was not the paths that were wrong.
    for name, path, _ in routes(dispatcher.app):
        if name in seen and name not in NEVER_THERE:
            sent = body_of(name, cast.alice, house)
            answer = await call(client, name, cast.alice, path=filled(name, path, house), body=sent)
            assert answer.status_code < 500, (name, answer.text)
            assert answer.status_code != 404, (name, answer.text)


async def test_another_organizations_rows_in_a_body_are_not_there(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, house: Ids, dispatcher: Dispatcher
) -> None:
    house |= {"current_user_id": cast.alice.admin_id, "requesting_user_id": cast.alice.admin_id}
    own = await ask(client, cast.charlie)
    job_id = own["pending_job_id"]
    path_ids = house | {"job_id": job_id, "change_job_id": job_id, "org_id": cast.charlie.org_id}
    before, tried = await rows(db, cast.alice), []
    for name, path, operation in routes(dispatcher.app):
        for keys in references(operation, dispatcher.app):
            answers = []
            for value in (house[keys[-1]], NOWHERE):
                body = body_of(name, cast.charlie, path_ids)
                put(body, keys, value)
                answers.append(
                    await call(
                        client, name, cast.charlie, path=filled(name, path, path_ids), body=body
                    )
                )
            assert shown(answers[0]) == shown(answers[1]), (name, keys)
            # A read may be held to nothing by it, and some calls need no acting user.
            ignored = name.startswith("get ") or keys == ("current_user_id",)
            assert ignored or answers[0].status_code in (404, 422), (name, keys)
            tried.append((name, keys))
    assert len(tried) > 15, tried
    assert await rows(db, cast.alice) == before


async def test_a_post_that_comes_twice_under_one_key_is_done_once(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, house: Ids, dispatcher: Dispatcher
) -> None:
    posts = [
        one for one in routes(dispatcher.app) if one[0].startswith("post ") and one[0] not in OPEN
    ]
    assert len(posts) >= 10
    house |= {"model_id": house["open_model_id"]}
    for number, (name, path, operation) in enumerate(posts):
        names = {one["name"] for one in operation.get("parameters", ())}
        assert ("Idempotency-Key" in names) is (name not in REPEATABLE), name
        sent: dict[str, Any] = {
            "path": filled(name, path, house),
            "body": body_of(name, cast.alice, house),
            "key": f"key-{number}",
        }
        before = await rows(db, cast.alice)
        first = await call(client, name, cast.alice, **sent)
        made = await rows(db, cast.alice)
        assert first.is_success, (name, first.text)
        assert (made == before) is (name in REPEATABLE), name
        again = await call(client, name, cast.alice, **sent)
        assert (again.status_code, again.content) == (first.status_code, first.content), name
        assert await rows(db, cast.alice) == made, name
        if name in REPEATABLE:
            continue
        assert again.headers["idempotent-replayed"] == "true", name
        other = sent | {"body": sent["body"] | {"note": "another"}}
        refused = await call(client, name, cast.alice, **other)
        assert (refused.status_code, refused.json()["code"]) == (422, "key_reused"), name
        assert await rows(db, cast.alice) == made, name


def references(operation: dict[str, Any], app: Litestar) -> Iterator[tuple[str, ...]]:
    """Where the query or the body of a call may name a row of an organization."""
    document: Any = description_of(app)
    for one in operation.get("parameters", ()):
        if one["in"] == "query" and is_row(one["name"]):
            yield (one["name"],)
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        yield from below(content["application/json"]["schema"], document)


def below(schema: dict[str, Any], document: Any) -> Iterator[tuple[str, ...]]:
    """The same in this schema."""
    for part in (schema, *schema.get("anyOf", ()), *schema.get("oneOf", ())):
        found = part
        if "$ref" in part:
            found = document["components"]["schemas"][part["$ref"].rpartition("/")[2]]
        for name, inner in found.get("properties", {}).items():
            if is_row(name):
                yield (name,)
            yield from ((name, *rest) for rest in below(inner, document))


def is_row(name: str) -> bool:
    bare = name.removesuffix("[]")
    return bare.endswith(("_id", "_ids")) and bare not in NO_ROWS


def put(body: dict[str, Any], keys: tuple[str, ...], value: object) -> None:
    for key in keys[:-1]:
        body = body.setdefault(key, {})
    body[keys[-1]] = value
