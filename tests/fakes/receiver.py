"""A customer's webhook receiver that verifies with the published library."""

from dataclasses import dataclass
from typing import Any

from standardwebhooks import Webhook

from tests.fakes.http import HttpServer, Reply, Request

__all__ = ["Receiver", "Reply", "Request"]


@dataclass(frozen=True, kw_only=True)
class Received:
    """One verified delivery."""

    id: str
    type: str
    payload: dict[str, Any]


class Receiver(HttpServer):
    """`receiver.requests` is everything that came; `verified` what a real receiver keeps."""

    def verified(self, *, secret: str) -> list[Received]:
        """Every request's payload; raises when one was not signed with `secret`."""
        judge = Webhook(secret)
        return [self._read(judge, request) for request in list(self.requests)]

    def distinct(self, *, secret: str) -> dict[str, Received]:
        """The deliveries by webhook-id, as a receiver that drops repeats has them."""
        return {one.id: one for one in self.verified(secret=secret)}

    def _read(self, judge: Webhook, request: Request) -> Received:
        payload = judge.verify(request.body, request.headers)
        return Received(
            id=request.headers["webhook-id"],
            type=payload.get("type") or payload["event"],
            payload=payload,
        )
