"""The unread mail of a mailbox, by IMAP: `imaps://user:password@host/INBOX`.

The library speaks in a thread. Without TLS (`imap://`) it speaks to this machine only.
"""

import asyncio
import imaplib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from urllib.parse import unquote, urlsplit

from doorstep.kit.errors import CannotStart

IMAP_PORT, IMAPS_PORT = 143, 993
SECONDS_MAX = 30.0
LETTERS_MAX = 50
"""In one go; the next minute brings the next ones."""
LETTER_BYTES_MAX = 1 << 20
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

# A letter is marked as read once it is dealt with: a crash reads it again, which is harmless.
_UNREAD = "UNSEEN"


class Mailbox:
    """One folder of one account."""

    def __init__(self, url: str) -> None:
        """CannotStart for a password that would cross a network in plain text."""
        self._url = urlsplit(url)
        if self._url.scheme != "imaps" and self._url.hostname not in LOOPBACK:
            raise CannotStart("DOORSTEP_BOUNCE_MAILBOX must begin with imaps://")

    @asynccontextmanager
    async def unread(self) -> AsyncIterator[AsyncIterator[bytes]]:
        """The letters that nobody has read; each is marked as read when the next is asked for."""
        client = await asyncio.to_thread(self._open)
        try:
            yield self._letters(client)
        finally:
            await asyncio.to_thread(_close, client)

    async def _letters(self, client: imaplib.IMAP4) -> AsyncIterator[bytes]:
        for number in await asyncio.to_thread(_find, client):
            letter = await asyncio.to_thread(_fetch, client, number)
            if letter is not None:
                yield letter
            await asyncio.to_thread(client.store, number, "+FLAGS", "(\\Seen)")

    def _open(self) -> imaplib.IMAP4:
        secure = self._url.scheme == "imaps"
        kind = imaplib.IMAP4_SSL if secure else imaplib.IMAP4
        port = self._url.port or (IMAPS_PORT if secure else IMAP_PORT)
        client = kind(self._url.hostname or "", port, timeout=SECONDS_MAX)
        client.login(unquote(self._url.username or ""), unquote(self._url.password or ""))
        folder = unquote(self._url.path.strip("/")) or "INBOX"
        quoted = folder.replace("\\", "\\\\").replace('"', '\\"')
        status, answer = client.select(f'"{quoted}"')
        if status != "OK":
            raise imaplib.IMAP4.error(str(answer))
        return client


def _find(client: imaplib.IMAP4) -> Sequence[str]:
    _, found = client.search(None, _UNREAD)
    numbers = found[0].split() if found and found[0] else []
    return [one.decode() for one in numbers[:LETTERS_MAX]]


def _fetch(client: imaplib.IMAP4, number: str) -> bytes | None:
    _, parts = client.fetch(number, f"(BODY.PEEK[]<0.{LETTER_BYTES_MAX}>)")
    for part in parts:
        if isinstance(part, tuple):
            return bytes(part[1])
    return None


def _close(client: imaplib.IMAP4) -> None:
    try:
        client.logout()
    except (OSError, imaplib.IMAP4.error):
        client.shutdown()
