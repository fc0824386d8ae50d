"""A mail server, an SMS provider, and the worker's part played by hand."""

import uuid
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from doorstep.auth.scopes import open_scope
from doorstep.kit.db import Database
from doorstep.kit.errors import NotFound
from doorstep.kit.mail import MailTransport, SmtpTransport
from doorstep.kit.sms import HttpSms, SmsTransport
from doorstep.messages import actions, queries, tasks
from doorstep.messages.model import Attempt, Message
from doorstep.orgs.model import OrgScope
from tests.background import Waiting, take
from tests.cast import STAGE, Cast
from tests.fakes.sms import SmsProvider
from tests.fakes.smtp import SmtpRecorder

LINK = "http://127.0.0.1:8000/c/AbCdEf.secret-of-lucille?a=1&b=2"

EMAIL = {
    "channel": "email",
    "kind": "invitation",
    "to_name": "Lucille Bluth",
    "to_address": "lucille@example.com",
    "subject": "Photos of your house, please",
    "text_body": "Hello Lucille Bluth,\n\nopen {link}\n",
    "html_body": '<p>Hello</p><a href="{link}">open</a>',
    "subject_ref": "capture_request:7",
    "link_ref": "capture:7",
}
SMS = {
    "channel": "sms",
    "kind": "invitation",
    "to_name": "Lucille Bluth",
    "to_address": "(402) 555-0123",
    "text_body": "Bluth Company: photos please {link}",
    "subject_ref": "capture_request:7",
    "link_ref": "capture:7",
}


async def resolve(scope: OrgScope, ref: str) -> str:
    """The link for `capture:7`; there are no others."""
    if ref != "capture:7":
        raise NotFound
    return LINK


@dataclass(kw_only=True)
class Post:
    """The outbox of one organization and the worker that empties it."""

    db: Database
    org_id: int
    mail: MailTransport | None
    sms: SmsTransport | None
    delays: list[timedelta] = field(default_factory=list)

    def scope(self) -> AbstractAsyncContextManager[OrgScope]:
        """The organization's scope."""
        return open_scope(self.db, org_id=self.org_id, actor=STAGE)

    async def queue(self, **message: Any) -> uuid.UUID:
        """Queue a message."""
        async with self.scope() as scope:
            return await actions.queue(scope, **message)

    async def work(self, *, rounds: int = 1) -> None:
        """Run every waiting task, and what these put into the queue, `rounds` times."""
        for _ in range(rounds):
            for task in await take(self.db, actions.DELIVER):
                await self.deliver(task)

    async def deliver(self, task: Waiting) -> None:
        """Run one task."""
        self.delays.append(task.delay)
        await tasks.deliver(
            self.db, payload=task.payload, mail=self.mail, sms=self.sms, resolve_link=resolve
        )

    async def find(self, message_id: uuid.UUID) -> Message:
        """The message as it is now."""
        async with self.scope() as scope:
            return await actions.find(scope, message_id=message_id)

    async def attempts(self, message_id: uuid.UUID) -> list[Attempt]:
        """Its tries."""
        async with self.scope() as scope:
            return await queries.attempts(scope, message_id=message_id)

    async def write(self, sql: str, *values: object) -> None:
        """Change rows of the organization by hand."""
        async with self.scope() as scope:
            await scope.tx.execute(sql, *values)

    async def events(self, name: str) -> list[dict[str, Any]]:
        """The payloads of the events of this name."""
        async with self.scope() as scope:
            rows = await scope.tx.fetch(
                "SELECT payload FROM events WHERE org_id = $1 AND name = $2 ORDER BY id",
                self.org_id,
                name,
            )
        return [row["payload"] for row in rows]

    async def age(self, message_id: uuid.UUID, by: timedelta) -> None:
        """Make the message older."""
        async with self.scope() as scope:
            await scope.tx.execute(
                "UPDATE messages SET created_at = created_at - $3::interval "
                "WHERE org_id = $1 AND id = $2",
                self.org_id,
                message_id,
                by,
            )


@pytest.fixture
def smtp() -> Iterator[SmtpRecorder]:
    """The mail server."""
    with SmtpRecorder() as recorder:
        yield recorder


@pytest.fixture
def provider() -> Iterator[SmsProvider]:
    """The SMS provider."""
    with SmsProvider() as made:
        yield made


@pytest.fixture
def post(db: Database, cast: Cast, smtp: SmtpRecorder, provider: SmsProvider) -> Post:
    """Alice's outbox."""
    return Post(
        db=db,
        org_id=cast.alice.org_id,
        mail=SmtpTransport(smtp.url, sender="Doorstep <post@doorstep.example>"),
        sms=HttpSms(provider.url, sender="+14025550100", secret=provider.secret),
    )
