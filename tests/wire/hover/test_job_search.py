"""`search` of both lists of jobs: what finds which job, in each of the ways to look for it."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from doorstep.auth.scopes import open_scope, task_scope
from doorstep.jobs import change_queries, terms
from doorstep.kit.db import PooledDatabase, Role, Tx
from doorstep.wire.hover import job_search_queries
from doorstep.worker import main as worker
from tests.cast import STAGE, Cast
from tests.pinned import PinnedDatabase
from tests.wire.hover.asks import ask

V2 = "/api/v2/jobs"
V3 = "/api/v3/jobs"
ORG = 987_656
HOUSES = (
    ("Barn", "2 Oak Street"),
    ("Café Köln", "12 Oakley Way"),
    ("Mill_No.7", "22b Élm-Oak Court"),
    ("O'Hara residence", "123456 Shed Lane"),
    ("Barn of Bob", "1002 Oak Street"),
)
FOUND: dict[str, list[int]] = {
    "2 Oak": [2, 0],
    "oak": [4, 2, 1, 0],
    "OAK str": [4, 0],
    "str oak": [4, 0],
    "oakl": [1],
    "akley": [],
    "002 oak": [],
    "street barn oak": [4, 0],
    "barn mill": [],
    "cafe kol": [1],
    "CAFÉ KÖLN": [1],
    "elm": [2],
    "élm-oak": [2],
    "no.7": [2],
    "mill_no": [2],
    "o'hara": [3],
    "bob": [4, 1],
    "bob oak": [4, 1],
    "bob barn": [4],
    "alice": [4, 3, 2, 0],
    "lice": [],
    "alice oak": [4, 2, 0],
    "alice@123456.example": [4, 3, 2, 0],
    "1234": [4, 3, 2, 1, 0],
    "3456": [],
    "123456 shed": [3],
    "example shed": [3],
    "lucille": [],
    "8675309": [],
    "qqq": [],
    "---": [],
    "%%%": [],
    "_ _": [],
    "   ": [4, 3, 2, 1, 0],
    "barn " * 200: [4, 0],
    "barn qqq " * 100: [],
    "residence" * 30: [],
}


async def made(client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase) -> list[int]:
    """The houses, a minute apart and older than an hour; the second one is Bob's."""
    asked = [await ask(client, cast.alice, name=name, location_line_1=at, location_region="CA",
                       external_identifier="8675309") for name, at in HOUSES]  # fmt: skip
    await ask(client, cast.charlie, name="Barn", location_line_1="2 Oak Street")
    ids = [int(one["pending_job_id"]) for one in asked]
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        await tx.execute(
            "UPDATE jobs SET created_at = to_timestamp(1700000000 + 60 * n) "
            "FROM unnest($1::bigint[]) WITH ORDINALITY t(job, n) WHERE id = job",
            ids,
        )
        bob = await tx.fetchval("SELECT id FROM users WHERE name = 'Bob'")
    reassigned = await client.post(
        f"{V2}/{ids[1]}/reassign", json={"user_id": bob}, headers=cast.alice.bearer
    )
    assert reassigned.status_code == 204
    return ids


async def found(client: httpx.AsyncClient, cast: Cast, query: dict[str, Any]) -> tuple[Any, Any]:
    """(ids by v3, ids by v2 with their total)."""
    seen = []
    for path in (V3, V2):
        answer = await client.get(path, params=query, headers=cast.alice.bearer)
        assert answer.status_code == 200, answer.text
        seen.append(answer.json())
    ids = [[one["id"] for one in body["results"]] for body in seen]
    return ids[0], (ids[1], seen[1]["pagination"]["total"])


async def index(db: PinnedDatabase) -> None:
    """What the worker does every minute."""
    await worker.index(db, {}, task=terms.INDEX, index_next=terms.index_next)


@pytest.mark.parametrize(
    ("way", "rare", "looked_through"),
    [("unwritten", 5000, 5000), ("led", 5000, 5000), ("looked up", 0, 1)],
)
async def test_a_word_is_found_by_its_beginning_however_it_is_looked_for(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    monkeypatch: pytest.MonkeyPatch,
    *,
    way: str,
    rare: int,
    looked_through: int,
) -> None:
    monkeypatch.setattr(terms, "CANDIDATES_MAX", rare)
    monkeypatch.setattr(job_search_queries, "LOOKED_THROUGH_MAX", looked_through)
    ids = await made(client, cast, db)
    if way != "unwritten":
        await index(db)
    for text, houses in FOUND.items():
        wanted = [ids[one] for one in houses]
        assert await found(client, cast, {"search": text}) == (wanted, (wanted, len(wanted))), text

    async def stretch(**query: Any) -> tuple[list[int], list[int], int]:
        v3, (v2, total) = await found(client, cast, {"search": "oak", **query})
        return [ids.index(one) for one in v3], [ids.index(one) for one in v2], total

    assert await stretch(per=1) == ([4], [4], 4)
    assert await stretch(per=1, page=2) == ([2], [2], 4)
    assert await stretch(per=3, page=2) == ([0], [0], 4)
    assert await stretch(per=2, page=3) == ([], [], 4)
    await client.put(f"{V2}/{ids[2]}/archive", headers=cast.alice.bearer)
    assert await stretch() == ([4, 1, 0], [4, 1, 0], 3)
    assert await stretch(archived="true") == ([2], [2], 1)
    newer = int((await ask(client, cast.alice, location_line_1="3 Oak Mews"))["pending_job_id"])
    ids.append(newer)
    assert await stretch(per=2) == ([5, 4], [5, 4], 4)


async def test_a_job_that_is_described_anew_leaves_no_word_behind(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    async def told() -> list[tuple[str, bool]]:
        async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
            rows = await tx.fetch(
                "SELECT term, of_place FROM job_terms WHERE job_id = $1 ORDER BY 1", ids[0]
            )
        return [(row["term"], row["of_place"]) for row in rows]

    ids = await made(client, cast, db)
    changed = {"name": "Stable", "customer_phone": "+12175550143", "location_line_1": "7 Elm Way"}

    async def describe(**job: str) -> None:
        answer = await client.patch(
            f"/api/v1/jobs/{ids[0]}",
            json={"current_user_id": cast.alice.admin_id, "job": job},
            headers=cast.alice.bearer,
        )
        assert answer.status_code == 200, answer.text

    await describe(name="Barn of Hay")
    assert await told() == []
    await index(db)
    person = [("8675309", False), ("com", False), ("example", False), ("lucille", False)]
    assert sorted([*person, ("bluth", False)]) == [one for one in await told() if not one[1]]
    assert [one for one, place in await told() if place] == [
        *("2", "barn", "ca", "hay", "oak", "of", "street")
    ]
    await describe(**changed)
    assert await told() == [
        ("0143", False), ("12175550143", False), ("2175550143", False), ("5550143", False),
        ("7", True), ("8675309", False), ("bluth", False), ("ca", True), ("com", False),
        ("elm", True), ("example", False), ("lucille", False), ("stable", True), ("way", True),
    ]  # fmt: skip
    assert await found(client, cast, {"search": "2 oak"}) == ([ids[2]], ([ids[2]], 1))


@pytest.mark.parametrize("text", ["", "ab", "é2"])
async def test_fewer_than_three_characters(
    client: httpx.AsyncClient, cast: Cast, text: str
) -> None:
    for path in (V2, V3):
        answer = await client.get(path, params={"search": text}, headers=cast.alice.bearer)
        assert answer.status_code == (422 if text else 200), answer.text


@pytest.fixture
async def job_id(owner: Tx) -> AsyncIterator[int]:
    """A job called Barn for the pools, older than a minute; all that they write is taken away."""
    await owner.execute(
        "INSERT INTO orgs (id, name, customer_display_name, captorra_id) VALUES ($1, 'x', 'x', 'y')",
        ORG,
    )
    yield await owner.fetchval(
        "WITH one AS (INSERT INTO users (org_id, email, name, role) "
        "VALUES ($1, '3@x.example', 'x', 'member') RETURNING id) "
        "INSERT INTO jobs (org_id, state, name, user_id, deliverable_id, client_identifier, "
        "created_at) SELECT $1, 'uploading', 'Barn', id, 3, $2, now() - interval '1 hour' "
        "FROM one RETURNING id",
        *(ORG, uuid.uuid4()),
    )
    for table in ("job_terms", "job_term_marks", "jobs", "job_counts", "users"):
        await owner.execute(f"DELETE FROM {table} WHERE org_id = $1", ORG)
    await owner.execute("DELETE FROM orgs WHERE id = $1", ORG)


async def test_the_worker_and_who_describes_a_job_wait_for_each_other(
    pooled: PooledDatabase, owner: Tx, job_id: int
) -> None:
    """Else one would write the words that the other has just taken away."""

    async def told() -> list[str]:
        return [
            row[0] for row in await owner.fetch("SELECT term FROM job_terms WHERE org_id = $1", ORG)
        ]

    async def describe(name: str) -> None:
        async with open_scope(pooled, org_id=ORG, actor=STAGE) as scope:
            await change_queries.update(scope, job_id=job_id, values={"name": name})

    async with open_scope(pooled, org_id=ORG, actor=STAGE) as scope:
        await change_queries.update(scope, job_id=job_id, values={"name": "Stable"})
        async with task_scope(pooled, org_id=ORG, task=terms.INDEX) as working:
            assert not await terms.index_next(working)
    assert await told() == []

    async with task_scope(pooled, org_id=ORG, task=terms.INDEX) as working:
        await terms.index_next(working)
        describing = asyncio.create_task(describe("Mill"))
        waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        while not describing.done() and not await owner.fetchval(waits):
            await asyncio.sleep(0)
        assert not describing.done()
        assert await told() == []
    await describing
    assert await told() == ["mill"]
    async with pooled.transaction(Role.APP, org_id=ORG) as tx:
        await tx.execute("DELETE FROM jobs WHERE org_id = $1", ORG)
    assert await told() == []
