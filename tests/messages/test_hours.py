"""What goes by itself leaves in its reader's hours, even when a server was down meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest

from doorstep.messages import actions
from tests.fakes.sms import SmsProvider
from tests.fakes.smtp import SmtpRecorder
from tests.messages.conftest import EMAIL, SMS, Post

HOUR = timedelta(hours=1)


def zone_at(hour: int) -> str:
    """A zone where it is `hour` o'clock, a moment past."""
    east = (hour - datetime.now(UTC).hour + 12) % 24 - 12
    # The signs of these zones are the other way round.
    return f"Etc/GMT{-east:+d}"


@pytest.mark.parametrize("message", [EMAIL, SMS], ids=["email", "sms"])
async def test_at_night_it_waits_for_the_morning_and_that_is_no_try(
    post: Post, smtp: SmtpRecorder, provider: SmsProvider, *, message: dict[str, str]
) -> None:
    message_id = await post.queue(**message, zones=[zone_at(22)])
    await post.work(rounds=2)
    waiting = await post.find(message_id)
    assert (waiting.state, waiting.attempts) == ("queued", 0)
    assert 9 * HOUR <= post.delays[1] <= 10 * HOUR
    assert (len(smtp.letters), len(provider.taken)) == (0, 0)
    await post.write("UPDATE messages SET zones = $1", [zone_at(12)])
    await post.work()
    assert (await post.find(message_id)).state == "sent"
    assert len(smtp.letters) + len(provider.taken) == 1


async def test_between_two_zones_the_hours_of_both_count(post: Post, smtp: SmtpRecorder) -> None:
    await post.queue(**EMAIL, zones=[zone_at(20), zone_at(22)])
    await post.work()
    assert smtp.letters == []
    await post.queue(**EMAIL, zones=[zone_at(20), zone_at(19)])
    await post.work()
    assert len(smtp.letters) == 1


async def test_a_server_that_was_down_until_night_sends_no_reminder_then(
    post: Post, smtp: SmtpRecorder
) -> None:
    smtp.rcpt_answers.append("450 later, please")
    until = datetime.now(UTC) + 23 * HOUR
    message_id = await post.queue(**EMAIL, zones=[zone_at(20)], goes_until=until)
    await post.work()
    await post.write("UPDATE messages SET zones = $1", [zone_at(23)])
    await post.work()
    waiting = await post.find(message_id)
    assert (waiting.state, waiting.attempts) == ("queued", 1)
    assert smtp.letters == []


async def test_what_would_come_too_late_does_not_come(post: Post, smtp: SmtpRecorder) -> None:
    until = datetime.now(UTC) + 4 * HOUR
    message_id = await post.queue(**EMAIL, zones=[zone_at(23)], goes_until=until)
    await post.work()
    over = await post.find(message_id)
    assert (over.state, over.problem) == ("cancelled", "skipped_late")
    assert smtp.letters == []
    assert await post.events("message.failed") == []


async def test_a_person_may_send_at_any_hour(post: Post, smtp: SmtpRecorder) -> None:
    until = datetime.now(UTC) - 4 * HOUR
    message_id = await post.queue(**EMAIL, zones=[zone_at(3)], goes_until=until)
    await post.work()
    await post.write("UPDATE messages SET state = 'failed'")
    async with post.scope() as scope:
        await actions.send_again(scope, message_id)
    await post.work()
    assert len(smtp.letters) == 1
