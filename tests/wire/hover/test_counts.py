"""Totals of lists: kept beside the rows, exact whatever happens to the rows."""

import asyncio
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from doorstep.auth.scopes import open_scope
from doorstep.captures import count_queries as request_counts
from doorstep.captures import ownership_queries, session_queries
from doorstep.captures import queries as requests
from doorstep.jobs import change_queries, count_queries
from doorstep.jobs import queries as jobs
from doorstep.jobs.model import JobState
from doorstep.kit.db import PooledDatabase, Role, Tx
from doorstep.kit.ids import public_name
from doorstep.orgs.model import Actor, OrgScope
from tests.cast import Cast, Troupe
from tests.pinned import PinnedDatabase
from tests.processes import environment
from tests.wire.hover.asks import ask

REQUESTS = "/api/v2/capture_requests"
JOBS = "/api/v2/jobs"
ORG = 987_655
CRM = Actor(kind="integration", id="crm")
TABLES = ("reminders", "capture_requests", "models", "jobs", "capturing_users", "users",
          "capture_request_counts", "job_counts")  # fmt: skip
COUNTED = """
    SELECT requesting_user_id, state, sum(requests)::int AS requests FROM capture_request_counts
    WHERE org_id = $1 GROUP BY 1, 2 HAVING sum(requests) <> 0"""


async def test_totals_follow_every_change(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    alice, bearer = cast.alice.admin_id, cast.alice.bearer
    asked = [await ask(client, cast.alice, deliverable_id=2 + number % 2) for number in range(5)]
    await ask(client, cast.charlie)
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        bob = await tx.fetchval("SELECT id FROM users WHERE name = 'Bob'")

    async def total(path: str, **params: Any) -> tuple[int, int]:
        answer = await client.get(path, params={"per": "2"} | params, headers=bearer)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        paging = body.get("requested_captures", body)["pagination"]
        return paging["total"], paging["total_pages"]

    async def totals() -> list[int]:
        lists: list[tuple[str, dict[str, Any]]] = [
            *((REQUESTS, {"state": one}) for one in ("new", "complete", "deleted")),
            *((REQUESTS, {"current_user_id": one}) for one in (alice, bob)),
            *((JOBS, {"states[]": one}) for one in ("needs_photos", "processing")),
            (JOBS, {"deliverable_ids[]": 2}),
            (JOBS, {"archived": "true"}),
        ]
        found = [(await total(path, **params))[0] for path, params in lists]
        return [(await total(REQUESTS))[0], (await total(JOBS))[0], *found]

    assert await total(REQUESTS) == await total(JOBS) == (5, 3)
    assert await totals() == [5, 5, 5, 0, 0, 5, 0, 5, 0, 3, 0]
    await turn_pages(client, cast.alice, asked=asked)
    path = f"{JOBS}/{asked[0]['pending_job_id']}"
    for user_id, status in ((bob, 204), (cast.charlie.admin_id, 422)):
        given = await client.post(f"{path}/reassign", json={"user_id": user_id}, headers=bearer)
        assert given.status_code == status
    assert await totals() == [5, 5, 5, 0, 0, 4, 1, 5, 0, 3, 0]
    gone = await client.delete(f"{REQUESTS}/{asked[1]['id']}", headers=bearer)
    assert gone.status_code == 204
    assert await totals() == [4, 4, 4, 0, 1, 3, 1, 4, 0, 3, 1]
    path = f"{JOBS}/{asked[2]['pending_job_id']}"
    tried = await client.patch(
        f"{path}/set_test_state.json",
        json={"state": "complete", "current_user_id": alice},
        headers=bearer,
    )
    assert tried.status_code == 200
    assert await totals() == [4, 4, 3, 1, 1, 3, 1, 3, 1, 3, 1]
    await client.put(f"{path}/archive", headers=bearer)
    assert await totals() == [4, 3, 3, 1, 1, 3, 1, 3, 0, 2, 2]
    await client.put(f"{path}/unarchive", headers=bearer)
    ordered = await order(client, cast.alice, job_id=asked[4]["pending_job_id"])
    assert ordered.status_code == 201, ordered.text
    assert await totals() == [4, 4, 3, 1, 1, 3, 1, 3, 1, 2, 1]

    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        await tx.execute("UPDATE capture_requests SET expires_at = now() WHERE state = 'new'")
        scope = OrgScope(tx=tx, org_id=cast.alice.org_id, actor=CRM)
        assert (await count_queries.mend(scope), await request_counts.mend(scope)) == (0, 0)
    assert await total(REQUESTS, current_user_id=alice, state="new") == (2, 1)
    await change_all_in_vain(db, cast.alice.org_id)
    assert await totals() == [4, 4, 3, 1, 1, 3, 1, 3, 1, 2, 1]


async def turn_pages(
    client: httpx.AsyncClient, troupe: Troupe, *, asked: list[dict[str, Any]]
) -> None:
    """The five requests, newest first, from either end."""

    async def listed(query: str) -> Any:
        answer = await client.get(f"{REQUESTS}?{query}", headers=troupe.bearer)
        return answer.json()["requested_captures"]["results"]

    for who in ("", "&state=new", f"&current_user_id={troupe.admin_id}"):
        assert await listed("per=2&page=3" + who) == [asked[0]]
        assert await listed("per=2&page=2" + who) == [asked[2], asked[1]]
    far = f"per=1&page=4&state=new&current_user_id={troupe.admin_id}"
    assert await listed(far) == [asked[1]]


async def order(client: httpx.AsyncClient, troupe: Troupe, *, job_id: int) -> httpx.Response:
    """The complete house is wanted of a job that was ordered as its roof only."""
    shown = await client.get(f"/api/v3/jobs/{job_id}", headers=troupe.bearer)
    model_id = shown.json()["models"][0]["id"]
    body = {"current_user_id": troupe.admin_id, "new_deliverable_id": 3}
    path = f"/api/v3/models/{model_id}/deliverable_change_requests"
    return await client.post(path, json=body, headers=troupe.bearer)


async def change_all_in_vain(db: PinnedDatabase, org_id: int) -> None:
    """A transaction that is rolled back."""
    async with db.transaction(Role.APP, org_id=org_id) as tx:
        await tx.execute("SAVEPOINT vain")
        await tx.execute("UPDATE capture_requests SET state = 'complete'")
        await tx.execute("UPDATE jobs SET state = 'failed', archived_at = now()")
        failed = await tx.fetchval("SELECT sum(jobs) FROM job_counts WHERE state = 'failed'")
        assert failed == 5
        await tx.execute("ROLLBACK TO vain")


@pytest.fixture
async def members(owner: Tx) -> AsyncIterator[tuple[int, int]]:
    """An organization with two members for the pools; all that they write is taken away."""
    await owner.execute(
        "INSERT INTO orgs (id, name, customer_display_name, captorra_id) VALUES ($1, 'x', 'x', 'x')",
        ORG,
    )
    rows = await owner.fetch(
        "INSERT INTO users (org_id, email, name, role) SELECT $1, n || '@x.example', 'x', 'member' "
        "FROM generate_series(1, 2) n RETURNING id",
        ORG,
    )
    yield rows[0]["id"], rows[1]["id"]
    for table in TABLES:
        await owner.execute(f"DELETE FROM {table} WHERE org_id = $1", ORG)
    await owner.execute("DELETE FROM orgs WHERE id = $1", ORG)


@pytest.mark.slow
async def test_totals_are_exact_when_all_change_at_once(
    pooled: PooledDatabase, owner: Tx, members: tuple[int, int], database_url: str, tmp_path: Path
) -> None:
    first, second = members
    made = await asyncio.gather(*(one_made(pooled, number, user=first) for number in range(40)))
    standing = sorted(pair for pair in made if pair is not None)
    assert len(standing) == 30
    twice = [*enumerate(standing), *enumerate(standing)]
    await asyncio.gather(
        *(one_changed(pooled, number, pair=pair, user=second) for number, pair in twice),
        *(fold(pooled) for _ in range(6)),
    )

    assert {tuple(row) for row in await owner.fetch(COUNTED, ORG)} == {
        (first, "connected", 10),
        (first, "deleted", 10),
        (second, "new", 10),
    }
    assert await shown(pooled) == (
        {"invited": 10, "checking": 10, "archived": 10},
        [("archived", 3, 10)],
        (20, 10, 10),
    )
    # Put together, each count is one row; what nobody counts is none.
    await fold(pooled)
    for table in ("job_counts", "capture_request_counts"):
        assert await owner.fetchval(f"SELECT count(*) FROM {table} WHERE org_id = $1", ORG) == 3

    # The verb mends what nothing of ours breaks, once.
    await owner.execute(
        "UPDATE job_counts SET jobs = jobs + 5 WHERE org_id = $1 AND state <> 'processing_upload'",
        ORG,
    )
    await owner.execute("DELETE FROM capture_request_counts WHERE org_id = $1", ORG)
    variables = {
        "DOORSTEP_DATABASE_URL": database_url,
        "DOORSTEP_BASE_URL": "http://127.0.0.1:8000",
        "DOORSTEP_SECRET_KEY": "k" * 40,
    }
    said = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-m", "doorstep", "recount"], cwd=tmp_path,
        env=environment(variables), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.stderr == ""
    assert said.stdout == f"organization {ORG}: 5 mended\nall counts are right\n"
    assert (await shown(pooled))[1:] == ([("archived", 3, 10)], (20, 10, 10))


async def one_made(pooled: PooledDatabase, number: int, *, user: int) -> tuple[int, int] | None:
    """(request, job), made in one transaction; every fourth is rolled back."""
    try:
        async with open_scope(pooled, org_id=ORG, actor=CRM) as scope:
            job_id = await scope.tx.fetchval(
                "INSERT INTO jobs (org_id, state, name, user_id, deliverable_id, "
                "client_identifier) VALUES ($1, 'uploading', 'Model Home', $2, 3, $3) RETURNING id",
                *(ORG, user, uuid.uuid4()),
            )
            request_id = await scope.tx.fetchval(
                "INSERT INTO capture_requests (org_id, identifier, capturing_user_name, "
                "capturing_user_email, requesting_user_id, job_id) "
                "VALUES ($1, $2, 'Lucille', $3, $4, $5) RETURNING id",
                *(ORG, public_name(), f"{number}@example.com", user, job_id),
            )
            if number % 4 == 3:
                raise ZeroDivisionError
    except ZeroDivisionError:
        return None
    return request_id, job_id


async def one_changed(
    pooled: PooledDatabase, number: int, *, pair: tuple[int, int], user: int
) -> None:
    """One of three things happens to it."""
    request_id, job_id = pair
    async with open_scope(pooled, org_id=ORG, actor=CRM) as scope:
        if number % 3 == 0:
            await session_queries.connect(scope, capture_request_id=request_id, language=None)
        elif number % 3 == 1:
            await requests.delete(scope, request_id=request_id)
            await change_queries.set_archived(scope, job_id=job_id, archived=True)
        else:
            await ownership_queries.set_requester(scope, job_id=job_id, user_id=user)
            await jobs.move(
                scope, job_id=job_id, to=JobState.PROCESSING_UPLOAD, before=["uploading"],
                failure=None,
            )  # fmt: skip


async def fold(pooled: PooledDatabase) -> None:
    """What one change in 64 does."""
    async with pooled.transaction(Role.APP, org_id=ORG) as tx:
        await tx.execute(f"SELECT doorstep_fold_job_counts({ORG})")
        await tx.execute(f"SELECT doorstep_fold_capture_request_counts({ORG})")


async def shown(pooled: PooledDatabase) -> tuple[object, object, object]:
    """(jobs by shelf, kinds of archived jobs, requests in all and of two states)."""
    async with open_scope(pooled, org_id=ORG, actor=CRM) as scope:
        kinds = await count_queries.kinds(scope, archived=True)
        states = (["new", "connected"], ["connected"], ["deleted"])
        totals = [
            await request_counts.total(scope, requesting_user_id=None, states=one) for one in states
        ]
        return await count_queries.by_shelf(scope), [tuple(kind) for kind in kinds], tuple(totals)
