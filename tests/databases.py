"""Databases of a test's own, whose commits are real: copies of one that was migrated once."""

from unittest.mock import patch

import asyncpg

from doorstep.kit import migrate
from doorstep.kit.db import Tx
from doorstep.kit.postgres import Cluster

AFTER_ALL = "9999"


async def make_database(cluster: Cluster, name: str, *, before: str = AFTER_ALL) -> None:
    """A database with nothing in it, migrated up to the migration `before`, or whole.

    One of this name that is there already is dropped.
    """
    pristine = f"pristine_{before.split('_', maxsplit=1)[0]}"
    owner = await asyncpg.connect(cluster.url())
    try:
        if not await owner.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", pristine):
            await _migrate(cluster, owner, name=pristine, before=before)
        await owner.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await owner.execute(f"CREATE DATABASE {name} TEMPLATE {pristine}")
    finally:
        await owner.close()


async def _migrate(cluster: Cluster, owner: Tx, *, name: str, before: str) -> None:
    scripts = [(script, sql) for script, sql in migrate.scripts() if script < before]
    await owner.execute(f"CREATE DATABASE {name}")
    with patch.object(migrate, "scripts", lambda: scripts):
        await migrate.migrate(cluster.url(database=name))
