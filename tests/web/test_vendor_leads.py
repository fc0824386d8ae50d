"""How a lead stands, for the vendor that posted it and for nobody else."""

import uuid

import httpx
import pytest

from doorstep.auth.scopes import open_scope
from doorstep.kit.pace import Pace
from doorstep.leads import dispositions, vendor_pages
from doorstep.wire.captorra.statuses import StatusDoor
from tests.cast import STAGE, Cast, Troupe
from tests.faults.posting import accepted, encoded, rows
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk
from tests.web.vendors import Vendor, linked, source_of

PATH = "/api/captorraapi/status"
REFUSAL = '{"success":false,"error":"IntakeID/Referrer GUID does not exist."}'
NO_LEAD = "01890000-0000-7000-8000-000000000000"


@pytest.fixture
async def source_id(cast: Cast, db: PinnedDatabase) -> uuid.UUID:
    """Alice's source."""
    return await source_of(db, cast.alice)


@pytest.fixture
async def vendor(alice: Desk, source_id: uuid.UUID) -> Vendor:
    """Its vendor, who may know how its leads stand."""
    await alice.post(f"/sources/{source_id}/page/shown", {"shows_status": "yes"})
    return await linked(alice, source_id)


@pytest.fixture
async def lead_id(client: httpx.AsyncClient, cast: Cast, vendor: Vendor) -> uuid.UUID:
    """A lead of the vendor's."""
    assert vendor.link
    return await accepted(client, encoded(cast.alice))


async def ask(
    client: httpx.AsyncClient, lead_id: object, referrer: object, *, header: str = "Referrer"
) -> httpx.Response:
    return await client.get(f"{PATH}/{lead_id}", headers={header: str(referrer)})


async def dispose(db: PinnedDatabase, troupe: Troupe, lead_id: uuid.UUID, **said: str) -> None:
    async with open_scope(db, org_id=troupe.org_id, actor=STAGE) as scope:
        await dispositions.dispose(scope, lead_id=lead_id, **said)  # type: ignore[arg-type]


async def test_a_vendor_asks_how_its_lead_stands(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, lead_id: uuid.UUID
) -> None:
    answer = await ask(client, lead_id, cast.alice.referrer)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    (lead,) = await rows(db, cast.alice, "SELECT received_at FROM leads")
    since = lead["received_at"].isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert answer.text == (
        f'{{"success":true,"IntakeID":"{lead_id}","ID":"12345678",'
        f'"status":"received","since":"{since}"}}'
    )

    await dispose(db, cast.alice, lead_id, disposition="contacted")
    await dispose(db, cast.alice, lead_id, disposition="rejected", reason="fake", note="between us")

    answer = await ask(client, lead_id, cast.alice.referrer, header="X-Referrer")
    assert answer.json()["status"] == "rejected"
    assert answer.json().keys() == {"success", "IntakeID", "ID", "status", "since"}


async def test_in_any_letter_case_and_form(
    client: httpx.AsyncClient, cast: Cast, lead_id: uuid.UUID
) -> None:
    referrer = f"{{{cast.alice.referrer}}}".upper()
    for path in (
        f"/API/CaptorraApi/Status/{str(lead_id).upper()}",
        f"{PATH}/{lead_id.hex}/",
    ):
        answer = await client.get(path, headers={"referrer": referrer})
        assert answer.json()["IntakeID"] == str(lead_id)


async def test_in_the_vendors_own_words(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    lead_id: uuid.UUID,
    vendor: Vendor,
    source_id: uuid.UUID,
) -> None:
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await vendor_pages.set_words(
            scope,
            source_id=source_id,
            words={"received": 'Pending <"5">', "signed": " "},
        )

    assert (await ask(client, lead_id, cast.alice.referrer)).json()["status"] == 'Pending <"5">'
    assert "Pending &lt;&#34;5&#34;&gt;" in (await vendor.get("/leads")).text
    await dispose(db, cast.alice, lead_id, disposition="signed")
    assert (await ask(client, lead_id, cast.alice.referrer)).json()["status"] == "signed"


async def test_whatever_is_not_theirs_has_one_answer(
    client: httpx.AsyncClient,
    cast: Cast,
    db: PinnedDatabase,
    alice: Desk,
    charlie: Desk,
    lead_id: uuid.UUID,
    source_id: uuid.UUID,
) -> None:
    rival = uuid.uuid4()
    await alice.post("/sources", {"kind": "sources", "name": "Rival", "guid": str(rival)})
    rivals = await rows(db, cast.alice, "SELECT id FROM sources WHERE name = 'Rival'")
    theirs = await source_of(db, cast.charlie)
    await alice.post(f"/sources/{rivals[0]['id']}/page/shown", {"shows_status": "yes"})
    await charlie.post(f"/sources/{theirs}/page/shown", {"shows_status": "yes"})
    own = cast.alice.referrer
    for asked, key in (
        (NO_LEAD, own),
        (lead_id, rival),
        (lead_id, cast.charlie.referrer),
        (lead_id, uuid.uuid4()),
        (lead_id, cast.alice.case_type),
    ):
        answer = await ask(client, asked, key)
        assert (answer.status_code, answer.text) == (200, REFUSAL)
    # Nothing may be known any more.
    await alice.post(f"/sources/{source_id}/page/shown", {"shows_status": "no"})
    assert (await ask(client, lead_id, own)).text == REFUSAL
    await alice.post(f"/sources/{source_id}/page/shown", {"shows_status": "yes"})
    await alice.post(f"/sources/{source_id}/disable")
    assert (await ask(client, lead_id, own)).text == REFUSAL


async def test_a_former_referrer_asks_as_long_as_it_posts(
    client: httpx.AsyncClient,
    cast: Cast,
    alice: Desk,
    vendor: Vendor,
    lead_id: uuid.UUID,
    source_id: uuid.UUID,
) -> None:
    old, new = cast.alice.referrer, uuid.uuid4()
    await alice.post(f"/sources/{source_id}/referrer", {"guid": str(new), "days": "7"})

    for key in (old, new):
        assert (await ask(client, lead_id, key)).json()["IntakeID"] == str(lead_id)
    told = await vendor.dry_run(encoded(cast.alice, First="", Referrer=str(old)))
    assert [one["sentence"] for one in told["faults"]] == ["First is missing or blank."]
    await alice.post(f"/sources/{source_id}/referrer/end", {"referrer": str(old)})
    assert (await ask(client, lead_id, old)).text == REFUSAL


async def test_two_organizations_with_the_same_referrer_hear_of_their_own(
    client: httpx.AsyncClient,
    cast: Cast,
    charlie: Desk,
    lead_id: uuid.UUID,
) -> None:
    shared = str(cast.alice.referrer)
    await charlie.post("/sources", {"kind": "sources", "name": "Same", "guid": shared})
    listed = (await charlie.get("/sources")).text
    theirs = listed.split('">Same</a>')[0].rpartition('href="/sources/')[2]
    await charlie.post(f"/sources/{theirs}/page/shown", {"shows_status": "yes"})
    other = await accepted(client, encoded(cast.charlie, Referrer=shared))

    for one in (lead_id, other):
        assert (await ask(client, one, shared)).json()["IntakeID"] == str(one)


@pytest.mark.parametrize(
    ("asked", "headers", "error"),
    [
        (NO_LEAD, {}, "Please provide Referrer"),
        (NO_LEAD, {"Referrer": " "}, "Please provide Referrer"),
        (NO_LEAD, {"Referrer": "abc"}, "Invalid GUID format."),
        ("abc", {"Referrer": NO_LEAD}, "Invalid GUID format."),
    ],
)
async def test_what_makes_no_sense_is_refused_in_the_wires_words(
    client: httpx.AsyncClient, asked: str, headers: dict[str, str], error: str
) -> None:
    answer = await client.get(f"{PATH}/{asked}", headers=headers)

    assert answer.text == f'{{"success":false,"error":"{error}"}}'


async def test_the_key_is_not_taken_from_the_address(
    client: httpx.AsyncClient, cast: Cast, lead_id: uuid.UUID
) -> None:
    answer = await client.get(f"{PATH}/{lead_id}?Referrer={cast.alice.referrer}")

    assert answer.json() == {"success": False, "error": "Please provide Referrer"}


async def test_only_get(client: httpx.AsyncClient) -> None:
    answer = await client.post(f"{PATH}/{NO_LEAD}")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert (
        answer.text == '{"Message":"The requested resource does not support http method \'POST\'."}'
    )


async def test_so_many_a_minute(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, lead_id: uuid.UUID
) -> None:
    door = StatusDoor(db, pace=Pace(1, seconds=60))
    transport = httpx.ASGITransport(app=door)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as asking:
        assert (await ask(asking, lead_id, cast.alice.referrer)).json()["success"] is True
        answer = await ask(asking, lead_id, cast.alice.referrer)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")


async def test_the_page_lists_leads_with_ids_and_words_only(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, vendor: Vendor, lead_id: uuid.UUID
) -> None:
    again = await accepted(client, encoded(cast.alice))
    assert again == lead_id
    await dispose(db, cast.alice, lead_id, disposition="signed", note="between us")

    text = await vendor.text("/leads")

    assert text.count("<li>") == 1
    assert f'<span class="mono small wide">{lead_id}</span>' in text
    assert "Your ID <strong>12345678</strong>" in text
    assert '<span class="pill good">signed</span>' in text
    for hidden in ("John", "Smith", "between us", "5555555555"):
        assert hidden not in text
    assert f'href="{vendor.link}/leads"' in await vendor.text()


async def test_the_page_is_there_only_if_the_firm_allows_it(
    alice: Desk, vendor: Vendor, source_id: uuid.UUID
) -> None:
    await alice.post(f"/sources/{source_id}/page/shown", {"shows_status": "no"})

    assert (await vendor.get("/leads")).status_code == 404
    assert "Your leads" not in await vendor.text()


async def test_other_sources_leads_are_not_on_it(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, alice: Desk
) -> None:
    await accepted(client, encoded(cast.alice))
    await alice.post("/sources", {"kind": "sources", "name": "Rival", "guid": ""})
    rival = (await rows(db, cast.alice, "SELECT id FROM sources WHERE name = 'Rival'"))[0]["id"]
    await alice.post(f"/sources/{rival}/page/shown", {"shows_status": "yes"})
    other = await linked(alice, rival)

    assert "No leads yet" in await other.text("/leads")
