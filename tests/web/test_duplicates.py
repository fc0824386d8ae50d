"""Two leads of one person: seen in the inbox, side by side, merged or parted."""

import uuid

import httpx
import pytest

from tests.cast import Cast
from tests.leads.test_duplicates import work
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk, post_lead
from tests.web.test_inbox import NO_ID
from tests.web.test_search import found, table

SUSPECTED = '<span class="pill warn">Possible duplicate</span>'


@pytest.fixture
async def newer(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, lead_id: uuid.UUID
) -> uuid.UUID:
    """Lucille again, as Lucy, with the phone alone, and then somebody else."""
    assert lead_id.version
    made = await post_lead(
        client,
        cast.alice,
        First="Lucy",
        Email="lucy@example.com",
        ID="N-1",
        Details="Two\nlines",
        Roof_Age="12 years",
    )
    await post_lead(client, cast.alice, First="Gene", Email="", Primary="", Address="", ID="N-2")
    await work(db)
    return made


async def test_both_are_tagged_and_found(amy: Desk, lead_id: uuid.UUID, newer: uuid.UUID) -> None:
    assert (await amy.get("/inbox")).text.count(SUSPECTED) == 2
    assert await found(amy, "tag=possible_duplicate") == ["Lucy Bluth", "Lucille Bluth"]
    page = (await amy.get(f"/leads/{lead_id}")).text
    assert SUSPECTED in page
    assert f'<a href="/leads/{lead_id}/duplicates/{newer}">Compare with Lucy Bluth</a>' in page
    assert "Same phone, 2175550143" in page
    assert "It looks like 1 other lead" in (await amy.get(f"/leads/{newer}")).text


async def test_side_by_side_the_older_first_and_differences_marked(
    bob: Desk, amy: Desk, lead_id: uuid.UUID, newer: uuid.UUID
) -> None:
    for path in (f"/leads/{lead_id}/duplicates/{newer}", f"/leads/{newer}/duplicates/{lead_id}"):
        page = (await bob.get(path)).text
        assert '<p class="under">Same phone, 2175550143</p>' in page
        differs = (
            '<span class="unequal" aria-hidden="true">≠</span><span class="unseen"> differs</span>'
        )
        assert f"Name {differs}</th><td>Lucille Bluth</td><td>Lucy Bluth</td>" in page
        assert "Phone</th><td>2175550143</td><td>2175550143</td>" in page
        assert f"Roof_Age {differs}</th><td>\N{EN DASH}</td><td>12 years</td>" in page
        assert 'Bright Leads<br><span class="quiet small">first touch</span>' in page
        assert "Merge into the older" in page
        assert "They are two people" in page
    page = (await amy.get(f"/leads/{newer}/duplicates/{lead_id}")).text
    assert "Merge into the older" not in page


async def test_a_merge_keeps_both_and_is_undone(
    bob: Desk, lead_id: uuid.UUID, newer: uuid.UUID
) -> None:
    asked = await bob.post(f"/leads/{newer}/capture-request")
    job = asked.headers["location"].split("?")[0]
    pair = f"/leads/{newer}/duplicates/{lead_id}"
    answer = await bob.post(f"{pair}/merge", {"seen": "0"})
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/leads/{lead_id}?said=merged",
    )

    kept = (await bob.get(f"/leads/{lead_id}?said=merged")).text
    assert "The other lead was merged into this one." in kept
    assert f'<a href="/leads/{newer}">Lucy Bluth</a>' in kept
    assert f'Photos were asked for: <a href="{job}">' in kept
    assert "<dt>First touch</dt><dd>Bright Leads, " in kept
    assert "Another lead was merged into this one" in kept
    assert SUSPECTED not in kept
    gone = (await bob.get(f"/leads/{newer}")).text
    assert f'This lead was merged into <a href="/leads/{lead_id}">Lucille Bluth</a>' in gone
    assert "<dt>First</dt><dd>Lucy</dd>" in gone
    assert "It was merged into another lead" in gone
    assert await found(bob, "") == ["Gene Bluth", "Lucille Bluth"]
    assert await found(bob, "disposition=duplicate") == ["Lucy Bluth"]
    assert await found(bob, "disposition=all") == ["Gene Bluth", "Lucy Bluth", "Lucille Bluth"]
    assert [row["first_name"] for row in await table(bob)] == ["Gene", "Lucille"]

    for path in (f"{pair}/merge", f"{pair}/parting", f"/leads/{newer}/dispositions"):
        answer = await bob.post(path, {"disposition": "contacted"})
        assert answer.status_code == 409
        assert "The lead was merged into another one. Undo that first." in answer.text

    answer = await bob.post(f"/leads/{newer}/merge/withdrawal")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/leads/{newer}?said=unmerged",
    )
    assert await found(bob, "") == ["Gene Bluth", "Lucy Bluth", "Lucille Bluth"]
    assert SUSPECTED in (await bob.get(f"/leads/{newer}")).text
    assert (await bob.post(f"/leads/{newer}/merge/withdrawal")).status_code == 409


async def test_who_was_slower_merges_nothing(
    alice: Desk, bob: Desk, lead_id: uuid.UUID, newer: uuid.UUID
) -> None:
    await alice.post(f"/leads/{newer}/dispositions", {"disposition": "signed"})
    answer = await bob.post(f"/leads/{newer}/duplicates/{lead_id}/merge", {"seen": "0"})
    assert answer.status_code == 409
    assert "In the meantime the lead was marked as signed; nothing was changed." in answer.text
    assert "Merge into the older" in answer.text


async def test_two_people_are_not_offered_again_until_that_is_taken_back(
    bob: Desk, lead_id: uuid.UUID, newer: uuid.UUID
) -> None:
    pair = f"/leads/{lead_id}/duplicates/{newer}"
    answer = await bob.post(f"{pair}/parting")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/leads/{lead_id}?said=parted",
    )
    assert SUSPECTED not in (await bob.get("/inbox")).text
    assert "It is not the person of another lead" in (await bob.get(f"/leads/{newer}")).text
    page = (await bob.get(pair)).text
    assert "Somebody said that these are two people" in page
    await bob.post(f"{pair}/parting/withdrawal")
    assert (await bob.get("/inbox")).text.count(SUSPECTED) == 2


async def test_an_approver_merges_and_parts_nothing(
    amy: Desk, lead_id: uuid.UUID, newer: uuid.UUID
) -> None:
    pair = f"/leads/{newer}/duplicates/{lead_id}"
    for path in (
        f"{pair}/merge",
        f"{pair}/parting",
        f"{pair}/parting/withdrawal",
        f"/leads/{newer}/merge/withdrawal",
    ):
        assert (await amy.post(path)).status_code == 403


async def test_another_organizations_leads_are_not_there(
    client: httpx.AsyncClient, cast: Cast, charlie: Desk, lead_id: uuid.UUID, newer: uuid.UUID
) -> None:
    own = await post_lead(client, cast.charlie)
    for one, other in ((own, newer), (newer, own), (newer, lead_id), (own, own)):
        path = f"/leads/{one}/duplicates/{other}"
        nothing = await charlie.get(f"/leads/{NO_ID}/duplicates/{own}")
        theirs = await charlie.get(path)
        assert (theirs.status_code, theirs.text) == (404, nothing.text)
        for action in ("merge", "parting", "parting/withdrawal"):
            assert (await charlie.post(f"{path}/{action}")).status_code == 404
    assert (await charlie.post(f"/leads/{newer}/merge/withdrawal")).status_code == 404
