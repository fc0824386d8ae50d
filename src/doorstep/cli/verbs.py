"""The processes of `doorstep up` one by one, for more than one machine."""

import os
import socket
import sys

from doorstep import __version__
from doorstep.cli import processes
from doorstep.kit.errors import CannotStart
from doorstep.kit.settings import Settings, from_environment


def web(*, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve pages and API on this address; run as many as you have cores.

    Parameters
    ----------
    host
        Address to listen on; 0.0.0.0 for every network.
    port
        Port to listen on.
    """
    processes.web(_settings(), listening=listen(host, port))


def worker() -> None:
    """Send messages, webhooks and reminders."""
    processes.worker(_settings())


def builder() -> None:
    """Build models from photos."""
    processes.builder(_settings())


def migrate() -> None:
    """Bring the database at DOORSTEP_OWNER_URL up to date."""
    for name in processes.migrate(_settings()) or ["nothing to do"]:
        sys.stdout.write(name + "\n")


def version() -> None:
    """Say which version this is."""
    sys.stdout.write(f"doorstep {__version__}\n")


def listen(host: str, port: int) -> socket.socket:
    """An open listening socket; port 0 takes a free one; raises CannotStart."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server(
            (host, port), family=family, backlog=processes.CONNECTIONS_WAITING_MAX
        )
    except OSError as error:
        reason = os.strerror(error.errno or 0).lower()
        raise CannotStart(
            f"Port {port} on {host} cannot be opened ({reason}): choose another with --port, "
            "or 0 for any free one."
        ) from error


def _settings() -> Settings:
    settings = from_environment()
    processes.configure_logging(settings.log_level)
    return settings
