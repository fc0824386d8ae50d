"""The one list of checks, in the order in which they are read."""

from collections.abc import Callable
from dataclasses import dataclass

from doorstep.readiness import inside, machine, outward
from doorstep.readiness.facts import Machine, Outside, Rows
from doorstep.readiness.model import Finding, Level


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What was gathered; None where it was not, or not yet."""

    machine: Machine | None = None
    outside: Outside | None = None
    rows: Rows | None = None


def _of_machine(check: Callable[[Machine], Finding]) -> Callable[[Facts], Finding | None]:
    return lambda facts: check(facts.machine) if facts.machine else None


def _of_outside(check: Callable[[Outside], Finding]) -> Callable[[Facts], Finding | None]:
    return lambda facts: check(facts.outside) if facts.outside else None


def _of_rows(check: Callable[[Rows], Finding]) -> Callable[[Facts], Finding | None]:
    return lambda facts: check(facts.rows) if facts.rows else None


def _webhooks(facts: Facts) -> Finding | None:
    if facts.outside is None or facts.rows is None:
        return None
    return outward.check_webhooks(facts.rows.endpoints, reach=facts.outside.reach)


def _clock(facts: Facts) -> Finding | None:
    if facts.outside is None:
        return None
    peers = (facts.outside.https.skew, facts.outside.sms.skew)
    return machine.check_clock(
        facts.rows.server.skew if facts.rows else None,
        peers=tuple(one for one in peers if one is not None),
    )


TITLES = {
    "python": "Python",
    "postgres": "PostgreSQL's programs",
    "pages": "Pages",
    "settings": "Settings",
    "https": "HTTPS",
    "mail": "E-mail",
    "sms": "Text messages",
    "webhooks": "Webhooks out",
    "backups": "Backups",
    "disk": "Disk",
    "engine": "Engine",
    "workers": "Workers",
    "database": "Database",
    "audit": "Audit log",
    "time_zone": "Time zone",
    "clock": "Clock",
}
"""Every code, with what a person reads."""

BEFORE_START = ("python", "postgres", "pages", "settings")
"""What `doorstep doctor` looks at as well; a page that shows has all of it."""

CHECKS: dict[str, Callable[[Facts], Finding | None]] = {
    "python": _of_machine(machine.check_python),
    "postgres": _of_machine(machine.check_postgres),
    "pages": _of_machine(machine.check_pages),
    "settings": _of_machine(machine.check_settings),
    "https": _of_outside(lambda found: outward.check_https(found.https)),
    "mail": _of_outside(lambda found: outward.check_mail(found.mail)),
    "sms": _of_outside(lambda found: outward.check_sms(found.sms)),
    "webhooks": _webhooks,
    "backups": _of_outside(lambda found: machine.check_backups(found.backups)),
    "disk": _of_outside(lambda found: machine.check_disk(found.disk)),
    "engine": _of_outside(lambda found: machine.check_engine(found.engine)),
    "workers": _of_rows(lambda found: inside.check_workers(found.workers)),
    "database": lambda facts: inside.check_database(facts.rows.server if facts.rows else None),
    "audit": _of_rows(lambda found: inside.check_audit(found.audit)),
    "time_zone": _of_rows(lambda found: inside.check_time_zone(found.zones)),
    "clock": _clock,
}


def judge(facts: Facts, *, before_start: bool) -> list[Finding]:
    """Every check in order; `unknown` where its facts are not there."""
    asked = [code for code in CHECKS if before_start or code not in BEFORE_START]
    return [CHECKS[code](facts) or _unknown(code) for code in asked]


def _unknown(code: str) -> Finding:
    return Finding(code=code, level=Level.UNKNOWN, words="Being looked at.")
