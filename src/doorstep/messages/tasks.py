"""The background entry of messages."""

import uuid
from email.utils import parseaddr

from doorstep.auth.scopes import task_scope
from doorstep.kit import crash
from doorstep.kit.db import Database
from doorstep.kit.errors import CannotStart
from doorstep.kit.mail import MailTransport, SmtpTransport
from doorstep.kit.mailbox import Mailbox
from doorstep.kit.settings import Settings
from doorstep.kit.signing import Signer
from doorstep.kit.sms import HttpSms, SmsTransport
from doorstep.kit.tasks import Payload
from doorstep.kit.twilio import SCHEME, TwilioSms
from doorstep.messages import reports, sending
from doorstep.messages.actions import DELIVER, ResolveLink
from doorstep.messages.budgets import Budgets
from doorstep.messages.marks import Marks
from doorstep.messages.sending import Transports

DEFAULT = Budgets()
FETCH_REPORTS = "messages.fetch_reports"


def mail_transport(settings: Settings) -> MailTransport | None:
    """The mail server of these settings; None leaves e-mails in the outbox for a person."""
    if not settings.smtp_url:
        return None
    if "@" not in parseaddr(settings.mail_from)[1]:
        raise CannotStart(
            "DOORSTEP_MAIL_FROM holds no address; write it like `Doorstep <post@example.com>`."
        )
    return SmtpTransport(settings.smtp_url, sender=settings.mail_from)


def sms_transport(settings: Settings) -> SmsTransport | None:
    """The SMS provider of these settings; None leaves texts in the outbox for a person."""
    if not settings.sms_url:
        return None
    if settings.sms_url.startswith(f"{SCHEME}:"):
        return TwilioSms(settings.sms_url, sender=settings.sms_from, base_url=settings.base_url)
    return HttpSms(settings.sms_url, sender=settings.sms_from, secret=settings.sms_secret)


def budgets_of(settings: Settings) -> Budgets:
    """The operator's budgets."""
    return Budgets(
        of_recipient=settings.recipient_messages_per_day, of_org=settings.org_messages_per_day
    )


def marks_of(settings: Settings) -> Marks:
    """How this server's letters are known again."""
    return Marks(
        signer=Signer(settings.secret_key),
        base_url=settings.base_url,
        bounce_address=settings.bounce_address,
    )


async def fetch_reports(db: Database, *, mailbox: Mailbox, marks: Marks) -> int:
    """Read the new mail of the mailbox that bounces go to; how many were reports on ours.

    Each is marked as read once it is dealt with, and nothing is deleted: it may be a person's
    mailbox as well.
    """
    ours = 0
    async with mailbox.unread() as letters:
        async for letter in letters:
            ours += await reports.receive(db, raw=letter, marks=marks)
    return ours


async def deliver(  # allow: sizes these are the seams of a worker
    db: Database,
    *,
    payload: Payload,
    mail: MailTransport | None,
    sms: SmsTransport | None,
    resolve_link: ResolveLink,
    budgets: Budgets = DEFAULT,
    marks: Marks | None = None,
) -> None:
    """Make one try of one message; safe to run twice."""
    transports = Transports(mail=mail, sms=sms)
    org_id = int(payload["org_id"])
    async with task_scope(db, org_id=org_id, task=DELIVER) as scope:
        one = await sending.claim(
            scope,
            message_id=uuid.UUID(payload["message_id"]),
            number=int(payload["number"]),
            insist=bool(payload["insist"]),
            transports=transports,
            resolve=resolve_link,
            budgets=budgets,
        )
    if one is None:
        return
    outcome = await sending.send(one, transports=transports, marks=marks)
    crash.point("message.after_send")
    async with task_scope(db, org_id=org_id, task=DELIVER) as scope:
        await sending.settle(scope, one, outcome=outcome)
