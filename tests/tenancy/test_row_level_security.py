"""The database's fence alone: queries that forgot their organization see nothing of another's."""

import asyncpg
import httpx
import pytest

from doorstep.kit.db import Role, Tx
from tests.cast import Cast
from tests.pinned import PinnedDatabase
from tests.tenancy.life import live

GLOBAL_TABLES = {
    "migrations",
    "pgqueuer",
    "pgqueuer_log",
    "pgqueuer_schedules",
    "pgqueuer_statistics",
}
WITHOUT_ORGANIZATION = {"orgs", "sms_opt_outs", "sms_replies"}
TENANT_TABLES = """
    SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1
"""


async def test_every_tenant_table_is_fenced(pinned: Tx) -> None:
    rows = await pinned.fetch(TENANT_TABLES)

    assert len(rows) >= 20
    assert [
        r["relname"] for r in rows if not (r["relrowsecurity"] and r["relforcerowsecurity"])
    ] == []


async def test_every_key_of_a_tenant_table_begins_with_the_organization(pinned: Tx) -> None:
    loose = await pinned.fetch(
        """
        SELECT c.relname FROM pg_index i
        JOIN pg_class c ON c.oid = i.indrelid
        JOIN pg_attribute o ON o.attrelid = c.oid AND o.attname = 'org_id'
        WHERE i.indisprimary AND i.indkey[0] <> o.attnum AND c.relkind = 'r'
        """
    )

    assert loose == []


async def test_a_query_without_an_organization_sees_nothing(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, pinned: Tx
) -> None:
    await live(client, cast.alice)
    tables = [row["relname"] for row in await pinned.fetch(TENANT_TABLES)]
    for role in (Role.APP, Role.WORKER):
        async with db.transaction(role) as tx:
            seen = {table: await tx.fetchval(f"SELECT count(*) FROM {table}") for table in tables}
        assert {table: count for table, count in seen.items() if count} == {}


async def test_a_query_that_forgot_its_organization_sees_only_its_own(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, pinned: Tx
) -> None:
    await live(client, cast.alice)
    tables = [row["relname"] for row in await pinned.fetch(TENANT_TABLES)]
    filled = 0
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        for table in tables:
            filled += bool(await tx.fetchval(f"SELECT count(*) FROM {table}"))
    async with db.transaction(Role.APP, org_id=cast.charlie.org_id) as tx:
        for table in tables:
            orgs = await tx.fetch(f"SELECT DISTINCT org_id FROM {table}")
            assert {row["org_id"] for row in orgs} <= {cast.charlie.org_id}, table
    assert filled >= 12


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO wallets (org_id, name) VALUES ({alice}, 'x')",
        "UPDATE users SET org_id = {alice} WHERE true",
        "INSERT INTO orgs (id, name, customer_display_name, captorra_id) VALUES (999, 'x', 'x', 'x')",
    ],
)
async def test_nothing_can_be_written_into_another_organization(
    cast: Cast, db: PinnedDatabase, statement: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with db.transaction(Role.APP, org_id=cast.charlie.org_id) as tx:
            await tx.execute(statement.format(alice=cast.alice.org_id))


async def test_another_organizations_rows_cannot_be_changed(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    await live(client, cast.alice)
    async with db.transaction(Role.APP, org_id=cast.charlie.org_id) as tx:
        changed = await tx.execute("UPDATE leads SET first_name = 'x'")
        deleted = await tx.execute("DELETE FROM jobs")

    assert (changed, deleted) == ("UPDATE 0", "DELETE 0")


async def test_history_cannot_be_rewritten(cast: Cast, db: PinnedDatabase) -> None:
    for statement in ("UPDATE events SET name = 'x'", "DELETE FROM lead_posts"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
                await tx.execute(statement)


async def test_the_gate_reads_no_content_and_writes_nothing_but_how_often(
    cast: Cast, db: PinnedDatabase
) -> None:
    for statement in (
        "SELECT first_name FROM leads",
        "SELECT capturing_user_email FROM capture_requests",
        "UPDATE users SET role = 'admin'",
        "UPDATE api_tokens SET expires_at = now() + interval '1 year'",
        "DELETE FROM api_rates",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with db.transaction(Role.GATE) as tx:
                await tx.execute(statement)


async def test_the_login_alone_can_touch_nothing(pinned: Tx) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pinned.execute("SELECT * FROM orgs")
