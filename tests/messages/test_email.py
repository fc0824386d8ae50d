"""E-mail: what a letter looks like, when it is tried again, and when it is given up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from doorstep.kit.errors import CannotStart, Invalid
from doorstep.kit.mail import SmtpTransport
from doorstep.kit.settings import Settings
from doorstep.messages import actions, tasks
from tests.background import take
from tests.fakes.smtp import SmtpRecorder
from tests.messages.conftest import EMAIL, LINK, Post

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def near(delay: timedelta, wanted: timedelta) -> bool:
    return wanted * 0.9 <= delay <= wanted * 1.1


async def test_a_letter(post: Post, smtp: SmtpRecorder) -> None:
    message_id = await post.queue(**EMAIL, reply_to="bob@bluth.example")
    await post.work()

    (letter,) = smtp.letters
    assert letter.sender == "post@doorstep.example"
    assert letter.recipients == ["lucille@example.com"]
    assert letter.message["From"] == "Bluth Company <post@doorstep.example>"
    assert letter.message["To"] == "Lucille Bluth <lucille@example.com>"
    assert letter.message["Reply-To"] == "bob@bluth.example"
    assert letter.message["Subject"] == "Photos of your house, please"
    assert letter.message["Auto-Submitted"] == "auto-generated"
    assert letter.message["Message-ID"] == f"<{message_id.hex}@doorstep.example>"
    assert letter.message["List-Unsubscribe"] is None
    assert letter.message.get_content_type() == "multipart/alternative"
    assert letter.part("plain") == f"Hello Lucille Bluth,\n\nopen {LINK}\n"
    assert letter.part("html").strip() == (
        '<p>Hello</p><a href="http://127.0.0.1:8000/c/AbCdEf.secret-of-lucille?a=1&amp;b=2">open</a>'
    )
    sent = await post.find(message_id)
    assert (sent.state, sent.problem, sent.attempts) == ("sent", None, 1)
    assert sent.sent_at is not None
    assert [(a.number, a.outcome, a.answer) for a in await post.attempts(message_id)] == [
        (1, "accepted", "250 OK")
    ]
    assert await post.events("message.sent") == [
        {
            "message_id": str(message_id),
            "channel": "email",
            "kind": "invitation",
            "subject_ref": "capture_request:7",
            "by_hand": False,
        }
    ]


async def test_the_link_is_not_at_rest(post: Post) -> None:
    await post.queue(**EMAIL)
    await post.work()
    async with post.scope() as scope:
        rows = await scope.tx.fetch("SELECT m.*, a.* FROM messages m JOIN message_attempts a "
                                    "ON a.org_id = m.org_id AND a.message_id = m.id")  # fmt: skip
        events = await scope.tx.fetch("SELECT * FROM events")
    assert len(rows) == 1
    assert "secret-of-lucille" not in str(rows) + str(events)


async def test_retries_with_the_same_message_id(post: Post, smtp: SmtpRecorder) -> None:
    smtp.rcpt_answers.extend(["450 greylisted, come back", "421 too busy"])
    message_id = await post.queue(**EMAIL)

    await post.work()
    waiting = await post.find(message_id)
    assert (waiting.state, waiting.problem) == ("queued", "smtp_450")
    assert waiting.next_at is not None
    first_id = waiting.message_id
    await post.work(rounds=2)

    assert [letter.message["Message-ID"] for letter in smtp.letters] == [first_id]
    assert [(a.number, a.outcome) for a in await post.attempts(message_id)] == [
        (1, "smtp_450"),
        (2, "smtp_421"),
        (3, "accepted"),
    ]
    assert post.delays[0] == timedelta(0)
    assert near(post.delays[1], MINUTE)
    assert near(post.delays[2], 2 * MINUTE)


async def test_a_late_run_of_an_earlier_try_changes_nothing(post: Post, smtp: SmtpRecorder) -> None:
    smtp.rcpt_answers.append("450 later")
    message_id = await post.queue(**EMAIL)
    (first,) = await take(post.db, actions.DELIVER)
    for _ in range(3):
        await post.deliver(first)
    (second,) = await take(post.db, actions.DELIVER)
    assert smtp.conversations == 1
    await post.deliver(second)
    assert (await post.find(message_id)).attempts == 2
    assert len(smtp.letters) == 1


async def test_a_crash_after_sending_sends_once_more_under_the_same_id(
    post: Post, smtp: SmtpRecorder
) -> None:
    await post.queue(**EMAIL)
    (task,) = await take(post.db, actions.DELIVER)
    await post.deliver(task)
    async with post.scope() as scope:
        # What a process leaves that dies between the server's 250 and the commit.
        await scope.tx.execute(
            "UPDATE messages SET state = 'sending', attempts = 0, sent_at = NULL"
        )
        await scope.tx.execute("DELETE FROM message_attempts")
    await post.deliver(task)
    await post.deliver(task)

    first, second = smtp.letters
    assert first.message["Message-ID"] == second.message["Message-ID"]


async def test_a_cut_after_the_letter_is_tried_once_more_after_a_quarter_of_an_hour(
    post: Post, smtp: SmtpRecorder
) -> None:
    smtp.data_answers.extend(["cut", "cut"])
    message_id = await post.queue(**EMAIL)
    await post.work(rounds=3)

    assert [letter.message["Message-ID"] for letter in smtp.letters] == [
        f"<{message_id.hex}@doorstep.example>"
    ] * 2
    assert post.delays[1] == timedelta(minutes=15)
    left = await post.find(message_id)
    assert (left.state, left.problem) == ("unknown", "smtp_no_answer")
    assert await take(post.db, actions.DELIVER) == []


async def test_a_server_that_says_nothing_is_left_after_the_limit(
    post: Post, smtp: SmtpRecorder
) -> None:
    post.mail = SmtpTransport(smtp.url, sender="post@doorstep.example", seconds_max=0.5)
    smtp.data_answers.append("stall")
    message_id = await post.queue(**EMAIL)
    await post.work()
    left = await post.find(message_id)
    assert (left.state, left.problem) == ("queued", "smtp_no_answer")


async def test_no_server_there(post: Post, smtp: SmtpRecorder) -> None:
    message_id = await post.queue(**EMAIL)
    smtp.stop()
    await post.work()
    left = await post.find(message_id)
    assert (left.state, left.problem) == ("queued", "smtp_connect")


@pytest.mark.parametrize("answer", ["550 no such user", "553 never"])
async def test_a_refused_recipient_is_not_tried_again(
    post: Post, smtp: SmtpRecorder, answer: str
) -> None:
    smtp.rcpt_answers.append(answer)
    message_id = await post.queue(**EMAIL)
    await post.work(rounds=3)

    refused = await post.find(message_id)
    assert (refused.state, refused.problem) == ("failed", "recipient_rejected")
    assert (await post.attempts(message_id))[0].answer == answer
    assert smtp.conversations == 1
    assert [event["reason"] for event in await post.events("message.failed")] == [
        "recipient_rejected"
    ]

    again = await post.find(await post.queue(**EMAIL | {"to_address": "Lucille@example.com"}))
    assert (again.state, again.problem) == ("unsendable", "address_was_rejected")

    async with post.scope() as scope:
        insisted = await actions.send_again(scope, message_id)
    await post.work()
    assert (await post.find(insisted)).state == "sent"
    assert (await post.find(await post.queue(**EMAIL))).state == "queued"


async def test_a_refused_letter_fails(post: Post, smtp: SmtpRecorder) -> None:
    smtp.data_answers.append("554 looks like spam")
    message_id = await post.queue(**EMAIL)
    await post.work(rounds=2)
    refused = await post.find(message_id)
    assert (refused.state, refused.problem) == ("failed", "smtp_554")
    assert smtp.letters == []


async def test_gives_up_after_two_days(post: Post, smtp: SmtpRecorder) -> None:
    smtp.rcpt_answers.extend(["450 later"] * 3)
    message_id = await post.queue(**EMAIL)
    await post.work()
    await post.age(message_id, 48 * HOUR - MINUTE)
    await post.work()

    given_up = await post.find(message_id)
    assert (given_up.state, given_up.problem) == ("failed", "smtp_450")
    assert await take(post.db, actions.DELIVER) == []
    assert smtp.letters == []


async def test_a_letter_that_waited_for_two_days_stays_here(post: Post, smtp: SmtpRecorder) -> None:
    message_id = await post.queue(**EMAIL)
    await post.age(message_id, 49 * HOUR)
    await post.work()
    late = await post.find(message_id)
    assert (late.state, late.problem) == ("failed", "too_late")
    assert smtp.letters == []


async def test_the_longest_wait_is_four_hours(post: Post, smtp: SmtpRecorder) -> None:
    smtp.rcpt_answers.extend(["450 later"] * 12)
    await post.queue(**EMAIL)
    await post.work(rounds=12)
    assert near(post.delays[-1], 4 * HOUR)
    assert post.delays[1:-3] == sorted(post.delays[1:-3])


async def test_without_a_mail_server_the_outbox_shows_it(post: Post) -> None:
    post.mail = None
    message_id = await post.queue(**EMAIL)
    await post.work()
    shown = await post.find(message_id)
    assert (shown.state, shown.problem) == ("shown", "no_mail_server")
    assert await post.attempts(message_id) == []


async def test_a_link_that_ended_cancels(post: Post, smtp: SmtpRecorder) -> None:
    message_id = await post.queue(**EMAIL | {"link_ref": "capture:8"})
    await post.work()
    ended = await post.find(message_id)
    assert (ended.state, ended.problem) == ("cancelled", "link_ended")
    assert smtp.letters == []


@pytest.mark.parametrize(
    ("address", "sent_to"),
    [
        ("lucille+house@example.com", "lucille+house@example.com"),
        ('"a b"@example.com', '"a b"@example.com'),
        ("Lucille.Bluth@EXAMPLE.com", "Lucille.Bluth@example.com"),
        ("lucille@bücher.example", "lucille@xn--bcher-kva.example"),
        ("  lucille@example.com ", "lucille@example.com"),
        ("x" * 64 + "@example.com", "x" * 64 + "@example.com"),
    ],
)
async def test_addresses_that_are_good(
    post: Post, smtp: SmtpRecorder, address: str, sent_to: str
) -> None:
    await post.queue(**EMAIL | {"to_address": address})
    await post.work()
    assert smtp.letters[0].recipients == [sent_to]


@pytest.mark.parametrize(
    "address", ["", "lucille", "a@localhost", "a@@example.com", "x" * 65 + "@example.com", "é@b.co"]
)
async def test_addresses_that_are_not(post: Post, smtp: SmtpRecorder, address: str) -> None:
    message_id = await post.queue(**EMAIL | {"to_address": address})
    await post.work()
    left = await post.find(message_id)
    assert (left.state, left.problem, left.to_address) == ("unsendable", "not_an_address", address)
    assert smtp.letters == []


@pytest.mark.parametrize("reply_to", ["nobody", "é@example.com", "a@b@c.example", ""])
async def test_a_bad_reply_address_is_left_out(
    post: Post, smtp: SmtpRecorder, reply_to: str
) -> None:
    await post.queue(**EMAIL, reply_to=reply_to)
    await post.work()
    assert smtp.letters[0].message["Reply-To"] is None


async def test_an_organizations_name_is_only_a_name(post: Post, smtp: SmtpRecorder) -> None:
    async with post.scope() as scope:
        await scope.tx.execute(
            "UPDATE orgs SET customer_display_name = $1", "Bluth\r\nBcc: gob@example.com"
        )
    await post.queue(**EMAIL)
    await post.work()
    (letter,) = smtp.letters
    assert letter.message["Bcc"] is None
    assert letter.message["From"].addresses[0].display_name == "Bluth Bcc: gob@example.com"


@pytest.mark.parametrize("sender", ["", "Doorstep", "Doorstep <nobody>"])
def test_a_sender_without_an_address_is_said_at_the_start(settings: Settings, sender: str) -> None:
    with_server = replace(settings, smtp_url="smtp://127.0.0.1:25", mail_from=sender)
    with pytest.raises(CannotStart, match="DOORSTEP_MAIL_FROM"):
        tasks.mail_transport(with_server)
    assert tasks.mail_transport(replace(settings, mail_from=sender)) is None


@pytest.mark.parametrize("field", ["to_address", "reply_to"])
@pytest.mark.parametrize("injection", ["\r\nBcc: gob@example.com", "\nBcc: x@y.example", "\0"])
async def test_line_breaks_in_addresses_are_refused(post: Post, field: str, injection: str) -> None:
    with pytest.raises(Invalid):
        await post.queue(**EMAIL | {field: f"lucille@example.com{injection}x"})


@pytest.mark.parametrize(
    "name",
    [
        "Lucille\r\nBcc: gob@example.com",
        "Lucille\nSubject: other",
        'a@b.example, "c" <d@e.example>, and a name so long that a header would have to fold it here',
        "=?utf-8?q?=0D=0ABcc:_gob=40example.com?=",
        "Zoë „Łucja“ 日本語の名前 " * 5,
        "x" * 500,
    ],
)
async def test_names_are_only_names(post: Post, smtp: SmtpRecorder, name: str) -> None:
    await post.queue(**EMAIL | {"to_name": name, "subject": name})
    await post.work()
    (letter,) = smtp.letters
    assert letter.recipients == ["lucille@example.com"]
    assert letter.message["Bcc"] is None
    assert [a.addr_spec for a in letter.message["To"].addresses] == ["lucille@example.com"]
    assert len(letter.message.get_all("Subject", [])) == 1
    assert len(letter.message.get_all("From", [])) == 1
    assert letter.part("plain").startswith("Hello Lucille Bluth")
