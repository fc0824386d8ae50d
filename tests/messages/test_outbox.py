"""What members do in the outbox: look, cancel, send again, say that it was sent."""

import uuid

import pytest

from doorstep.auth.scopes import open_scope
from doorstep.kit.errors import Conflict, Forbidden
from doorstep.messages import actions, queries
from doorstep.orgs.model import Actor
from tests.background import take
from tests.fakes.sms import SmsProvider
from tests.fakes.smtp import SmtpRecorder
from tests.messages.conftest import EMAIL, LINK, SMS, Post, resolve


async def test_shows_the_message_with_its_link(post: Post) -> None:
    message_id = await post.queue(**EMAIL)
    async with post.scope() as scope:
        shown = await actions.rendered(scope, message_id, resolve=resolve)
    assert shown.link == LINK
    assert shown.subject == "Photos of your house, please"
    assert shown.text == f"Hello Lucille Bluth,\n\nopen {LINK}\n"
    assert "a=1&amp;b=2" in shown.html


async def test_pages_newest_first(post: Post) -> None:
    ids = [await post.queue(**EMAIL | {"subject": f"Number {n}"}) for n in range(5)]
    async with post.scope() as scope:
        first = await queries.page(scope, rows_max=3)
        rest = await queries.page(scope, before_id=first[-1].id, rows_max=3)
        about = await queries.of_subject(scope, subject_ref="capture_request:7")
    assert [m.id for m in first + rest] == ids[::-1]
    assert [m.id for m in about] == ids[::-1]


async def test_cancel_stops_what_has_not_left(post: Post, smtp: SmtpRecorder) -> None:
    sent = await post.queue(**EMAIL)
    await post.work()
    waiting = await post.queue(**EMAIL)
    other = await post.queue(**EMAIL | {"subject_ref": "capture_request:8"})
    async with post.scope() as scope:
        assert await actions.cancel(scope, subject_ref="capture_request:7") == 1
    await post.work()
    assert [(await post.find(one)).state for one in (sent, waiting, other)] == [
        "sent",
        "cancelled",
        "sent",
    ]
    assert len(smtp.letters) == 2


async def test_cancel_while_it_is_being_tried_stops_the_next_try(
    post: Post, smtp: SmtpRecorder
) -> None:
    smtp.rcpt_answers.append("450 later")
    message_id = await post.queue(**EMAIL)
    async with post.scope() as scope:
        await scope.tx.execute("UPDATE messages SET state = 'sending'")
        await actions.cancel(scope, subject_ref="capture_request:7")
    await post.work(rounds=3)
    assert (await post.find(message_id)).state == "cancelled"
    assert smtp.letters == []


async def test_send_again_is_a_new_message(post: Post, provider: SmsProvider) -> None:
    message_id = await post.queue(**SMS)
    async with post.scope() as scope:
        with pytest.raises(Conflict):
            await actions.send_again(scope, message_id)
        await scope.tx.execute("UPDATE messages SET state = 'sending'")
    await post.work()
    async with post.scope() as scope:
        new_id = await actions.send_again(scope, message_id)
    await post.work()
    assert (await post.find(message_id)).state == "unknown"
    assert (await post.find(new_id)).state == "sent"
    assert [one.id for one in provider.taken] == [str(new_id)]


@pytest.mark.parametrize("message", [EMAIL, SMS])
async def test_mark_sent(post: Post, message: dict[str, str]) -> None:
    post.mail = post.sms = None
    message_id = await post.queue(**message)
    await post.work()
    async with post.scope() as scope:
        await actions.mark_sent(scope, message_id)
        with pytest.raises(Conflict):
            await actions.mark_sent(scope, message_id)
    marked = await post.find(message_id)
    assert (marked.state, marked.problem) == ("sent", "by_hand")
    assert [event["by_hand"] for event in await post.events("message.sent")] == [True]


async def test_reading_is_not_enough(post: Post) -> None:
    post.mail = None
    message_id = await post.queue(**EMAIL)
    await post.work()
    reader = Actor(kind="user", id="0", rights=frozenset())
    async with open_scope(post.db, org_id=post.org_id, actor=reader) as scope:
        for verb in (actions.send_again, actions.mark_sent):
            with pytest.raises(Forbidden):
                await verb(scope, message_id)


async def test_a_task_of_a_message_that_is_gone_does_nothing(
    post: Post, smtp: SmtpRecorder
) -> None:
    await post.queue(**EMAIL)
    (task,) = await take(post.db, actions.DELIVER)
    task.payload["message_id"] = str(uuid.uuid4())
    await post.deliver(task)
    assert smtp.letters == []
