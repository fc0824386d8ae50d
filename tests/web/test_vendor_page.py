"""A vendor's own page: made, seen, ended, and nothing of anybody else's on it."""

import html
import re
import uuid

import httpx
import pytest

from doorstep.kit.pace import Pace
from doorstep.leads.model import COLUMNS
from doorstep.web.vendor import visits
from tests.cast import Cast
from tests.faults.posting import rows
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk
from tests.web.vendors import PAGE, Vendor, link_on, linked, source_of

NO_SOURCE = "01890000-0000-7000-8000-000000000000"
VERBS = ("/page", "/page/removal", "/page/shown")


@pytest.fixture
async def source_id(cast: Cast, db: PinnedDatabase) -> uuid.UUID:
    """Alice's source."""
    return await source_of(db, cast.alice)


@pytest.fixture
async def vendor(alice: Desk, source_id: uuid.UUID) -> Vendor:
    """Its vendor."""
    return await linked(alice, source_id)


async def test_the_page_holds_what_a_client_needs(cast: Cast, vendor: Vendor) -> None:
    text = await vendor.text()

    assert "<h1>Post leads to Bluth Company</h1>" in text
    assert "Leads from <strong>Bright Leads</strong>" in text
    for value in (
        "http://127.0.0.1:8000/api/captorraapi/create",
        "123456",
        str(cast.alice.referrer),
        str(cast.alice.case_type),
        f"http://127.0.0.1:8000{vendor.link}/dry-run",
    ):
        assert f'value="{value}"' in text
    assert "<dt>Roof</dt>" in text
    for column in COLUMNS:
        row = re.search(
            rf'<th scope="row"><code>{column.key}</code></th><td>(\d+)</td><td>(.+)</td>', text
        )
        assert row, column.key
        assert row[1] == str(column.limit)
    assert text.count("<strong>Required.</strong>") == 4


async def test_it_is_not_indexed_and_its_address_not_told(vendor: Vendor) -> None:
    answer = await vendor.get()

    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'; script-src 'self'" in answer.headers["content-security-policy"]
    assert '<meta name="robots" content="noindex, nofollow">' in answer.text
    assert "set-cookie" not in answer.headers


async def test_nothing_secret_of_the_link_is_at_rest(
    cast: Cast, db: PinnedDatabase, vendor: Vendor
) -> None:
    secret = vendor.link[-22:]
    held = [
        await rows(db, cast.alice, f"SELECT * FROM {table}")
        for table in ("vendor_pages", "sources", "events")
    ]

    assert vendor.link[3:15] in str(held)
    assert secret not in str(held)


async def test_a_new_link_ends_the_old_one(
    alice: Desk, vendor: Vendor, source_id: uuid.UUID
) -> None:
    answer = await alice.post(f"/sources/{source_id}/page")
    assert "The link is made." in (await alice.get(answer.headers["location"])).text

    assert (await vendor.get()).status_code == 404
    renewed = Vendor(client=vendor.client, link=await link_on(alice, source_id))
    assert renewed.link != vendor.link
    assert (await renewed.get()).status_code == 200


async def test_a_revoked_link_reads_as_one_that_never_was(
    cast: Cast, db: PinnedDatabase, alice: Desk, vendor: Vendor, source_id: uuid.UUID
) -> None:
    await alice.post(f"/sources/{source_id}/page/removal")

    revoked, unknown = [
        await vendor.client.get(path, headers=PAGE) for path in (vendor.link, "/v/" + "a" * 34)
    ]
    assert (revoked.status_code, unknown.status_code) == (404, 404)
    assert revoked.text == unknown.text
    again = await alice.post(f"/sources/{source_id}/page/removal")
    assert again.status_code == 409
    assert "This vendor has no link." in again.text
    told = await rows(
        db, cast.alice, "SELECT name FROM events WHERE name LIKE 'vendor_page.%' ORDER BY id"
    )
    assert [row["name"] for row in told] == ["vendor_page.made", "vendor_page.revoked"]


@pytest.mark.parametrize("change", ["cut", "longer", "other", "name", "nul", "umlaut"])
async def test_a_link_that_is_not_whole_opens_nothing(vendor: Vendor, change: str) -> None:
    link = vendor.link
    flipped = "A" if link[-10] != "A" else "B"
    path = {
        "cut": link[:-1],
        "longer": link + "a",
        "other": link[:-10] + flipped + link[-9:],
        "name": "/v/" + link[4:] + "a",
        "nul": link[:-1] + "%00",
        "umlaut": link[:-1] + "%C3%BC",
    }[change]

    assert (await vendor.client.get(path, headers=PAGE)).status_code == 404
    assert (await vendor.client.post(path + "/dry-run")).status_code == 404


async def test_the_wrong_half_of_another_link_opens_nothing(
    cast: Cast, db: PinnedDatabase, vendor: Vendor, charlie: Desk
) -> None:
    other = await linked(charlie, await source_of(db, cast.charlie))
    mixed = vendor.link[:15] + other.link[15:]

    assert (await vendor.client.get(mixed, headers=PAGE)).status_code == 404


async def test_who_guesses_is_held_up(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(visits, "wrong_links", Pace(30, seconds=900, clock=lambda: now))
    for _ in range(30):
        assert (await vendor.client.get("/v/" + "a" * 34)).status_code == 404

    held = await vendor.get()
    assert (held.status_code, held.headers["retry-after"]) == (429, "901")
    now = 900.0
    assert (await vendor.get()).status_code == 200


async def test_only_the_case_types_that_are_chosen_and_in_use_are_shown(
    cast: Cast, db: PinnedDatabase, alice: Desk, vendor: Vendor, source_id: uuid.UUID
) -> None:
    for name in ("Siding", "Gutters"):
        await alice.post("/sources", {"kind": "case-types", "name": name, "guid": ""})
    async with db.transaction("doorstep_app", org_id=cast.alice.org_id) as tx:  # type: ignore[arg-type]
        await tx.execute("UPDATE case_types SET disabled_at = now() WHERE name = 'Gutters'")
    (roof,) = await rows(db, cast.alice, "SELECT id FROM case_types WHERE name = 'Roof'")
    text = await vendor.text()
    assert "<dt>Roof</dt>" in text
    assert "<dt>Siding</dt>" in text
    assert "Gutters" not in text

    form = {"shows_status": "no", f"type-{roof['id']}": "yes"}
    answer = await alice.post(f"/sources/{source_id}/page/shown", form)

    assert "Saved what the vendor sees." in (await alice.get(answer.headers["location"])).text
    text = await vendor.text()
    assert "<dt>Roof</dt>" in text
    assert "Siding" not in text
    await alice.post("/sources", {"kind": "case-types", "name": "Windows", "guid": ""})
    assert "<dt>Windows</dt>" in await vendor.text()


async def test_rules_of_the_source_are_told(
    alice: Desk, vendor: Vendor, source_id: uuid.UUID
) -> None:
    form = {
        "success_key": "both",
        "statuses": "yes",
        "strict": "yes",
        "testing": "yes",
        "posts_per_second_max": "7",
        "networks": "192.0.2.0/24",
    }
    await alice.post(f"/sources/{source_id}", form)
    await alice.post(f"/sources/{source_id}/signature")

    text = await vendor.text()

    for sentence in (
        '{"success":true,"IntakeID":"…","IntakeId":"…"}',
        "The status is 201, 400 or 422.",
        "A value over its limit is refused.",
        "Your leads are marked as tests for now.",
        "You may post from <code>192.0.2.0/24</code> only.",
        "Each post must carry <code>X-Doorstep-Signature",
        "At most 7 posts a second.",
    ):
        assert sentence in text
    shown = re.search(
        r'aria-label="Secret of the signature" value="([0-9a-f]{64})"',
        (await alice.get(f"/sources/{source_id}")).text,
    )
    assert shown
    assert shown[1] not in text


async def test_a_source_that_is_switched_off_says_so(
    alice: Desk, vendor: Vendor, source_id: uuid.UUID
) -> None:
    await alice.post(f"/sources/{source_id}/disable")

    assert "The firm has switched your posts off" in await vendor.text()


async def test_names_are_text(
    cast: Cast, db: PinnedDatabase, alice: Desk, source_id: uuid.UUID
) -> None:
    async with db.transaction("doorstep_app", org_id=cast.alice.org_id) as tx:  # type: ignore[arg-type]
        await tx.execute("UPDATE sources SET name = '<script>alert(1)</script>'")
        await tx.execute("UPDATE case_types SET name = '<img src=x>'")
        await tx.execute("UPDATE orgs SET name = '<b>Bluth</b>'")
    vendor = await linked(alice, source_id)

    answer = (await vendor.get()).text

    for raw in ("<script>alert", "<img src=x>", "<b>Bluth"):
        assert raw not in answer
        assert html.escape(raw) in answer


async def test_only_admins_make_it(bob: Desk, amy: Desk, source_id: uuid.UUID) -> None:
    for desk in (bob, amy):
        for verb in VERBS:
            assert (await desk.post(f"/sources/{source_id}{verb}")).status_code == 403


async def test_another_organizations_source_gets_none(
    cast: Cast, db: PinnedDatabase, charlie: Desk, source_id: uuid.UUID
) -> None:
    for verb in VERBS:
        theirs, nothing = [
            await charlie.post(f"/sources/{one}{verb}") for one in (source_id, NO_SOURCE)
        ]
        assert (theirs.status_code, theirs.text) == (404, nothing.text)
    assert await rows(db, cast.alice, "SELECT * FROM vendor_pages") == []


async def test_a_member_cookie_adds_nothing_and_a_link_opens_no_desk(
    client: httpx.AsyncClient, cast: Cast, vendor: Vendor
) -> None:
    headers = PAGE | cast.charlie.cookie("charlie")
    assert "Sitwell" not in (await client.get(vendor.link, headers=headers)).text
    for path in ("/inbox", "/sources"):
        answer = await client.get(path, headers=PAGE)
        assert answer.status_code == 303
