"""The main loops of the processes that do the work; `doorstep up` supervises them.

The supervisor starts `python -m doorstep.cli.processes NAME ...`, which is 0.3 s sooner
there than the command line with its help and its parsing.
"""

import asyncio
import gc
import json
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable

from doorstep.kit.settings import Settings, from_environment

CONNECTIONS_WAITING_MAX = 2048
GARBAGE_THRESHOLDS = (20_000, 20, 20)
STOP_SECONDS_MAX = 8
"""How long open requests may take after a stop; less than the supervisor's patience."""
BUILDER_NICENESS = 10


def web(settings: Settings, *, listening: socket.socket) -> None:
    """Serve pages, API and wire on this socket until stopped."""
    import uvicorn

    from doorstep.web.app import create_app

    app = create_app(settings)
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http=app.protocol,  # type: ignore[arg-type]
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=CONNECTIONS_WAITING_MAX,
        timeout_graceful_shutdown=STOP_SECONDS_MAX,
    )
    server = uvicorn.Server(config)
    # What is loaded by now stays: the collector need not look at it again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    server.run(sockets=[listening])
    if not server.started:
        sys.exit(3)


def worker(settings: Settings) -> None:
    """Run the queue's tasks until stopped."""
    from doorstep.worker.main import run

    _until_stopped(lambda: run(settings))


def builder(settings: Settings) -> None:
    """Build models, one at a time and politely, until stopped."""
    from doorstep.worker.builder import run

    os.nice(BUILDER_NICENESS)
    _until_stopped(lambda: run(settings))


def migrate(settings: Settings) -> list[str]:
    """Bring the database up to date; the names of what was applied."""
    from doorstep.kit.migrate import migrate as apply

    return asyncio.run(apply(settings.owner_url or settings.database_url))


def sample(settings: Settings) -> str:
    """Load the sample organizations; what `doorstep up --ready` writes, as JSON."""
    from doorstep.cli.sample import load

    return json.dumps(asyncio.run(load(settings)), indent=1)


def _until_stopped(run: Callable[[], Awaitable[object]]) -> None:
    async def main() -> None:
        task = asyncio.ensure_future(run())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, task.cancel)
        try:
            await task
        except asyncio.CancelledError:
            return

    import uvloop

    uvloop.run(main())


def configure_logging(level: str) -> None:
    """One line an event to stderr, with the time in UTC."""
    logging.Formatter.converter = time.gmtime
    logging.basicConfig(
        level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    # Each request is one line at this library's INFO.
    logging.getLogger("httpx").setLevel(logging.WARNING)


def main(arguments: list[str]) -> None:
    """Run the process that the supervisor asked for: a name, for `web` also a descriptor."""
    settings = from_environment()
    configure_logging(settings.log_level)
    match arguments:
        case ["web", descriptor]:
            web(settings, listening=socket.socket(fileno=int(descriptor)))
        case ["worker"]:
            worker(settings)
        case ["builder"]:
            builder(settings)
        case ["migrate"]:
            migrate(settings)
        case ["sample"]:
            sys.stdout.write(sample(settings))
        case _:
            sys.exit(f"unknown process: {' '.join(arguments)}")


if __name__ == "__main__":
    main(sys.argv[1:])
