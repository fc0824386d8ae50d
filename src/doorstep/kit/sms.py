"""SMS through any provider, behind one small HTTP contract (docs/reference/messages.md).

We POST `{to, from, text, id}`; 2xx with `{"provider_id": ...}` is an acceptance. Both
directions are signed as Standard Webhooks with the bytes of DOORSTEP_SMS_SECRET.
"""

import asyncio
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Protocol

import httpx
from standardwebhooks import Webhook, WebhookVerificationError

from doorstep.kit.errors import OutcomeUnknown, TransportError

SECONDS_MAX = 30.0
ANSWER_BYTES_MAX = 64 << 10
NOT_ACCEPTED = frozenset({429, 503})
"""The provider promises with these that it took nothing."""


@dataclass(frozen=True, kw_only=True)
class Sms:
    """One text message; `id` is ours and comes back with the provider's status."""

    id: str
    to: str
    text: str


class SmsTransport(Protocol):
    """The seam: an HTTP provider in the product, a stub of one behind it in the tests."""

    async def send(self, sms: Sms) -> str:
        """The provider's id once it has accepted; raises TransportError or OutcomeUnknown."""


class HttpSms:
    """The generic HTTP adapter."""

    def __init__(
        self, url: str, *, sender: str, secret: str, seconds_max: float = SECONDS_MAX
    ) -> None:
        """`sender` is the number or name that people see."""
        self._url = url
        self._sender = sender
        self._secret = secret
        self._seconds_max = seconds_max

    async def send(self, sms: Sms) -> str:
        """See SmsTransport."""
        message = {"to": sms.to, "from": self._sender, "text": sms.text, "id": sms.id}
        body = json.dumps(message)
        headers = signed(body, secret=self._secret, message_id=sms.id)
        status, answer, retry_after = await post_once(
            self._url, body=body, headers=headers, seconds_max=self._seconds_max
        )
        if status in NOT_ACCEPTED:
            raise TransportError(
                f"sms_{status}", permanent=False, answer=answer, retry_after=retry_after
            )
        if 400 <= status < 500:  # noqa: PLR2004  HTTP's client errors
            raise TransportError(_code(answer, status=status), permanent=True, answer=answer)
        if not 200 <= status < 300:  # noqa: PLR2004  HTTP's success
            raise OutcomeUnknown(f"sms_{status}", answer=answer)
        provider_id = _json(answer).get("provider_id")
        if not isinstance(provider_id, str) or not provider_id:
            raise OutcomeUnknown("sms_no_provider_id", answer=answer)
        return provider_id


@cache
def authorities() -> ssl.SSLContext:
    """Whose certificates are believed; read once, because it takes 20 ms."""
    return httpx.create_ssl_context(trust_env=False)


async def post_once(
    url: str, *, body: str, headers: Mapping[str, str], seconds_max: float
) -> tuple[int, str, float | None]:
    """(status, answer, seconds to wait before another try) of a provider that is asked once."""
    try:
        async with (
            asyncio.timeout(seconds_max),
            httpx.AsyncClient(verify=authorities(), trust_env=False, timeout=seconds_max) as client,
            client.stream("POST", url, content=body, headers=dict(headers)) as response,
        ):
            answer = await _read(response)
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        # Not a byte was sent, so nothing can have been accepted.
        raise TransportError("sms_connect", permanent=False, answer=str(error)) from error
    except (httpx.HTTPError, TimeoutError) as error:
        raise OutcomeUnknown("sms_no_answer", answer=repr(error)) from error
    after = response.headers.get("retry-after", "")
    return response.status_code, answer, float(after) if after.isdecimal() else None


def signed(body: str, *, secret: str, message_id: str) -> dict[str, str]:
    """The headers of a signed JSON body, in either direction."""
    now = datetime.now(UTC)
    signature = Webhook(secret.encode()).sign(message_id, now, body) if secret else ""
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }


def is_authentic(body: bytes, *, headers: Mapping[str, str], secret: str) -> bool:
    """Whether the provider that shares `secret` signed this body within five minutes."""
    if not secret:
        return False
    try:
        Webhook(secret.encode()).verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):
        return False
    return True


async def _read(response: httpx.Response) -> str:
    parts, size = [], 0
    async for part in response.aiter_bytes():
        parts.append(part)
        size += len(part)
        if size > ANSWER_BYTES_MAX:
            break
    return b"".join(parts)[:ANSWER_BYTES_MAX].decode("utf-8", "replace")


def _code(answer: str, *, status: int) -> str:
    return "opted_out" if _json(answer).get("error") == "opted_out" else f"sms_{status}"


def _json(answer: str) -> dict[str, Any]:
    try:
        found = json.loads(answer)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
