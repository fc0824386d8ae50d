"""Every route of the desk, called by every role: who may, who may not, and who finds nothing.

A new route fails `test_every_route_is_in_the_table` until its line is in `role_table.py`.
"""

import re
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from litestar.routes import HTTPRoute

from doorstep.auth import actions as auth
from doorstep.auth.scopes import open_scope
from doorstep.captures import batches
from doorstep.jobs import notes, partner_links, shares, views
from doorstep.kit.db import Tx
from doorstep.kit.ids import uuid7
from doorstep.orgs import queries as orgs
from doorstep.rules import actions as rules
from doorstep.web.app import Dispatcher
from doorstep.web.services import Services
from tests.capturing import ask
from tests.cast import STAGE, Cast
from tests.pinned import PinnedDatabase
from tests.web.conftest import post_lead
from tests.web.role_table import API, PAGES, ROLES
from tests.web.test_calls import PATH as CALLS
from tests.web.test_calls import post_call

OF_PAGES = ("doorstep.web.desk.", "doorstep.wire.oauth.integrations")
OF_API = "doorstep.api.desk."
WRITES = ("POST", "PUT", "PATCH")
FORMS = {
    "POST /calls/{call_id}/lead": {"lead_id": "{lead_id}"},
    "POST /calls/{call_id}/partings": {"lead_id": "{lead_id}"},
    "POST /jobs/batches": {"verb": "archive", "picked": "{job_id}"},
    "POST /jobs/views": {"name": "x", "shared": "on"},
    "POST /jobs/{job_id}/notes": {"text": "x"},
    "POST /jobs/{job_id}/owner": {"user": "{user_id}"},
}
"""What is sent where an empty form would be refused before the right is looked at."""
RULE: dict[str, Any] = {"source_id": None, "case_type_id": None, "delay_minutes": 5}
LINK: dict[str, Any] = {"recipient": "x", "note": "", "shows": ["model"], "days": 7}
PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, kw_only=True)
class Caller:
    """One column of the table."""

    name: str
    headers: dict[str, str]


def routes(dispatcher: Dispatcher, *modules: str) -> set[str]:
    """`GET /jobs` and so on, of handlers in these modules."""
    return {
        f"{method} {route.path_format}"
        for route in dispatcher.app.routes
        if isinstance(route, HTTPRoute)
        for method, (handler, _) in route.route_handler_map.items()
        if method != "OPTIONS" and handler.fn.__module__.startswith(modules)
    }


def test_every_route_is_in_the_table(dispatcher: Dispatcher) -> None:
    for table, modules in ((PAGES, OF_PAGES), (API, (OF_API,))):
        known, found = set(table), routes(dispatcher, *modules)
        assert sorted(found - known) == [], "routes whose rights nobody has written down"
        assert sorted(known - found) == [], "lines about routes that are gone"


@pytest.fixture
async def ids(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, services: Services
) -> dict[str, str]:
    """Something real of Alice's organization for every name in braces, by that name."""
    alice = cast.alice
    lead_id = await post_lead(client, alice)
    other_id = await post_lead(client, alice, ID="BL-8", First="Oscar")
    await client.post(
        "/api/captorraapi/create",
        json={"CaptorraId": alice.captorra_id, "Referrer": str(alice.referrer), "First": "x"},
    )
    call_id = await post_call(client, alice)
    await client.post(CALLS, json={"CaptorraId": alice.captorra_id, "name": "Radio"})
    made = await ask(db, alice)
    async with open_scope(db, org_id=alice.org_id, actor=STAGE) as scope:
        member = {"user_id": alice.admin_id}
        note_id = await notes.add(scope, job_id=made.job_id, text="x", **member)
        view_id = await views.save(scope, name="x", address="", shared=True, **member)
        batch = await batches.run(scope, verb="archive", job_ids=[made.job_id])
        link = await partner_links.make(scope, job_id=made.job_id, **LINK)
        shared = await shares.share(scope, services.signer, job_id=made.job_id, **member)

        rule_id = await rules.add(scope, **RULE, requesting_user_id=alice.admin_id)

        async def one(sql: str) -> str:
            return str(await scope.tx.fetchval(sql, scope.org_id))

        return {
            "lead_id": str(lead_id),
            "other_id": str(other_id),
            "call_id": str(call_id),
            "job_id": str(made.job_id),
            "note_id": str(note_id),
            "view_id": str(view_id),
            "batch_id": str(batch.id),
            "share_id": str(shared.id),
            "link_id": str(link.id),
            "rule_id": str(rule_id),
            "user_id": await one("SELECT id FROM users WHERE org_id = $1 AND name = 'Bob'"),
            "source_id": await one("SELECT id FROM sources WHERE org_id = $1"),
            "case_type_id": await one("SELECT id FROM case_types WHERE org_id = $1"),
            "message_id": await one("SELECT min(id::text) FROM messages WHERE org_id = $1"),
            "post_id": await one(
                "SELECT id FROM lead_posts WHERE org_id = $1 AND outcome LIKE 'missing%'"
            ),
            "refused_id": await one("SELECT id FROM refused_calls WHERE org_id = $1"),
            "wallet_id": str(alice.wallet_id),
            "client_id": f"client-{alice.captorra_id}",
            "referrer": str(alice.referrer),
            **dict.fromkeys(("number", "deliverable_id", "endpoint_id"), "1"),
            **{name: str(uuid7()) for name in ("photo_id", "delivery_id", "measure_id")},
            "size": "thumbnail",
            "kind": "invitation",
            "language": "en",
            "name": "model.glb",
            "part": "E-1",
            "structure": "garage",
            "secret": "x" * 43,
        }


@pytest.fixture
async def callers(cast: Cast, db: PinnedDatabase) -> list[Caller]:
    """A member of every role, somebody who is signed out, and the admin of another organization."""
    alice = cast.alice
    async with open_scope(db, org_id=alice.org_id, actor=STAGE) as scope:
        manager = await orgs.insert_user(scope, email="m@x.example", name="M", role="manager")
        link = await auth.make_sign_in_link(scope, user_id=manager)
    session = await auth.sign_in_by_link(db, value=link)
    headers = {
        "admin": alice.cookie("alice"),
        "manager": {"cookie": f"doorstep_session={session}"},
        "member": alice.cookie("bob"),
        "approver": alice.cookie("amy"),
        "nobody": {},
        "other": cast.charlie.cookie("charlie"),
    }
    assert tuple(headers) == ROLES
    return [
        Caller(name=name, headers={"accept": "text/html", **one}) for name, one in headers.items()
    ]


def filled(path: str, ids: dict[str, str]) -> str:
    """The path with real ids."""
    return PARAMETER.sub(lambda found: ids[found[1]], path)


async def statuses(
    client: httpx.AsyncClient, pinned: Tx, *, route: str, headers: list[dict[str, str]],
    ids: dict[str, str],
) -> str:  # fmt: skip
    """What each of them is answered; what a call changed is taken back after it."""
    method, path = route.split(" ")
    told = {key: filled(value, ids) for key, value in FORMS.get(route, {}).items()}
    json: dict[str, str] | None = {} if path.startswith("/api/") and method in WRITES else None
    found = []
    for one in headers:
        await pinned.execute("SAVEPOINT role")
        answer = await client.request(method, filled(path, ids), headers=one, json=json, data=told)
        client.cookies.clear()
        await pinned.execute("ROLLBACK TO role; RELEASE role")
        found.append(str(answer.status_code))
    return " ".join(found)


@pytest.mark.slow
async def test_pages_answer_each_role_as_the_table_says(
    client: httpx.AsyncClient, pinned: Tx, callers: list[Caller], ids: dict[str, str]
) -> None:
    headers = [one.headers for one in callers]
    told = {
        route: await statuses(client, pinned, route=route, headers=headers, ids=ids)
        for route in PAGES
    }
    assert different(told, PAGES) == []


@pytest.mark.slow
async def test_the_api_answers_its_own_organization_only(
    client: httpx.AsyncClient, pinned: Tx, cast: Cast, ids: dict[str, str]
) -> None:
    headers: list[dict[str, str]] = [cast.alice.bearer, {}, cast.charlie.bearer]
    told = {
        route: await statuses(client, pinned, route=route, headers=headers, ids=ids)
        for route in API
    }
    assert different(told, API) == []


def different(told: dict[str, str], table: dict[str, str]) -> list[str]:
    """The lines that are not as the table says."""
    return [
        f"{route}: {found}, not {table[route]}"
        for route, found in told.items()
        if found != table[route]
    ]
