"""The portfolio's search: what finds which house, in each of the ways to look for it."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from doorstep.auth.scopes import open_scope, task_scope
from doorstep.captures.model import CaptureRequest
from doorstep.jobs import terms
from doorstep.kit.db import Role
from doorstep.web.desk import portfolio_queries
from tests.capturing import ask
from tests.cast import STAGE, Cast
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk

LUCILLE, ZOE = 0, 1
FOUND: dict[str, list[int]] = {
    "balboa": [ZOE, LUCILLE],
    "BALBOA newport": [ZOE, LUCILLE],
    "albo": [],
    "lucille": [LUCILLE],
    "luc blu": [LUCILLE],
    "lucille balboa": [LUCILLE],
    "lucille michael": [],
    "zoe": [ZOE],
    "ZOË": [ZOE],
    "bl-4711": [LUCILLE],
    "4711": [LUCILLE],
    "711": [],
    "(217) 555-0143": [LUCILLE],
    "+1 217 555 0143": [LUCILLE],
    "217555": [LUCILLE],
    "5550143": [LUCILLE],
    "0143": [LUCILLE],
    "143": [],
    "9999": [],
    "michael@example": [ZOE],
    "michael@example.com": [ZOE],
    "ichael": [],
    "alice": [ZOE, LUCILLE],
    "alice zoe": [ZOE],
    "lice": [],
    "123456": [ZOE, LUCILLE],
    "3456": [],
    "qqqq": [],
    "%": [],
    "-- _": [],
    "balboa " * 25: [ZOE, LUCILLE],
    "zoe" * 60: [],
}


@pytest.fixture
async def houses(db: PinnedDatabase, cast: Cast, asked: CaptureRequest) -> list[int]:
    """Lucille's, and then Zoë's."""
    other = await ask(db, cast.alice, email="michael@example.com")
    people = (
        ("Lucille Bluth", None, "+12175550143", "BL-4711"),
        ("Zoë Michael", "michael@example.com", None, None),
    )
    ids = [asked.job_id, other.job_id]
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        for job_id, person in zip(ids, people, strict=True):
            await scope.tx.execute(
                "UPDATE jobs SET customer_name = $3, customer_email = $4, customer_phone = $5, "
                "external_identifier = $6, created_at = now() - $7::interval "
                "WHERE org_id = $1 AND id = $2",
                *(scope.org_id, job_id, *person, timedelta(hours=1)),
            )
    return ids


async def shown(desk: Desk, **query: str) -> list[int]:
    answer = await desk.get(f"/jobs?{urlencode({'look': 'list', **query})}")
    assert answer.status_code == 200
    return [int(one) for one in re.findall(r'class="name" href="/jobs/(\d+)"', answer.text)]


@pytest.mark.parametrize(
    ("way", "rare", "looked_through"),
    [("unwritten", 5000, 5000), ("led", 5000, 5000), ("looked up", 0, 1)],
)
async def test_a_house_is_found_by_the_beginnings_of_its_words(
    db: PinnedDatabase,
    cast: Cast,
    alice: Desk,
    charlie: Desk,
    monkeypatch: pytest.MonkeyPatch,
    *,
    houses: list[int],
    way: str,
    rare: int,
    looked_through: int,
) -> None:
    monkeypatch.setattr(terms, "CANDIDATES_MAX", rare)
    monkeypatch.setattr(portfolio_queries, "LOOKED_THROUGH_MAX", looked_through)
    if way != "unwritten":
        async with task_scope(db, org_id=cast.alice.org_id, task=terms.INDEX) as scope:
            await terms.index_next(scope)
        async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
            written = await tx.fetchval("SELECT count(DISTINCT job_id) FROM job_terms")
        assert written == 2
    for text, wanted in FOUND.items():
        assert await shown(alice, q=text) == [houses[one] for one in wanted], text
    assert await shown(alice, q="balboa", sort="oldest") == houses
    assert await shown(alice, q="balboa", sort="customer") == houses
    assert await shown(alice, q="balboa", sort="changed", shelf="invited") == houses[::-1]
    assert await shown(alice, q="balboa", shelf="ready") == []
    assert await shown(alice, q="balboa", after=str(houses[1])) == houses[:1]
    assert await shown(alice, q="balboa", member=str(cast.alice.admin_id)) == houses[::-1]
    assert await shown(alice, q="balboa", member=str(cast.alice.admin_id + 1)) == []
    assert await shown(charlie, q="balboa") == []
    nothing = (await alice.get("/jobs?q=zoe&shelf=ready")).text
    assert "No job among these has all of “zoe”" in nothing
    newest = await ask(db, cast.alice, email="buster@example.com")
    assert await shown(alice, q="balboa") == [newest.job_id, *houses[::-1]]
    table = (await alice.get("/jobs/jobs.csv?q=zoe")).text.splitlines()
    assert [line.split(",")[0] for line in table] == ["id", str(houses[ZOE])]
