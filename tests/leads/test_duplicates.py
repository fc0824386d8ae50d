"""Leads that look alike: found in the background, once, for reasons that can be said."""

import uuid

import httpx
import pytest

from doorstep.auth.scopes import open_scope
from doorstep.events.actions import FAN_OUT
from doorstep.leads import duplicates, merges, queries
from doorstep.worker.main import fan_out
from tests.background import take
from tests.cast import STAGE, Cast, Troupe
from tests.faults.posting import accepted, encoded, rows
from tests.pinned import PinnedDatabase

LUCILLE = {
    "First": "Lucille",
    "Last": "Bluth",
    "Primary": "(217) 555-0143",
    "Email": "lucille@example.com",
    "Address": "1 Balboa Towers",
    "ID": "BL-7",
}
NOBODY = {
    "First": "Gene",
    "Last": "Parmesan",
    "Primary": "",
    "Email": "",
    "Address": "",
    "ID": "",
}


async def work(db: PinnedDatabase) -> None:
    """Everything that waits in the background."""
    for task in await take(db, FAN_OUT):
        await fan_out(db, task.payload)


async def arrive(
    client: httpx.AsyncClient, db: PinnedDatabase, troupe: Troupe, **values: str
) -> uuid.UUID:
    lead_id = await accepted(client, encoded(troupe, **values))
    await work(db)
    return lead_id


async def found(
    db: PinnedDatabase, troupe: Troupe, lead_id: uuid.UUID
) -> dict[uuid.UUID, tuple[str, ...]]:
    """The candidates of a lead with their reasons."""
    async with open_scope(db, org_id=troupe.org_id, actor=STAGE) as scope:
        lead = await queries.find(scope, lead_id=lead_id)
        assert lead is not None
        alike = await duplicates.candidates(scope, lead=lead)
    return {one.lead.id: one.reasons for one in alike}


@pytest.mark.parametrize(
    ("values", "reasons"),
    [
        ({"Primary": "+1 217 555 0143"}, ("Same phone, 2175550143",)),
        ({"Secondary": "217.555.0143"}, ("Same phone, 2175550143",)),
        ({"Email": " Lucille@Example.com"}, ("Same e-mail, lucille@example.com",)),
        ({"ID": "bl-7"}, ("Same number of the same vendor, bl-7, another name",)),
        (
            {"First": "LUCILLE", "Last": "Bluth ", "Address": "1, Balboa  towers"},
            ("Same name and address",),
        ),
        (
            {**LUCILLE, "Details": "Again"},
            (
                "Same phone, 2175550143",
                "Same e-mail, lucille@example.com",
                "Same name and address",
                "Same number of the same vendor, BL-7",
            ),
        ),
    ],
)
async def test_each_reason_is_found_from_both_sides(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    values: dict[str, str],
    reasons: tuple[str, ...],
) -> None:
    first = await arrive(client, db, cast.alice, **LUCILLE)
    second = await arrive(client, db, cast.alice, **{**NOBODY, **values})

    assert await found(db, cast.alice, second) == {first: reasons}
    assert list(await found(db, cast.alice, first)) == [second]
    (event,) = await rows(
        db,
        cast.alice,
        "SELECT lead_id, payload FROM events WHERE name = 'lead.duplicate_suspected'",
    )
    assert event["lead_id"] == second
    assert event["payload"]["other_ids"] == [str(first)]


@pytest.mark.parametrize(
    "values",
    [
        {"Primary": "555-0143", "Email": "n/a", "ID": "n/a"},
        {"First": "Lucille", "Last": "Bluth"},
        {"Address": "1 Balboa Towers"},
    ],
)
async def test_what_many_share_is_no_reason(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, values: dict[str, str]
) -> None:
    await arrive(client, db, cast.alice, **{**LUCILLE, "Primary": "555-0143", "Email": "n/a"})
    second = await arrive(client, db, cast.alice, **{**NOBODY, **values})
    assert await found(db, cast.alice, second) == {}


async def test_a_number_that_a_vendor_always_sends_is_no_reason(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    made = [
        await arrive(client, db, cast.alice, **{**NOBODY, "First": f"G{one}", "ID": "12345678"})
        for one in range(7)
    ]
    assert [len(await found(db, cast.alice, one)) for one in made] == [5, 5, 5, 5, 5, 5, 0]


async def test_tests_and_other_organizations_are_like_nobody(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    await arrive(client, db, cast.alice, **LUCILLE)
    theirs = await arrive(client, db, cast.charlie, **LUCILLE)
    assert await found(db, cast.charlie, theirs) == {}

    lead_id = await accepted(client, encoded(cast.alice, **{**LUCILLE, "First": "Lucille II"}))
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await scope.tx.execute(
            "UPDATE leads SET tags = '{test}' WHERE org_id = $1 AND id = $2", scope.org_id, lead_id
        )
    await work(db)
    assert await found(db, cast.alice, lead_id) == {}


async def test_who_was_like_the_merged_lead_is_offered_beside_the_kept_one(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase
) -> None:
    kept = await arrive(client, db, cast.alice, **{**NOBODY, "Primary": "2175550143"})
    goes = await arrive(
        client, db, cast.alice, **{**NOBODY, "Primary": "2175550143", "Email": "l@example.com"}
    )
    third = await arrive(client, db, cast.alice, **{**NOBODY, "Email": "l@example.com"})
    assert list(await found(db, cast.alice, third)) == [goes]

    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await merges.merge(scope, lead_id=goes, into_id=kept)
    assert await found(db, cast.alice, third) == {kept: ()}
    assert await found(db, cast.alice, goes) == {}

    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await duplicates.part(scope, lead_id=kept, other_id=third)
    assert await found(db, cast.alice, third) == {}
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await duplicates.rejoin(scope, lead_id=third, other_id=kept)
        await merges.undo(scope, lead_id=goes)
    assert set(await found(db, cast.alice, third)) == {kept, goes}
