"""What the checks judge: plain facts, gathered elsewhere, with no secret among them.

A fact that could not be had is None, and `problem` is a short code of why.
"""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class Https:
    """The public address, asked from this machine; `days_left` of its certificate."""

    scheme: str
    host: str
    loopback: bool
    problem: str | None = None
    days_left: int | None = None
    skew: timedelta | None = None
    """Its `Date` header less our clock."""


@dataclass(frozen=True, kw_only=True)
class Mail:
    """The mail server, asked up to the login and a NOOP."""

    configured: bool
    sender_domain: str
    bounces: bool
    problem: str | None = None


@dataclass(frozen=True, kw_only=True)
class Sms:
    """The provider of text messages; `kind` is `none`, `twilio` or `generic`."""

    kind: str
    sender: bool
    secret: bool
    problem: str | None = None
    skew: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Hosts of endpoints that were tried, with the code of why each could not be reached."""

    tried: int
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Endpoints:
    """How the organizations' webhook endpoints do."""

    registered: int
    failing: int
    switched_off: int


@dataclass(frozen=True, kw_only=True)
class Backups:
    """The newest thing in the folder of backups, and the one before it."""

    told: bool
    problem: str | None = None
    age: timedelta | None = None
    size: int = 0
    size_before: int | None = None


@dataclass(frozen=True, kw_only=True)
class Place:
    """One folder's disk; inodes are None where the file system counts none."""

    name: str
    writable: bool
    free: int
    total: int
    inodes_free: int | None
    inodes_total: int | None


@dataclass(frozen=True, kw_only=True)
class Disk:
    """Every folder that is written to, and what uploads leave free, in bytes."""

    places: tuple[Place, ...]
    reserve: int


@dataclass(frozen=True, kw_only=True)
class Engine:
    """The reconstruction's libraries, loaded and used in a child process; memory in bytes."""

    version: str
    problem: str | None
    cores: int
    threads: int
    memory: int


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What must be there before anything starts."""

    python: tuple[int, int]
    python_text: str
    postgres: str
    postgres_problem: str | None
    user: str
    pages_built: bool
    settings: str | None
    """What is wrong with them; empty where there are none yet."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """The database's server; `kept_bytes` is what replication slots that nobody reads hold back."""

    version: int
    missing: tuple[str, ...]
    connections: int
    connections_max: int
    idle_slots: int
    kept_bytes: int
    skew: timedelta
    """Its clock less ours."""


@dataclass(frozen=True, kw_only=True)
class Workers:
    """Processes that hold on to the queue, and what waits there, the builds apart."""

    workers: int
    builders: int
    due: int
    oldest_due: timedelta
    builds_due: int
    parked: int


@dataclass(frozen=True, kw_only=True)
class Audit:
    """How far the chain is behind, and the last walks along it."""

    behind: timedelta
    whole: timedelta | None
    """How long ago it was last found whole."""
    broken: timedelta | None


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Everything that the database tells; `zones` are those of the organizations looked at."""

    server: Server
    workers: Workers
    audit: Audit
    endpoints: Endpoints
    zones: tuple[str, ...]
    urls: tuple[str, ...]
    """Endpoints that are switched on."""


@dataclass(frozen=True, kw_only=True)
class Outside:
    """Everything that is asked outside of the database."""

    https: Https
    mail: Mail
    sms: Sms
    reach: Reach
    backups: Backups
    disk: Disk
    engine: Engine
