"""A message: its states, what address it may have, and when it is tried again."""

import random
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, Required, TypedDict

import phonenumbers
from email_validator import EmailNotValidError, validate_email

GIVE_UP_AFTER = timedelta(hours=48)
FIRST_RETRY = timedelta(seconds=60)
RETRY_MAX = timedelta(hours=4)
UNKNOWN_RETRY = timedelta(minutes=15)
JITTER = 0.1

DEFAULT_REGION = "US"
SMS_REGIONS = frozenset({"US", "PR", "VI", "GU", "AS", "MP", "CA"})
"""Elsewhere a text message can cost a hundred times as much, which attracts fraud."""

LINK = "{link}"

HELP = "help"
"""The answer to somebody who asks by text what this is; it goes also to who said STOP."""
REMINDER = "reminder"
TO_HOMEOWNERS = frozenset({"invitation", REMINDER, "more_photos", HELP})
"""The kinds of messages to people who have not asked us for anything."""


class Channel(StrEnum):
    """How a message travels."""

    EMAIL = "email"
    SMS = "sms"


class State(StrEnum):
    """Where a message is."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    UNSENDABLE = "unsendable"
    CANCELLED = "cancelled"
    SHOWN = "shown"


# What a provider's status may follow; what is not here has moved past it.
STATUS_FOLLOWS: dict[State, tuple[State, ...]] = {
    State.SENT: (State.SENDING, State.UNKNOWN),
    State.DELIVERED: (State.SENDING, State.UNKNOWN, State.SENT),
    State.FAILED: (State.SENDING, State.UNKNOWN, State.SENT),
}

BY_HAND = (State.SHOWN, State.UNKNOWN, State.FAILED, State.UNSENDABLE)
"""What a person may have sent in another way."""

SENDABLE_AGAIN = (*BY_HAND, State.SENT, State.DELIVERED)


class Written(TypedDict, total=False):
    """What a caller says of a message, by the names of its columns."""

    channel: Required[str]
    kind: Required[str]
    to_name: Required[str]
    to_address: Required[str]
    text_body: Required[str]
    subject: str
    html_body: str
    subject_ref: str | None
    link_ref: str | None
    reply_to: str | None
    zones: Sequence[str] | None
    """Time zones in whose hours it leaves; for what no person sends."""
    goes_until: datetime | None
    """With zones: after this it does not leave any more."""
    objection: str | None
    """A code of why the caller may not send it."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What is written and to whom; the bodies have `{link}` where the link belongs."""

    id: uuid.UUID
    channel: str
    kind: str
    subject_ref: str | None
    to_name: str
    to_address: str
    reply_to: str | None
    subject: str
    text_body: str
    html_body: str
    link_ref: str | None
    zones: Sequence[str] | None
    goes_until: datetime | None


@dataclass(frozen=True, kw_only=True)
class Message(Letter):
    """One row of `messages`."""

    message_id: str
    state: str
    problem: str | None
    provider_id: str | None
    attempts: int
    next_at: datetime | None
    created_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try: `outcome` is a short code, `answer` what the other side said."""

    number: int
    at: datetime
    outcome: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A message as its reader sees it."""

    subject: str
    text: str
    html: str
    link: str | None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How one try ended."""

    kind: Literal["accepted", "later", "never", "unknown"]
    code: str
    answer: str = ""
    provider_id: str | None = None
    retry_after: float | None = None


def checked_address(channel: str, address: str) -> tuple[str, str | None]:
    """(address to send to, None), or (address as given, why nothing can be sent to it)."""
    if channel == Channel.EMAIL:
        return _checked_email(address)
    return _checked_phone(address)


def retry_delay(number: int, *, asked: float | None) -> timedelta:
    """How long to wait after the failed try `number`, at least as long as we were asked to."""
    delay = min(FIRST_RETRY * (1 << min(number - 1, 10)), RETRY_MAX)
    spread = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  it hides nothing
    return max(delay * spread, min(timedelta(seconds=asked or 0), RETRY_MAX))


def one_line(text: str) -> str:
    """Text for a header: runs of white space and control characters become one space."""
    return " ".join(re.sub(r"[\x00-\x20\x7f]", " ", text).split())


def _checked_email(address: str) -> tuple[str, str | None]:
    try:
        found = validate_email(
            address.strip(),
            check_deliverability=False,
            allow_quoted_local=True,
            allow_smtputf8=False,
            strict=True,
            test_environment=True,
        )
    except EmailNotValidError:
        return address, "not_an_address"
    assert found.ascii_email is not None
    return found.ascii_email, None


def _checked_phone(address: str) -> tuple[str, str | None]:
    try:
        number = phonenumbers.parse(address, DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        return address, "not_a_number"
    if number.extension:
        return address, "extension"
    if not phonenumbers.is_valid_number(number):
        return address, "not_a_number"
    if phonenumbers.region_code_for_number(number) not in SMS_REGIONS:
        return address, "region"
    kinds = phonenumbers.PhoneNumberType
    if phonenumbers.number_type(number) not in (kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE):
        return address, "no_mobile_number"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), None
