"""Find leads in the inbox by what is known of a person, narrow the list, and take it along."""

import csv
import io
import re
import uuid

import httpx
import pytest

from doorstep.web.desk import inbox_queries
from tests.cast import Cast
from tests.faults.posting import encoded, rows, send
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk, post_lead

OTHER = {
    "First": "Tobias",
    "Last": "Fünke_100%",
    "Email": "tobias@blueman.example",
    "Primary": "(480) 555-0177",
    "Address": "9 Sudden Valley",
    "City": "Phoenix",
    "ID": "BL-8",
}


TESTING = {
    "success_key": "IntakeID",
    "testing": "yes",
    "posts_per_second_max": "200",
}


@pytest.fixture
async def two(client: httpx.AsyncClient, cast: Cast) -> None:
    """Lucille first, then Tobias."""
    await post_lead(client, cast.alice)
    await post_lead(client, cast.alice, **OTHER)


def names(text: str) -> list[str]:
    return re.findall(r'id="lead-name-[^>]*>([^<]*)<', text)


async def found(desk: Desk, query: str) -> list[str]:
    answer = await desk.get(f"/inbox?{query}")
    assert answer.status_code == 200
    return names(answer.text)


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("lucille", ["Lucille Bluth"]),
        ("BLUTH luc", ["Lucille Bluth"]),
        ("tobias@blueman", ["Tobias Fünke_100%"]),
        ("fünke", ["Tobias Fünke_100%"]),
        ("sudden valley", ["Tobias Fünke_100%"]),
        ("480-555-0177", ["Tobias Fünke_100%"]),
        ("+1 (217) 555 0143", ["Lucille Bluth"]),
        ("0143", ["Lucille Bluth"]),
        ("555", []),
        ("100%25", ["Tobias Fünke_100%"]),
        ("%25", ["Tobias Fünke_100%"]),
        ("_1", ["Tobias Fünke_100%"]),
        ("%5C", []),
        ("%00lucille", ["Lucille Bluth"]),
        ("lucille tobias", []),
        ("", ["Tobias Fünke_100%", "Lucille Bluth"]),
    ],
)
async def test_by_name_phone_email_and_address(amy: Desk, text: str, who: list[str]) -> None:
    query = text.replace("+", "%2B").replace(" ", "+")
    assert await found(amy, f"q={query}") == who


@pytest.mark.usefixtures("two")
async def test_nobody_is_said_so(alice: Desk) -> None:
    text = (await alice.get("/inbox?q=gob")).text
    assert "No lead is like that." in text
    assert 'name="q" type="search" maxlength="200" value="gob"' in text


@pytest.mark.usefixtures("two")
async def test_narrowed_by_vendor_case_type_tag_and_waiting(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, alice: Desk
) -> None:
    await alice.post("/sources", {"kind": "sources", "name": "Northfield"})
    sources = {
        row["name"]: row
        for row in await rows(db, cast.alice, "SELECT id, name, referrer FROM sources")
    }
    north = sources["Northfield"]
    await alice.post(f"/sources/{north['id']}", TESTING)
    lead_id = await post_lead(
        client, cast.alice, First="Buster", Referrer=str(north["referrer"]), Type=""
    )
    (kind,) = await rows(db, cast.alice, "SELECT id FROM case_types")

    assert await found(alice, f"source={north['id']}") == ["Buster Bluth"]
    both = ["Tobias Fünke_100%", "Lucille Bluth"]
    assert await found(alice, f"type={kind['id']}&source=&tag=&q=") == both
    assert await found(alice, "tag=test") == ["Buster Bluth"]
    assert await found(alice, "tag=released") == []
    assert await found(alice, "q=bluth&show=waiting") == ["Buster Bluth", "Lucille Bluth"]
    await alice.post(f"/leads/{lead_id}/capture-request")
    assert await found(alice, "q=bluth&show=waiting") == ["Lucille Bluth"]

    page = (await alice.get("/inbox?q=bluth&tag=test")).text
    assert 'hx-get="/inbox/rows?show=&amp;q=bluth&amp;tag=test&amp;seen=' in page
    assert 'href="/inbox?show=waiting&amp;q=bluth&amp;tag=test"' in page
    assert names((await alice.get("/inbox/rows?q=bluth&tag=test&seen=x")).text) == ["Buster Bluth"]


async def test_a_released_lead_is_found_by_its_tag(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, alice: Desk
) -> None:
    await send(client, encoded(cast.alice, First=""))
    (post,) = await rows(db, cast.alice, "SELECT id FROM lead_posts")
    await alice.post(f"/posts/{post['id']}/lead", {"body": encoded(cast.alice).decode()})
    assert await found(alice, "tag=released") == ["John Smith"]


@pytest.mark.parametrize("query", ["source=x", "type=1", "tag=nothing", "show=everything"])
async def test_a_filter_that_cannot_be_is_not_found(alice: Desk, query: str) -> None:
    for path in ("/inbox", "/inbox/rows", "/inbox/leads.csv"):
        assert (await alice.get(f"{path}?{query}")).status_code == 404


@pytest.mark.usefixtures("two")
async def test_another_organizations_vendor_finds_what_one_that_is_none_finds(
    cast: Cast, db: PinnedDatabase, charlie: Desk
) -> None:
    (source,) = await rows(db, cast.alice, "SELECT id FROM sources")
    for path in ("/inbox", "/inbox/leads.csv"):
        theirs, nothing = [
            (await charlie.get(f"{path}?source={one}")).text
            for one in (source["id"], uuid.UUID(int=1))
        ]
        assert theirs.replace(str(source["id"]), "") == nothing.replace(str(uuid.UUID(int=1)), "")
        assert "Bluth" not in theirs
    assert names((await charlie.get("/inbox?q=lucille")).text) == []


@pytest.mark.usefixtures("two")
async def test_a_search_stops_and_goes_on_from_there(
    client: httpx.AsyncClient, cast: Cast, alice: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_queries, "SCANNED_MAX", 1)
    text = (await alice.get("/inbox?q=lucille")).text
    assert "None of the 1 leads that were looked through is like that." in text
    older = text.split('href="/inbox?show=&amp;q=lucille&amp;before=')[1].split('"')[0]
    assert await found(alice, f"q=lucille&before={older}") == ["Lucille Bluth"]


async def table(desk: Desk, query: str = "") -> list[dict[str, str]]:
    answer = await desk.get(f"/inbox/leads.csv?{query}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="leads.csv"'
    assert answer.headers["cache-control"] == "no-store"
    return list(csv.DictReader(io.StringIO(answer.text)))


@pytest.mark.usefixtures("two")
async def test_the_table_has_every_field_and_the_same_filters(
    client: httpx.AsyncClient, cast: Cast, bob: Desk
) -> None:
    tobias, lucille = await table(bob)
    assert (lucille["first_name"], lucille["email"]) == ("Lucille", "lucille@example.com")
    assert (lucille["source"], lucille["case_type"]) == ("Bright Leads", "Roof")
    assert (lucille["details"], lucille["vendor_lead_id"]) == ("Hail <b>last</b> Tuesday", "BL-7")
    assert lucille["county"] == ""
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", lucille["received_at"])
    assert [row["first_name"] for row in await table(bob, "q=lucille")] == ["Lucille"]
    assert tobias["primary_phone"] == "(480) 555-0177"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1"])
async def test_a_formula_stays_text(
    client: httpx.AsyncClient, cast: Cast, bob: Desk, text: str
) -> None:
    await post_lead(client, cast.alice, Details=text, City=text)
    (row,) = await table(bob)
    assert row["details"].startswith("'")
    assert row["city"].startswith("'")


async def test_an_approver_takes_no_table_along(amy: Desk, lead_id: uuid.UUID) -> None:
    assert "leads.csv" not in (await amy.get("/inbox")).text
    answer = await amy.get("/inbox/leads.csv")
    assert answer.status_code == 403
    assert str(lead_id) not in answer.text
