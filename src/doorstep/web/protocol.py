"""HTTP/1.1 as uvicorn speaks it, deadlines for clients that stop speaking, and a short way.

Left alone, a client that connects and sends half a request keeps its connection for ever.

The short way is for the hot writes: a request that came whole, in one piece, goes to its
door without a task, a deadline and the messages of ASGI, which cost more than all the rest
of it. A door takes there what it can answer after one write; everything else, and every
request that is in any way unusual, takes the long way.
"""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from typing import Protocol as Shape

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from doorstep.kit.figures import Figures

SILENCE_SECONDS_MAX = 20.0
"""How long a request may make no progress at all."""
HEADERS_SECONDS_MAX = 20.0
"""How long a request's head may take; what its body may take is each door's to say."""
CHECK_SECONDS = 5.0
SHORT_BODY_BYTES_MAX = 64 << 10


class Answer(Shape):
    """What a door answers on the short way."""

    @property
    def status(self) -> int: ...  # noqa: D102
    @property
    def head(self) -> list[tuple[bytes, bytes]]: ...  # noqa: D102
    @property
    def body(self) -> bytes: ...  # noqa: D102


class ShortWay(Shape):
    """A door's entrance to the short way."""

    def __call__(self, scope: Any, body: bytes, *, answered: Callable[[Answer], None]) -> bool:
        """Whether the request is taken, and `answered` will be called; `scope` is that of ASGI."""


class ShortRequest:
    """What uvicorn asks of the request in hand, for one on the short way."""

    __slots__ = ("disconnected", "keep_alive", "response_complete")

    message_event = asyncio.Event()
    """Nobody ever waits for it."""

    def __init__(self, *, keep_alive: bool) -> None:
        """Not answered yet."""
        self.keep_alive = keep_alive
        self.disconnected = self.response_complete = False


class Protocol(HttpToolsProtocol):
    """One connection."""

    def __init__(
        self, *given: Any, short_ways: Mapping[bytes, ShortWay], figures: Figures, **named: Any
    ) -> None:
        """`short_ways` by the URL, letter for letter; what they answer is counted in `figures`."""
        super().__init__(*given, **named)
        self._short_ways = short_ways
        self._figures = figures
        self._short_way: ShortWay | None = None
        self._body = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client is there; from now on a request is expected."""
        super().connection_made(transport)
        self._heard_at = self._began_at = self.loop.time()
        self._has_headers, self._is_receiving = False, True
        self._answered_at = 0.0
        self._check = self.loop.call_later(CHECK_SECONDS, self._check_progress)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self._check.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some bytes of a request."""
        self._heard_at = self.loop.time()
        super().data_received(data)
        if self._short_way is not None:
            self._go_long_way()

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        self._began_at = self._heard_at
        self._has_headers, self._is_receiving = False, True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head of the request is there."""
        self._has_headers = True
        way = self._short_ways.get(self.url)
        if way is None or not self._is_usual():
            super().on_headers_complete()
        else:
            self._short_way, self._body = way, b""

    def on_body(self, body: bytes) -> None:
        """Some of its body is there."""
        if self._short_way is None:
            super().on_body(body)
        else:
            self._body += body

    def on_message_complete(self) -> None:
        """The request is there; the silence that follows is ours."""
        self._is_receiving = False
        if self._short_way is not None:
            if self._goes_short_way(self._short_way):
                self._short_way = None
                return
            self._go_long_way()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The request is answered; who keeps the connection idle is found by the check."""
        if self.pipeline or self.transport.is_closing():
            super().on_response_complete()
            return
        self.server_state.total_requests += 1
        self.flow.resume_reading()
        self._answered_at = self.loop.time()

    def _is_usual(self) -> bool:
        return (
            self.parser.get_method() == b"POST"
            and self.parser.get_http_version() == "1.1"
            and self._is_answered()
            and not self.expect_100_continue
            and not self.parser.should_upgrade()
            and not self.flow.write_paused
        )

    def _goes_short_way(self, way: ShortWay) -> bool:
        if len(self._body) > SHORT_BODY_BYTES_MAX:
            return False
        before = self.cycle
        request: Any = ShortRequest(keep_alive=self.parser.should_keep_alive())
        self.cycle = request
        self._find_client()
        if way(self.scope, self._body, answered=partial(self._answer, request)):
            return True
        self.cycle = before
        return False

    def _go_long_way(self) -> None:
        self._short_way = None
        super().on_headers_complete()
        if self._body:
            super().on_body(self._body)

    def _find_client(self) -> None:
        """Whom a trusted proxy speaks for, as the middleware of the long way finds it."""
        proxy = self.config.loaded_app
        forwarded = [value for name, value in self.headers if name == b"x-forwarded-for"]
        if not forwarded or not isinstance(proxy, ProxyHeadersMiddleware) or self.client is None:
            return
        if self.client[0] in proxy.trusted_hosts:
            said = b", ".join(forwarded).decode("latin-1")
            host, port = proxy.trusted_hosts.get_trusted_client_address(said)
            if host:
                self.scope["client"] = (host, port)

    def _answer(self, request: ShortRequest, answer: Answer) -> None:
        self._figures.add("requests_total", status=str(answer.status))
        if request.disconnected:
            return
        headers = [*self.server_state.default_headers, *answer.head]
        if not request.keep_alive:
            headers.append((b"connection", b"close"))
        lines = b"".join([b"%b: %b\r\n" % header for header in headers])
        self.transport.write(b"%b%b\r\n%b" % (STATUS_LINE[answer.status], lines, answer.body))
        request.response_complete = True
        if not request.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def _check_progress(self) -> None:
        now = self.loop.time()
        silent = now - self._heard_at > SILENCE_SECONDS_MAX
        slow = not self._has_headers and now - self._began_at > HEADERS_SECONDS_MAX
        stuck = self._is_receiving and (silent or slow) and not self.flow.read_paused
        if stuck or self._is_idle(now):
            self.transport.close()
            return
        self._check = self.loop.call_later(CHECK_SECONDS, self._check_progress)

    def _is_idle(self, now: float) -> bool:
        is_waiting = not self._is_receiving and self._is_answered()
        return is_waiting and now - self._answered_at > self.timeout_keep_alive

    def _is_answered(self) -> bool:
        request: Any = self.cycle
        return request is None or request.response_complete
