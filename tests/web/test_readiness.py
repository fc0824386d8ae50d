"""The page of readiness, its program's door, and the test letter."""

import re
import uuid

import httpx
import pytest

from doorstep.auth.scopes import open_scope
from doorstep.kit.db import Tx
from doorstep.kit.mail import SmtpTransport
from doorstep.messages import tasks as messages
from doorstep.messages.actions import DELIVER
from doorstep.web.links import Links
from doorstep.web.services import Services
from tests.background import take
from tests.captures.test_link import in_org
from tests.cast import STAGE, Cast
from tests.fakes.smtp import SmtpRecorder
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk

PATH = "/settings/readiness"
API = "/api/desk/readiness"


async def test_the_page_shows_what_it_has_and_then_the_rest(
    alice: Desk, services: Services
) -> None:
    first = (await alice.get(PATH)).text
    assert 'hx-get="/settings/readiness/findings"' in first
    assert first.count('<span class="pill work">Looking</span>') == 8
    assert "No worker runs: messages, webhooks and checks of photos wait." in first
    assert "Run doorstep worker" in first
    assert "So far: Something does not work." in first
    await services.keeper.settle()
    rest = (await alice.get(f"{PATH}/findings")).text
    assert "hx-get" not in rest
    assert "Looking" not in rest
    assert "doorstep.example has a certificate for 60 more days." in rest
    applied = re.search(r"every migration is applied; (\d+) of 100 connections", rest)
    assert applied
    assert int(applied[1]) >= 1
    assert "Something does not work." in rest
    again = await alice.post(f"{PATH}/checks")
    assert (again.status_code, again.headers["location"]) == (303, PATH)
    assert 'href="/settings/readiness"' in (await alice.get("/settings")).text


async def test_only_admins(bob: Desk, amy: Desk, pinned: Tx, cast: Cast) -> None:
    for desk in (bob, amy):
        assert (await desk.get(PATH)).status_code == 403
        assert (await desk.get(f"{PATH}/findings")).status_code == 403
        assert (await desk.post(f"{PATH}/checks")).status_code == 403
        assert (await desk.post(f"{PATH}/letters")).status_code == 403
        assert "/settings/readiness" not in (await desk.get("/settings")).text
    async with in_org(pinned, cast.alice.org_id):
        assert await pinned.fetchval("SELECT count(*) FROM messages") == 0


async def test_endpoints_of_another_organization_change_nothing(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, services: Services
) -> None:
    async with open_scope(db, org_id=cast.charlie.org_id, actor=STAGE) as scope:
        await scope.tx.execute(
            "INSERT INTO webhook_endpoints (org_id, url, secret_sealed, disabled_at) "
            "VALUES ($1, 'https://charlie.example/', '', now())",
            scope.org_id,
        )
    told = {}
    for troupe in (cast.alice, cast.charlie):
        first = (await client.get(API, headers=troupe.bearer)).json()
        assert first["looking"] is True
        await services.keeper.settle()
        answer = (await client.get(API, headers=troupe.bearer)).json()
        assert (answer["looking"], answer["worst"]) == (False, "red")
        found = {one["code"]: one for one in answer["checks"]}
        told[troupe.captorra_id] = (found["webhooks"]["level"], found["webhooks"]["words"])
        assert found["disk"] == {
            "code": "disk",
            "level": "green",
            "words": "80.0 of 100.0 GB are free for the data.",
            "fix": "",
        }
    assert told == {
        "123456": ("green", "No endpoint is registered."),
        "654321": ("red", "Switched off after failing for days: 1 of 1 endpoints."),
    }


async def deliver(db: PinnedDatabase, services: Services, url: str) -> None:
    """The worker's part."""
    for task in await take(db, DELIVER):
        await messages.deliver(
            db,
            payload=task.payload,
            mail=SmtpTransport(url, sender="Doorstep <post@doorstep.example>"),
            sms=None,
            resolve_link=Links(services.settings).resolve,
        )


async def test_a_test_letter_goes_out_and_the_servers_answer_is_shown(
    alice: Desk, db: PinnedDatabase, services: Services
) -> None:
    with SmtpRecorder() as recorder:
        answer = await alice.post(f"{PATH}/letters")
        assert answer.headers["location"] == f"{PATH}?said=sent#letter"
        assert "hx-get" in (await alice.get(f"{PATH}/findings")).text
        await deliver(db, services, recorder.url)
        (letter,) = recorder.letters
        assert letter.recipients == ["alice@123456.example"]
        assert letter.message["Subject"] == "Test letter of Bluth Company"
        assert "Bluth Company can send e-mail" in letter.part("plain")
        await services.keeper.settle()
        shown = (await alice.get(PATH)).text
        assert '<span class="mono">250 OK</span>' in shown

        recorder.rcpt_answers.append("550 no <such> mailbox")
        await alice.post(f"{PATH}/letters")
        await deliver(db, services, recorder.url)
    shown = (await alice.get(PATH)).text
    assert '<span class="mono">550 no &lt;such&gt; mailbox</span>' in shown
    assert '<span class="pill bad">Failed</span>' in shown


async def test_five_letters_an_hour(
    alice: Desk, charlie: Desk, pinned: Tx, cast: Cast, *, db: PinnedDatabase
) -> None:
    for _ in range(5):
        assert (await alice.post(f"{PATH}/letters")).status_code == 303
    refused = await alice.post(f"{PATH}/letters")
    assert refused.status_code == 429
    assert "5 test letters an hour are enough" in refused.text
    told = {"user_id": cast.alice.admin_id}
    by_program = await alice.client.post(f"{API}/letters", json=told, headers=cast.alice.bearer)
    assert by_program.status_code == 429
    assert 3500 <= int(by_program.headers["retry-after"]) <= 3600
    assert (await charlie.post(f"{PATH}/letters")).status_code == 303
    async with in_org(pinned, cast.alice.org_id):
        assert await pinned.fetchval("SELECT count(*) FROM messages") == 5
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await scope.tx.execute("UPDATE messages SET created_at = now() - interval '61 minutes'")
    again = await alice.client.post(f"{API}/letters", json=told, headers=cast.alice.bearer)
    assert again.status_code == 201
    assert uuid.UUID(again.json()["id"]).version == 7


@pytest.mark.parametrize("user_id", [999_999_999])
async def test_a_letter_to_nobody_or_to_another_organizations_member(
    client: httpx.AsyncClient, cast: Cast, user_id: int
) -> None:
    answers = [
        await client.post(f"{API}/letters", json={"user_id": one}, headers=cast.charlie.bearer)
        for one in (cast.alice.admin_id, user_id)
    ]
    assert {one.status_code for one in answers} == {404}
    assert answers[0].json() == answers[1].json()
