"""The builder process: one build at a time, from the queue."""

from doorstep.builds import actions
from doorstep.builds.engine import Limits
from doorstep.builds.tasks import Builder, build
from doorstep.kit import db as database
from doorstep.kit.settings import Settings
from doorstep.kit.storage import Storage
from doorstep.kit.tasks import BUILDER_NAME, Payload, work

CONNECTIONS_MAX = 3


async def run(settings: Settings) -> None:
    """Build until cancelled; a build in hand is given back, with what it has finished."""
    db = await database.connect(settings.database_url, connections_max=CONNECTIONS_MAX)
    builder = Builder(
        db=db,
        storage=Storage(settings.storage_url),
        work=settings.data / "work",
        limits=Limits(
            threads=settings.build_threads,
            memory_mb=settings.build_memory_mb,
            seconds=settings.build_seconds_max,
            preset=settings.build_preset,
        ),
    )

    async def handler(payload: Payload) -> None:
        await build(builder, payload)

    try:
        handlers = {actions.TASK: handler}
        await work(settings.database_url, handlers, called=BUILDER_NAME, one_at_a_time=True)
    finally:
        await db.close()
