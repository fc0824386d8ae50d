"""SMS through Twilio, or a provider that speaks its dialect: `twilio://SID:TOKEN@api.twilio.com`.

Accepted is a 2xx with a `sid`. Callbacks are forms, signed over the address that they were
sent to and every field of theirs, with the account's token.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable
from urllib.parse import quote, unquote, urlencode, urlsplit

import httpx

from doorstep.kit.errors import OutcomeUnknown, TransportError
from doorstep.kit.sms import SECONDS_MAX, Sms, authorities, post_once

SCHEME = "twilio"
STATUS_PATH = "/hooks/twilio/status"
STATUSES = {"sent": "sent", "delivered": "delivered", "undelivered": "failed", "failed": "failed"}
"""What the dialect's words are called here; the others say nothing new."""
OPTED_OUT = 21610
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
TOO_MANY = 429


class TwilioSms:
    """One account's messages."""

    def __init__(
        self, url: str, *, sender: str, base_url: str, seconds_max: float = SECONDS_MAX
    ) -> None:
        """`sender` is a number, or the sid of a messaging service; `base_url` is ours."""
        place = urlsplit(url)
        self._account = unquote(place.username or "")
        self._token = unquote(place.password or "")
        scheme = "http" if place.hostname in LOOPBACK else "https"
        host = place.netloc.rpartition("@")[2]
        account = quote(self._account, safe="")
        self._account_url = f"{scheme}://{host}/2010-04-01/Accounts/{account}"
        self._url = f"{self._account_url}/Messages.json"
        self._sender = sender
        self._base_url = base_url
        self._seconds_max = seconds_max

    async def send(self, sms: Sms) -> str:
        """See SmsTransport."""
        sender = "MessagingServiceSid" if self._sender.startswith("MG") else "From"
        form = {
            "To": sms.to,
            sender: self._sender,
            "Body": sms.text,
            "StatusCallback": f"{self._base_url}{STATUS_PATH}?id={sms.id}",
        }
        status, answer, retry_after = await post_once(
            self._url,
            body=urlencode(form),
            headers={
                "content-type": "application/x-www-form-urlencoded",
                "authorization": _basic(self._account, self._token),
            },
            seconds_max=self._seconds_max,
        )
        told = _json(answer)
        if status == TOO_MANY:
            raise TransportError("sms_429", permanent=False, answer=answer, retry_after=retry_after)
        if 400 <= status < 500:  # noqa: PLR2004  HTTP's client errors
            stopped = told.get("code") == OPTED_OUT
            problem = "opted_out" if stopped else f"sms_{status}"
            raise TransportError(problem, permanent=True, answer=answer)
        if not 200 <= status < 300:  # noqa: PLR2004  HTTP's success
            raise OutcomeUnknown(f"sms_{status}", answer=answer)
        sid = told.get("sid")
        if not isinstance(sid, str) or not sid:
            raise OutcomeUnknown("sms_no_provider_id", answer=answer)
        return sid

    async def show_account(self) -> httpx.Response:
        """What the provider says of the account, which costs nothing; raises httpx.HTTPError."""
        async with httpx.AsyncClient(
            verify=authorities(), trust_env=False, timeout=self._seconds_max
        ) as client:
            return await client.get(
                f"{self._account_url}.json",
                headers={"authorization": _basic(self._account, self._token)},
            )


def token_of(url: str) -> str:
    """The account's token; empty where another kind of provider is set up."""
    place = urlsplit(url)
    return unquote(place.password or "") if place.scheme == SCHEME else ""


def signature(token: str, *, url: str, form: Iterable[tuple[str, str]]) -> str:
    """What a callback to `url` with this form carries."""
    signed = url + "".join(name + value for name, value in sorted(set(form)))
    mac = hmac.digest(token.encode(), signed.encode(), hashlib.sha1)
    return base64.b64encode(mac).decode()


def is_authentic(token: str, *, url: str, form: Iterable[tuple[str, str]], told: str) -> bool:
    """Whether the account's provider made this callback."""
    ours = signature(token, url=url, form=form)
    return bool(token) and hmac.compare_digest(ours.encode(), told.encode())


def _basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def _json(answer: str) -> dict[str, object]:
    try:
        found = json.loads(answer)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
