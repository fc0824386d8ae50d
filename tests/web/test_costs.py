"""What leads cost, entered by lead, by month, and from a list."""

import html
import re
import uuid
from typing import Any

import pytest

from tests.cast import Cast
from tests.faults.posting import rows
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk

NOTHING = "01890000-0000-7000-8000-000000000000"
COSTS = "SELECT cents FROM lead_costs UNION ALL SELECT cents FROM source_costs ORDER BY 1"
EVENTS = "SELECT name, lead_id, payload FROM events WHERE name LIKE '%.cost_recorded' ORDER BY id"


async def cents(db: PinnedDatabase, cast: Cast) -> list[int]:
    return [row["cents"] for row in await rows(db, cast.alice, COSTS)]


@pytest.fixture
async def source_id(cast: Cast, db: PinnedDatabase) -> uuid.UUID:
    """The source of Alice's organization."""
    (row,) = await rows(db, cast.alice, "SELECT id FROM sources")
    found: uuid.UUID = row["id"]
    return found


async def test_a_lead_gets_a_cost_another_one_and_none(
    cast: Cast, db: PinnedDatabase, bob: Desk, amy: Desk, lead_id: uuid.UUID, source_id: uuid.UUID
) -> None:
    for text, shown, held in (
        ("$1,234.5", "1,234.50", [123450]),
        ("45", "45.00", [4500]),
        ("45.00", "45.00", [4500]),
        ("", "", []),
    ):
        answer = await bob.post(f"/leads/{lead_id}/cost", {"amount": text})
        assert answer.headers["location"] == f"/leads/{lead_id}?said=cost"
        page = (await bob.get(answer.headers["location"])).text
        assert "The cost is saved." in page
        assert f'value="{shown}"></div>' in page
        assert await cents(db, cast) == held
    assert "Not known" in (await amy.get(f"/leads/{lead_id}")).text
    told = await rows(db, cast.alice, EVENTS)
    assert [(one["name"], one["lead_id"]) for one in told] == [("lead.cost_recorded", lead_id)] * 3
    assert [one["payload"] for one in told] == [
        {"source_id": str(source_id), "cents": 123450, "previous": None},
        {"source_id": str(source_id), "cents": 4500, "previous": 123450},
        {"source_id": str(source_id), "cents": None, "previous": 4500},
    ]
    assert "The cost was entered" in (await bob.get(f"/leads/{lead_id}")).text


@pytest.mark.parametrize("text", ["x", "-1", "1.234", "1e3", "12,34", "123456789012", "\u0661"])
async def test_an_amount_that_is_none(
    cast: Cast, db: PinnedDatabase, bob: Desk, lead_id: uuid.UUID, text: str
) -> None:
    answer = await bob.post(f"/leads/{lead_id}/cost", {"amount": text})

    assert answer.status_code == 422
    assert await cents(db, cast) == []


async def test_a_vendor_gets_the_cost_of_a_month(
    cast: Cast, db: PinnedDatabase, bob: Desk, source_id: uuid.UUID
) -> None:
    for amount in ("100", "250.75"):
        form = {"source": str(source_id), "month": "2026-10", "amount": amount}
        answer = await bob.post("/sources/costs", form)
        assert answer.headers["location"] == "/sources/quality?said=cost"
    assert await cents(db, cast) == [25075]
    told = await rows(db, cast.alice, EVENTS)
    assert told[1]["payload"] == {
        "source_id": str(source_id),
        "month": "2026-10",
        "cents": 25075,
        "previous": 10000,
    }
    shown = (await bob.get("/sources/quality?from=2026-10&to=2026-10")).text
    assert "<td>250.75</td>" in shown


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"amount": "x"}, "An amount is a number like 12 or 12.50, below 100 million."),
        ({"month": "2026-13"}, "The month is one like 2026-11."),
        ({"month": "1999-12"}, "The month is one like 2026-11."),
    ],
)
async def test_a_month_that_makes_no_sense_is_said(
    cast: Cast,
    db: PinnedDatabase,
    bob: Desk,
    source_id: uuid.UUID,
    form: dict[str, str],
    sentence: str,
) -> None:
    good = {"source": str(source_id), "month": "2026-10", "amount": "1"}

    answer = await bob.post("/sources/costs", good | form)

    assert answer.status_code == 422
    assert f'role="alert">{sentence}' in answer.text
    assert await cents(db, cast) == []


async def test_a_list_of_costs(
    cast: Cast, db: PinnedDatabase, bob: Desk, lead_id: uuid.UUID
) -> None:
    text = f'IntakeID,amount\n{lead_id},"1,000.10"\n\nbright leads, 2026-09, 20\n'

    answer = await bob.post("/sources/costs/list", {"list": text})

    assert answer.headers["location"] == "/sources/quality?said=costs"
    assert await cents(db, cast) == [2000, 100010]


async def test_each_line_that_is_wrong_is_named_and_nothing_is_saved(
    cast: Cast, db: PinnedDatabase, alice: Desk, lead_id: uuid.UUID
) -> None:
    await alice.post("/sources", {"kind": "sources", "name": "Twins"})
    await alice.post("/sources", {"kind": "sources", "name": "Twins"})
    lines = [
        f"{lead_id},45",
        f"{NOTHING},45",
        "x,45",
        f"{lead_id},free",
        f"{lead_id},46",
        "Nobody,2026-10,1",
        "Twins,2026-10,1",
        "Bright Leads,October,1",
        "Bright Leads,2026-10,",
        "one",
    ]

    answer = await alice.post("/sources/costs/list", {"list": "\n".join(lines)})

    assert answer.status_code == 422
    said = re.findall(r"<li>(Line [^<]*)</li>", html.unescape(answer.text))
    assert said == [
        "Line 2: There is no lead with this IntakeID.",
        "Line 3: This is no IntakeID.",
        "Line 4: An amount is a number like 12 or 12.50, below 100 million.",
        "Line 5: This was on an earlier line already.",
        "Line 6: There is no source of this name.",
        "Line 7: Several sources have this name.",
        "Line 8: The month is one like 2026-11.",
        "Line 9: An amount is a number like 12 or 12.50, below 100 million.",
        "Line 10: A line is IntakeID,amount or source,month,amount.",
    ]
    assert f"{lead_id},45\n{NOTHING},45" in answer.text
    assert await cents(db, cast) == []


async def test_who_may_not_and_what_is_not_there(
    cast: Cast,
    db: PinnedDatabase,
    amy: Desk,
    charlie: Desk,
    lead_id: uuid.UUID,
    source_id: uuid.UUID,
) -> None:
    month = {"month": "2026-10", "amount": "1"}
    forms: dict[str, dict[str, str]] = {
        f"/leads/{lead_id}/cost": {"amount": "1"},
        "/sources/costs": month | {"source": str(source_id)},
        "/sources/costs/list": {"list": f"{lead_id},1"},
    }
    for path, form in forms.items():
        assert (await amy.post(path, form)).status_code == 403
    theirs: Any = await charlie.post(f"/leads/{lead_id}/cost", {"amount": "1"})
    nothing: Any = await charlie.post(f"/leads/{NOTHING}/cost", {"amount": "1"})
    assert (theirs.status_code, theirs.text) == (404, nothing.text)
    for one in (str(source_id), NOTHING, "x"):
        assert (await charlie.post("/sources/costs", month | {"source": one})).status_code == 404
    listed = await charlie.post("/sources/costs/list", {"list": f"{lead_id},1"})
    assert "There is no lead with this IntakeID." in listed.text
    assert await cents(db, cast) == []
