"""Vendors and case types for programs: opened, changed, switched off and on."""

from typing import Any

import pytest

from tests.api.desk.calls import NOBODY, NOT_FOUND, Integration
from tests.cast import Cast

RULES = {
    "success_key": "IntakeID",
    "statuses": False,
    "repeat_hours": None,
    "testing": False,
    "strict": False,
    "networks": [],
    "posts_per_second_max": 200,
}


async def first_source(crm: Integration) -> str:
    _, found = await crm.get("/sources")
    only: str = found["sources"][0]["id"]
    return only


async def test_a_source_is_read_with_its_rules(crm: Integration, cast: Cast) -> None:
    source = await first_source(crm)

    assert await crm.get(f"/sources/{source}") == (
        200,
        {
            "id": source,
            "name": "Bright Leads",
            "referrer": str(cast.alice.referrer),
            "disabled": False,
            "signed": False,
            "rules": RULES,
        },
    )


async def test_a_source_is_opened_with_the_referrer_of_old(crm: Integration) -> None:
    guid = "{0B7A1C52-6E39-4F63-9E53-3D3F6B6C9D10}"

    status, made = await crm.send("POST", "/sources", {"name": "Old Faithful", "referrer": guid})

    assert status == 201
    _, found = await crm.get(f"/sources/{made['id']}")
    assert (found["name"], found["referrer"]) == (
        "Old Faithful",
        "0b7a1c52-6e39-4f63-9e53-3d3f6b6c9d10",
    )
    assert await crm.send("POST", "/sources", {"name": "Twin", "referrer": guid}) == (
        422,
        {"errors": {"guid": ["A vendor here has this Referrer already."]}, "code": "invalid"},
    )


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        ({"repeat_hours": 5}, {"repeat_hours": 5.0}),
        ({"repeat_hours": 0}, {"repeat_hours": 0.0}),
        ({"networks": ["10.0.0.0/8", "192.0.2.7"]}, {"networks": ["10.0.0.0/8", "192.0.2.7/32"]}),
        ({"statuses": True, "strict": True}, {"statuses": True, "strict": True}),
        ({}, {}),
    ],
)
async def test_only_the_given_rules_change(
    crm: Integration, change: dict[str, Any], rules: dict[str, Any]
) -> None:
    source = await first_source(crm)

    status, answer = await crm.send("PATCH", f"/sources/{source}", change)

    assert (status, answer["rules"]) == (200, RULES | rules)
    assert (await crm.get(f"/sources/{source}"))[1]["rules"] == RULES | rules


@pytest.mark.parametrize(
    ("change", "status", "errors"),
    [
        ({"repeat_hours": -1}, 400, {"repeat_hours": ["Expected `float` >= 0.0"]}),
        ({"repeat_hours": 2161}, 400, {"repeat_hours": ["Expected `float` <= 2160.0"]}),
        ({"colour": "red"}, 400, {"data": ["Object contains unknown field `colour`"]}),
        ({"success_key": "Id"}, 422, {"success_key": ["is one of IntakeID, IntakeId, both"]}),
        (
            {"posts_per_second_max": 0},
            422,
            {"posts_per_second_max": ["is a number from 1 to 10000"]},
        ),
        (
            {"networks": ["home"]},
            422,
            {"networks": ["'home' does not appear to be an IPv4 or IPv6 network"]},
        ),
    ],
)
async def test_a_rule_that_cannot_be_is_named_and_nothing_changes(
    crm: Integration, *, change: dict[str, Any], status: int, errors: dict[str, Any]
) -> None:
    source = await first_source(crm)

    answer = await crm.send("PATCH", f"/sources/{source}", change)

    assert (answer[0], answer[1]["errors"]) == (status, errors)
    assert (await crm.get(f"/sources/{source}"))[1]["rules"] == RULES


async def test_a_source_is_switched_off_and_on(crm: Integration) -> None:
    path = f"/sources/{await first_source(crm)}"

    assert await crm.send("POST", path + "/disable") == (204, None)
    assert (await crm.get(path))[1]["disabled"] is True
    assert await crm.send("POST", path + "/disable") == (
        409,
        {"error": "This vendor is switched off.", "code": "wrong_state"},
    )
    assert await crm.send("POST", path + "/enable") == (204, None)
    assert (await crm.get(path))[1]["disabled"] is False


async def test_signed_posts_are_asked_for(crm: Integration) -> None:
    path = f"/sources/{await first_source(crm)}"

    status, made = await crm.send("POST", path + "/signature")

    assert (status, len(made["secret"])) == (201, 64)
    assert (await crm.get(path))[1]["signed"] is True


async def test_a_case_type_is_added(crm: Integration, cast: Cast) -> None:
    guid = "0b7a1c52-6e39-4f63-9e53-3d3f6b6c9d10"

    status, made = await crm.send("POST", "/case-types", {"name": "Siding", "guid": guid})

    _, found = await crm.get("/case-types")
    assert status == 201
    assert [(one["name"], one["guid"]) for one in found["case_types"]] == [
        ("Roof", str(cast.alice.case_type)),
        ("Siding", guid),
    ]
    assert found["case_types"][1]["id"] == made["id"]


async def test_another_organizations_source_is_not_there(
    crm: Integration, stranger: Integration
) -> None:
    for ours in (await first_source(crm), NOBODY):
        path = f"/sources/{ours}"
        assert await stranger.get(path) == NOT_FOUND
        assert await stranger.send("PATCH", path, {"strict": True}) == NOT_FOUND
        for verb in ("disable", "enable", "signature"):
            assert await stranger.send("POST", f"{path}/{verb}") == NOT_FOUND


async def test_a_case_type_is_renamed_and_switched(crm: Integration, stranger: Integration) -> None:
    kind = (await crm.get("/case-types"))[1]["case_types"][0]["id"]
    path = f"/case-types/{kind}"

    assert await crm.send("PUT", f"{path}/name", {"name": "Roofs"}) == (204, None)
    assert await crm.send("POST", f"{path}/disable") == (204, None)
    found = (await crm.get("/case-types"))[1]["case_types"][0]
    assert (found["name"], found["disabled_at"] is None) == ("Roofs", False)
    assert (await crm.send("POST", f"{path}/disable"))[0] == 409
    assert await crm.send("POST", f"{path}/enable") == (204, None)
    assert (await crm.send("PUT", f"{path}/name", {"name": " "}))[0] == 422
    for ours in (kind, NOBODY):
        assert await stranger.send("PUT", f"/case-types/{ours}/name", {"name": "x"}) == NOT_FOUND
        assert await stranger.send("POST", f"/case-types/{ours}/disable") == NOT_FOUND
