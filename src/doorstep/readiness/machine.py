"""Checks of the machine: before anything starts, its disks, its engine, its backups, its clock."""

from datetime import timedelta

from doorstep.readiness.facts import Backups, Disk, Engine, Machine, Place
from doorstep.readiness.model import Finding, amber, green, red, spell, worst

PYTHON_MIN = (3, 11)
GIB = 1 << 30
MEGA, GIGA = 10**6, 10**9
FREE_SHARE_AMBER = 0.05
INODES_SHARE_RED = 0.01
INODES_SHARE_AMBER = 0.05
BACKUP_AGE_AMBER = timedelta(hours=26)
BACKUP_AGE_RED = timedelta(hours=74)
SHRUNK = 0.5
ENGINE_MEMORY_MIN = 4 * GIB
"""One build of 40 photos uses 2 GB, beside the database and the pages."""
DATABASE_SKEW_AMBER, DATABASE_SKEW_RED = timedelta(seconds=2), timedelta(seconds=30)
PEER_SKEW_AMBER, PEER_SKEW_RED = timedelta(seconds=60), timedelta(minutes=5)
"""A `Date` header is whole seconds, and an answer takes some; receivers of webhooks refuse at 5 min."""


def check_python(facts: Machine) -> Finding:
    """The language's version."""
    if facts.python < PYTHON_MIN:
        wanted = ".".join(map(str, PYTHON_MIN))
        return red("python", f"Python {facts.python_text}.", fix=f"Install {wanted} or later.")
    return green("python", f"Python {facts.python_text}, as {facts.user}.")


def check_postgres(facts: Machine) -> Finding:
    """The programs of the embedded database."""
    if facts.postgres_problem:
        fix = "Install the package with its dependencies, or set DOORSTEP_PG_BIN."
        return red("postgres", facts.postgres_problem, fix=fix)
    return green("postgres", facts.postgres)


def check_pages(facts: Machine) -> Finding:
    """The pages' scripts and styles."""
    if not facts.pages_built:
        return red("pages", "The pages' scripts are not built.", fix="Run bin/up, or a wheel.")
    return green("pages", "The pages' scripts are built.")


def check_settings(facts: Machine) -> Finding:
    """The variables that every process reads."""
    if facts.settings is None:
        return green("settings", "Every setting has a value that can work.")
    if facts.settings:
        return red("settings", f"{facts.settings}.", fix="See docs/reference/settings.md.")
    return green("settings", "Nothing has run on this folder yet: doorstep up starts it.")


def check_disk(facts: Disk) -> Finding:
    """Room for photos, and for leads when photos have filled theirs."""
    found = [_check_place(one, reserve=facts.reserve) for one in facts.places]
    level = worst(found)
    return next(one for one in found if one.level is level)


def _check_place(place: Place, *, reserve: int) -> Finding:
    room = f"{place.free / GIB:.1f} of {place.total / GIB:.1f} GB are free for {place.name}"
    if not place.writable:
        fix = "Give the folder to the user that Doorstep runs as, or mount the disk for writing."
        return red("disk", f"The folder of {place.name} cannot be written to.", fix=fix)
    if place.free <= reserve:
        words = f"{room}: uploads are refused, so that leads and the database go on."
        return red("disk", words, fix="Make room: everything goes on without a restart.")
    if place.inodes_total and place.inodes_free is not None:
        share = place.inodes_free / place.inodes_total
        if share < INODES_SHARE_AMBER:
            say = red if share < INODES_SHARE_RED else amber
            words = f"The disk of {place.name} has names for few more files ({share:.0%} left)."
            return say("disk", words, fix="Remove many small files, or make a new file system.")
    if place.free < max(2 * reserve, FREE_SHARE_AMBER * place.total):
        fix = f"Make room: below {reserve / GIB:.1f} GB uploads are refused."
        return amber("disk", f"Only {room}.", fix=fix)
    return green("disk", f"{room}.")


def check_engine(facts: Engine) -> Finding:
    """What makes models of photos, on this machine."""
    if facts.problem:
        words = "The engine does not run here: no model is built on this machine."
        fix = "Run python -m doorstep.reconstruction.trial to see why, and install it again."
        return red("engine", words, fix=fix)
    runs = f"The engine runs ({facts.version})"
    if facts.memory and facts.memory < ENGINE_MEMORY_MIN:
        words = f"{runs}, with {facts.memory / GIB:.1f} GB of memory for everything."
        return amber("engine", words, fix="Give the machine 4 GB, or run builders on another.")
    if facts.threads > facts.cores:
        words = f"{runs}, with {facts.threads} threads on {facts.cores} cores."
        return amber("engine", words, fix="Set DOORSTEP_BUILD_THREADS to what the machine has.")
    return green("engine", f"{runs}, {facts.threads} threads on {facts.cores} cores.")


def check_backups(facts: Backups) -> Finding:
    """Whether what is lost can be had back."""
    how = "See docs/how-to/run-it-for-real.md for a backup of the database and the files."
    if not facts.told:
        words = "Nobody has told Doorstep where its backups lie."
        fix = f"Set DOORSTEP_BACKUPS to the folder that they are written to. {how}"
        return amber("backups", words, fix=fix)
    if facts.problem == "empty":
        return red("backups", "There is no backup in the folder of backups.", fix=how)
    if facts.problem or facts.age is None:
        fix = "See DOORSTEP_BACKUPS, and whether the folder is mounted and may be read."
        return red("backups", "The folder of backups cannot be read.", fix=fix)
    if facts.size == 0:
        return red("backups", "The newest backup is empty.", fix="See what its program said.")
    words = f"The newest backup is {spell(facts.age.total_seconds())} old ({_size(facts.size)})."
    if facts.age > BACKUP_AGE_AMBER:
        say = red if facts.age > BACKUP_AGE_RED else amber
        return say("backups", words, fix="See why none was made since.")
    if facts.size_before and facts.size < SHRUNK * facts.size_before:
        words = f"The newest backup ({_size(facts.size)}) is far smaller than the one before."
        return amber(
            "backups", words, fix=f"It was {_size(facts.size_before)}: see what is missing."
        )
    return green("backups", words)


def check_clock(database: timedelta | None, *, peers: tuple[timedelta, ...]) -> Finding:
    """Signatures, links and quiet hours go by the clock."""
    fix = "Let the machine keep its time by NTP (timedatectl set-ntp true)."
    theirs = max(map(abs, peers), default=timedelta(0))
    ours = abs(database or timedelta(0))
    for level_ours, level_theirs, say in (
        (DATABASE_SKEW_RED, PEER_SKEW_RED, red),
        (DATABASE_SKEW_AMBER, PEER_SKEW_AMBER, amber),
    ):
        if ours > level_ours:
            words = f"The clock is {spell(ours.total_seconds())} off the database's."
            return say("clock", words, fix=fix)
        if theirs > level_theirs:
            words = f"The clock is {spell(theirs.total_seconds())} off what servers outside say."
            return say("clock", words, fix=fix)
    with_whom = ["the database"] * (database is not None) + ["a server outside"] * bool(peers)
    if not with_whom:
        return green("clock", "There is no other clock to compare with yet.")
    return green("clock", f"The clock agrees with {' and '.join(with_whom)}.")


def _size(number: int) -> str:
    return f"{number / GIGA:.1f} GB" if number >= GIGA // 10 else f"{number / MEGA:.1f} MB"
