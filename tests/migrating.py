"""Databases as they were before a migration, to try it on rows that are there already."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import asyncpg

from doorstep.kit.db import Tx
from doorstep.kit.postgres import Cluster
from tests.databases import make_database


@asynccontextmanager
async def database_before(
    cluster: Cluster, *, name: str, plain: str, tables: Sequence[str]
) -> AsyncIterator[Tx]:
    """A database before the migration `name`, in which the role `plain` owns these tables.

    That role is held by row-level security, as an owner without a superuser's ways is.
    """
    database = f"before_{name.split('_', maxsplit=1)[0]}"
    await make_database(cluster, database, before=name)
    owner = await asyncpg.connect(cluster.url())
    connection = await asyncpg.connect(cluster.url(database=database))
    await connection.execute(f"CREATE ROLE {plain}")
    await connection.execute(f"GRANT CREATE ON SCHEMA public TO {plain}")
    for table in tables:
        await connection.execute(f"ALTER TABLE {table} OWNER TO {plain}")
    try:
        yield connection
    finally:
        await connection.close()
        await owner.execute(f"DROP DATABASE {database}")
        await owner.execute(f"DROP ROLE {plain}")
        await owner.close()
