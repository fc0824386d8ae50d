"""HTTP/1.1 as uvicorn speaks it, and deadlines for clients that stop speaking.

Left alone, a client that connects and sends half a request keeps its connection for ever.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

SILENCE_SECONDS_MAX = 20.0
"""How long a request may make no progress at all."""
HEADERS_SECONDS_MAX = 20.0
"""How long a request's head may take; what its body may take is each door's to say."""
CHECK_SECONDS = 5.0


class Protocol(HttpToolsProtocol):
    """One connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client is there; from now on a request is expected."""
        super().connection_made(transport)
        self._heard_at = self._began_at = self.loop.time()
        self._has_headers, self._is_receiving = False, True
        self._check = self.loop.call_later(CHECK_SECONDS, self._check_progress)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self._check.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some bytes of a request."""
        self._heard_at = self.loop.time()
        super().data_received(data)

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        self._began_at = self._heard_at
        self._has_headers, self._is_receiving = False, True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head of the request is there."""
        self._has_headers = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is there; the silence that follows is ours."""
        self._is_receiving = False
        super().on_message_complete()

    def _check_progress(self) -> None:
        now = self.loop.time()
        silent = now - self._heard_at > SILENCE_SECONDS_MAX
        slow = not self._has_headers and now - self._began_at > HEADERS_SECONDS_MAX
        if self._is_receiving and (silent or slow) and not self.flow.read_paused:
            self.transport.close()
            return
        self._check = self.loop.call_later(CHECK_SECONDS, self._check_progress)
