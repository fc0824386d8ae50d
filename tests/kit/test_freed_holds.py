"""Migration 0025b on a database where houses wait already: what is held for them has an end too."""

import json
from collections.abc import AsyncIterator

import pytest

from doorstep.kit import migrate
from doorstep.kit.db import Tx
from doorstep.kit.postgres import Cluster
from tests.migrating import database_before

NAME = "0025b_pre_freed_holds.sql"
PLAIN = "plain_owner_0025b"
TASKS = """
    SELECT convert_from(payload, 'UTF8') AS payload, status,
        round(extract(epoch FROM execute_after - now()) / 86400)::int AS days
    FROM pgqueuer WHERE entrypoint = 'captures.expire' ORDER BY id
"""
ORG = """
    INSERT INTO orgs (id, name, customer_display_name, captorra_id)
        OVERRIDING SYSTEM VALUE VALUES ($1, 'Bluth', 'Bluth', 100000 + $1::bigint);
"""
PEOPLE = """
    WITH member AS (
        INSERT INTO users (org_id, id, email, name, role) OVERRIDING SYSTEM VALUE
        VALUES ($1, $1, 'admin' || $1::bigint || '@example.com', 'Admin', 'admin')
    )
    INSERT INTO wallets (org_id, id, name) OVERRIDING SYSTEM VALUE VALUES ($1, $1, 'Own')
"""
HOUSE = """
    WITH job AS (
        INSERT INTO jobs (org_id, id, state, name, user_id, wallet_id, deliverable_id,
            client_identifier) OVERRIDING SYSTEM VALUE
        VALUES ($1, $2, 'uploading', 'House', $1, $1, 3, gen_random_uuid())
    )
    INSERT INTO capture_requests (org_id, id, identifier, state, capturing_user_name,
        capturing_user_email, requesting_user_id, job_id, expires_at) OVERRIDING SYSTEM VALUE
    VALUES ($1, $2, 'name' || $2::bigint, $3, 'Gob', 'gob@example.com', $1, $2, now() + $4::text::interval)
"""
HOLD = """
    INSERT INTO holds (org_id, wallet_id, job_id, deliverable_id, cents, state)
    VALUES ($1, $1, $2, $3, 100, $4)
"""


@pytest.fixture
async def before(cluster: Cluster) -> AsyncIterator[Tx]:
    """A database as it was before this migration, as a plain owner without a superuser's ways."""
    tables = ("holds", "capture_requests", "pgqueuer")
    async with database_before(cluster, name=NAME, plain=PLAIN, tables=tables) as found:
        yield found


async def test_each_open_house_with_something_held_has_one_task(
    before: Tx,
) -> None:
    houses = [
        (1, 11, "new", "3 days", [(3, "held")]),
        (1, 12, "connected", "-9 days", [(3, "held")]),
        (1, 13, "new", "5 days", [(2, "held"), (3, "held")]),
        (1, 14, "new", "3 days", [(3, "released")]),
        (1, 15, "complete", "3 days", [(3, "held")]),
        (1, 16, "deleted", "3 days", [(3, "held")]),
        (1, 17, "new", "3 days", []),
        (2, 21, "new", "7 days", [(3, "held")]),
    ]
    for org_id in (1, 2):
        await before.execute(ORG, org_id)
        await before.execute(PEOPLE, org_id)
    for org_id, number, state, left, holds in houses:
        await before.execute(HOUSE, org_id, number, state, left)
        for deliverable_id, held in holds:
            await before.execute(HOLD, org_id, number, deliverable_id, held)
    (script,) = [sql for name, sql in migrate.scripts() if name == NAME]

    async with before.transaction():
        await before.execute(f"SET LOCAL ROLE {PLAIN}")
        await before.execute(script)

    tasks = [
        (json.loads(row["payload"]), row["status"], row["days"])
        for row in await before.fetch(TASKS)
    ]
    assert sorted(tasks, key=lambda task: task[0]["request_id"]) == [
        ({"org_id": 1, "request_id": 11}, "queued", 3),
        ({"org_id": 1, "request_id": 12}, "queued", 0),
        ({"org_id": 1, "request_id": 13}, "queued", 5),
        ({"org_id": 2, "request_id": 21}, "queued", 7),
    ]
    fenced = await before.fetch(
        "SELECT relname, relforcerowsecurity FROM pg_class "
        "WHERE relname IN ('holds', 'capture_requests') ORDER BY relname"
    )
    assert [tuple(row) for row in fenced] == [("capture_requests", True), ("holds", True)]
