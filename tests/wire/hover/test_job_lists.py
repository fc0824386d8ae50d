"""Lists of jobs: every order, filter and page, and searches by the words that the worker writes."""

from typing import Any

import httpx
import pytest

from doorstep.jobs import terms
from doorstep.kit.db import Role
from doorstep.wire.hover import job_walk_queries
from doorstep.worker import main as worker
from tests.cast import Cast, Troupe
from tests.pinned import PinnedDatabase
from tests.wire.hover.asks import ask

V2 = "/api/v2/jobs"
V3 = "/api/v3/jobs"


class Lists:
    """An organization's lists, with its jobs by the order in which they were made."""

    def __init__(self, client: httpx.AsyncClient, troupe: Troupe, ids: list[int]) -> None:
        self.client, self.troupe, self.ids = client, troupe, ids

    async def __call__(self, query: str, path: str = V3) -> tuple[list[int], Any]:
        """(which jobs, the total or whether there is a next page)."""
        answer = await self.client.get(f"{path}?{query}", headers=self.troupe.bearer)
        assert answer.status_code == 200, answer.text
        paging = answer.json()["pagination"]
        more = paging["total"] if path == V2 else paging["next_page"] is not None
        return [self.ids.index(one["id"]) for one in answer.json()["results"]], more

    async def both(self, words: str) -> list[int]:
        """What both versions find."""
        found, total = await self(f"search={words}", path=V2)
        assert (found, total) == ((await self(f"search={words}"))[0], len(found))
        return found


async def made(client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase) -> Lists:
    """Five jobs, a minute apart, changed last in the reverse order."""
    names = ["Barn", "Café Köln", "Mill", "Barn at the mill", "Shed"]
    asked = [
        await ask(client, cast.alice, name=name, deliverable_id=(2, 3)[number % 2])
        for number, name in enumerate(names)
    ]
    await ask(client, cast.charlie, name="Barn")
    ids = [one["pending_job_id"] for one in asked]
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        await tx.execute(
            "UPDATE jobs SET created_at = to_timestamp(1700000000 + 60 * n), location_line_1 = "
            "n * 111 || ' Balboa', updated_at = to_timestamp(1700000600 - 60 * n) "
            "FROM unnest($1::bigint[]) WITH ORDINALITY t(job, n) WHERE id = job",
            ids,
        )
    return Lists(client, cast.alice, ids)


@pytest.mark.parametrize("few", [0, 5000])
async def test_every_order_and_filter(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    monkeypatch: pytest.MonkeyPatch,
    few: int,
) -> None:
    """The same from a sort and from walks along the indexes."""
    monkeypatch.setattr(job_walk_queries, "FEW", few)
    lists = await made(client, cast, db)
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        await tx.execute(
            "UPDATE jobs SET state = 'complete', completed_at = to_timestamp(1700000000 + id) "
            "WHERE id = ANY ($1)",
            lists.ids[1:3],
        )
        await tx.execute("UPDATE jobs SET archived_at = now() WHERE id = $1", lists.ids[4])

    assert await lists("sort_by=completed_at") == ([2, 1, 3, 0], False)
    assert await lists("sort_by=completed_at&per=1") == ([2], True)
    assert await lists("sort_by=completed_at&per=3") == ([2, 1, 3], True)
    assert await lists("sort_by=completed_at&per=3&page=2") == ([0], False)
    assert await lists("sort_by=completed_at&per=1&page=4") == ([0], False)
    assert await lists("sort_by=completed_at&sort_order=ASC") == ([1, 2, 0, 3], False)
    assert await lists("sort_by=completed_at&sort_order=ASC&per=1&page=4") == ([3], False)
    assert await lists("sort_by=updated_at") == ([0, 1, 2, 3], False)
    assert await lists("sort_by=updated_at&sort_order=ASC&per=2&page=2") == ([1, 0], False)
    assert await lists("sort_by=updated_at&reconstruction_state=completed") == ([1, 2], False)
    assert await lists("sort_by=updated_at&deliverable_ids[]=2") == ([0, 2], False)
    assert await lists("updated_since=1700000480&sort_order=ASC") == ([0, 1], False)
    assert await lists("reconstruction_state=draft&deliverable_ids[]=3") == ([3], False)
    assert await lists("archived=true&reconstruction_state=draft") == ([4], False)
    assert await lists("archived=true&reconstruction_state=completed") == ([], False)
    assert await lists("per=3", path=V2) == ([3, 2, 1], 4)
    assert await lists("per=3&page=2", path=V2) == ([0], 4)
    assert await lists("per=1&page=4", path=V2) == ([0], 4)
    assert await lists("per=1&page=5", path=V2) == ([], 4)
    assert await lists("states[]=complete&states[]=needs_photos&per=1", path=V2) == ([3], 4)
    assert await lists("deliverable_ids[]=3&archived=true", path=V2) == ([], 0)
    assert await lists("archived=1", path=V2) == ([4], 1)
    # As PHP writes a list, and a kind that cannot be.
    assert await lists("deliverable_ids[0]=2&deliverable_ids[1]=5", path=V2) == ([2, 0], 2)
    assert await lists("deliverable_ids[]=99999999999", path=V2) == ([], 0)
    assert await lists("deliverable_ids[]=99999999999&sort_by=updated_at") == ([], False)


@pytest.mark.parametrize("rare", [0, 5000])
async def test_searches_by_words(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    monkeypatch: pytest.MonkeyPatch,
    rare: int,
) -> None:
    """The same along rare words and, when none is, along the list."""
    monkeypatch.setattr(terms, "CANDIDATES_MAX", rare)
    lists = await made(client, cast, db)
    assert await lists.both("mill") == [3, 2]
    await index(db)
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        words = await tx.fetch("SELECT term FROM job_terms WHERE job_id = $1", lists.ids[1])
    told = ["222", "balboa", "bluth", "cafe", "com", "example", "koln", "lucille"]
    assert sorted(word[0] for word in words) == told

    found = {words: await lists.both(words) for words in (
        "barn", "BAR", "mill barn", "balboa", "222", "cafe kol", "KÖLN", "111 mill", "qqq", "---",
        "alice", "123456 shed", "bob",
    )}  # fmt: skip
    assert found == {
        "barn": [3, 0], "BAR": [3, 0], "mill barn": [3], "balboa": [4, 3, 2, 1, 0], "222": [1],
        "cafe kol": [1], "KÖLN": [1], "111 mill": [], "qqq": [], "---": [],
        "alice": [4, 3, 2, 1, 0], "123456 shed": [4], "bob": [],
    }  # fmt: skip
    assert await lists("search=mill&sort_by=updated_at") == ([2, 3], False)
    assert await lists("search=mill&sort_by=completed_at&per=1&page=2") == ([2], False)
    assert await lists("search=bal&per=2&page=2") == ([2, 1], True)
    assert await lists("search=barn&deliverable_ids[]=2") == ([0], False)
    assert await lists("search=barn&reconstruction_state=failed") == ([], False)
    assert await lists("search=barn&updated_since=1700000480") == ([0], False)

    # What is described anew is found by it at once, and by its old words no more.
    changed = await client.patch(
        f"/api/v1/jobs/{lists.ids[0]}",
        json={"current_user_id": cast.alice.admin_id, "job": {"name": "Stable"}},
        headers=cast.alice.bearer,
    )
    assert changed.status_code == 200
    await client.put(f"{V2}/{lists.ids[4]}/archive", headers=cast.alice.bearer)
    newest = await ask(client, cast.alice, name="Stable too")
    lists.ids.append(newest["pending_job_id"])
    assert await lists.both("stable") == [5, 0]
    assert await lists.both("barn") == [3]
    assert await lists.both("shed") == []
    assert await lists("search=shed&archived=true", path=V2) == ([4], 1)


async def test_the_worker_passes_over_no_job(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms, "JOBS_AT_ONCE_MAX", 2)
    monkeypatch.setattr(worker, "INDEX_STEPS_MAX", 1)
    lists = await made(client, cast, db)
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        await tx.execute("UPDATE jobs SET created_at = now() WHERE id = $1", lists.ids[3])
    having = []
    for _ in range(3):
        await index(db)
        async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
            rows = await tx.fetch("SELECT DISTINCT job_id FROM job_terms ORDER BY 1")
        having.append([lists.ids.index(row["job_id"]) for row in rows])
    # The fourth may still have an elder brother that nobody sees yet.
    assert having == [[0, 1], [0, 1, 2], [0, 1, 2]]


async def test_the_applications_role_walks_along_the_indexes(
    db: PinnedDatabase, cast: Cast
) -> None:
    """Row security lets an index be used with operators only that tell nothing."""
    walks = {
        "job_terms_term": "SELECT job_id FROM job_terms WHERE org_id = $1 "
        "AND of_place = ANY ('{f,t}') AND term >= 'b' AND term < 'c'",
        "jobs_kind_created": "SELECT id FROM jobs WHERE org_id = $1 AND shelf = 'ready' "
        "AND deliverable_id = 3 ORDER BY created_at DESC, id DESC LIMIT 9",
    }
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        await tx.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        plans = {
            name: "\n".join(row[0] for row in await tx.fetch(f"EXPLAIN {sql}", cast.alice.org_id))
            for name, sql in walks.items()
        }
    assert [name for name, plan in plans.items() if name not in plan] == []
    assert "Sort" not in "".join(plans.values())
    assert "(term >= 'b'::text)" in plans["job_terms_term"].split("Index Cond")[1]


async def index(db: PinnedDatabase) -> None:
    """What the worker does every minute."""
    await worker.index(db, {}, task=terms.INDEX, index_next=terms.index_next)
