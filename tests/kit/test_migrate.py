"""Migrations: all of them are the schema that is written down, and running them twice is nothing."""

import os
from pathlib import Path

import asyncpg

from doorstep.kit.migrate import migrate, scripts
from doorstep.kit.postgres import Cluster
from tests.schema import dump

WRITTEN_DOWN = Path(__file__).parents[2] / "schema.sql"


async def test_all_migrations_are_the_schema_that_is_written_down(
    cluster: Cluster, owner_url: str
) -> None:
    made = dump(cluster, database="doorstep")
    if "DOORSTEP_WRITE_SCHEMA" in os.environ:
        WRITTEN_DOWN.write_text(made, "utf-8")

    assert made == WRITTEN_DOWN.read_text("utf-8"), "bin/test tests/kit/test_migrate.py writes it"


async def test_a_second_run_applies_nothing(owner_url: str) -> None:
    assert await migrate(owner_url) == []


async def test_names_sort_in_the_order_in_which_they_are_applied(owner_url: str) -> None:
    connection = await asyncpg.connect(owner_url)
    try:
        rows = await connection.fetch("SELECT name FROM migrations ORDER BY applied_at, name")
    finally:
        await connection.close()

    assert [row["name"] for row in rows] == [name for name, _ in scripts()]
    assert len({name.partition("_")[0] for name, _ in scripts()}) == len(scripts())
