"""Endpoints, deliveries and tries: what is sent, how it is signed, when it is tried again."""

import base64
import email.utils
import json
import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from standardwebhooks import Webhook

from doorstep.events.model import Event
from doorstep.kit.clock import iso_millis
from doorstep.kit.signing import Signer

SALT_BYTES = 32
SECRET_PREFIX = "whsec_"  # noqa: S105  the standard's prefix, not a secret
OLD_SECRET_LIFE = timedelta(hours=24)

ENDPOINTS_MAX = 50
SAME_URL_MAX = 2

# The schedule of Standard Webhooks 1.0: ten tries in 75 hours.
RETRY_DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
TRIES_MAX = len(RETRY_DELAYS) + 1
JITTER = 0.1
RETRY_AFTER_MAX = timedelta(hours=24)

WARN_AFTER = timedelta(days=1)
DISABLE_AFTER = timedelta(days=5)
PAUSE_FROM_FAILURES = 3
PAUSE_MAX = timedelta(minutes=5)

ANSWER_BYTES_KEPT = 2 << 10
GONE = 410

TEST_EVENT = "webhook_endpoint.test"

STANDARD = "standard"
WIRE = "wire"
UNDECIDED = "undecided"
"""Dialects: our events by Standard Webhooks, or the published API's bodies and signatures."""
VENDOR = "vendor"
"""What a source's vendor is told of its own leads, in a body of its own; a postback."""


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """A URL that hears of every event of its organization, or of one source's leads."""

    id: int
    url: str
    secret_sealed: bytes
    previous_sealed: bytes | None
    created_at: datetime
    updated_at: datetime
    failing_since: datetime | None
    failures: int
    last_error: str | None
    disabled_at: datetime | None
    disabled_because: str | None
    dialect: str = STANDARD
    verified_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Postback:
    """What the vendor of a source hears of its leads; without a template, in our own body."""

    source_id: uuid.UUID
    endpoint_id: int
    events: list[str]
    template: str


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One event on its way to one endpoint."""

    id: uuid.UUID
    endpoint_id: int
    event_id: uuid.UUID
    event_name: str
    body: bytes
    state: str
    attempts: int
    round_from: int
    next_at: datetime | None
    problem: str | None
    created_at: datetime

    @property
    def tries_in_round(self) -> int:
        """Tries since a person last asked for it."""
        return self.attempts - self.round_from


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try: what was sent beside the body, and what came back."""

    number: int
    at: datetime
    request_headers: dict[str, str]
    status: int | None
    answer: str
    problem: str | None
    milliseconds: int


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How one try ended."""

    status: int | None
    answer: str
    problem: str | None
    permanent: bool
    retry_after: timedelta | None
    milliseconds: int

    @property
    def delivered(self) -> bool:
        """Whether the receiver took it."""
        return self.problem is None


def secret_of(signer: Signer, sealed: bytes) -> str:
    """An endpoint's secret: 64 bytes as 88 characters, made again from its salt when needed."""
    halves = (signer.derive(f"webhook secret {half}", sealed.hex()) for half in (1, 2))
    return base64.b64encode(b"".join(halves)).decode()


def standard_secret(signer: Signer, sealed: bytes) -> str:
    """The same secret as the libraries of Standard Webhooks take it."""
    return SECRET_PREFIX + secret_of(signer, sealed)


def signed_headers(
    delivery: Delivery, *, signer: Signer, salts: list[bytes], now: datetime
) -> dict[str, str]:
    """The headers of a try at `now`: one signature for each secret that is valid."""
    message_id, body = str(delivery.event_id), delivery.body.decode()
    signatures = [
        Webhook(standard_secret(signer, salt)).sign(message_id, now, body) for salt in salts
    ]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Doorstep-Webhooks/1.0",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def body_of(event: Event, *, sequence: int | None) -> bytes:
    """The payload, the same bytes at each try: ids and states, no address and no link."""
    named: dict[str, Any] = {
        "organization_id": event.org_id,
        "lead_id": str(event.lead_id) if event.lead_id else None,
        "capture_request_id": event.capture_request_id,
        "job_id": event.job_id,
        "sequence": sequence,
    }
    payload = {
        "type": event.name,
        "timestamp": iso_millis(event.occurred_at),
        "data": {**event.payload, **named},
    }
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()


def retry_delay(tries: int, *, asked: timedelta | None) -> timedelta | None:
    """How long to wait after `tries` failed ones; None when that was the last."""
    if tries >= TRIES_MAX:
        return None
    spread = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  it hides nothing
    return max(RETRY_DELAYS[tries - 1] * spread, asked or timedelta(0))


def pause_after(failures: int) -> timedelta | None:
    """How long an endpoint is left alone after so many failures in a row."""
    if failures < PAUSE_FROM_FAILURES:
        return None
    return min(timedelta(seconds=1 << min(failures, 12)), PAUSE_MAX)


def asked_delay(headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """What `Retry-After` asks for, in seconds or as a date, at most a day."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdecimal():
        asked = timedelta(seconds=min(int(value[:10]), RETRY_AFTER_MAX.total_seconds()))
    else:
        try:
            at = email.utils.parsedate_to_datetime(value)
        except ValueError:
            return None
        asked = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    return min(max(asked, timedelta(0)), RETRY_AFTER_MAX)
