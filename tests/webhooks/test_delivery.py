"""One event to one receiver: what arrives, and who can tell that it is ours."""

import json
import re
import time
import uuid

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from doorstep.auth.scopes import open_scope
from doorstep.events import actions as events
from doorstep.kit.errors import Conflict, Forbidden
from doorstep.orgs.model import Actor
from doorstep.webhooks import actions
from tests.background import Waiting, take
from tests.fakes.receiver import Receiver, Reply
from tests.webhooks.conftest import ALWAYS, Desk


async def test_what_arrives(desk: Desk, receiver: Receiver) -> None:
    endpoint = await desk.register(receiver.url + "?key=of-theirs")
    lead_id = uuid.uuid4()
    event_id = await desk.happen(
        "job.state_changed", lead_id=lead_id, job_id=42, state="working", failure=None
    )
    await desk.work()

    (request,) = receiver.requests
    assert request.method == "POST"
    assert re.fullmatch(r"/hook/[0-9a-f]{16}\?key=of-theirs", request.path)
    assert request.headers["content-type"] == "application/json"
    assert request.headers["user-agent"] == "Doorstep-Webhooks/1.0"
    assert request.headers["webhook-id"] == str(event_id)
    assert abs(int(request.headers["webhook-timestamp"]) - time.time()) < 30
    (received,) = receiver.verified(secret=desk.secret(endpoint))
    timestamp = received.payload.pop("timestamp")
    assert timestamp.endswith("Z")
    assert len(timestamp) == len("2026-01-01T00:00:00.000Z")
    assert received.payload == {
        "type": "job.state_changed",
        "data": {
            "state": "working",
            "failure": None,
            "organization_id": desk.org_id,
            "lead_id": str(lead_id),
            "capture_request_id": None,
            "job_id": 42,
            "sequence": 1,
        },
    }


async def test_the_log_keeps_request_and_answer(desk: Desk, receiver: Receiver) -> None:
    receiver.reply = Reply(status=202, body=b"thanks\0 " + b"x" * 10_000)
    await desk.register(receiver.url)
    await desk.happen("lead.received")
    await desk.work()

    (delivery,) = await desk.deliveries()
    assert (delivery.state, delivery.attempts, delivery.problem) == ("delivered", 1, None)
    assert delivery.body == receiver.requests[0].body
    (attempt,) = await desk.attempts(delivery.id)
    assert (attempt.number, attempt.status, attempt.problem) == (1, 202, None)
    assert attempt.answer == "thanks " + "x" * (2048 - len("thanks  "))
    assert attempt.request_headers["webhook-id"] == str(delivery.event_id)
    assert 0 <= attempt.milliseconds < 15_000


async def test_the_secret_is_not_at_rest(desk: Desk, receiver: Receiver) -> None:
    endpoint = await desk.register(receiver.url)
    await desk.happen("lead.received")
    await desk.work()
    async with desk.scope() as scope:
        rows = [
            await scope.tx.fetch(f"SELECT * FROM {table}")
            for table in ("webhook_endpoints", "webhook_deliveries", "webhook_attempts", "events")
        ]
    secret = desk.secret(endpoint).removeprefix("whsec_")
    assert len(secret) == 88
    assert secret not in str(rows)


@pytest.mark.parametrize("part", ["webhook-id", "webhook-timestamp", "webhook-signature", "body"])
async def test_tampering_is_noticed(desk: Desk, receiver: Receiver, part: str) -> None:
    endpoint = await desk.register(receiver.url)
    await desk.happen("lead.received")
    await desk.work()
    (request,) = receiver.requests
    judge = Webhook(desk.secret(endpoint))
    judge.verify(request.body, request.headers)

    headers, body = dict(request.headers), request.body
    if part == "body":
        body = body.replace(b"lead.received", b"lead.accepted")
    elif part == "webhook-timestamp":
        headers[part] = str(int(headers[part]) + 1)
    elif part == "webhook-signature":
        headers[part] = "v1," + "A" * 43 + "="
    else:
        headers[part] = str(uuid.uuid4())
    with pytest.raises(WebhookVerificationError):
        judge.verify(body, headers)


async def test_another_endpoints_secret_does_not_verify(desk: Desk, receiver: Receiver) -> None:
    await desk.register(receiver.url)
    other = await desk.register("https://93.184.216.34/")
    await desk.happen("lead.received")
    for task in (await _delivery_tasks(desk))[:1]:
        await desk.deliver(task)
    with pytest.raises(WebhookVerificationError):
        receiver.verified(secret=desk.secret(other))


async def test_every_endpoint_hears_once_however_often_it_is_told(desk: Desk) -> None:
    with Receiver() as first, Receiver() as second:
        await desk.register(first.url)
        await desk.register(second.url)
        await desk.happen("lead.received")
        fan_outs = await take(desk.db, "events.fan_out")
        for _ in range(3):
            for task in fan_outs:
                await _fan_out_again(desk, uuid.UUID(task.payload["event_ids"][0]))
        await desk.work()
        assert [len(first.requests), len(second.requests)] == [1, 1]
    assert len(await desk.deliveries()) == 2


async def test_a_task_that_runs_twice_delivers_once(desk: Desk, receiver: Receiver) -> None:
    await desk.register(receiver.url)
    await desk.happen("lead.received")
    (task,) = await _delivery_tasks(desk)
    for _ in range(3):
        await desk.deliver(task)
    assert len(receiver.requests) == 1


async def test_a_crash_after_the_post_posts_again_under_the_same_id(
    desk: Desk, receiver: Receiver
) -> None:
    endpoint = await desk.register(receiver.url)
    await desk.happen("lead.received")
    (task,) = await _delivery_tasks(desk)
    await desk.deliver(task)
    async with desk.scope() as scope:
        # What a process leaves that dies between the receiver's answer and the commit.
        await scope.tx.execute("UPDATE webhook_deliveries SET state = 'queued', attempts = 0")
        await scope.tx.execute("DELETE FROM webhook_attempts")
    await desk.deliver(task)

    assert len(receiver.requests) == 2
    assert len(receiver.distinct(secret=desk.secret(endpoint))) == 1
    assert receiver.requests[0].body == receiver.requests[1].body


async def test_events_of_a_job_are_numbered(desk: Desk, receiver: Receiver) -> None:
    endpoint = await desk.register(receiver.url)
    await desk.happen("job.created", job_id=42)
    await desk.happen("job.created", job_id=43)
    await desk.happen("build.started", job_id=42)
    await desk.happen("lead.received")
    await desk.work()
    told = [one.payload["data"] for one in receiver.verified(secret=desk.secret(endpoint))]
    assert [(one["job_id"], one["sequence"]) for one in told] == [
        (42, 1), (43, 1), (42, 2), (None, None),
    ]  # fmt: skip


async def test_what_an_event_says_cannot_pose_as_its_ids(desk: Desk, receiver: Receiver) -> None:
    await desk.register(receiver.url)
    await desk.happen("lead.received", organization_id=999, sequence=7)
    await desk.work()
    told = json.loads(receiver.requests[0].body)["data"]
    assert (told["organization_id"], told["sequence"]) == (desk.org_id, None)


async def test_ping_goes_to_one_endpoint(desk: Desk) -> None:
    with Receiver() as first, Receiver() as second:
        await desk.register(first.url)
        endpoint = await desk.register(second.url)
        async with desk.scope() as scope:
            event_id = await actions.ping(scope, endpoint_id=endpoint.id)
        await desk.work()
        assert first.requests == []
        (received,) = second.verified(secret=desk.secret(endpoint))
    assert (received.type, received.id) == ("webhook_endpoint.test", str(event_id))


async def test_send_again_is_the_same_delivery(desk: Desk, receiver: Receiver) -> None:
    endpoint = await desk.register(receiver.url)
    await desk.happen("lead.received")
    await desk.work()
    (delivery,) = await desk.deliveries()
    async with desk.scope() as scope:
        await actions.send_again(scope, delivery.id)
    await desk.work()

    first, second = receiver.requests
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    receiver.verified(secret=desk.secret(endpoint))
    assert [attempt.number for attempt in await desk.attempts(delivery.id)] == [1, 2]


async def test_a_new_secret_and_the_old_one_for_a_day(desk: Desk, receiver: Receiver) -> None:
    endpoint = await desk.register(receiver.url)
    await desk.happen("lead.received")
    async with desk.scope() as scope:
        rotated = await actions.rotate_secret(scope, endpoint_id=endpoint.id)
    await desk.work()
    assert desk.secret(endpoint) != desk.secret(rotated)
    for secret in (desk.secret(endpoint), desk.secret(rotated)):
        assert len(receiver.verified(secret=secret)) == 1

    async with desk.scope() as scope:
        await scope.tx.execute(
            "UPDATE webhook_endpoints SET previous_until = now() - interval '1 second'"
        )
    receiver.requests.clear()
    await desk.happen("lead.received")
    await desk.work()
    assert len(receiver.verified(secret=desk.secret(rotated))) == 1
    with pytest.raises(WebhookVerificationError):
        receiver.verified(secret=desk.secret(endpoint))


async def test_what_is_queued_for_a_deleted_endpoint_goes_with_it(
    desk: Desk, receiver: Receiver
) -> None:
    endpoint = await desk.register(receiver.url)
    await desk.happen("lead.received")
    tasks = await _delivery_tasks(desk)
    async with desk.scope() as scope:
        await actions.remove(scope, endpoint_id=endpoint.id)
    for task in tasks:
        await desk.deliver(task)
    assert receiver.requests == []
    assert await desk.deliveries() == []


async def test_members_who_may_not(desk: Desk, receiver: Receiver) -> None:
    endpoint = await desk.register(receiver.url)
    await desk.happen("lead.received")
    await desk.work()
    (delivery,) = await desk.deliveries()
    reader = Actor(kind="user", id="0", rights=frozenset())
    async with open_scope(desk.db, org_id=desk.org_id, actor=reader) as scope:
        for verb in (
            actions.register(scope, url=receiver.url, egress=desk.egress),
            actions.remove(scope, endpoint_id=endpoint.id),
            actions.enable(scope, endpoint_id=endpoint.id),
            actions.ping(scope, endpoint_id=endpoint.id),
            actions.rotate_secret(scope, endpoint_id=endpoint.id),
            actions.send_again(scope, delivery.id),
            actions.replay(scope, endpoint_id=endpoint.id, **ALWAYS),
        ):
            with pytest.raises(Forbidden):
                await verb


async def test_nothing_is_sent_to_an_endpoint_that_is_off(desk: Desk, receiver: Receiver) -> None:
    endpoint = await desk.register(receiver.url)
    receiver.replies.append(Reply(status=410))
    await desk.happen("lead.received")
    await desk.happen("job.created", job_id=1)
    await desk.work()
    (delivery, _) = await desk.deliveries()
    async with desk.scope() as scope:
        for verb in (
            actions.ping(scope, endpoint_id=endpoint.id),
            actions.send_again(scope, delivery.id),
            actions.replay(scope, endpoint_id=endpoint.id, **ALWAYS),
        ):
            with pytest.raises(Conflict):
                await verb
    await desk.happen("lead.received")
    await desk.work()
    assert len(receiver.requests) == 1

    async with desk.scope() as scope:
        await actions.enable(scope, endpoint_id=endpoint.id)
        assert await actions.replay(scope, endpoint_id=endpoint.id, **ALWAYS) == 2
    await desk.work()
    assert len(receiver.requests) == 3
    assert {one.state for one in await desk.deliveries()} == {"delivered"}


async def _delivery_tasks(desk: Desk) -> list[Waiting]:
    await desk.fan_out()
    return await take(desk.db, actions.DELIVER)


async def _fan_out_again(desk: Desk, event_id: uuid.UUID) -> None:
    async with desk.scope() as scope:
        await actions.fan_out(scope, await events.find(scope, event_id=event_id))
