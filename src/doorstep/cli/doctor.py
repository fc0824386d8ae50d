"""`doorstep doctor`: everything that this installation needs, red, amber or green, with the fix."""

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from doorstep.cli.data_folder import DATA, FREE_BYTES_MIN, environment_of
from doorstep.kit import postgres
from doorstep.kit.errors import CannotStart
from doorstep.kit.settings import BadSetting, Settings, from_environment
from doorstep.readiness.checks import BEFORE_START, CHECKS, TITLES, Facts, judge
from doorstep.readiness.facts import Disk, Machine
from doorstep.readiness.folders import place
from doorstep.readiness.machine import check_disk
from doorstep.readiness.model import EXIT_STATUS, Finding, Level, worst

DATABASE_URL = "DOORSTEP_DATABASE_URL"
SECRET_KEY = "DOORSTEP_SECRET_KEY"  # noqa: S105  the name of a setting
TITLE_CHARACTERS = max(map(len, TITLES.values()))


Json = Annotated[bool, Parameter(name="--json", negative="")]


def doctor(*, data: Path = DATA, as_json: Json = False) -> None:
    """Check this installation; exit status 0 for green, 1 for amber, 2 for red.

    Parameters
    ----------
    data
        Folder of the Doorstep that runs, or will run, on this machine.
    as_json
        Print one JSON object for programs.
    """
    findings = find(data.absolute())
    sys.stdout.write(spelled(findings) if as_json else lines(findings))
    sys.exit(EXIT_STATUS[worst(findings)])


def find(data: Path) -> list[Finding]:
    """Every finding; those alone that a start needs where nothing has run or can run yet."""
    environment = environment_of(data)
    if not any(f"{DATABASE_URL}{end}" in environment for end in ("", "_FILE")):
        return _before_start(data, machine_facts(environment, settings=""))
    if (data / "secret.key").exists() and SECRET_KEY not in environment:
        environment = {f"{SECRET_KEY}_FILE": str(data / "secret.key"), **environment}
    try:
        settings = from_environment(environment)
    except BadSetting as error:
        return _before_start(data, machine_facts(environment, settings=str(error)))
    return asyncio.run(_find(settings, machine_facts(environment)))


async def _find(settings: Settings, machine: Machine) -> list[Finding]:
    # Half a second of imports, which nobody waits for before the first start.
    from doorstep.cli.organizations import OPERATOR
    from doorstep.readiness.asking import ask
    from doorstep.readiness.gathering import rows_of_all

    rows = await rows_of_all(settings.database_url, actor=OPERATOR)
    outside = await ask(settings, rows.urls if rows else ())
    facts = Facts(machine=machine, outside=outside, rows=rows)
    # Without the database nobody knows what it would tell, and it is red itself.
    found = judge(facts, before_start=True)
    return [one for one in found if one.level is not Level.UNKNOWN]


def _before_start(data: Path, machine: Machine) -> list[Finding]:
    found = [CHECKS[code](Facts(machine=machine)) for code in BEFORE_START]
    return [*filter(None, found), _room(data)]


def machine_facts(environment: Mapping[str, str], *, settings: str | None = None) -> Machine:
    """What must be there before anything starts; `settings` is what is wrong with those."""
    text, problem = "", None
    try:
        binaries = postgres.find_binaries(environment.get("DOORSTEP_PG_BIN", ""))
        text = f"PostgreSQL {postgres.major(binaries)} in {binaries}."
    except CannotStart as error:
        problem = str(error)
    built = Path(__file__).parent.parent / "web" / "static" / "built" / "manifest.json"
    return Machine(
        python=sys.version_info[:2],
        python_text=sys.version.split()[0],
        postgres=text,
        postgres_problem=problem,
        user={
            "--namespace": "root, with an ordinary user for PostgreSQL",
            "--user": "root, with another user for PostgreSQL",
        }.get((postgres.identity() or ("",))[0], "an ordinary user"),
        pages_built=built.exists(),
        settings=settings,
    )


def lines(findings: Sequence[Finding]) -> str:
    """One line each, and the fix below it."""
    told = []
    for one in findings:
        title = TITLES[one.code].ljust(TITLE_CHARACTERS)
        told.append(f"{one.level:<5}  {title}  {one.words}")
        if one.fix:
            told.append(" " * (9 + TITLE_CHARACTERS) + one.fix)
    return "\n".join(told) + "\n"


def spelled(findings: Sequence[Finding]) -> str:
    """`{"worst": ..., "checks": [{"code", "level", "words", "fix"}]}`."""
    told = {"worst": worst(findings), "checks": [asdict(one) for one in findings]}
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def _room(data: Path) -> Finding:
    existing = next(folder for folder in (data, *data.parents) if folder.exists())
    return check_disk(Disk(places=(place("the data", existing),), reserve=FREE_BYTES_MIN))
