"""A receiver that does not take it: how often, for how long, and when it is left alone."""

import asyncio
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from doorstep.kit.outbound import Egress
from doorstep.webhooks import actions
from doorstep.webhooks.model import asked_delay
from tests.background import take
from tests.cast import Cast
from tests.fakes.receiver import Receiver, Reply
from tests.webhooks.conftest import LOOPBACK, Desk

SCHEDULE = [
    timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2),
    timedelta(hours=5), timedelta(hours=10), timedelta(hours=14), timedelta(hours=20),
    timedelta(hours=24),
]  # fmt: skip


def near(delay: timedelta, wanted: timedelta) -> bool:
    return wanted * 0.9 <= delay <= wanted * 1.1


async def test_ten_tries_on_schedule_with_the_same_id_and_bytes(
    desk: Desk, receiver: Receiver
) -> None:
    receiver.reply = Reply(status=500, body=b"not today")
    endpoint = await desk.register(receiver.url)
    await desk.happen("lead.received")
    for _ in range(12):
        await desk.forget_pause()
        await desk.work()

    assert len(receiver.requests) == 10
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1
    assert len({request.body for request in receiver.requests}) == 1
    assert desk.delays[0] == timedelta(0)
    assert all(near(delay, wanted) for delay, wanted in zip(desk.delays[1:], SCHEDULE, strict=True))
    assert desk.delays[1:] != SCHEDULE
    (delivery,) = await desk.deliveries()
    assert (delivery.state, delivery.attempts, delivery.problem) == ("failed", 10, "http_500")
    tries = await desk.attempts(delivery.id)
    assert {(one.status, one.answer, one.problem) for one in tries} == {
        (500, "not today", "http_500")
    }
    left = await desk.endpoint(endpoint.id)
    assert (left.failures, left.last_error, left.disabled_at) == (10, "http_500", None)


async def test_a_late_run_of_an_earlier_try_changes_nothing(desk: Desk, receiver: Receiver) -> None:
    receiver.replies.append(Reply(status=500))
    await desk.register(receiver.url)
    await desk.happen("lead.received")
    await desk.fan_out()
    (first,) = await take(desk.db, actions.DELIVER)
    for _ in range(3):
        await desk.deliver(first)
    assert len(receiver.requests) == 1
    (second,) = await take(desk.db, actions.DELIVER)
    await desk.deliver(second)
    assert [one.attempts for one in await desk.deliveries()] == [2]


async def test_each_try_has_its_own_time(desk: Desk, receiver: Receiver) -> None:
    receiver.replies.append(Reply(status=500, delay=1.1))
    endpoint = await desk.register(receiver.url)
    await desk.happen("lead.received")
    await desk.work(rounds=2)
    first, second = (int(request.headers["webhook-timestamp"]) for request in receiver.requests)
    assert second > first
    assert abs(second - receiver.requests[1].at) < 30
    receiver.verified(secret=desk.secret(endpoint))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 400, 401, 404, 429, 500, 502, 503])
async def test_what_is_not_2xx_is_a_failure(desk: Desk, receiver: Receiver, status: int) -> None:
    with Receiver() as elsewhere:
        receiver.replies.append(Reply(status=status, headers={"Location": elsewhere.url}))
        endpoint = await desk.register(receiver.url)
        await desk.happen("lead.received")
        await desk.work()
        (delivery,) = await desk.deliveries()
        assert (delivery.state, delivery.problem) == ("queued", f"http_{status}")
        assert (await desk.endpoint(endpoint.id)).last_error == f"http_{status}"
        assert elsewhere.requests == []
        await desk.work()
    recovered = await desk.endpoint(endpoint.id)
    assert (recovered.failures, recovered.failing_since, recovered.last_error) == (0, None, None)


@pytest.mark.parametrize(
    ("reply", "problem"),
    [(Reply(reset=True), "cut"), (Reply(delay=3), "timeout")],
    ids=["cut", "slow"],
)
async def test_no_answer_is_a_failure(
    desk: Desk, receiver: Receiver, reply: Reply, problem: str
) -> None:
    if reply.delay:
        desk.egress = Egress(allow=LOOPBACK, seconds_max=0.5)
    receiver.reply = reply
    await desk.register(receiver.url)
    await desk.happen("lead.received")
    await desk.work()
    (delivery,) = await desk.deliveries()
    (attempt,) = await desk.attempts(delivery.id)
    assert (attempt.status, attempt.problem) == (None, problem)
    assert attempt.milliseconds < 5000


async def test_a_huge_answer_is_a_success(desk: Desk, receiver: Receiver) -> None:
    parts = (bytes([65]) * 65536 for _ in range(1 << 14))
    receiver.reply = Reply(status=201, headers={"Content-Length": str(1 << 30)}, body=parts)
    await desk.register(receiver.url)
    await desk.happen("lead.received")
    await desk.work()
    (delivery,) = await desk.deliveries()
    (attempt,) = await desk.attempts(delivery.id)
    assert (delivery.state, attempt.status, len(attempt.answer)) == ("delivered", 201, 2048)


@pytest.mark.parametrize(
    ("asked", "delay"),
    [
        ("120", timedelta(minutes=2)),
        ("86400", timedelta(days=1)),
        ("999999999999999999999", timedelta(days=1)),
        ("0", timedelta(seconds=5)),
        ("-5", timedelta(seconds=5)),
        ("soon", timedelta(seconds=5)),
    ],
)
async def test_retry_after(desk: Desk, receiver: Receiver, asked: str, delay: timedelta) -> None:
    receiver.reply = Reply(status=429, headers={"Retry-After": asked})
    await desk.register(receiver.url)
    await desk.happen("lead.received")
    await desk.work(rounds=2)
    assert near(desk.delays[1], delay)


def test_retry_after_as_a_date() -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for wait, wanted in ((timedelta(hours=3), timedelta(hours=3)), (timedelta(days=9), timedelta(days=1)),
                         (timedelta(hours=-3), timedelta(0))):  # fmt: skip
        headers = {"retry-after": format_datetime(now + wait, usegmt=True)}
        assert asked_delay(headers, now=now) == wanted


async def test_410_switches_the_endpoint_off_at_once(desk: Desk, receiver: Receiver) -> None:
    receiver.reply = Reply(status=410)
    endpoint = await desk.register(receiver.url)
    await desk.happen("lead.received")
    await desk.work()
    off = await desk.endpoint(endpoint.id)
    assert off.disabled_at is not None
    assert off.disabled_because == "gone"
    assert await desk.events("webhook_endpoint.disabled") == [
        {"endpoint_id": endpoint.id, "reason": "http_410"}
    ]
    (delivery,) = await desk.deliveries()
    assert delivery.state == "failed"
    await desk.happen("lead.received")
    await desk.work(rounds=2)
    assert len(receiver.requests) == 1


async def test_after_a_day_the_owners_are_warned_and_after_five_it_is_off(
    desk: Desk, receiver: Receiver
) -> None:
    receiver.reply = Reply(status=500)
    endpoint = await desk.register(receiver.url + "?token=of-theirs")
    await desk.happen("lead.received")
    await desk.work()
    assert await _mails(desk) == []
    for days, kinds in (
        (0.9, []),
        (1.1, ["webhook_failing"]),
        (4.9, ["webhook_failing"]),
        (5.1, ["webhook_failing", "webhook_disabled"]),
    ):
        await desk.fail_since(endpoint.id, timedelta(days=days))
        await desk.forget_pause()
        await desk.work()
        assert [mail["kind"] for mail in await _mails(desk)] == kinds
    off = await desk.endpoint(endpoint.id)
    assert off.disabled_because == "failing"
    assert {mail["to_address"] for mail in await _mails(desk)} == {"alice@123456.example"}
    assert all("of-theirs" not in mail["text_body"] for mail in await _mails(desk))
    assert all("127.0.0.1" in mail["text_body"] for mail in await _mails(desk))
    assert {mail["link_ref"] for mail in await _mails(desk)} == {"webhooks:"}


async def test_a_success_starts_the_five_days_anew(desk: Desk, receiver: Receiver) -> None:
    receiver.replies.extend([Reply(status=500), Reply(status=200), Reply(status=500)])
    endpoint = await desk.register(receiver.url)
    await desk.happen("lead.received")
    await desk.work()
    await desk.fail_since(endpoint.id, timedelta(days=4.9))
    await desk.work()
    await desk.happen("lead.received")
    await desk.work()
    left = await desk.endpoint(endpoint.id)
    assert (left.failures, left.disabled_at) == (1, None)


async def test_a_name_that_now_leads_inside_is_not_followed(desk: Desk, receiver: Receiver) -> None:
    endpoint = await desk.register(receiver.url)
    async with desk.scope() as scope:
        await scope.tx.execute("UPDATE webhook_endpoints SET url = 'https://169.254.169.254/'")
    await desk.happen("lead.received")
    await desk.work()
    (delivery,) = await desk.deliveries()
    assert (delivery.state, delivery.problem) == ("failed", "private_address")
    assert (await desk.endpoint(endpoint.id)).last_error == "private_address"


async def test_an_endpoint_that_fails_is_left_alone_and_its_tries_are_not_used_up(
    desk: Desk, receiver: Receiver
) -> None:
    receiver.reply = Reply(status=500)
    await desk.register(receiver.url)
    for _ in range(3):
        await desk.happen("lead.received")
    await desk.work()
    assert len(receiver.requests) == 3
    for _ in range(20):
        await desk.happen("lead.received")
    await desk.work()

    assert len(receiver.requests) == 3
    waiting = [one for one in await desk.deliveries() if one.attempts == 0]
    assert len(waiting) == 20
    assert {one.problem for one in waiting} == {"endpoint_failing"}
    put_off = [task.delay for task in await take(desk.db, actions.DELIVER)]
    assert len(put_off) == 23
    assert all(timedelta(seconds=8) <= delay <= timedelta(seconds=23) for delay in put_off[-20:])


@pytest.mark.slow
async def test_at_most_eight_tries_of_one_endpoint_are_in_hand(
    desk: Desk, receiver: Receiver
) -> None:
    receiver.reply = Reply(delay=0.5)
    await desk.register(receiver.url)
    for _ in range(12):
        await desk.happen("lead.received")
    await desk.fan_out()
    waiting = await take(desk.db, actions.DELIVER)
    await asyncio.gather(*(desk.deliver(task) for task in waiting))

    assert len(receiver.requests) == 8
    put_off = [one for one in await desk.deliveries() if one.state == "queued"]
    assert [(one.attempts, one.problem) for one in put_off] == [(0, "endpoint_busy")] * 4
    later = await take(desk.db, actions.DELIVER)
    assert all(timedelta(seconds=2) <= task.delay <= timedelta(seconds=10) for task in later)
    for task in later:
        await desk.deliver(task)
    assert len(receiver.requests) == 12


async def test_a_person_may_insist_while_it_is_left_alone(desk: Desk, receiver: Receiver) -> None:
    receiver.replies.extend([Reply(status=500)] * 3)
    await desk.register(receiver.url)
    for _ in range(3):
        await desk.happen("lead.received")
    await desk.work()
    await take(desk.db, actions.DELIVER)
    delivery = (await desk.deliveries())[0]
    async with desk.scope() as scope:
        await actions.send_again(scope, delivery.id)
    await desk.work()
    assert len(receiver.requests) == 4
    assert (await desk.deliveries())[0].state == "delivered"


async def test_sending_again_starts_a_new_round_of_tries(desk: Desk, receiver: Receiver) -> None:
    receiver.reply = Reply(status=500)
    await desk.register(receiver.url)
    await desk.happen("lead.received")
    for _ in range(10):
        await desk.forget_pause()
        await desk.work()
    (delivery,) = await desk.deliveries()
    assert delivery.state == "failed"
    async with desk.scope() as scope:
        await actions.send_again(scope, delivery.id)
    desk.delays.clear()
    for _ in range(10):
        await desk.forget_pause()
        await desk.work()
    assert len(receiver.requests) == 20
    assert all(near(delay, wanted) for delay, wanted in zip(desk.delays[1:], SCHEDULE, strict=True))


async def test_a_failing_endpoint_of_one_organization_is_no_others_matter(
    desk: Desk, receiver: Receiver, cast: Cast
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        await desk.register(url)
        for _ in range(4):
            await desk.happen("lead.received")
        await desk.work()
    elsewhere = Desk(db=desk.db, org_id=cast.charlie.org_id, egress=desk.egress, signer=desk.signer)
    await elsewhere.register(receiver.url)
    await elsewhere.happen("lead.received")
    await elsewhere.work()
    assert len(receiver.requests) == 1


async def _mails(desk: Desk) -> list[dict[str, str]]:
    async with desk.scope() as scope:
        rows = await scope.tx.fetch(
            "SELECT kind, to_address, text_body, link_ref FROM messages ORDER BY id"
        )
    return [dict(row) for row in rows]
