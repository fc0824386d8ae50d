"""The ASGI application: hot writes first, then Litestar with every route."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from doorstep.kit import db as database
from doorstep.kit.figures import Figures
from doorstep.kit.settings import Settings
from doorstep.web import doors, headers
from doorstep.web.failures import EXCEPTION_HANDLERS
from doorstep.web.protocol import Protocol
from doorstep.web.routes import ROUTES, hot_routes
from doorstep.web.services import services_on

BODY_BYTES_MAX = 2 << 20

ANSWER_HEAD = ("/capture/uploads", "/static")
"""Where a HEAD has a handler of its own; anywhere else it is a GET without the body."""

Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]


class Dispatcher:
    """The outer dispatcher: a hot path goes to its raw handler, all else to Litestar."""

    def __init__(self, app: Litestar) -> None:
        """The hot handlers are in `app.state.hot` once the application has started."""
        self.app = app

    @property
    def protocol(self) -> Callable[..., Protocol]:
        """What a connection of this application speaks."""
        state = self.app.state
        return partial(Protocol, short_ways=state.short_ways, figures=state.figures)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == ScopeType.HTTP:
            hot = self._hot(scope["path"].rstrip("/").lower())
            send = self._counting(send)
            if hot is not None:
                await hot(scope, receive, send)
                return
            if scope["method"] == "HEAD" and not scope["path"].startswith(ANSWER_HEAD):
                scope, send = {**scope, "method": "GET"}, _without_body(send)
        await self.app(scope, receive, send)

    def _hot(self, path: str) -> ASGIApp | None:
        """The handler of this path, or of what ends with a slash before its last part."""
        handlers: dict[str, ASGIApp] = self.app.state.hot
        return handlers.get(path) or handlers.get(path.rpartition("/")[0] + "/")

    def _counting(self, send: Send) -> Send:
        figures = self.app.state.figures

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                figures.add("requests_total", status=str(message["status"]))
            await send(message)

        return counted


def create_app(settings: Settings) -> Dispatcher:
    """The application of a web process; it connects when the server starts it."""

    @asynccontextmanager
    async def connected(app: Litestar) -> AsyncIterator[None]:
        pools = await database.connect(settings.database_url)
        services = services_on(settings, pools)
        try:
            app.state.services = services
            async with hot_routes(app.state):
                yield
        finally:
            await services.keeper.stop()
            await pools.close()

    return Dispatcher(litestar(connected))


def litestar(*lifespan: Lifespan) -> Litestar:
    """Litestar with every route and the doors' dependencies."""
    return Litestar(
        route_handlers=ROUTES,
        lifespan=lifespan,
        dependencies={
            "services": Provide(doors.services, sync_to_thread=False),
            "api": Provide(doors.api_scope),
            "page": Provide(doors.page_scope),
        },
        exception_handlers=EXCEPTION_HANDLERS,
        before_send=[headers.protect],
        request_max_body_size=BODY_BYTES_MAX,
        include_in_schema=False,
        openapi_config=None,
        state=State({"hot": {}, "short_ways": {}, "figures": Figures()}),
    )


def _without_body(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return sent
