"""The answers of the wire, letter for letter."""

import uuid

from litestar.types import Send
from msgspec import Struct
from msgspec.structs import replace

from doorstep.leads.model import Rules
from doorstep.leads.reading import SYNTAX, Refusal

CONTENT_TYPE = (b"content-type", b"application/json; charset=utf-8")


class Answer(Struct, frozen=True, kw_only=True):
    """A status, a body, and the headers besides its type and length."""

    status: int = 200
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()

    def with_status(self, status: int) -> "Answer":
        """The same in another status."""
        return replace(self, status=status)

    @property
    def head(self) -> list[tuple[bytes, bytes]]:
        """Every header."""
        return [CONTENT_TYPE, (b"content-length", b"%d" % len(self.body)), *self.headers]

    async def send(self, send: Send) -> None:
        """Send it whole: its length is known, which clients of HTTP/1.0 need."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.head})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})


_AGAIN = b'{"success":false,"error":"Please try again"}'
LATER = Answer(status=503, body=_AGAIN, headers=((b"retry-after", b"1"),))
TOO_MANY = Answer(status=429, body=_AGAIN, headers=((b"retry-after", b"1"),))
TOO_SLOW = Answer(status=408, body=_AGAIN, headers=((b"connection", b"close"),))


def accepted(lead_id: uuid.UUID, *, rules: Rules) -> Answer:
    """R1, under the key that the source reads."""
    found = str(lead_id).encode()
    if rules.success_key == "both":
        body = b'{"success":true,"IntakeID":"%b","IntakeId":"%b"}' % (found, found)
    else:
        body = b'{"success":true,"%b":"%b"}' % (rules.success_key.encode(), found)
    return Answer(status=201 if rules.statuses else 200, body=body)


def refused(refusal: Refusal, *, rules: Rules) -> Answer:
    """R2 to R8; 200 like all the documented bodies, unless the source wants to see a status."""
    answer = failure(refusal.error)
    if not rules.statuses:
        return answer
    return answer.with_status(400 if refusal.outcome == SYNTAX[0] else 422)


def failure(error: str) -> Answer:
    """A refusal with this text."""
    return Answer(body=b'{"success":false,"error":"%b"}' % error.encode())


def not_allowed(method: str, *, allowed: bytes = b"POST") -> Answer:
    """Every method but the one that is allowed."""
    text = b"The requested resource does not support http method '%b'." % method.encode()
    return Answer(status=405, body=b'{"Message":"%b"}' % text, headers=((b"allow", allowed),))
