"""A Database on one connection whose outer transaction is rolled back after the test."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from doorstep.kit.db import Role, Tx, begin_statement


class PinnedDatabase:
    """Transactions become savepoints, one at a time; their roles and policies are real.

    Deferred constraints are checked where the real commit would check them.
    """

    def __init__(self, connection: Tx) -> None:
        """`connection` is in an open transaction of the login role."""
        self._connection = connection
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self, role: Role, *, org_id: int | None = None) -> AsyncIterator[Tx]:
        """See Database."""
        async with self._turn:
            connection = self._connection
            await connection.execute(self.opening(role, org_id=org_id))
            try:
                yield connection
                await connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
            except BaseException:
                await connection.execute("ROLLBACK TO pinned; RELEASE pinned")
                raise
            await connection.execute(
                "RELEASE pinned; SET CONSTRAINTS ALL DEFERRED; RESET ROLE; SET LOCAL app.org = ''"
            )

    def opening(self, role: Role, *, org_id: int | None) -> str:
        """What stands for the product's BEGIN."""
        return begin_statement(role, org_id=org_id, verb="SAVEPOINT pinned")

    @asynccontextmanager
    async def batch(self, role: Role) -> AsyncIterator[Tx]:
        """See Database."""
        async with self.transaction(role) as connection:
            yield connection


class UnfencedDatabase(PinnedDatabase):
    """Row-level security is out of the way: its connection is the owner's and stays it."""

    def opening(self, role: Role, *, org_id: int | None) -> str:
        """A savepoint without a role."""
        return f"SAVEPOINT pinned; SET LOCAL app.org = '{org_id or ''}'"
