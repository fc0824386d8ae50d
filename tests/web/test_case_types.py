"""Case types and vendors get other names, and case types are switched off and on."""

import uuid

import httpx
import pytest

from tests.cast import Cast
from tests.faults.posting import R4, accepted, encoded, rows, send
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk

NOTHING = "01890000-0000-7000-8000-000000000000"
VERBS = ("name", "disable", "enable")


@pytest.fixture
async def type_id(cast: Cast, db: PinnedDatabase) -> uuid.UUID:
    """The case type of Alice's organization."""
    (row,) = await rows(db, cast.alice, "SELECT id FROM case_types")
    found: uuid.UUID = row["id"]
    return found


async def test_a_case_type_that_is_switched_off_is_refused_until_it_is_on(
    client: httpx.AsyncClient, cast: Cast, alice: Desk, type_id: uuid.UUID
) -> None:
    body = encoded(cast.alice, Type=str(cast.alice.case_type))
    answer = await alice.post(f"/case-types/{type_id}/disable")
    text = (await alice.get(answer.headers["location"])).text
    assert "Switched off. Posts about this case type are refused" in text
    assert (await send(client, body)).text == R4
    assert "The case type Roof is switched off." in await first_refused(alice)
    again = await alice.post(f"/case-types/{type_id}/disable")
    assert again.status_code == 409
    assert "This case type is switched off." in again.text

    answer = await alice.post(f"/case-types/{type_id}/enable")
    assert "Switched on again." in (await alice.get(answer.headers["location"])).text
    await accepted(client, body)
    assert (await alice.post(f"/case-types/{type_id}/enable")).status_code == 409


async def first_refused(desk: Desk) -> str:
    """The page of the newest refused post."""
    path = (await desk.get("/posts")).text.partition('href="/posts/')[2].partition('"')[0]
    return (await desk.get(f"/posts/{path}")).text


async def test_both_get_other_names(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, alice: Desk, type_id: uuid.UUID
) -> None:
    await accepted(client, encoded(cast.alice, Type=str(cast.alice.case_type)))
    (source,) = await rows(db, cast.alice, "SELECT id FROM sources")

    one = await alice.post(f"/case-types/{type_id}/name", {"name": " Shingles & tiles "})
    other = await alice.post(f"/sources/{source['id']}/name", {"name": "Brighter Leads"})

    assert one.headers["location"] == "/sources?said=renamed"
    assert other.headers["location"] == f"/sources/{source['id']}?said=renamed"
    assert "<h1>Brighter Leads</h1>" in (await alice.get(other.headers["location"])).text
    text = (await alice.get("/inbox")).text
    assert "Shingles &amp; tiles" in text
    assert "Brighter Leads" in text


async def test_a_name_is_needed_and_what_was_typed_is_kept(
    cast: Cast, db: PinnedDatabase, alice: Desk, type_id: uuid.UUID
) -> None:
    (source,) = await rows(db, cast.alice, "SELECT id FROM sources")
    for path in (f"/case-types/{type_id}/name", f"/sources/{source['id']}/name"):
        for name in ("", " ", "x" * 81):
            answer = await alice.post(path, {"name": name})
            assert answer.status_code == 422
            assert 'role="alert">Give it a name of at most 80 characters.' in answer.text
            assert f'value="{name}"' in answer.text
    assert [row["name"] for row in await rows(db, cast.alice, "SELECT name FROM sources")] == [
        "Bright Leads"
    ]


async def test_only_admins_and_only_ones_own(
    cast: Cast, db: PinnedDatabase, bob: Desk, amy: Desk, charlie: Desk, type_id: uuid.UUID
) -> None:
    (source,) = await rows(db, cast.alice, "SELECT id FROM sources")
    paths = [f"/case-types/{{}}/{verb}" for verb in VERBS] + ["/sources/{}/name"]
    for path in paths:
        own = source["id"] if path.startswith("/sources") else type_id
        for desk in (bob, amy):
            assert (await desk.post(path.format(own), {"name": "x"})).status_code == 403
        theirs, nothing = [
            await charlie.post(path.format(one), {"name": "x"}) for one in (own, NOTHING)
        ]
        assert theirs.status_code == 404
        assert theirs.text == nothing.text
    (kept,) = await rows(db, cast.alice, "SELECT name, disabled_at FROM case_types")
    assert (kept["name"], kept["disabled_at"]) == ("Roof", None)
