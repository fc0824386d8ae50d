"""Compare the counts of jobs and capture requests with the rows, and put them right."""

import asyncio
import sys
from pathlib import Path

from doorstep.auth.scopes import open_scope
from doorstep.captures import count_queries as requests
from doorstep.cli.data_folder import DATA, environment_of
from doorstep.cli.organizations import OPERATOR
from doorstep.jobs import count_queries as jobs
from doorstep.kit import db as database
from doorstep.kit.settings import Settings, from_environment
from doorstep.orgs import queries as orgs


def recount(*, data: Path = DATA) -> None:
    """Count all jobs and capture requests, and mend what the lists would say wrong of them.

    Only a copy of rows that went round the database's triggers can bring the two apart.

    Parameters
    ----------
    data
        Folder of the Doorstep that runs on this machine.
    """
    settings = from_environment(environment_of(data))
    mended = asyncio.run(_mend(settings))
    for org_id, counts in mended.items():
        sys.stdout.write(f"organization {org_id}: {counts} mended\n")
    sys.stdout.write("all counts are right\n")


async def _mend(settings: Settings) -> dict[int, int]:
    db = await database.connect(settings.database_url)
    mended = {}
    try:
        for org_id in await orgs.list_ids(db):
            async with open_scope(db, org_id=org_id, actor=OPERATOR) as scope:
                mended[org_id] = await jobs.mend(scope) + await requests.mend(scope)
    finally:
        await db.close()
    return {org_id: number for org_id, number in mended.items() if number}
