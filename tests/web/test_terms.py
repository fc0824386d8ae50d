"""Searches by the words that the worker has written: from all leads, by the beginnings of words."""

import uuid

import httpx
import pytest

from doorstep.kit.db import Role
from doorstep.leads import terms
from doorstep.web.desk import inbox_queries
from doorstep.worker import main as worker
from tests.cast import Cast
from tests.faults.posting import rows
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk, post_lead
from tests.web.test_search import OTHER, found, table

HOUR = "UPDATE leads SET received_at = received_at - interval '1 hour'"


async def wait_an_hour(db: PinnedDatabase, cast: Cast) -> None:
    async with db.transaction(Role.WORKER, org_id=cast.alice.org_id) as tx:
        await tx.execute(HOUR)


@pytest.fixture
async def two(client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase) -> None:
    """Lucille first, then Tobias; both have their words."""
    await post_lead(client, cast.alice)
    await post_lead(client, cast.alice, **OTHER)
    await wait_an_hour(db, cast)
    await worker.index(db, {}, task=terms.INDEX, index_next=terms.index_next)


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("lucille", ["Lucille Bluth"]),
        ("BLUTH luc", ["Lucille Bluth"]),
        ("tobias@blueman", ["Tobias Fünke_100%"]),
        ("fünke", ["Tobias Fünke_100%"]),
        ("funke", ["Tobias Fünke_100%"]),
        ("FÜNK sudden", ["Tobias Fünke_100%"]),
        ("480-555-0177", ["Tobias Fünke_100%"]),
        ("5550177", ["Tobias Fünke_100%"]),
        ("480555", ["Tobias Fünke_100%"]),
        ("+1 (217) 555 0143", ["Lucille Bluth"]),
        ("0143", ["Lucille Bluth"]),
        ("92661", ["Tobias Fünke_100%", "Lucille Bluth"]),
        ("555", []),
        ("100%25", ["Tobias Fünke_100%"]),
        ("%25", ["Tobias Fünke_100%"]),
        ("_1", ["Tobias Fünke_100%"]),
        ("lucille tobias", []),
        ("ucille", []),
        ("example", ["Tobias Fünke_100%", "Lucille Bluth"]),
    ],
)
async def test_by_the_beginning_of_every_word(amy: Desk, text: str, who: list[str]) -> None:
    query = text.replace("+", "%2B").replace(" ", "+")
    assert await found(amy, f"q={query}") == who


@pytest.mark.usefixtures("two")
async def test_a_rare_word_finds_a_lead_behind_all_that_a_search_looks_through(
    alice: Desk, bob: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_queries, "SCANNED_MAX", 1)
    assert await found(alice, "q=lucille") == ["Lucille Bluth"]
    assert [row["first_name"] for row in await table(bob, "q=lucille")] == ["Lucille"]
    assert "No lead is like that." in (await alice.get("/inbox?q=gob")).text


@pytest.mark.usefixtures("two")
async def test_a_word_of_too_many_leads_looks_through_the_newest(
    alice: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms, "CANDIDATES_MAX", 1)
    assert await found(alice, "q=example") == ["Tobias Fünke_100%", "Lucille Bluth"]
    assert await found(alice, "q=example+lucille") == ["Lucille Bluth"]


@pytest.mark.usefixtures("two")
async def test_a_lead_that_came_since_is_found_with_those_before(
    client: httpx.AsyncClient, cast: Cast, alice: Desk
) -> None:
    await post_lead(client, cast.alice, First="Buster", ID="BL-9")
    assert await found(alice, "q=bluth") == ["Buster Bluth", "Lucille Bluth"]
    older = await found(alice, "q=bluth&tag=test")
    assert older == []


@pytest.mark.usefixtures("two")
async def test_pages_of_a_search_go_on_where_they_end(
    alice: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("doorstep.web.desk.inbox.ROWS_MAX", 1)
    text = (await alice.get("/inbox?q=example")).text
    older = text.split('href="/inbox?show=&amp;q=example&amp;before=')[1].split('"')[0]
    assert await found(alice, f"q=example&before={older}") == ["Lucille Bluth"]
    assert "before=" not in (await alice.get(f"/inbox?q=example&before={older}")).text


@pytest.mark.usefixtures("two")
async def test_another_organization_finds_nothing_by_our_words(
    cast: Cast, db: PinnedDatabase, charlie: Desk
) -> None:
    assert await found(charlie, "q=lucille") == []
    assert await rows(db, cast.charlie, "SELECT term FROM lead_terms") == []
    assert len(await rows(db, cast.alice, "SELECT term FROM lead_terms")) == 28


async def test_the_worker_goes_on_where_it_stopped_and_leaves_the_last_minute(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(terms, "LEADS_AT_ONCE_MAX", 1)
    monkeypatch.setattr(worker, "INDEX_STEPS_MAX", 2)
    made = [await post_lead(client, cast.alice, ID=f"BL-{i}", Details=str(i)) for i in range(3)]
    await wait_an_hour(db, cast)
    new = await post_lead(client, cast.alice, ID="BL-4", Details="4")

    counts = []
    for _ in range(3):
        await worker.index(db, {}, task=terms.INDEX, index_next=terms.index_next)
        counts.append(await _having(db, cast, "lucille"))

    assert counts == [made[:2], made, made]
    assert new not in counts[-1]


async def test_the_applications_role_finds_words_by_the_index(
    db: PinnedDatabase, cast: Cast
) -> None:
    """Row security lets an index be used with operators only that tell nothing."""
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        await tx.execute("SET LOCAL enable_seqscan = off")
        plan = await tx.fetch(
            "EXPLAIN SELECT lead_id FROM lead_terms WHERE org_id = $1 AND term >= $2 AND term < $3",
            *(cast.alice.org_id, "luc", "luc\U0010ffff"),
        )
    text = "\n".join(row[0] for row in plan)
    assert "lead_terms_term" in text
    assert "(term >= 'luc'::text)" in text.split("Index Cond")[1].split("Filter")[0]


async def _having(db: PinnedDatabase, cast: Cast, term: str) -> list[uuid.UUID]:
    query = f"SELECT lead_id FROM lead_terms WHERE term = '{term}' ORDER BY lead_id"
    return [row["lead_id"] for row in await rows(db, cast.alice, query)]
