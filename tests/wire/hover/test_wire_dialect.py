"""Webhooks as receivers of the published API know them: code, signatures, bodies."""

import base64
import hashlib
import hmac
import ipaddress
import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from doorstep.captures import rehearsals
from doorstep.events import actions as events
from doorstep.kit.db import Role
from doorstep.kit.outbound import Egress
from doorstep.web.services import Services
from doorstep.webhooks import tasks
from doorstep.webhooks.actions import DELIVER
from doorstep.webhooks.sending import Lanes
from doorstep.worker.main import fan_out, finish_rehearsal
from tests.background import take
from tests.cast import Cast
from tests.fakes.receiver import Receiver, Request
from tests.pinned import PinnedDatabase
from tests.wire.hover.asks import ask

PATH = "/api/v2/webhooks"
JOB_EVENTS = ("job-state-changed", "job-state-changed-v2")
LAST_STATES = {"complete": ("processing", "paying"), "failed": ()}


@pytest.fixture
def services(services: Services) -> Services:
    """A web process whose operator lets webhooks go to this machine."""
    allowed = (ipaddress.ip_network("127.0.0.0/8"),)
    return replace(services, settings=replace(services.settings, egress_allow=allowed))


@dataclass(kw_only=True)
class Crm:
    """A receiver of Alice's organization, and the worker between."""

    client: httpx.AsyncClient
    cast: Cast
    db: PinnedDatabase
    services: Services
    receiver: Receiver
    endpoint: dict[str, Any] = field(default_factory=dict)

    async def register(self, **more: str) -> dict[str, Any]:
        told = {"dialect": "wire"} | more
        body = {"webhook": {"url": f"{self.receiver.url}/crm?key=7", **told}}
        answer = await self.client.post(PATH, json=body, headers=self.cast.alice.bearer)
        assert answer.status_code == 201, answer.text
        self.endpoint = answer.json()
        return self.endpoint

    async def work(self) -> list[dict[str, Any]]:
        """What arrives when the worker has done everything that waits; verified."""
        before = len(self.receiver.requests)
        for _ in range(2):
            for task in await take(self.db, events.FAN_OUT):
                await fan_out(self.db, task.payload)
            for task in await take(self.db, DELIVER):
                await tasks.deliver(
                    self.db,
                    payload=task.payload,
                    egress=Egress(allow=self.services.settings.egress_allow),
                    signer=self.services.signer,
                    lanes=Lanes(),
                )
        arrived = list(self.receiver.requests)[before:]
        for request in arrived:
            self.judge(request)
        return [json.loads(request.body) for request in arrived]

    async def verified(self, **more: str) -> None:
        await self.register(**more)
        (told,) = await self.work()
        answer = await self.client.put(f"{PATH}/{told['code']}/verify")
        assert (answer.status_code, answer.content) == (200, b"")

    def judge(self, request: Request) -> None:
        """As an existing receiver does it, from the reference alone; then by the library."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        md5 = base64.b64encode(hashlib.md5(request.body).digest()).decode()
        assert headers["content-md5"] == md5
        assert headers["date"].endswith(" GMT")
        assert request.path.endswith("/crm?key=7")
        canonical = f"{headers['content-type']},{md5},{request.path},{headers['date']}".encode()
        key, number = self.endpoint["hmac_secret"].encode(), self.endpoint["id"]
        for name, kind in (("hover-signature", "sha1"), ("hover-signature-256", "sha256")):
            mac = base64.b64encode(hmac.digest(key, canonical, kind)).decode()
            assert headers[name] == f"{kind}={number}:{mac}"
        Webhook(self.endpoint["hmac_secret"]).verify(request.body, headers)


@pytest.fixture
async def crm(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, services: Services
) -> AsyncIterator[Crm]:
    with Receiver() as receiver:
        yield Crm(client=client, cast=cast, db=db, services=services, receiver=receiver)


async def test_a_code_is_sent_at_once_and_verifies_without_a_token(crm: Crm) -> None:
    made = await crm.register()
    await ask(crm.client, crm.cast.alice)

    (told,) = await crm.work()

    assert told == {
        "event": "webhook-verification-code",
        "webhook_id": made["id"],
        "code": str(uuid.UUID(told["code"])),
    }
    for code in (told["code"].upper(), told["code"]):
        answer = await crm.client.put(f"{PATH}/{code}/verify")
        assert (answer.status_code, answer.content) == (200, b"")
    listed = await crm.client.get(PATH, headers=crm.cast.alice.bearer)
    assert listed.json()["results"][0]["verified_at"] is not None


async def test_nothing_is_heard_before(crm: Crm) -> None:
    await crm.register()
    await crm.work()
    await ask(crm.client, crm.cast.alice)
    assert await crm.work() == []


async def test_who_does_not_say_hears_the_standard_dialect_until_its_code_comes_back(
    crm: Crm,
) -> None:
    made = await crm.register(dialect="")
    early = await crm.work()
    await ask(crm.client, crm.cast.alice)
    standard = await crm.work()
    await ask(crm.client, crm.cast.alice)
    (code,) = [one["code"] for one in early if "code" in one]
    for task in await take(crm.db, events.FAN_OUT):
        await fan_out(crm.db, task.payload)
    answer = await crm.client.put(f"{PATH}/{code}/verify")
    left_over = await crm.work()
    await ask(crm.client, crm.cast.alice)
    wire = await crm.work()

    assert {one.get("type") or one["event"] for one in early} == {
        "user.signed_in",  # the cast came in before
        "webhook-verification-code",
        "webhook_endpoint.created",
    }
    assert [one["type"] for one in standard] == ["job.created", "capture_request.created"]
    assert (answer.status_code, left_over) == (200, [])
    assert {one["webhook_id"] for one in wire} == {made["id"]}
    assert sorted(one["event"] for one in wire) == [
        "capture-request-state-changed",
        "model-created",
    ]


@pytest.mark.parametrize("code", ["x", "4addd2b9-5cd7-497f-9f32-52ff0718ddbb", "12344"])
async def test_an_unknown_code_is_not_there(crm: Crm, code: str) -> None:
    await crm.register()
    answer = await crm.client.put(f"{PATH}/{code}/verify")
    assert answer.status_code == 404
    assert answer.json() == {"error": "There is nothing here.", "code": "not_found"}


async def test_a_code_on_request_replaces_the_one_before(crm: Crm) -> None:
    made = await crm.register()
    (first,) = await crm.work()
    path = f"{PATH}/{made['id']}/request_verification"
    asked = await crm.client.post(path, headers=crm.cast.alice.bearer)
    foreign = await crm.client.post(path, headers=crm.cast.charlie.bearer)
    (second,) = await crm.work()

    assert (asked.status_code, foreign.status_code) == (200, 404)
    assert (await crm.client.put(f"{PATH}/{first['code']}/verify")).status_code == 404
    assert (await crm.client.post(f"{PATH}/{second['code']}/verify")).status_code == 200


async def test_a_standard_endpoint_needs_no_code(crm: Crm) -> None:
    made = await crm.register(dialect="standard")
    answer = await crm.client.post(
        f"{PATH}/{made['id']}/request_verification", headers=crm.cast.alice.bearer
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")


async def test_codes_are_stored_as_hashes(crm: Crm, db: PinnedDatabase) -> None:
    await crm.register()
    (told,) = await crm.work()
    async with db.transaction(Role.APP, org_id=crm.cast.alice.org_id) as tx:
        stored = await tx.fetchval("SELECT code_hash FROM webhook_endpoints")
    assert stored == hashlib.sha256(told["code"].encode()).digest()


@pytest.mark.parametrize("outcome", ["complete", "failed"])
async def test_a_whole_capture(crm: Crm, outcome: str) -> None:
    await crm.verified()
    number = crm.endpoint["id"]
    asked = await ask(crm.client, crm.cast.alice, external_identifier="8675309", test_state=outcome)
    job_id = asked["pending_job_id"]

    told = await crm.work()
    for task in await take(crm.db, rehearsals.FINISH):
        await finish_rehearsal(crm.db, task.payload, storage=crm.services.storage)
    told += await crm.work()

    def request(state: str) -> dict[str, Any]:
        return {
            "event": "capture-request-state-changed",
            "webhook_id": number,
            "capture_request_id": asked["id"],
            "capture_request_identifier": asked["identifier"],
            "job_id": job_id,
            "pending_job_id": job_id,
            "job_external_identifier": "8675309",
            "state": state,
            "content-available": 1,
        }

    def job(event: str, state: str) -> dict[str, Any]:
        return {
            "event": event,
            "webhook_id": number,
            "job_external_identifier": "8675309",
            "job_id": job_id,
            "state": state,
            "content-available": 1,
            "job_estimated_hours_to_completion": None,
        }

    model_id = told[0]["model_id"]
    model = {
        "webhook_id": number,
        "job_id": job_id,
        "model_id": model_id,
        "job_external_identifier": "8675309",
        "content-available": 1,
    }
    last_steps = [job(event, state) for state in LAST_STATES[outcome] for event in JOB_EVENTS]
    assert model_id > 0
    assert told == [
        {"event": "model-created"} | model,
        request("new"),
        request("connected"),
        request("complete"),
        job("job-state-changed", "processing_upload"),
        job("job-state-changed-v2", "working"),
        job("job-state-changed", "working"),
        *last_steps,
        job("job-state-changed", outcome),
        job("job-state-changed-v2", "completed" if outcome == "complete" else "failed"),
        {"event": "model-state-changed", "state": outcome} | model,
    ]


async def test_a_delete_and_an_order(crm: Crm) -> None:
    await crm.verified()
    gone = await ask(crm.client, crm.cast.alice)
    later = await ask(crm.client, crm.cast.alice, deliverable_id=7)
    await crm.work()
    await crm.client.delete(f"/api/v2/capture_requests/{gone['id']}", headers=crm.cast.alice.bearer)
    await crm.client.post(
        "/api/v2/deliverable_change_requests",
        json={
            "current_user_id": crm.cast.alice.admin_id,
            "deliverable_change_request": {
                "job_id": later["pending_job_id"],
                "new_deliverable_id": 3,
            },
        },
        headers=crm.cast.alice.bearer,
    )
    deleted, ordered = await crm.work()

    assert (deleted["event"], deleted["state"]) == ("capture-request-state-changed", "deleted")
    assert ordered == {
        "event": "deliverable-change-request-state-changed",
        "webhook_id": crm.endpoint["id"],
        "deliverable_change_request_id": ordered["deliverable_change_request_id"],
        "job_id": later["pending_job_id"],
        "model_id": ordered["model_id"],
        "old_deliverable_id": 7,
        "new_deliverable_id": 3,
        "job_external_identifier": None,
        "state": "complete",
        "content-available": 1,
    }


async def test_a_failing_receiver_is_named_in_last_error(crm: Crm) -> None:
    await crm.verified()
    crm.receiver.reply = replace(crm.receiver.reply, status=500)
    await ask(crm.client, crm.cast.alice)
    await crm.work()
    listed = await crm.client.get(PATH, headers=crm.cast.alice.bearer)
    assert listed.json()["results"][0]["last_error"] == "http_500"
