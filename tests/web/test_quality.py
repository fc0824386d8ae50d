"""The scorecard of the vendors: what came of their leads, and what they cost."""

import csv
import io
import re
import uuid
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from doorstep.auth.scopes import open_scope
from doorstep.kit.db import Role
from doorstep.leads import dispositions
from tests.cast import STAGE, Cast
from tests.faults.posting import accepted, encoded, rows, send
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk

PATH = "/sources/quality"
DASH = "\N{EN DASH}"
OCTOBER = "?from=2026-10&to=2026-10"
CONTACTS: tuple[dict[str, str], ...] = ({}, {"Primary": ""}, {"Email": "", "Primary": ""}, {})


@pytest.fixture
async def four(client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase) -> list[uuid.UUID]:
    """Four leads and seven posts; two leads were decided on, after 10 and 30 minutes."""
    leads = [
        await accepted(client, encoded(cast.alice, ID=str(number), **contact))
        for number, contact in enumerate(CONTACTS)
    ]
    await accepted(client, encoded(cast.alice, ID="0"))
    for _ in range(2):
        await send(client, encoded(cast.alice, Last=""))
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        now: datetime = await tx.fetchval("SELECT now()")
        for lead_id, minutes in zip(leads, (10, 30, 0, 0), strict=True):
            await tx.execute(
                "UPDATE leads SET received_at = $2 WHERE id = $1",
                lead_id,
                now - timedelta(minutes=minutes),
            )
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await dispositions.dispose(scope, lead_id=leads[0], disposition="contacted")
        await dispositions.dispose(scope, lead_id=leads[0], disposition="signed")
        await dispositions.dispose(
            scope, lead_id=leads[1], disposition="returned", reason="unreachable"
        )
    return leads


async def table(desk: Desk, query: str = "") -> list[dict[str, str]]:
    """The lines of the CSV."""
    answer = await desk.get(f"{PATH}.csv{query}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text)))


async def test_the_figures_of_a_vendor_and_of_all(
    cast: Cast, db: PinnedDatabase, bob: Desk, four: list[uuid.UUID]
) -> None:
    (source,) = await rows(
        db, cast.alice, "SELECT id, now() AT TIME ZONE 'America/New_York' AS now FROM sources"
    )
    await bob.post(f"/leads/{four[0]}/cost", {"amount": "40"})
    month = f"{source['now']:%Y-%m}"
    form = {"source": str(source["id"]), "month": month, "amount": "60.03"}
    await bob.post("/sources/costs", form)

    one, everything = await table(bob)

    assert (one["Vendor"], everything["Vendor"]) == ("Bright Leads", "All vendors")
    assert list(one.values())[1:] == list(everything.values())[1:]
    assert one == {
        "Vendor": "Bright Leads",
        "Posts": "7",
        "Accepted": "4",
        "Repeated": "1",
        "Refused": "2",
        "Refused share": "28.6%",
        "Leads": "4",
        "Duplicates": "0",
        "Contactable": "75.0%",
        "Median first touch": "20 min 00 s",
        "Contacted": "0",
        "Qualified": "0",
        "Signed": "1",
        "Rejected": "0",
        "Marked duplicate": "0",
        "Returned": "1",
        "Return share": "25.0%",
        "Cost": "100.03",
        "Cost per lead": "25.01",
        "Cost per signed case": "100.03",
    }
    page = (await bob.get(PATH)).text
    assert "<td>28.6%</td>" in page
    assert "<td>25.01</td>" in page


async def test_a_duplicate_is_one_that_was_merged_or_marked(
    cast: Cast, db: PinnedDatabase, bob: Desk, four: list[uuid.UUID]
) -> None:
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await dispositions.dispose(scope, lead_id=four[2], disposition="duplicate")
        await scope.tx.execute(
            "INSERT INTO lead_merges (org_id, lead_id, into_id, actor) VALUES ($1, $2, $3, '')",
            scope.org_id,
            four[3],
            four[0],
        )

    one, _ = await table(bob)

    assert (one["Duplicates"], one["Marked duplicate"], one["Leads"]) == ("2", "1", "4")


async def test_by_case_type_there_are_no_posts(
    client: httpx.AsyncClient, cast: Cast, bob: Desk, four: list[uuid.UUID]
) -> None:
    lead_id = await accepted(client, encoded(cast.alice, ID="roof", Type=str(cast.alice.case_type)))
    await bob.post(f"/leads/{lead_id}/cost", {"amount": "12"})

    lines = await table(bob, "?by=type")

    assert "Posts" not in lines[0]
    told = [(one["Case type"], one["Leads"], one["Cost"]) for one in lines]
    assert told == [("Roof", "1", "12.00"), ("None", "4", ""), ("All vendors", "5", "12.00")]


async def test_where_nothing_is_known_there_is_a_dash(bob: Desk, amy: Desk) -> None:
    for desk in (bob, amy):
        page = (await desk.get(PATH + OCTOBER)).text
        row = page.partition("All vendors</th>")[2].partition("</tr>")[0]
        assert re.findall("<td>(.*?)</td>", row) == (
            ["0", "0", "0", "0", DASH, "0", "0", DASH, DASH] + ["0"] * 6 + [DASH] * 4
        )
        assert "No leads in these months." in page
    (everything,) = await table(bob, OCTOBER)
    assert everything["Refused share"] == everything["Cost"] == ""


async def test_only_the_leads_of_the_months_and_no_tests(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, bob: Desk
) -> None:
    inside, before, test = [
        await accepted(client, encoded(cast.alice, ID=str(number))) for number in range(3)
    ]
    async with db.transaction(Role.APP, org_id=cast.alice.org_id) as tx:
        for lead_id, at in (
            # Midnight in New York is four hours later in UTC.
            (inside, datetime(2026, 10, 1, 4, tzinfo=UTC)),
            (before, datetime(2026, 10, 1, 3, 59, tzinfo=UTC)),
            (test, datetime(2026, 10, 10, tzinfo=UTC)),
        ):
            await tx.execute("UPDATE leads SET received_at = $2 WHERE id = $1", lead_id, at)
        await tx.execute("UPDATE leads SET tags = '{test}' WHERE id = $1", test)

    for query, count in (
        (OCTOBER, "1"),
        ("?from=2026-09&to=2026-10", "2"),
        ("?from=2026-10&to=2026-09", "2"),
        ("?from=2026-09&to=2026-09", "1"),
    ):
        assert (await table(bob, query))[-1]["Leads"] == count


@pytest.mark.parametrize("query", ["?from=x", "?to=2026-13", "?from=0001-01", "?to=9999-12"])
async def test_a_month_that_cannot_be_is_not_found(bob: Desk, query: str) -> None:
    for path in (PATH, f"{PATH}.csv"):
        assert (await bob.get(path + query)).status_code == 404
    assert (await bob.get(f"{PATH}.csv?by=x")).status_code == 404


async def test_a_range_is_cut_to_two_years(bob: Desk) -> None:
    page = (await bob.get(f"{PATH}?from=2001-01&to=2026-10")).text

    assert '<option value="2024-11" selected>Nov 2024</option>' in page
    assert '<option value="2001-01"' not in page


async def test_a_name_that_is_a_formula_is_none_in_the_table(
    cast: Cast, alice: Desk, client: httpx.AsyncClient
) -> None:
    guid = str(uuid.uuid4())
    await alice.post("/sources", {"kind": "sources", "name": "=1+1", "guid": guid})
    await accepted(client, encoded(cast.alice, Referrer=guid))

    assert [one["Vendor"] for one in await table(alice)] == ["'=1+1", "All vendors"]


async def test_no_secret_and_nothing_of_others_is_shown(
    cast: Cast, alice: Desk, amy: Desk, charlie: Desk, four: list[uuid.UUID]
) -> None:
    for path in (PATH, f"{PATH}.csv"):
        for desk in (alice, amy):
            text = (await desk.get(path)).text
            assert "Bright Leads" in text
            assert str(cast.alice.referrer) not in text
    assert [one["Leads"] for one in await table(charlie)] == ["0"]
    assert f'href="{PATH}"' in (await amy.get("/inbox")).text
    assert f'href="{PATH}"' in (await alice.get("/sources")).text
