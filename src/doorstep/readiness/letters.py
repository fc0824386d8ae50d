"""A test letter to a member, through the ordinary outbox and mailer."""

import html
import uuid

from doorstep.kit.errors import NotFound, TooMany
from doorstep.messages import actions as messages
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope, Right
from doorstep.readiness import letter_queries as queries

KIND = "mail_test"
AN_HOUR_MAX = 5
TOO_MANY = f"{AN_HOUR_MAX} test letters an hour are enough: see what became of them."
SUBJECT_REF = "readiness"
SUBJECT = "Test letter of {org}"
TEXT = (
    "This letter shows that {org} can send e-mail from here. "
    "If it lies among the junk, look at the domain's SPF and DKIM. There is nothing to answer."
)


async def send(scope: OrgScope, *, user_id: int) -> uuid.UUID:
    """Queue a letter to this member; TooMany after five in an hour. The message's id."""
    scope.require(Right.ADMINISTER)
    member = await orgs.find_member(scope, user_id=user_id)
    if member is None:
        raise NotFound
    seconds = await queries.seconds_until_free(scope, subject_ref=SUBJECT_REF, at_most=AN_HOUR_MAX)
    if seconds:
        raise TooMany(TOO_MANY, headers={"Retry-After": str(seconds)})
    org = await orgs.find_org(scope)
    text = TEXT.format(org=org.name)
    return await messages.queue(
        scope,
        channel="email",
        kind=KIND,
        to_name=member.name,
        to_address=member.email,
        subject=SUBJECT.format(org=org.name),
        text_body=f"{text}\n",
        html_body=f"<p>{html.escape(text)}</p>\n",
        subject_ref=SUBJECT_REF,
    )


async def last(scope: OrgScope) -> queries.LastLetter | None:
    """What became of the newest one."""
    return await queries.last(scope, subject_ref=SUBJECT_REF)
