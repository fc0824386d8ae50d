"""Is the process alive, can it serve, and its figures."""

import asyncpg
from litestar import Response, get
from litestar.datastructures import State

from doorstep.api.description.calls import TEXT, Reply, call
from doorstep.kit.db import Database, Role
from doorstep.kit.figures import series
from doorstep.kit.tasks import count_waiting

TAG = "Operation"
FIGURES = "text/plain; version=0.0.4"


@get(
    "/healthz",
    media_type=TEXT,
    sync_to_thread=False,
    opt=call(TAG, media_type=TEXT, security=""),
)
def healthz() -> str:
    """The process answers."""
    return "ok\n"


@get(
    "/readyz",
    media_type=TEXT,
    opt=call(
        TAG,
        security="",
        replies={
            200: Reply(description="It can serve.", media_type=TEXT),
            503: Reply(
                description="What is missing.", media_type=TEXT, headers={"Retry-After": "integer"}
            ),
        },
    ),
)
async def readyz(state: State) -> Response[str]:
    """The process and its database can serve; 503 with what is missing otherwise."""
    try:
        await _waiting(state.services.db)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        said = f"database: {type(error).__name__}\n"
        return Response(said, status_code=503, media_type=TEXT, headers={"Retry-After": "1"})
    if state.services.storage.room() == 0:
        # Leads and all else go on: only files find no room, so nobody is sent away.
        return Response("ready\nfiles: no room, uploads are refused\n", media_type=TEXT)
    return Response("ready\n", media_type=TEXT)


@get("/metrics", media_type=FIGURES, opt=call(TAG, media_type=TEXT, security=""))
async def metrics(state: State) -> str:
    """What this process counted, and how much work waits in the queue."""
    waiting = await _waiting(state.services.db)
    gauges = [(series("tasks_due", task=name), number) for name, number in waiting.items()]
    room = state.services.storage.room()
    if room is not None:
        gauges.append(("files_room_bytes", room))
    text: str = state.figures.text(gauges)
    return text


async def _waiting(db: Database) -> dict[str, int]:
    async with db.transaction(Role.APP) as tx:
        return await count_waiting(tx)


ROUTES = [healthz, readyz, metrics]
