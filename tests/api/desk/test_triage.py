"""What becomes of leads, for programs."""

import uuid

import httpx
import pytest

from tests.api.desk.calls import NOBODY, NOT_FOUND, Integration
from tests.cast import Cast
from tests.web.conftest import post_lead


@pytest.fixture
async def two(client: httpx.AsyncClient, cast: Cast) -> tuple[uuid.UUID, uuid.UUID]:
    """A lead, and another one from the same phone."""
    first = await post_lead(client, cast.alice)
    return first, await post_lead(client, cast.alice, First="Buster", ID="BL-8")


async def test_a_decision_is_made_seen_and_taken_back(
    crm: Integration, two: tuple[uuid.UUID, uuid.UUID]
) -> None:
    path = f"/leads/{two[0]}/dispositions"

    status, made = await crm.send(
        "POST", path, {"disposition": "rejected", "reason": "not_owner", "seen": 0}
    )
    assert status == 201
    assert (made["number"], made["disposition"], made["reason"]) == (1, "rejected", "not_owner")
    assert made["actor"] == "integration:client-123456"
    lead = (await crm.get(f"/leads/{two[0]}"))[1]
    assert (lead["disposition"], lead["reason"], lead["decisions"]) == ("rejected", "not_owner", 1)

    late = await crm.send("POST", path, {"disposition": "contacted", "seen": 0})
    assert late == (
        409,
        {
            "error": "In the meantime the lead was marked as rejected; nothing was changed.",
            "code": "wrong_state",
        },
    )
    status, back = await crm.send("DELETE", f"{path}/1")
    assert (status, back["number"], back["disposition"], back["withdraws"]) == (200, 2, None, 1)
    _, told = await crm.get(path)
    assert [row["number"] for row in told["dispositions"]] == [2, 1]


async def test_a_bad_decision_is_named(crm: Integration, two: tuple[uuid.UUID, uuid.UUID]) -> None:
    path = f"/leads/{two[0]}/dispositions"

    assert await crm.send("POST", path, {"disposition": "rejected"}) == (
        422,
        {"errors": {"reason": ["is missing: say why"]}, "code": "invalid"},
    )
    assert (await crm.send("POST", path, {"disposition": "won"}))[0] == 422
    assert (await crm.get(path))[1] == {"dispositions": []}


async def test_leads_are_merged_and_stand_for_themselves_again(
    crm: Integration, two: tuple[uuid.UUID, uuid.UUID]
) -> None:
    older, newer = two

    assert await crm.send("POST", f"/leads/{newer}/merge", {"into_id": str(older)}) == (204, None)
    assert (await crm.get(f"/leads/{newer}/duplicates"))[1]["merged_into"] == str(older)
    assert (await crm.get(f"/leads/{newer}"))[1]["merged"] is True
    again = await crm.send("POST", f"/leads/{newer}/merge", {"into_id": str(older)})
    assert again[0] == 409
    assert await crm.send("DELETE", f"/leads/{newer}/merge") == (204, None)
    assert (await crm.get(f"/leads/{newer}"))[1]["merged"] is False
    itself = await crm.send("POST", f"/leads/{older}/merge", {"into_id": str(older)})
    assert itself == (422, {"error": "A lead cannot be merged into itself.", "code": "invalid"})


async def test_consent_is_noted_and_read(
    crm: Integration, two: tuple[uuid.UUID, uuid.UUID]
) -> None:
    path = f"/leads/{two[0]}/consent"

    assert await crm.get(path) == (
        200,
        {"proven": False, "withdrawn": False, "proofs": [], "notes": []},
    )
    note = {"given": True, "how": "phone", "note": "Said yes twice."}
    status, found = await crm.send("POST", path, note)
    assert (status, found["proven"]) == (201, True)
    assert [(one["how"], one["note"]) for one in found["notes"]] == [("phone", "Said yes twice.")]
    assert (await crm.send("POST", path, note | {"how": "dream"}))[0] == 422


async def test_another_organizations_lead_is_not_there(
    stranger: Integration, two: tuple[uuid.UUID, uuid.UUID]
) -> None:
    for ours in (two[0], NOBODY):
        path = f"/leads/{ours}"
        for part in ("dispositions", "duplicates", "consent"):
            assert await stranger.get(f"{path}/{part}") == NOT_FOUND
        body = {"disposition": "contacted"}
        assert await stranger.send("POST", f"{path}/dispositions", body) == NOT_FOUND
        assert await stranger.send("DELETE", f"{path}/dispositions/1") == NOT_FOUND
        into = {"into_id": str(two[1])}
        assert await stranger.send("POST", f"{path}/merge", into) == NOT_FOUND
        assert await stranger.send("DELETE", f"{path}/merge") == NOT_FOUND
        assert await stranger.send("POST", f"{path}/partings/{two[1]}") == NOT_FOUND
        assert await stranger.send("PUT", f"{path}/cost", {"amount": "5"}) == NOT_FOUND
