"""E-mail: the letter as bytes, and one SMTP conversation a letter.

The server's URL says how:

- `smtp://host:25`: TLS by STARTTLS whenever the server offers it. A failing handshake
  or certificate is a failure, never a reason to go on in plain text. On loopback, plain.
- `smtp://user:pass@host:587?starttls=require`: no TLS, no letter.
- `smtps://user:pass@host:465`: TLS from the first byte.

A password leaves this machine over TLS only.
"""

import asyncio
import contextlib
import email.policy
import email.utils
import ipaddress
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import aiosmtplib

from doorstep.kit.errors import OutcomeUnknown, TransportError

SECONDS_MAX = 30.0
QUIT_SECONDS_MAX = 2.0
HEADER_CHARACTERS_MAX = 200
PERMANENT_FROM = 500
AUTH_CODES = frozenset({530, 534, 535, 538})
"""Refusals that the operator mends; the letters wait."""

# Headers are not folded: no server minds a line below 998 characters, and Python forgets
# the quotes of a display name that it folds, which makes addresses of what was a name.
POLICY = email.policy.SMTP.clone(max_line_length=998, cte_type="7bit")


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One letter; `message_id` is the same however often it is tried."""

    message_id: str
    from_name: str
    to_name: str
    to_address: str
    reply_to: str | None
    subject: str
    text: str
    html: str
    return_path: str | None = None
    """Where the letter comes back to; the sender's address where None."""
    unsubscribe_url: str | None = None
    """One click there ends letters of this kind (RFC 8058)."""


class MailTransport(Protocol):
    """The seam: SMTP in the product, a recording SMTP server behind it in the tests."""

    @property
    def domain(self) -> str:
        """What stands right of the @ in our Message-IDs."""

    async def send(self, mail: Mail) -> str:
        """The server's answer once it has accepted; raises TransportError."""


class SmtpTransport:
    """Sends over one SMTP server."""

    def __init__(self, url: str, *, sender: str, seconds_max: float = SECONDS_MAX) -> None:
        """`sender` as in a From header: `Doorstep <doorstep@example.com>`."""
        self._url = urlsplit(url)
        self._sender_name, self._sender = email.utils.parseaddr(sender)
        self._seconds_max = seconds_max

    @property
    def domain(self) -> str:
        """The sender's domain."""
        return self._sender.rpartition("@")[2] or "localhost"

    async def greet(self) -> None:
        """Talk to the server up to the login and a NOOP; raises TransportError."""
        client = _client(self._url)
        try:
            async with asyncio.timeout(self._seconds_max):
                await client.connect(timeout=self._seconds_max)
                await client.noop()
            await _part(client)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise _failure(error, written=False) from error
        finally:
            client.close()

    async def send(self, mail: Mail) -> str:
        """See MailTransport."""
        letter = compose(mail, sender=self._sender, sender_name=self._sender_name)
        client = _client(self._url)
        written = False
        try:
            async with asyncio.timeout(self._seconds_max):
                await client.connect(timeout=self._seconds_max)
                await client.mail(mail.return_path or self._sender)
                await client.rcpt(mail.to_address)
                written = True
                answer = await client.data(letter)
            await _part(client)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise _failure(error, written=written) from error
        finally:
            client.close()
        return f"{answer.code} {answer.message}"


async def _part(client: aiosmtplib.SMTP) -> None:
    # The letter is accepted: whatever goes wrong with the farewell changes nothing.
    with contextlib.suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
        await client.quit(timeout=QUIT_SECONDS_MAX)


def compose(mail: Mail, *, sender: str, sender_name: str = "") -> bytes:
    """The letter as bytes; raises ValueError when a header would hold a line break."""
    letter = EmailMessage(policy=POLICY)
    letter["Message-ID"] = _one_line(mail.message_id)
    letter["Date"] = email.utils.localtime()
    letter["From"] = _address(mail.from_name or sender_name, sender)
    letter["To"] = _address(mail.to_name, mail.to_address)
    if mail.reply_to:
        letter["Reply-To"] = _address("", mail.reply_to)
    letter["Subject"] = _words(mail.subject)
    letter["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe_url:
        letter["List-Unsubscribe"] = f"<{_one_line(mail.unsubscribe_url)}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter.set_content(mail.text)
    if mail.html:
        letter.add_alternative(mail.html, subtype="html")
    return letter.as_bytes()


def _address(name: str, address: str) -> Address:
    return Address(_words(name), addr_spec=_one_line(address))


def _one_line(value: str) -> str:
    if any(ord(character) < ord(" ") or ord(character) == 0x7F for character in value):  # noqa: PLR2004
        raise ValueError("a header cannot hold control characters")
    return value


def _words(value: str) -> str:
    # Somebody else's encoded word would be decoded in our header.
    return " ".join(_one_line(value)[:HEADER_CHARACTERS_MAX].replace("=?", "= ?").split())


def _client(url: SplitResult) -> aiosmtplib.SMTP:
    host = url.hostname or "localhost"
    loopback = _is_loopback(host)
    required = parse_qs(url.query).get("starttls") == ["require"]
    protected = bool(url.username) and not loopback
    start_tls: bool | None = True if required or protected else (False if loopback else None)
    return aiosmtplib.SMTP(
        hostname=host,
        port=url.port,
        username=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        use_tls=url.scheme == "smtps",
        start_tls=False if url.scheme == "smtps" else start_tls,
        local_hostname="localhost" if loopback else None,
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _failure(error: Exception, *, written: bool) -> TransportError:
    text = str(error)
    if isinstance(error, aiosmtplib.SMTPRecipientRefused) and error.code >= PERMANENT_FROM:
        return TransportError("recipient_rejected", permanent=True, answer=_said(error))
    if isinstance(error, aiosmtplib.SMTPResponseException):
        permanent = error.code >= PERMANENT_FROM and error.code not in AUTH_CODES
        return TransportError(f"smtp_{error.code}", permanent=permanent, answer=_said(error))
    if written:
        return OutcomeUnknown("smtp_no_answer", answer=text)
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return TransportError("smtp_tls", permanent=False, answer=text)
    if isinstance(error, TimeoutError):
        return TransportError("smtp_timeout", permanent=False, answer=text)
    if isinstance(error, aiosmtplib.SMTPConnectError):
        return TransportError("smtp_connect", permanent=False, answer=text)
    return TransportError("smtp_failed", permanent=False, answer=text)


def _said(error: aiosmtplib.SMTPResponseException) -> str:
    return f"{error.code} {error.message}"
