"""Numbered SQL files applied in the order of their names, each in its own transaction.

`NNNN_pre_<what>.sql` runs before the new code, `NNNN_post_<what>.sql` after it. One
process migrates at a time (advisory lock); a statement that waits for a lock gives up
after four seconds instead of making everybody else wait behind it.
"""

from importlib.resources import files

import asyncpg

ADVISORY_LOCK = 0x646F6F72
LOCK_SECONDS_MAX = 4
STATEMENT_SECONDS_MAX = 5

ROLES = """
DO $$
DECLARE r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['doorstep_app', 'doorstep_worker', 'doorstep_ingest', 'doorstep_gate'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOBYPASSRLS', r);
        END IF;
        EXECUTE format('GRANT %I TO CURRENT_USER', r);
    END LOOP;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'doorstep_login') THEN
        CREATE ROLE doorstep_login LOGIN NOINHERIT NOBYPASSRLS;
    END IF;
    GRANT doorstep_app, doorstep_worker, doorstep_ingest, doorstep_gate TO doorstep_login;
END $$
"""


def scripts() -> list[tuple[str, str]]:
    """(name, SQL) of every migration, sorted."""
    folder = files("doorstep") / "migrations"
    found = [item for item in folder.iterdir() if item.name.endswith(".sql")]
    return [(item.name, item.read_text("utf-8")) for item in sorted(found, key=lambda i: i.name)]


async def migrate(url: str) -> list[str]:
    """Bring the database at `url` (as its owner) up to date; the names of what was applied."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", ADVISORY_LOCK)
        return await _apply_missing(connection)
    finally:
        await connection.close()


async def _apply_missing(connection: "asyncpg.Connection[asyncpg.Record]") -> list[str]:
    await connection.execute(ROLES)
    await connection.execute(
        "CREATE TABLE IF NOT EXISTS migrations "
        "(name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
    )
    done = {row["name"] for row in await connection.fetch("SELECT name FROM migrations")}
    missing = [(name, sql) for name, sql in scripts() if name not in done]
    await connection.execute(f"SET lock_timeout = '{LOCK_SECONDS_MAX}s'")
    await connection.execute(f"SET statement_timeout = '{STATEMENT_SECONDS_MAX}s'")
    for name, sql in missing:
        async with connection.transaction():
            await connection.execute(sql)
            await connection.execute("INSERT INTO migrations (name) VALUES ($1)", name)
    return [name for name, _ in missing]
