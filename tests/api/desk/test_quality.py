"""What vendors' leads came to, for programs; and their Referrers, rotated."""

import uuid

import httpx
import pytest

from tests.api.desk.calls import NOBODY, NOT_FOUND, Integration
from tests.api.desk.test_sources import first_source
from tests.cast import Cast
from tests.web.conftest import post_lead


@pytest.fixture
async def lead_id(client: httpx.AsyncClient, cast: Cast) -> uuid.UUID:
    return await post_lead(client, cast.alice)


async def test_a_signed_lead_and_its_cost_are_counted(crm: Integration, lead_id: uuid.UUID) -> None:
    source = await first_source(crm)
    assert await crm.send("PUT", f"/leads/{lead_id}/cost", {"amount": "42.50"}) == (204, None)
    await crm.send("POST", f"/leads/{lead_id}/dispositions", {"disposition": "signed"})

    status, found = await crm.get("/quality")

    assert status == 200
    line = found["sources"][0]
    assert (line["id"], line["name"], line["leads"], line["cents"]) == (
        source,
        "Bright Leads",
        1,
        4250,
    )
    assert line["posts"] == {"posts": 1, "accepted": 1, "repeated": 0, "refused": 0}
    assert line["dispositions"]["signed"] == 1
    assert [one["name"] for one in found["case_types"]] == ["Roof"]


async def test_a_months_cost_is_kept(crm: Integration) -> None:
    source = await first_source(crm)
    cost = {"source_id": source, "month": "2026-01", "amount": "1,000"}

    assert await crm.send("PUT", "/costs", cost) == (204, None)

    _, found = await crm.get("/quality", first_month="2026-01", last_month="2026-01")
    assert (found["first_month"], found["last_month"]) == ("2026-01-01", "2026-01-01")
    assert found["overall"]["cents"] == 100_000


@pytest.mark.parametrize(
    ("change", "field"), [({"month": "soon"}, "month"), ({"amount": "much"}, "amount")]
)
async def test_what_is_no_cost_is_named(
    crm: Integration, change: dict[str, str], field: str
) -> None:
    cost = {"source_id": await first_source(crm), "month": "2026-01", "amount": "5"} | change

    status, answer = await crm.send("PUT", "/costs", cost)

    assert (status, list(answer["errors"])) == (422, [field])


async def test_nothing_is_wrong_yet(crm: Integration) -> None:
    assert await crm.get("/alerts") == (200, {"alerts": []})


async def test_a_referrer_is_rotated_and_the_old_one_ended(crm: Integration, cast: Cast) -> None:
    path = f"/sources/{await first_source(crm)}"
    new = "0b7a1c52-6e39-4f63-9e53-3d3f6b6c9d10"

    status, source = await crm.send(
        "POST", f"{path}/referrer", {"referrer": new, "overlap_days": 3}
    )
    assert (status, source["referrer"]) == (201, new)
    _, found = await crm.get(f"{path}/former-referrers")
    assert [(one["referrer"], one["ended"]) for one in found["former"]] == [
        (str(cast.alice.referrer), False)
    ]
    old = f"{path}/former-referrers/{cast.alice.referrer}"
    assert await crm.send("DELETE", old) == (204, None)
    assert (await crm.send("DELETE", old))[0] == 409
    too_long = await crm.send("POST", f"{path}/referrer", {"overlap_days": 91})
    assert too_long[1]["errors"] == {"overlap_days": ["Expected `int` <= 90"]}


async def test_a_vendor_is_renamed(crm: Integration) -> None:
    path = f"/sources/{await first_source(crm)}"

    assert await crm.send("PUT", f"{path}/name", {"name": "Brighter"}) == (204, None)
    assert (await crm.get(path))[1]["name"] == "Brighter"
    assert (await crm.send("PUT", f"{path}/name", {"name": ""}))[0] == 422


async def test_another_organizations_source_is_not_there(
    crm: Integration, stranger: Integration
) -> None:
    for ours in (await first_source(crm), NOBODY):
        path = f"/sources/{ours}"
        assert await stranger.get(f"{path}/former-referrers") == NOT_FOUND
        assert await stranger.send("POST", f"{path}/referrer", {}) == NOT_FOUND
        assert await stranger.send("DELETE", f"{path}/former-referrers/{NOBODY}") == NOT_FOUND
        assert await stranger.send("PUT", f"{path}/name", {"name": "Mine"}) == NOT_FOUND
        cost = {"source_id": str(ours), "month": "2026-01", "amount": "5"}
        assert await stranger.send("PUT", "/costs", cost) == NOT_FOUND
