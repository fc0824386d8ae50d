"""Walk along every organization's audit log and say where it was tampered with."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from cyclopts import App

from doorstep.auth.scopes import open_scope
from doorstep.cli.data_folder import DATA, environment_of
from doorstep.cli.organizations import OPERATOR
from doorstep.events import audit as chain
from doorstep.events.audit import Verdict
from doorstep.kit import db as database
from doorstep.kit.db import Database, Role
from doorstep.kit.settings import Settings, from_environment
from doorstep.orgs import queries as orgs
from doorstep.readiness.queries import note_walk

audit = App(name="audit", help="The audit log.")


@audit.command
def verify(*, data: Path = DATA) -> None:
    """Walk along the audit log of each organization; exit status 1 when one is broken.

    Each line ends with the hash of the newest link. Keep it somewhere else: who can write to the
    database can make a new chain, and only the hash of the old one shows it.

    Parameters
    ----------
    data
        Folder of the Doorstep that runs on this machine.
    """
    broken = asyncio.run(_run(from_environment(environment_of(data))))
    sys.exit(1 if broken else 0)


async def verdicts(db: Database) -> AsyncIterator[tuple[int, Verdict]]:
    """Each organization with what its chain came to."""
    for org_id in await orgs.list_ids(db):
        async with open_scope(db, org_id=org_id, actor=OPERATOR) as scope:
            verdict = await chain.verify(scope)
        yield org_id, verdict


def line(org_id: int, verdict: Verdict) -> str:
    """What is said of one organization."""
    if verdict.broken:
        return f"BROKEN organization {org_id}: {verdict.broken}"
    return f"whole  organization {org_id}: {verdict.links} links, the last {verdict.head}"


async def _run(settings: Settings) -> int:
    db = await database.connect(settings.database_url)
    broken = 0
    try:
        async for org_id, verdict in verdicts(db):
            broken += verdict.broken is not None
            sys.stdout.write(line(org_id, verdict) + "\n")
        async with db.transaction(Role.WORKER) as tx:
            await note_walk(tx, whole=not broken)
    finally:
        await db.close()
    return broken
