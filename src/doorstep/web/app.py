"""The ASGI application: hot writes first, then Litestar with every route."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.types import ASGIApp, Receive, Scope, Send

from doorstep.kit import db as database
from doorstep.kit.settings import Settings
from doorstep.kit.signing import Signer
from doorstep.kit.storage import Storage
from doorstep.web import doors
from doorstep.web.failures import EXCEPTION_HANDLERS
from doorstep.web.routes import ROUTES, hot_routes
from doorstep.web.services import Services

BODY_BYTES_MAX = 2 << 20


def create_app(settings: Settings) -> ASGIApp:
    """The application of a web process; it connects when the server starts it."""

    @asynccontextmanager
    async def connected(app: Litestar) -> AsyncIterator[None]:
        pools = await database.connect(settings.database_url)
        try:
            app.state.services = Services(
                settings=settings,
                db=pools,
                storage=Storage(settings.storage_url),
                signer=Signer(settings.secret_key),
            )
            async with hot_routes(app.state):
                yield
        finally:
            await pools.close()

    return dispatching(litestar(lifespan=connected))


def app_with(services: Services) -> ASGIApp:
    """The application on services that exist already; the tests' way in."""

    @asynccontextmanager
    async def connected(app: Litestar) -> AsyncIterator[None]:
        app.state.services = services
        async with hot_routes(app.state):
            yield

    return dispatching(litestar(lifespan=connected))


def litestar(lifespan: object) -> Litestar:
    """Litestar with every route and the doors' dependencies."""
    return Litestar(
        route_handlers=ROUTES,
        lifespan=[lifespan],  # type: ignore[list-item]
        dependencies={
            "services": Provide(doors.services, sync_to_thread=False),
            "api": Provide(doors.api_scope),
            "page": Provide(doors.page_scope),
        },
        exception_handlers=EXCEPTION_HANDLERS,
        request_max_body_size=BODY_BYTES_MAX,
        openapi_config=None,
        state=State({"hot": {}, "figures": {}}),
    )


def dispatching(app: Litestar) -> ASGIApp:
    """The outer dispatcher: a hot path goes to its raw handler, all else to Litestar."""

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            hot = app.state.hot.get(scope["path"].rstrip("/").lower())
            if hot is not None:
                await hot(scope, receive, send)
                return
        await app(scope, receive, send)

    return dispatch  # type: ignore[return-value]
