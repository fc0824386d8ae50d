"""A mailbox behind the few words of IMAP that a reader of new mail speaks."""

import re
import socketserver
import threading
from types import TracebackType
from typing import Self


class MailboxServer:
    """Listens on a free port of 127.0.0.1 from `with` to its end; `letters` may be added to."""

    def __init__(self, *letters: bytes) -> None:
        """Nothing of it has been read."""
        self.letters = list(letters)
        self.seen: set[int] = set()
        self.logins: list[str] = []
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(b"* OK ready\r\n")
                for line in self.rfile:
                    tag, _, words = line.decode().strip().partition(" ")
                    for part in outer.answer(words):
                        self.wfile.write(part)
                    self.wfile.write(f"{tag} OK done\r\n".encode())
                    if words == "LOGOUT":
                        return

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        """For DOORSTEP_BOUNCE_MAILBOX."""
        return f"imap://bounces:p%40ss@127.0.0.1:{self._server.server_address[1]}/INBOX"

    def __enter__(self) -> Self:
        """Listen."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, words: str) -> list[bytes]:
        """The untagged lines that a command is answered with."""
        verb = words.split(" ", maxsplit=1)[0].upper()
        if verb == "CAPABILITY":
            return [b"* CAPABILITY IMAP4rev1\r\n"]
        if verb == "LOGIN":
            self.logins.append(words)
        if verb == "SELECT":
            return [f"* {len(self.letters)} EXISTS\r\n".encode()]
        if verb == "SEARCH":
            unread = [str(n) for n in range(1, len(self.letters) + 1) if n not in self.seen]
            return [f"* SEARCH {' '.join(unread)}\r\n".encode()]
        if found := re.match(r"FETCH (\d+) ", words):
            letter = self.letters[int(found[1]) - 1]
            head = f"* {found[1]} FETCH (BODY[]<0> {{{len(letter)}}}\r\n".encode()
            return [head, letter, b")\r\n"]
        if found := re.match(r"STORE (\d+) \+FLAGS \(\\Seen\)", words):
            self.seen.add(int(found[1]))
        return []
