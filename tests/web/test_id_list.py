"""Vendors and case types come over with their ids, many at once or not at all."""

import html
import re

import httpx
import pytest

from tests.cast import Cast
from tests.faults.posting import accepted, encoded, rows
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk

ONE, TWO = "abcdef01-2345-6789-abcd-ef0123456789", "00112233-4455-6677-8899-aabbccddeeff"


async def names(db: PinnedDatabase, cast: Cast) -> list[str]:
    found = await rows(
        db, cast.alice, "SELECT name FROM sources UNION ALL SELECT name FROM case_types ORDER BY 1"
    )
    return [row["name"] for row in found]


async def test_a_list_is_taken_and_posts_with_its_ids_are_leads(
    client: httpx.AsyncClient, cast: Cast, db: PinnedDatabase, alice: Desk
) -> None:
    text = (
        f'kind,name,guid\n source , "North, Inc." , {{{ONE.upper()}}}\n\nCase type,Siding,{TWO}\n'
    )

    answer = await alice.post("/sources/list", {"list": text})

    assert answer.headers["location"] == "/sources?said=listed"
    page = (await alice.get(answer.headers["location"])).text
    assert "Everything on the list is there now." in page
    assert await names(db, cast) == ["Bright Leads", "North, Inc.", "Roof", "Siding"]
    await accepted(client, encoded(cast.alice, Referrer=ONE, Type=TWO))


async def test_each_line_that_is_wrong_is_named_and_nothing_is_added(
    cast: Cast, db: PinnedDatabase, alice: Desk
) -> None:
    lines = [
        f"source,Good,{ONE}",
        f"vendors,Bad kind,{TWO}",
        "source,No GUID,abc",
        "source,None at all,",
        f"source,,{TWO}",
        "source,Two cells",
        f"source,Twice,{ONE}",
        f"source,In use,{cast.alice.referrer}",
        f"case type,In use,{cast.alice.case_type}",
        f"case type,The GUID of a source may be a case type's,{ONE}",
    ]

    answer = await alice.post("/sources/list", {"list": "\n".join(lines)})

    assert answer.status_code == 422
    said = re.findall(r"<li>(Line [^<]*)</li>", html.unescape(answer.text))
    assert said == [
        "Line 2: The kind is source or case type.",
        "Line 3: This is no GUID.",
        "Line 4: The GUID is missing.",
        "Line 5: Give it a name of at most 80 characters.",
        "Line 6: A line is kind,name,guid.",
        "Line 7: A source with this GUID is there already.",
        "Line 8: A source with this GUID is there already.",
        "Line 9: A case type with this GUID is there already.",
    ]
    assert f"source,Good,{ONE}\nvendors" in answer.text
    assert await names(db, cast) == ["Bright Leads", "Roof"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Line 1: There is nothing on the list."),
        ("kind,name,guid\n\n", "Line 1: There is nothing on the list."),
        ("\n" * 200 + "source,x,y", "Line 201: A list has at most 200 lines."),
        ("x" * 200_000, "characters that no field takes"),
    ],
)
async def test_a_list_has_bounds(
    cast: Cast, db: PinnedDatabase, alice: Desk, text: str, sentence: str
) -> None:
    answer = await alice.post("/sources/list", {"list": text})

    assert answer.status_code in (400, 422)
    assert sentence in html.unescape(answer.text)
    assert await names(db, cast) == ["Bright Leads", "Roof"]


async def test_only_admins_and_only_for_their_own(
    cast: Cast, db: PinnedDatabase, alice: Desk, bob: Desk, amy: Desk, charlie: Desk
) -> None:
    form = {"list": f"source,Mine,{cast.alice.referrer}"}
    for desk in (bob, amy):
        assert (await desk.post("/sources/list", form)).status_code == 403
    # What another organization has says nothing here.
    assert (await charlie.post("/sources/list", form)).status_code == 303
    assert await names(db, cast) == ["Bright Leads", "Roof"]
