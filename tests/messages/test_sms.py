"""SMS: at most once. What is not certain is not repeated."""

from datetime import timedelta

import pytest

from doorstep.kit.sms import HttpSms
from doorstep.messages import actions
from tests.background import take
from tests.fakes.http import Reply
from tests.fakes.sms import SmsProvider
from tests.messages.conftest import EMAIL, LINK, SMS, Post


async def test_a_text(post: Post, provider: SmsProvider) -> None:
    message_id = await post.queue(**SMS)
    await post.work()

    (taken,) = provider.taken
    assert taken.id == str(message_id)
    assert (taken.to, taken.sender) == ("+14025550123", "+14025550100")
    assert taken.text == f"Bluth Company: photos please {LINK}"
    sent = await post.find(message_id)
    assert (sent.state, sent.provider_id) == ("sent", taken.provider_id)
    assert len(await post.events("message.sent")) == 1


async def test_an_unsigned_message_is_not_what_the_provider_gets(
    post: Post, provider: SmsProvider
) -> None:
    provider.secret = "another"
    message_id = await post.queue(**SMS)
    await post.work()
    assert provider.taken == []
    refused = await post.find(message_id)
    assert (refused.state, refused.problem) == ("failed", "sms_401")


@pytest.mark.parametrize("status", [429, 503])
async def test_what_was_surely_not_taken_is_tried_again(
    post: Post, provider: SmsProvider, status: int
) -> None:
    provider.replies.append(Reply(status=status, headers={"Retry-After": "600"}))
    message_id = await post.queue(**SMS)
    await post.work(rounds=2)
    assert [one.id for one in provider.taken] == [str(message_id)]
    assert post.delays[1] == timedelta(seconds=600)
    assert (await post.find(message_id)).state == "sent"


async def test_a_provider_that_is_not_there_is_tried_again(
    post: Post, provider: SmsProvider
) -> None:
    message_id = await post.queue(**SMS)
    provider.stop()
    await post.work()
    waiting = await post.find(message_id)
    assert (waiting.state, waiting.problem) == ("queued", "sms_connect")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(reset=True),
        Reply(status=201, delay=3),
        Reply(status=500, body=b"oops"),
        Reply(status=502),
        Reply(status=200, body=b"thank you"),
        Reply(status=302, headers={"Location": "/elsewhere"}),
    ],
    ids=["cut", "timeout", "500", "502", "no id", "redirect"],
)
async def test_what_is_not_certain_is_unknown_and_never_repeated(
    post: Post, provider: SmsProvider, reply: Reply
) -> None:
    if reply.delay:
        post.sms = HttpSms(provider.url, sender="+1", secret=provider.secret, seconds_max=0.5)
    provider.replies.append(reply)
    message_id = await post.queue(**SMS)
    await post.work(rounds=3)

    left = await post.find(message_id)
    assert left.state == "unknown"
    assert len(provider.requests) == 1
    assert await take(post.db, actions.DELIVER) == []
    assert [a.outcome for a in await post.attempts(message_id)] == ["unknown"]


async def test_a_crash_while_sending_is_unknown_and_never_repeated(
    post: Post, provider: SmsProvider
) -> None:
    message_id = await post.queue(**SMS)
    (task,) = await take(post.db, actions.DELIVER)
    async with post.scope() as scope:
        await scope.tx.execute("UPDATE messages SET state = 'sending'")
    await post.deliver(task)
    await post.deliver(task)

    left = await post.find(message_id)
    assert (left.state, left.problem) == ("unknown", "interrupted")
    assert provider.requests == []


@pytest.mark.parametrize("reply", [Reply(status=400), Reply(status=404), Reply(status=422)])
async def test_a_refused_text_fails(post: Post, provider: SmsProvider, reply: Reply) -> None:
    provider.replies.append(reply)
    message_id = await post.queue(**SMS)
    await post.work(rounds=2)
    assert (await post.find(message_id)).state == "failed"
    assert len(provider.requests) == 1


async def test_a_number_that_opted_out_at_the_provider_is_left_alone(
    post: Post, provider: SmsProvider
) -> None:
    provider.replies.append(Reply(status=400, body=b'{"error": "opted_out"}'))
    message_id = await post.queue(**SMS)
    await post.work()
    left = await post.find(message_id)
    assert (left.state, left.problem) == ("unsendable", "opted_out")

    next_one = await post.find(await post.queue(**SMS))
    assert (next_one.state, next_one.problem) == ("unsendable", "opted_out")
    assert len(provider.requests) == 1


async def test_without_a_provider_the_outbox_shows_it(post: Post) -> None:
    post.sms = None
    message_id = await post.queue(**SMS)
    await post.work()
    shown = await post.find(message_id)
    assert (shown.state, shown.problem) == ("shown", "no_provider")


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("5558675309", "not_a_number"),
        ("911", "not_a_number"),
        ("call me", "not_a_number"),
        ("4️⃣0️⃣2️⃣5550123", "not_a_number"),
        ("+1 900 555 1234", "no_mobile_number"),
        ("800-555-1212", "no_mobile_number"),
        ("+1 809 555 1234", "region"),
        ("+44 20 7946 0958", "region"),
        ("402-555-0123 x12", "extension"),
    ],
)
async def test_numbers_that_cannot_be_texted(
    post: Post, provider: SmsProvider, number: str, problem: str
) -> None:
    message_id = await post.queue(**SMS | {"to_address": number})
    email_id = await post.queue(**EMAIL)
    await post.work()
    left = await post.find(message_id)
    assert (left.state, left.problem, left.to_address) == ("unsendable", problem, number)
    assert provider.requests == []
    assert (await post.find(email_id)).state == "sent"


@pytest.mark.parametrize(
    "number",
    ["4025550123", "+1 402 555 0123", "(402) 555-0123", "402.555.0123", "４０２５５５０１２３"],  # noqa: RUF001
)
async def test_numbers_however_written(post: Post, provider: SmsProvider, number: str) -> None:
    await post.queue(**SMS | {"to_address": number})
    await post.work()
    assert provider.taken[0].to == "+14025550123"
