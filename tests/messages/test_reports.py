"""What comes back by e-mail, and the click that ends reminders."""

from dataclasses import replace
from email.message import Message
from typing import Any

import httpx
import pytest

from doorstep.kit.errors import CannotStart
from doorstep.kit.mailbox import Mailbox
from doorstep.kit.settings import BadSetting, from_environment
from doorstep.messages import tasks
from doorstep.messages.actions import DELIVER
from doorstep.messages.marks import Marks
from doorstep.web.services import Services
from tests.background import take
from tests.cast import Cast
from tests.fakes.imap import MailboxServer
from tests.fakes.smtp import SmtpRecorder
from tests.messages.conftest import EMAIL, Post, resolve

HOOK = "/hooks/mail"
GONE = "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user"
FULL = "Action: delayed\r\nStatus: 4.2.2\r\nDiagnostic-Code: smtp; 452 mailbox full"
TIRED = "Action: failed\r\nStatus: 4.4.7\r\nDiagnostic-Code: smtp; delivery time expired"


@pytest.fixture
def services(services: Services) -> Services:
    """A server whose letters come back to a mailbox."""
    settings = replace(services.settings, bounce_address="bounces@doorstep.example")
    return replace(services, settings=settings)


@pytest.fixture
def marks(services: Services) -> Marks:
    return tasks.marks_of(services.settings)


async def work(post: Post, marks: Marks) -> None:
    for task in await take(post.db, DELIVER):
        await tasks.deliver(
            post.db, payload=task.payload, mail=post.mail, sms=post.sms, resolve_link=resolve,
            marks=marks,
        )  # fmt: skip


def dsn(to: str, status: str, *, kind: str = "delivery-status") -> bytes:
    """A report to this address."""
    return (
        f"From: MAILER-DAEMON@mx.example\r\nTo: {to}\r\nSubject: Undelivered\r\n"
        f'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type={kind}; boundary="b"'
        "\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        f"--b\r\nContent-Type: message/{kind}\r\n\r\n"
        f"Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; lucille@example.com\r\n"
        f"{status}\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: Photos\r\n\r\n"
        "--b--\r\n"
    ).encode()


async def pipe(client: httpx.AsyncClient, raw: bytes) -> None:
    answer = await client.post(HOOK, content=raw, headers={"content-type": "message/rfc822"})
    assert answer.status_code == 204


async def test_a_bounce_suppresses_and_shows(
    client: httpx.AsyncClient, post: Post, cast: Cast, smtp: SmtpRecorder, marks: Marks
) -> None:
    message_id = await post.queue(**EMAIL)
    await work(post, marks)
    sender = smtp.letters[0].sender
    assert sender.startswith("bounces+")
    assert sender.endswith("@doorstep.example")
    assert len(sender.partition("@")[0]) <= 64
    await post.queue(**EMAIL)
    await work(post, marks)
    assert smtp.letters[1].sender != sender
    async with post.scope() as scope:
        # In one transaction all happens at one time; the second letter was there before.
        await scope.tx.execute("UPDATE messages SET sent_at = sent_at - interval '1 minute'")

    await pipe(client, dsn(sender, FULL))
    assert (await post.find(message_id)).state == "sent"
    for _ in range(2):
        await pipe(client, dsn(sender.upper(), GONE))
    failed = await post.find(message_id)
    assert (failed.state, failed.problem) == ("failed", "bounced")
    assert [(a.number, a.outcome, a.answer) for a in await post.attempts(message_id)] == [
        (1, "accepted", "250 OK"),
        (2, "bounced", "smtp; 550 5.1.1 no such user"),
    ]
    assert [event["reason"] for event in await post.events("message.failed")] == ["bounced"]

    # A later letter that was taken before the bounce came proves nothing.
    stopped = await post.find(await post.queue(**EMAIL | {"to_address": "Lucille@example.com"}))
    assert (stopped.state, stopped.problem) == ("unsendable", "address_was_rejected")
    other = replace(post, org_id=cast.charlie.org_id)
    assert (await other.find(await other.queue(**EMAIL))).state == "queued"


async def test_what_is_no_bounce_of_ours_changes_nothing(
    client: httpx.AsyncClient, post: Post, smtp: SmtpRecorder, marks: Marks
) -> None:
    message_id = await post.queue(**EMAIL)
    await work(post, marks)
    sender = smtp.letters[0].sender
    forged = sender[:-25] + ("a" if sender[-25] != "a" else "b") + sender[-24:]
    answer = b"To: " + sender.encode() + b"\r\nSubject: Re: Photos\r\n\r\nI am on holiday.\r\n"
    junk = dsn(sender, GONE)
    for raw in (
        dsn(forged, GONE),
        dsn("bounces@doorstep.example", GONE),
        dsn(f"bounces+{marks.unsubscribe_url((1, message_id))[-50:]}@doorstep.example", GONE),
        answer,
        b"",
        b"\x00\xff" * 500 + sender.encode(),
        junk[: junk.index(b"Action")],
        junk.replace(b'boundary="b"', b'boundary="c"'),
        dsn(sender, "Action: relayed\r\nStatus: 2.0.0"),
        dsn(sender, "Action: failed"),
    ):
        await pipe(client, raw)
        left = await post.find(message_id)
        if b"Action: failed\r\n\r\n" in raw:
            assert (left.state, left.problem) == ("failed", "not_delivered")
        else:
            assert left.state == "sent", raw
    # The server gave up, which says nothing bad of the address.
    assert (await post.find(await post.queue(**EMAIL))).state == "queued"
    too_long = await client.post(
        HOOK, content=b"x" * (2 << 20), headers={"content-type": "message/rfc822"}
    )
    assert too_long.status_code == 413


async def test_a_complaint_suppresses(
    client: httpx.AsyncClient, post: Post, smtp: SmtpRecorder, marks: Marks
) -> None:
    message_id = await post.queue(**EMAIL)
    await work(post, marks)
    sender = smtp.letters[0].sender
    abuse = dsn("abuse@doorstep.example", "Feedback-Type: abuse", kind="feedback-report")
    await pipe(client, abuse + f"Original-Mail-From: <{sender}>\r\n".encode())
    assert (await post.find(message_id)).problem == "complained"
    assert (await post.find(await post.queue(**EMAIL))).problem == "address_was_rejected"


async def test_the_mailbox_is_read_and_nothing_deleted(
    post: Post, smtp: SmtpRecorder, marks: Marks
) -> None:
    ids = [await post.queue(**EMAIL), await post.queue(**EMAIL)]
    await work(post, marks)
    first, second = (letter.sender for letter in smtp.letters)
    with MailboxServer(b"Subject: Hello\r\n\r\nA person.\r\n", dsn(first, GONE)) as server:
        mailbox = Mailbox(server.url)
        assert await tasks.fetch_reports(post.db, mailbox=mailbox, marks=marks) == 1
        assert server.seen == {1, 2}
        server.letters.append(dsn(second, TIRED))
        assert await tasks.fetch_reports(post.db, mailbox=mailbox, marks=marks) == 1
        assert await tasks.fetch_reports(post.db, mailbox=mailbox, marks=marks) == 0
        assert len(server.letters) == 3
        assert server.logins[0] == 'LOGIN bounces "p@ss"'
    assert [(await post.find(one)).problem for one in ids] == ["bounced", "not_delivered"]
    with pytest.raises(CannotStart):
        Mailbox("imap://bounces:secret@mail.example/INBOX")


@pytest.mark.parametrize(
    "address", ["bounces", "a b@c.example", "x@y@z.example", "x" * 14 + "@y.example"]
)
def test_a_bounce_address_without_room_is_said_at_the_start(address: str) -> None:
    environ = {
        "DOORSTEP_SECRET_KEY": "s" * 32,
        "DOORSTEP_DATABASE_URL": "postgresql://x",
        "DOORSTEP_BASE_URL": "https://x.example",
        "DOORSTEP_BOUNCE_ADDRESS": address,
    }
    with pytest.raises(BadSetting, match="DOORSTEP_BOUNCE_ADDRESS"):
        from_environment(environ)


async def test_one_click_ends_reminders_of_one_organization(
    client: httpx.AsyncClient, post: Post, cast: Cast, smtp: SmtpRecorder, marks: Marks
) -> None:
    reminder: dict[str, Any] = EMAIL | {"kind": "reminder"}
    await post.queue(**EMAIL)
    await post.queue(**reminder)
    await work(post, marks)
    invitation, sent = (letter.message for letter in smtp.letters)
    assert invitation["List-Unsubscribe"] is None
    url = link_in(sent)

    page = await client.get(url)
    assert page.status_code == 200
    assert "End the reminders?" in page.text
    assert (await post.find(await post.queue(**reminder))).state == "queued"
    for _ in range(2):
        done = await client.post(url, content="List-Unsubscribe=One-Click", headers={
            "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "cross-site",
        })  # fmt: skip
        assert done.status_code == 200
    assert "Bluth Company sends you no more reminders" in done.text

    stopped = await post.find(await post.queue(**reminder))
    assert (stopped.state, stopped.problem) == ("unsendable", "unsubscribed")
    assert (await post.find(await post.queue(**EMAIL))).state == "queued"
    other = replace(post, org_id=cast.charlie.org_id)
    assert (await other.find(await other.queue(**reminder))).state == "queued"
    await take(post.db, DELIVER)
    for wrong in (url[:-1] + ("a" if url[-1] != "a" else "b"), url + "a", "/unsubscribe/x"):
        assert (await client.post(wrong)).status_code == 404


def link_in(letter: Message) -> str:
    """The path behind the header that mail programs post to."""
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = str(letter["List-Unsubscribe"])
    assert found.startswith("<http://127.0.0.1:8000/unsubscribe/")
    return found[len("<http://127.0.0.1:8000") : -1]
