"""Is the process alive, can it serve, and its figures."""

from litestar import Response, get
from litestar.datastructures import State

from doorstep.kit.db import Role


@get("/healthz", media_type="text/plain", sync_to_thread=False)
def healthz() -> str:
    """The process answers."""
    return "ok\n"


@get("/readyz", media_type="text/plain")
async def readyz(state: State) -> Response[str]:
    """The process and its database can serve; 503 with what is missing otherwise."""
    try:
        async with state.services.db.transaction(Role.GATE) as tx:
            await tx.fetchval("SELECT 1")
    except OSError as error:
        return Response(f"database: {error}\n", status_code=503, media_type="text/plain")
    return Response("ready\n", media_type="text/plain")


@get("/metrics", media_type="text/plain; version=0.0.4", sync_to_thread=False)
def metrics(state: State) -> str:
    """Figures in the Prometheus text format."""
    return "".join(f"doorstep_{name} {value}\n" for name, value in state.figures.items())
