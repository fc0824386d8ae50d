"""Migration 0032 on a database with jobs: their words are there, and their terms written anew."""

from collections.abc import AsyncIterator

import pytest

from doorstep.kit import migrate
from doorstep.kit.db import Tx
from doorstep.kit.postgres import Cluster
from tests.migrating import database_before

NAME = "0032_pre_job_words.sql"
PLAIN = "plain_owner_0032"
ORG = """
    INSERT INTO orgs (id, name, customer_display_name, captorra_id)
        OVERRIDING SYSTEM VALUE VALUES ($1, 'Bluth', 'Bluth', 100000 + $1::bigint)
"""
MEMBER = """
    INSERT INTO users (org_id, id, email, name, role) OVERRIDING SYSTEM VALUE
        VALUES ($1, $1, 'admin' || $1::bigint || '@example.com', 'Admin', 'admin')
"""
JOB = """
    INSERT INTO jobs (org_id, id, state, name, user_id, deliverable_id, client_identifier,
        location_line_1, location_city, customer_name, customer_phone, external_identifier)
        OVERRIDING SYSTEM VALUE
    VALUES ($1, $2, 'uploading', $3, $1, 3, gen_random_uuid(), $4, $5, $6, $7, $8)
"""


@pytest.fixture
async def before(cluster: Cluster) -> AsyncIterator[Tx]:
    """A database as it was before this migration, as a plain owner without a superuser's ways."""
    tables = ("jobs", "job_terms", "job_term_marks")
    async with database_before(cluster, name=NAME, plain=PLAIN, tables=tables) as found:
        yield found


async def test_every_job_has_its_words(before: Tx) -> None:
    nothing = (None, None, None, None, None)
    for org_id in (1, 2):
        await before.execute(ORG, org_id)
        await before.execute(MEMBER, org_id)
    person = ("Zoë Fünke", "+1 (217) 555-0143", "BL-4711")
    await before.execute(JOB, 1, 11, "Café_Köln", "12b Oak St.", "O'Fallon", *person)
    await before.execute(JOB, 2, 21, "Barn", *nothing)
    await before.execute("INSERT INTO job_terms VALUES (1, 'stale', now(), 11)")
    await before.execute("INSERT INTO job_term_marks VALUES (1, 11)")
    (script,) = [sql for name, sql in migrate.scripts() if name == NAME]

    async with before.transaction():
        await before.execute(f"SET LOCAL ROLE {PLAIN}")
        await before.execute(script)

    rows = await before.fetch("SELECT place_words, person_words FROM jobs ORDER BY id")
    assert [(row[0].split(), row[1].split()) for row in rows] == [
        (
            ["cafe", "koln", "12b", "oak", "st", "o", "fallon"],
            ["zoe", "funke", "bl", "4711", "12175550143", "2175550143", "5550143", "0143"],
        ),
        (["barn"], []),
    ]
    assert await before.fetchval("SELECT count(*) FROM job_terms") == 0
    assert await before.fetchval("SELECT count(*) FROM job_term_marks") == 0
    fenced = await before.fetch(
        "SELECT relname, relforcerowsecurity FROM pg_class "
        "WHERE relname IN ('jobs', 'job_terms') ORDER BY relname"
    )
    assert [tuple(row) for row in fenced] == [("job_terms", True), ("jobs", True)]
