"""An SMS provider: takes signed messages, gives each a number, reports signed statuses."""

import json
from dataclasses import dataclass
from typing import Any

import httpx

from doorstep.kit.sms import is_authentic, signed
from tests.fakes.http import HttpServer, Reply, Request

SECRET = "the secret we share with the provider"


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One message that a phone would show."""

    provider_id: str
    id: str
    to: str
    sender: str
    text: str


class SmsProvider(HttpServer):
    """`taken` is what phones would show; `replies` scripts refusals and cut connections."""

    def __init__(self, *, secret: str = SECRET, answer_seconds: float = 0) -> None:
        """Messages must be signed with `secret`; an answer takes `answer_seconds`."""
        super().__init__()
        self.answer_seconds = answer_seconds
        self.secret = secret
        self.taken: list[Taken] = []

    def receive(self, request: Request) -> Reply:
        """Take the message, unless a scripted reply says otherwise."""
        self.requests.append(request)
        if not is_authentic(request.body, headers=request.headers, secret=self.secret):
            return Reply(status=401, body=b'{"error": "signature"}')
        scripted = self.replies.popleft() if self.replies else None
        if scripted and not scripted.reset and not 200 <= scripted.status < 300:
            return scripted
        provider_id = self._take(json.loads(request.body))
        accepted = json.dumps({"provider_id": provider_id}).encode()
        return scripted or Reply(status=201, body=accepted, delay=self.answer_seconds)

    def report(self, base_url: str, **status: Any) -> httpx.Response:
        """Tell Doorstep at `base_url` what became of a message."""
        return self.call(f"{base_url}/hooks/sms/status", status)

    def reply_from_phone(self, base_url: str, **message: Any) -> httpx.Response:
        """Tell Doorstep at `base_url` what a person answered."""
        return self.call(f"{base_url}/hooks/sms/inbound", message)

    def call(self, url: str, message: dict[str, Any]) -> httpx.Response:
        """POST a signed message."""
        body = json.dumps(message)
        headers = signed(body, secret=self.secret, message_id="provider-1")
        return httpx.post(url, content=body, headers=headers, trust_env=False)

    def _take(self, message: dict[str, Any]) -> str:
        provider_id = f"SM{len(self.taken) + 1:06d}-{message['id']}"
        self.taken.append(
            Taken(
                provider_id=provider_id,
                id=message["id"],
                to=message["to"],
                sender=message["from"],
                text=message["text"],
            )
        )
        return provider_id
