"""A mail server that keeps what it accepts and fails on demand, in a thread of its own."""

import asyncio
import email
import email.policy
import ssl
import time
from collections import deque
from dataclasses import dataclass
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, Session

OK = "250 OK"


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One accepted letter."""

    sender: str
    recipients: list[str]
    raw: bytes
    message: EmailMessage
    tls: bool
    login: bytes | None

    def part(self, subtype: str) -> str:
        """The text of the `plain` or `html` part."""
        found = self.message.get_body(preferencelist=(subtype,))
        assert found is not None, subtype
        return str(found.get_content()).replace("\r\n", "\n")


class SmtpRecorder:
    """Listens on a free port of 127.0.0.1 from `with` to its end.

    `rcpt_answers` and `data_answers` are taken one by one before everything is accepted;
    the data answer `cut` accepts and then drops the connection without saying so, and
    `stall` accepts and says nothing.
    """

    def __init__(
        self,
        *,
        tls: ssl.SSLContext | None = None,
        login: tuple[str, str] | None = None,
        answer_seconds: float = 0,
    ) -> None:
        """`tls` offers STARTTLS; `login` demands this name and password.

        Between taking a letter and saying so lie `answer_seconds`.
        """
        self.letters: list[Letter] = []
        self.rcpt_answers: deque[str] = deque()
        self.data_answers: deque[str] = deque()
        self.conversations = 0
        self.answer_seconds = answer_seconds
        self._stopped = False
        self._login = login
        options: dict[str, Any] = {"tls_context": tls} if tls else {}
        if login:
            options |= {"authenticator": self._authenticate, "auth_required": True}
            options |= {"auth_require_tls": tls is not None}
        self._controller = _AnyPort(_Handler(self), hostname="127.0.0.1", port=0, **options)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._controller.port)

    @property
    def url(self) -> str:
        """For DOORSTEP_SMTP_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        """Listen."""
        self._controller.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    def stop(self) -> None:
        """Go away, as a server that is down; once is enough."""
        if not self._stopped:
            self._stopped = True
            self._controller.stop()

    def wait_for(self, count: int, *, seconds: float = 10.0) -> list[Letter]:
        """The letters once there are `count`; AssertionError when time is up."""
        deadline = time.monotonic() + seconds
        while len(self.letters) < count:
            assert time.monotonic() < deadline, f"{len(self.letters)} of {count} letters came"
            time.sleep(0.01)
        return self.letters

    def to(self, address: str) -> list[Letter]:
        """The letters to one address."""
        return [letter for letter in list(self.letters) if address in letter.recipients]

    def _authenticate(
        self, _server: Any, _session: Any, _envelope: Any, _how: str, data: Any
    ) -> AuthResult:
        name, password = self._login or ("", "")
        fine = (data.login, data.password) == (name.encode(), password.encode())
        return AuthResult(success=fine, handled=False, auth_data=data)


class _AnyPort(Controller):
    """The library's controller dials the port it was given; this one dials the one it got."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class _Handler:
    def __init__(self, recorder: SmtpRecorder) -> None:
        self._recorder = recorder

    async def handle_RCPT(  # noqa: N802  the name is aiosmtpd's
        self, _server: Any, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self._recorder.conversations += 1
        if self._recorder.rcpt_answers:
            answer = self._recorder.rcpt_answers.popleft()
            if not answer.startswith("250"):
                return answer
        envelope.rcpt_tos.append(address)
        return OK

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answers = self._recorder.data_answers
        answer = answers.popleft() if answers else OK
        if answer not in (OK, "cut", "stall"):
            return answer
        self._keep(session, envelope)
        if answer == "cut":
            server.transport.abort()
        if answer == "stall":
            await asyncio.sleep(60)
        await asyncio.sleep(self._recorder.answer_seconds)
        return OK

    def _keep(self, session: Session, envelope: Envelope) -> None:
        raw = envelope.content
        assert isinstance(raw, bytes)
        message = email.message_from_bytes(raw, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self._recorder.letters.append(
            Letter(
                sender=envelope.mail_from or "",
                recipients=list(envelope.rcpt_tos),
                raw=raw,
                message=message,
                tls=session.ssl is not None,
                login=getattr(session.auth_data, "login", None),
            )
        )
