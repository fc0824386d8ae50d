"""PostgreSQL: one pool a process, one transaction a request, a role for each kind of work.

Every transaction starts with `SET LOCAL ROLE` and `SET LOCAL app.org`, in one round
trip, so that nothing of it outlives the transaction in a pooled connection. The
login role owns nothing and may only become one of the roles below.
"""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

import asyncpg
from asyncpg.pool import PoolConnectionProxy

STATEMENT_SECONDS_MAX = 4
CONNECTIONS_MAX = 12
INGEST_CONNECTIONS_MAX = 4
GATE_CONNECTIONS_MAX = 4


class Role(StrEnum):
    """What a transaction may touch; the grants and policies are in the migrations."""

    APP = "doorstep_app"
    """A tenant's rows, those of `app.org` only."""
    WORKER = "doorstep_worker"
    """As the app, and the task queue."""
    INGEST = "doorstep_ingest"
    """Inserts on the hot writes, for any organization."""
    GATE = "doorstep_gate"
    """Reads the columns that turn a credential into a scope, and counts how often one comes."""


if TYPE_CHECKING:
    Tx = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
else:
    # At run time these classes take no parameter, and the web framework, which looks into
    # the types of what it injects, understands no union of two classes.
    Tx = asyncpg.Connection
"""An open transaction; who holds it runs SQL and never commits."""


class Database(Protocol):
    """The seam: a pool in the product, one pinned connection in most tests."""

    def transaction(
        self, role: Role, *, org_id: int | None = None
    ) -> AbstractAsyncContextManager[Tx]:
        """A transaction in this role and organization: commits on exit, rolls back on error."""

    def batch(self, role: Role) -> AbstractAsyncContextManager[Tx]:
        """A connection for one autocommitted statement in this role, without BEGIN."""


class PooledDatabase:
    """The product's database."""

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        batches: "Mapping[Role, asyncpg.Pool[asyncpg.Record]]",
    ) -> None:
        """`batches` hold connections that are for ever in their role."""
        self.pool = pool
        self._batches = batches

    @asynccontextmanager
    async def transaction(self, role: Role, *, org_id: int | None = None) -> AsyncIterator[Tx]:
        """See Database."""
        async with self.pool.acquire() as connection:
            await connection.execute(begin_statement(role, org_id=org_id))
            try:
                yield connection
            except BaseException:
                if not connection.is_closed():
                    await connection.execute("ROLLBACK")
                raise
            await connection.execute("COMMIT")

    @asynccontextmanager
    async def batch(self, role: Role) -> AsyncIterator[Tx]:
        """See Database; only the ingest and the gate role have such connections."""
        async with self._batches[role].acquire() as connection:
            yield connection

    async def close(self) -> None:
        """Close every connection."""
        await self.pool.close()
        for pool in self._batches.values():
            await pool.close()


def begin_statement(role: Role, *, org_id: int | None, verb: str = "BEGIN") -> str:
    """The one round trip that opens a transaction; `org_id` must be an int."""
    scope = "" if org_id is None else str(int(org_id))
    return f"{verb}; SET LOCAL ROLE {role}; SET LOCAL app.org = '{scope}'"


async def connect(url: str, *, connections_max: int = CONNECTIONS_MAX) -> PooledDatabase:
    """The pools of one process; raises OSError or asyncpg.PostgresError when there is no server."""
    settings = {
        "application_name": "doorstep",
        "statement_timeout": f"{STATEMENT_SECONDS_MAX}s",
        "idle_in_transaction_session_timeout": "30s",
        "timezone": "UTC",
    }
    # Every transaction leaves its connection as it found it, and every statement in a batch:
    # to make sure would be one more round trip for each.
    pool = await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=connections_max,
        server_settings=settings,
        init=set_codecs,
        reset=_leave,
    )
    batches = {
        Role.INGEST: ({"plan_cache_mode": "force_generic_plan"}, INGEST_CONNECTIONS_MAX),
        # A crash may forget the last moments of counting: that is worth no wait for the disk.
        Role.GATE: ({"synchronous_commit": "off"}, GATE_CONNECTIONS_MAX),
    }
    return PooledDatabase(
        pool,
        {
            role: await asyncpg.create_pool(
                url,
                min_size=0,
                max_size=size,
                server_settings=settings | {"role": role.value} | more,
                init=set_codecs,
                reset=_leave,
            )
            for role, (more, size) in batches.items()
        },
    )


async def _leave(connection: object) -> None:
    """Nothing to reset."""


async def set_codecs(connection: Any) -> None:
    """JSON columns arrive as Python values; a str that goes in is JSON text already."""
    await connection.set_type_codec(
        "jsonb",
        encoder=lambda value: value if isinstance(value, str) else json.dumps(value),
        decoder=json.loads,
        schema="pg_catalog",
    )
