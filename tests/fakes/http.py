"""A scripted HTTP server in threads: it answers even while the test's own loop is busy."""

import secrets
import socket
import ssl
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, cast


@dataclass(frozen=True, kw_only=True)
class Request:
    """What arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What to do about one request."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | Iterator[bytes] = b""
    delay: float = 0.0
    reset: bool = False
    """Cut the connection instead of answering, after everything was received."""


Script = Callable[[Request], Reply]


class HttpServer:
    """Listens on a free port of 127.0.0.1 from `with` to its end."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        """Every request gets `reply`, unless `replies` holds one for it."""
        self.requests: list[Request] = []
        self.replies: deque[Reply] = deque()
        self.reply = Reply()
        self.script: Script | None = None
        self._place = f"/hook/{secrets.token_hex(8)}"
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self
        self._scheme = "https" if tls else "http"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """A URL of it."""
        return f"{self._scheme}://127.0.0.1:{self.port}{self._place}"

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
        self.stop()

    def stop(self) -> None:
        """Go away, cutting short every delay; once is enough."""
        if self._closing.is_set():
            return
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def wait_for(self, count: int, *, seconds: float = 10.0) -> list[Request]:
        """The requests once there are `count`; AssertionError when time is up."""
        deadline = time.monotonic() + seconds
        while len(self.requests) < count:
            assert time.monotonic() < deadline, f"{len(self.requests)} of {count} requests came"
            time.sleep(0.01)
        return self.requests

    def receive(self, request: Request) -> Reply:
        """Note the request and choose its reply.

        Ports are used again, and what another test's worker still sends to one is not ours.
        """
        if request.path.startswith("/hook/") and not request.path.startswith(self._place):
            return Reply(status=404)
        self.requests.append(request)
        if self.script is not None:
            return self.script(request)
        return self.replies.popleft() if self.replies else self.reply

    def pause(self, seconds: float) -> None:
        """Sleep, but not past the end of the server."""
        self._closing.wait(seconds)


class _Server(ThreadingHTTPServer):
    fake: HttpServer
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        fake = cast("_Server", self.server).fake
        length = int(self.headers.get("content-length", "0"))
        body = self.rfile.read(length)
        if len(body) < length:
            # Its sender died between the headers and the body: no server takes that as a request.
            self.close_connection = True
            return
        request = Request(
            method=self.command,
            path=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
            at=time.time(),
        )
        reply = fake.receive(request)
        fake.pause(reply.delay)
        self.close_connection = True
        if reply.reset:
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            return
        self._answer(reply)

    do_GET = do_POST  # noqa: N815  the names are http.server's

    def _answer(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if isinstance(reply.body, bytes):
            self.send_header("Content-Length", str(len(reply.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        for part in [reply.body] if isinstance(reply.body, bytes) else reply.body:
            self.wfile.write(part)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
