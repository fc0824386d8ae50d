"""Reads the facts of the database: for one organization, or for all of a machine's."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import asyncpg

from doorstep.auth.scopes import open_scope
from doorstep.kit import db as database
from doorstep.kit.db import Database, Role
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import Actor, OrgScope
from doorstep.readiness import queries
from doorstep.readiness.facts import Audit, Endpoints, Rows

URLS_MAX = 5
CONNECT_SECONDS_MAX = 5
ORGS_MAX = 200


async def rows_of(scope: OrgScope) -> Rows:
    """What one organization may see: its own rows, and how the installation does."""
    return await _rows(scope.tx, [await _own(scope)])


async def rows_of_all(url: str, *, actor: Actor) -> Rows | None:
    """The same for every organization of this database; None when it does not answer."""
    try:
        async with asyncio.timeout(CONNECT_SECONDS_MAX):
            db = await database.connect(url, connections_max=1)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return None
    try:
        return await _rows_of_all(db, actor=actor)
    except asyncpg.InsufficientPrivilegeError:
        # Before the first migration nothing can be read.
        return None
    finally:
        await db.close()


async def _rows_of_all(db: Database, *, actor: Actor) -> Rows:
    found = []
    for org_id in (await orgs.list_ids(db))[:ORGS_MAX]:
        async with open_scope(db, org_id=org_id, actor=actor) as scope:
            found.append(await _own(scope))
    async with db.transaction(Role.APP) as tx:
        return await _rows(tx, found)


_Own = tuple[Audit, Endpoints, list[str], str]


async def _own(scope: OrgScope) -> _Own:
    endpoints, urls = await queries.endpoints(scope, urls_max=URLS_MAX)
    return await queries.audit(scope), endpoints, urls, await queries.time_zone(scope)


async def _rows(tx: database.Tx, own: Sequence[_Own]) -> Rows:
    none = Audit(behind=timedelta(0), whole=None, broken=None)
    return Rows(
        server=await queries.server(tx),
        workers=await queries.workers(tx),
        audit=max((one[0] for one in own), key=lambda one: one.behind, default=none),
        endpoints=Endpoints(
            registered=sum(one[1].registered for one in own),
            failing=sum(one[1].failing for one in own),
            switched_off=sum(one[1].switched_off for one in own),
        ),
        urls=tuple(url for one in own for url in one[2])[:URLS_MAX],
        zones=tuple(one[3] for one in own),
    )
