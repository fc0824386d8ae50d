"""What the provider reports: authentic, idempotent, and only ever forward."""

import json
import uuid
from dataclasses import replace
from typing import Any

import httpx
import pytest

from doorstep.kit.sms import signed
from doorstep.messages import actions
from doorstep.web.services import Services
from tests.cast import Cast
from tests.fakes.sms import SECRET, SmsProvider
from tests.messages.conftest import SMS, Post

STATUS = "/hooks/sms/status"
INBOUND = "/hooks/sms/inbound"


@pytest.fixture
def services(services: Services) -> Services:
    """A web process that shares the provider's secret."""
    return replace(services, settings=replace(services.settings, sms_secret=SECRET))


async def call(client: httpx.AsyncClient, path: str, **told: Any) -> httpx.Response:
    body = json.dumps(told)
    headers = signed(body, secret=SECRET, message_id="call-1")
    return await client.post(path, content=body, headers=headers)


async def sent(post: Post, provider: SmsProvider) -> tuple[uuid.UUID, str]:
    message_id = await post.queue(**SMS)
    await post.work()
    return message_id, provider.taken[-1].provider_id


async def test_delivered(client: httpx.AsyncClient, post: Post, provider: SmsProvider) -> None:
    message_id, provider_id = await sent(post, provider)
    for _ in range(2):
        answer = await call(client, STATUS, provider_id=provider_id, status="delivered")
        assert answer.status_code == 204
    assert (await post.find(message_id)).state == "delivered"
    assert len(await post.events("message.sent")) == 1


async def test_failed(client: httpx.AsyncClient, post: Post, provider: SmsProvider) -> None:
    message_id, provider_id = await sent(post, provider)
    for _ in range(2):
        await call(client, STATUS, provider_id=provider_id, status="failed", error="landline")
    left = await post.find(message_id)
    assert (left.state, left.problem) == ("failed", "landline")
    assert [event["reason"] for event in await post.events("message.failed")] == ["landline"]


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        (["delivered", "sent"], "delivered"),
        (["delivered", "failed"], "delivered"),
        (["failed", "delivered"], "failed"),
        (["failed", "sent"], "failed"),
        (["sent", "delivered"], "delivered"),
        (["queued", "being carried"], "sent"),
    ],
)
async def test_only_forward(
    client: httpx.AsyncClient, post: Post, provider: SmsProvider, statuses: list[str], state: str
) -> None:
    message_id, provider_id = await sent(post, provider)
    for status in statuses:
        answer = await call(client, STATUS, provider_id=provider_id, status=status)
        assert answer.status_code == 204
    assert (await post.find(message_id)).state == state


async def test_a_status_resolves_what_was_unknown(
    client: httpx.AsyncClient, post: Post, provider: SmsProvider
) -> None:
    message_id = await post.queue(**SMS)
    async with post.scope() as scope:
        await scope.tx.execute("UPDATE messages SET state = 'sending'")
    await post.work()
    assert (await post.find(message_id)).state == "unknown"

    told = {"provider_id": "SM9", "id": str(message_id), "status": "delivered"}
    assert (await call(client, STATUS, **told)).status_code == 204
    left = await post.find(message_id)
    assert (left.state, left.provider_id) == ("delivered", "SM9")
    assert len(await post.events("message.sent")) == 1


async def test_a_bad_signature_changes_nothing(
    client: httpx.AsyncClient, post: Post, provider: SmsProvider
) -> None:
    message_id, provider_id = await sent(post, provider)
    body = json.dumps({"provider_id": provider_id, "status": "failed"})
    good = signed(body, secret=SECRET, message_id="call-1")
    tampered = [
        ({**good, "webhook-signature": "v1,AAAA"}, body),
        ({**good, "webhook-signature": ""}, body),
        ({**good, "webhook-id": "call-2"}, body),
        ({**good, "webhook-timestamp": str(int(good["webhook-timestamp"]) + 1)}, body),
        ({**good, "webhook-timestamp": str(int(good["webhook-timestamp"]) - 3600)}, body),
        (good, body.replace("failed", "delivered")),
        (signed(body, secret="another", message_id="call-1"), body),
        ({"content-type": "application/json"}, body),
    ]
    for path in (STATUS, INBOUND):
        for headers, content in tampered:
            answer = await client.post(path, content=content, headers=headers)
            assert answer.status_code == 403
    assert (await post.find(message_id)).state == "sent"


async def test_without_a_secret_every_call_is_refused(
    client: httpx.AsyncClient, services: Services
) -> None:
    object.__setattr__(services.settings, "sms_secret", "")
    body = "{}"
    unsigned = signed(body, secret="", message_id="call-1")
    assert (await client.post(STATUS, content=body, headers=unsigned)).status_code == 403


async def test_a_message_nobody_knows(client: httpx.AsyncClient, cast: Cast) -> None:
    assert (await call(client, STATUS, provider_id="SM0", status="sent")).status_code == 404


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"provider_id": 3, "status": "sent"}', "nonsense"]
)
async def test_bodies_that_are_none(client: httpx.AsyncClient, body: str) -> None:
    headers = signed(body, secret=SECRET, message_id="call-1")
    assert (await client.post(STATUS, content=body, headers=headers)).status_code == 400


class TestStop:
    """STOP to one organization stops the number, for the sender is the same for all."""

    async def test_stop(
        self, client: httpx.AsyncClient, post: Post, provider: SmsProvider, cast: Cast
    ) -> None:
        waiting = await post.queue(**SMS)
        stop = {"id": "in-1", "from": "+1 (402) 555-0123", "text": " Stop. "}
        assert (await call(client, INBOUND, **stop)).status_code == 204
        await post.work()

        left = await post.find(waiting)
        assert (left.state, left.problem) == ("unsendable", "opted_out")
        elsewhere = replace_org(post, cast.charlie.org_id)
        theirs = await elsewhere.find(await elsewhere.queue(**SMS))
        assert (theirs.state, theirs.problem) == ("unsendable", "opted_out")
        other = await post.queue(**SMS | {"to_address": "402-555-0199"})
        await post.work()
        assert (await post.find(other)).state == "sent"
        assert [one.to for one in provider.taken] == ["+14025550199"]

        async with post.scope() as scope:
            again = await actions.send_again(scope, waiting)
        assert (await post.find(again)).problem == "opted_out"

    async def test_start_again(
        self, client: httpx.AsyncClient, post: Post, provider: SmsProvider
    ) -> None:
        number = "+14025550123"
        await call(client, INBOUND, **{"id": "in-1", "from": number, "text": "STOP"})
        await call(client, INBOUND, **{"id": "in-2", "from": number, "text": "START"})
        await call(client, INBOUND, **{"id": "in-1", "from": number, "text": "STOP"})
        await post.queue(**SMS)
        await post.work()
        assert len(provider.taken) == 1

    async def test_a_repeated_start_does_not_undo_a_later_stop(
        self, client: httpx.AsyncClient, post: Post
    ) -> None:
        number = "+14025550123"
        for reply_id, text in (("1", "stop"), ("2", "start"), ("3", "stop"), ("2", "start")):
            await call(client, INBOUND, **{"id": reply_id, "from": number, "text": text})
        assert (await post.find(await post.queue(**SMS))).problem == "opted_out"

    @pytest.mark.parametrize("text", ["please stop by on Monday", "ok", "", "HELP", "unstoppable"])
    async def test_other_words_change_nothing(
        self, client: httpx.AsyncClient, post: Post, text: str
    ) -> None:
        told = {"id": "in-1", "from": "+14025550123", "text": text}
        assert (await call(client, INBOUND, **told)).status_code == 204
        assert (await post.find(await post.queue(**SMS))).state == "queued"


def replace_org(post: Post, org_id: int) -> Post:
    return Post(db=post.db, org_id=org_id, mail=post.mail, sms=post.sms)
